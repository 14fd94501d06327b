import {at} from "../../domain/column.ts";
import type {Backing, BalloonRegisters, Log} from "../../domain/backing.ts";
import {memAvailable, memFree} from "../../guest/accounts.ts";
import {newDriverState, type BalloonContext, type DriverOptions, type DriverState} from "../../guest/balloon/driver.ts";
import {deflate} from "../../guest/balloon/move.ts";
import {vmmemctl} from "../../guest/balloon/vmmemctl.ts";
import type {OomContext} from "../../guest/oom.ts";
import {drainLists} from "../../guest/per-cpu.ts";
import {startProcess} from "../../guest/process.ts";
import {kswapd} from "../../guest/reclaim.ts";
import {startGuest} from "../../guest/start.ts";
import type {GuestState} from "../../guest/state.ts";
import {advanceWorkload} from "../../guest/workload.ts";
import {ceiling, charged, sampledPages} from "../../host/esx/accounts.ts";
import {admit, type Demand} from "../../host/esx/admission.ts";
import {esxBacking, touchActive, type FaultCosts} from "../../host/esx/backing.ts";
import {balloonTarget, pageOut, reclaim, type Means} from "../../host/esx/reclaim.ts";
import {advanceSampler, estimate} from "../../host/esx/sampler.ts";
import {scan} from "../../host/esx/scan.ts";
import {SCAN_2, scanRate4, type ScanRate} from "../../host/esx/sharing.ts";
import {createStateMachine, currentRule, currentState, minFree, updateState, type StateMachine} from "../../host/esx/states.ts";
import {createVm, setCompany, type EsxSettings, type EsxVm} from "../../host/esx/vm.ts";
import type {Policy, PolicyGuest, PolicyHost, PolicyKind} from "../../policy/policy.ts";
import {kib, KIB_PER_PAGE, kibToMib, type KiB} from "../../units.ts";
import type {EsxHost, EsxScenario, EsxVmScenario} from "./scenario.ts";

/** A machine on the host: its guest, and the host's account of it. */
export interface EsxMachine {
  readonly spec: EsxVmScenario;
  readonly vm: EsxVm;
  readonly guest: GuestState;
  readonly driver: DriverState;
  readonly options: DriverOptions;
  readonly registers: BalloonRegisters;
  readonly backing: Backing;
  readonly balloon: BalloonContext;
  readonly oom: OomContext;
  readonly log: Log;
  /** What `applyToGuest` works on. */
  readonly state: {readonly guest: GuestState};
  on: boolean;
  /** It asked to be powered on: once. */
  asked: boolean;
  /** In state low, above its target: it does not run. */
  blocked: boolean;
  /** Pages its programs use again and again, as far as they have them. */
  activity: number;
  /** Faults counted when the sampler's period began. */
  faultsBefore: number;
  /** Seconds its processors have yet to wait for pages that were out. */
  debt: number;
}

/** The host. */
export interface EsxWorld {
  readonly scenario: EsxScenario;
  readonly machines: readonly EsxMachine[];
  readonly states: StateMachine;
  readonly costs: FaultCosts;
  readonly scanRates: readonly ScanRate[];
  readonly log: Log;
  policy: Policy;
  kind: PolicyKind;
  time: number;
  /** Pages nobody holds. */
  free: number;
  /** Pages of the VMkernel and other programs. */
  kernel: number;
  nextBalance: number;
  nextLook: number;
}

const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);
const pagesUp = (size: number): number => Math.ceil(size / KIB_PER_PAGE);

const settingsOf = (spec: EsxVmScenario): EsxSettings => ({
  configured: inPages(spec.machine.memory),
  reservation: inPages(spec.reservation),
  limit: spec.limit === null ? Infinity : inPages(spec.limit),
  shares: spec.shares,
  balloonMax: inPages(spec.balloonMax),
  overhead: pagesUp(spec.overhead)
});

const freePages = ({zones, perCpu}: GuestState): number => {
  let sum = 0;
  for (let zone = 0; zone < zones.count; zone++) sum += at(zones.free, zone) + at(perCpu.movable, zone) + at(perCpu.other, zone);
  return sum;
};

/** What its programs hold from the start. */
function startWorkload(machine: EsxMachine): void {
  const {spec, guest, log} = machine;
  const {anon, workingSet, active} = spec.workload;
  if (anon > 0) startProcess(guest, log, {name: "workload", memory: inPages(anon), rate: inPages(1024 * 1024)});
  guest.file.workingSet = inPages(workingSet);
  machine.activity = inPages(active);
}

function createMachine(spec: EsxVmScenario, host: EsxHost, costs: FaultCosts, seed: number | null, index: number, log: Log): EsxMachine {
  const guest = startGuest(spec.boot, spec.machine.vcpus, spec.guest);
  guest.balloonInTotal = true;
  const vm = createVm({
    settings: settingsOf(spec),
    profile: spec.sharing,
    compressible: spec.compressible,
    largePages: host.largePages,
    seed: seed === null ? null : seed * 7919 + index,
    free: freePages(guest),
    zeroes: spec.workload.zeroes
  });
  const backing = esxBacking(vm, costs);
  const registers: BalloonRegisters = {wanted: 0, given: 0, requests: 0};
  const machine: EsxMachine = {
    spec,
    vm,
    guest,
    driver: newDriverState(),
    options: {deflateOnOom: false, pagesPerSecond: spec.driver.rate / KIB_PER_PAGE, throttled: spec.driver.throttled},
    registers,
    backing,
    balloon: {guest, backing, registers, log},
    oom: {guest, backing, log, notify: () => 0},
    log,
    state: {guest},
    on: false,
    asked: false,
    blocked: false,
    activity: 0,
    faultsBefore: 0,
    debt: 0
  };
  startWorkload(machine);
  return machine;
}

/** Builds the host with every machine still off; those due at 0 are powered on by the first `advanceEsx(world, 0)`. */
export function createEsxWorld(scenario: EsxScenario, write: (at: number, source: Parameters<Log>[0], text: string) => void): EsxWorld {
  const {host, vms, seed, policy} = scenario;
  const costs = {swapIn: host.swapLatency, decompress: host.unzipLatency};
  const log: Log = (source, text) => write(world.time, source, text);
  const wanted = pagesUp(minFree(kibToMib(host.ram), host.rules.minFree) * 1024);
  const named = (name: string): Log => (vms.length === 1 ? log : (source, text) => log(source, `${name}: ${text}`));
  const world: EsxWorld = {
    scenario,
    machines: vms.map((spec, i) => createMachine(spec, host, costs, seed, i, named(spec.name))),
    states: createStateMachine(host.rules.states.value, wanted, host.hysteresis),
    costs,
    scanRates: vms.map((spec) => (host.version === "2002" ? SCAN_2.value : scanRate4(inPages(spec.machine.memory), host.ghz))),
    log,
    policy: policy.start(),
    kind: policy,
    time: 0,
    free: inPages(host.ram) - inPages(host.kernel),
    kernel: inPages(host.kernel),
    nextBalance: 0,
    nextLook: 0
  };
  return world;
}

/** Free pages from the accounts: what the VMkernel manages less what anybody holds. */
function countFree({scenario, machines, kernel}: EsxWorld): number {
  let free = inPages(scenario.host.ram) - kernel;
  for (const {on, vm} of machines) if (on) free -= charged(vm) + vm.settings.overhead;
  return free;
}

/** minFree in pages. */
const minFreePages = ({states}: EsxWorld): number => at(states.thresholds, states.rules.findIndex(({threshold}) => threshold === 1));

/** What targets are set to leave free: enough to leave every state that reclaims. */
const wantedFree = (world: EsxWorld): number => Math.ceil(minFreePages(world) * (1 + world.states.hysteresis)) + 1;

/** Sharing counts the machines of each image that run. */
function countCompany({scenario, machines}: EsxWorld): void {
  const running = new Map<string, number>();
  for (const {on, vm} of machines) if (on && vm.profile !== null) running.set(vm.profile.image, (running.get(vm.profile.image) ?? 0) + 1);
  for (const {on, vm} of machines) if (on && vm.profile !== null) setCompany(vm, scenario.host.sharing === "all" ? (running.get(vm.profile.image) ?? 1) : 1);
}

const kibOf = (pages: number): KiB => kib(pages * KIB_PER_PAGE);

function seenHost(world: EsxWorld): PolicyHost {
  let overhead = 0;
  for (const {on, vm} of world.machines) if (on) overhead += vm.settings.overhead;
  const kept = kibOf(world.kernel + overhead + wantedFree(world));
  return {total: world.scenario.host.ram, free: kibOf(world.free), cached: kib(0), kept};
}

/** The counter `active`, pages. */
export function activePages({vm}: EsxMachine, floor: number): number {
  const pages = sampledPages(vm);
  return Math.min(pages, Math.max(Math.round(estimate(vm.sampler) * pages), Math.ceil(floor * vm.settings.configured)));
}

function seenGuest(world: EsxWorld, machine: EsxMachine): PolicyGuest {
  const {vm, spec, registers, driver, guest} = machine;
  const {settings} = vm;
  return {
    name: spec.name,
    configured: spec.machine.memory,
    minimum: kibOf(settings.reservation),
    maximum: kibOf(ceiling(vm)),
    shares: settings.shares,
    target: kibOf(vm.target),
    current: kibOf(settings.configured - registers.given),
    backed: kibOf(charged(vm)),
    active: kibOf(activePages(machine, world.scenario.host.rules.activeFloor)),
    free: kibOf(memFree(guest)),
    available: kibOf(memAvailable(guest)),
    driver: driver.loaded,
    migrating: false
  };
}

/** Targets are computed anew: periodically, when the state changes, and when a setting does. */
export function balance(world: EsxWorld): void {
  const running = world.machines.filter(({on}) => on);
  const targets = world.policy.decide(seenHost(world), running.map((machine) => seenGuest(world, machine)));
  running.forEach(({vm}, i) => {
    const asked = inPages(targets[i] ?? 0);
    vm.target = Math.max(vm.settings.reservation, Math.min(asked, ceiling(vm)));
  });
  world.nextBalance = world.time + world.kind.period;
}

const demandOf = ({vm: {settings}}: EsxMachine): Demand => settings;

function powerOn(world: EsxWorld, machine: EsxMachine): void {
  machine.asked = true;
  const {host} = world.scenario;
  const running = world.machines.filter(({on}) => on).map(demandOf);
  const refused = admit(demandOf(machine), running, {memory: inPages(host.ram) - world.kernel, swap: inPages(host.swapSpace)});
  if (refused !== null) {
    machine.log("host", refused === "memory" ? "not powered on: insufficient memory for its reservation and overhead" : "not powered on: no space for its swap file");
    return;
  }
  machine.on = true;
  countCompany(world);
  world.nextBalance = 0;
}

/** The machine is gone, and its memory free. */
export function powerOff(world: EsxWorld, machine: EsxMachine, why: string): void {
  if (!machine.on) return;
  machine.on = false;
  machine.log("host", why);
  countCompany(world);
  world.nextBalance = 0;
}

/** Loads VMware's driver; it asks for its target at once. */
export function loadDriver({driver}: EsxMachine): void {
  driver.loaded = true;
  driver.wait = 0;
}

/** Unloads it: every page goes back to the guest. */
export function unloadDriver({driver, balloon, guest, registers}: EsxMachine): void {
  if (!driver.loaded) return;
  driver.loaded = false;
  driver.busy = false;
  deflate(balloon, guest.balloon);
  drainLists(guest);
  registers.given = 0;
}

const faults = ({counters}: GuestState): number => counters.minorFaults + counters.refaults;

/** Of the pages that are not ballooned, those touched since the sampler's period began. */
function touchedPart(machine: EsxMachine): number {
  const {vm, guest, spec} = machine;
  const swept = Math.min(1, (vm.sampler.elapsed + 1e-9) / spec.workload.sweep);
  return Math.max(vm.active * swept, faults(guest) - machine.faultsBefore) / sampledPages(vm);
}

/** Whether a guest that waits for pages goes on waiting: each of its processors waits for one at a time. */
function waits(machine: EsxMachine, dt: number): boolean {
  machine.debt = Math.max(0, machine.debt - dt * machine.spec.machine.vcpus);
  return machine.debt > 0;
}

/** The guest runs for `dt` seconds; between two faults its driver still gets its turn. */
function advanceGuest({costs, scenario}: EsxWorld, machine: EsxMachine, dt: number): void {
  const {spec, vm, guest, backing, driver} = machine;
  const before = vm.counters.stall;
  if (driver.loaded) vmmemctl.advance(machine.balloon, driver, machine.options, dt);
  if (waits(machine, dt)) return;
  advanceWorkload(machine.oom, spec.workload.fileRate / KIB_PER_PAGE, dt);
  kswapd(guest, backing);
  vm.active = Math.min(machine.activity, vm.usedBacked + vm.usedSwapped + vm.usedZipped);
  vm.activeOut = Math.min(vm.activeOut, vm.active);
  touchActive(vm, Math.min(1, dt / spec.workload.sweep), costs);
  advanceSampler(vm.sampler, touchedPart(machine), dt, scenario.host.rules.samplePeriod.value);
  if (vm.sampler.elapsed === 0) machine.faultsBefore = faults(guest);
  machine.debt += vm.counters.stall - before;
}

function advanceMachines(world: EsxWorld, dt: number): void {
  for (const machine of world.machines) {
    const {spec, driver} = machine;
    if (!machine.asked && world.time >= spec.powerOn - 1e-9) powerOn(world, machine);
    if (!machine.on) continue;
    if (!driver.loaded && spec.driver.loadsAt !== null && driver.seen === 0 && world.time >= spec.powerOn + spec.driver.loadsAt - 1e-9) {
      loadDriver(machine);
      driver.seen = -1;
    }
    if (dt === 0 || machine.blocked) continue;
    advanceGuest(world, machine, dt);
    if (machine.guest.panicked) powerOff(world, machine, "the guest has panicked");
  }
}

/** The balloon's target and what is written out without it, machine by machine. */
function reclaimFromMachines(world: EsxWorld, dt: number): void {
  const {actions} = currentRule(world.states);
  const {host} = world.scenario;
  let budget = Math.floor((host.swapRate / KIB_PER_PAGE) * dt);
  for (const machine of world.machines) {
    if (!machine.on) continue;
    const {vm, registers, driver} = machine;
    registers.wanted = balloonTarget(vm, actions, registers.wanted);
    const means: Means = {actions, compression: host.rules.compression, budget};
    budget -= reclaim(vm, means, driver.loaded, dt);
    machine.blocked = actions.block && charged(vm) > vm.target;
  }
}

/** Nobody can hold a page that is not there: whoever is most above its target loses some at once. */
function force(world: EsxWorld): void {
  const {rules} = world.scenario.host;
  while (world.free < 0) {
    let victim: EsxMachine | undefined;
    for (const machine of world.machines) {
      if (machine.on && (victim === undefined || charged(machine.vm) - machine.vm.target > charged(victim.vm) - victim.vm.target)) victim = machine;
    }
    const before = world.free;
    if (victim !== undefined) pageOut(victim.vm, -world.free, rules.compression, true);
    world.free = countFree(world);
    if (world.free <= before) return;
  }
}

function scanMachines(world: EsxWorld, dt: number): void {
  if (world.scenario.host.sharing === "off") return;
  const {machines, scanRates, scenario, free} = world;
  let wanted = 0;
  for (let i = 0; i < machines.length; i++) if (machines[i]?.on) wanted += scanRates[i]?.perVm ?? 0;
  const breaking = free < scenario.host.rules.breakLargeBelow * minFreePages(world);
  for (let i = 0; i < machines.length; i++) {
    const machine = machines[i];
    const rate = scanRates[i];
    if (machine === undefined || rate === undefined || !machine.on) continue;
    scan(machine.vm, rate.perVm * Math.min(1, rate.total / wanted) * dt, breaking);
  }
}

/** One step: guests, then the host's state, targets, reclaim and scanning. With `dt` 0 only what is due now. */
export function advanceEsx(world: EsxWorld, dt: number): void {
  world.time += dt;
  advanceMachines(world, dt);
  world.free = countFree(world);
  const before = currentState(world.states);
  const changed = updateState(world.states, world.free);
  if (changed) world.log("host", `memory state ${before} -> ${currentState(world.states)}`);
  if (world.kind.monitor !== null && world.time >= world.nextLook - 1e-9) {
    world.policy.observe?.(seenHost(world), world.machines.filter(({on}) => on).map((machine) => seenGuest(world, machine)));
    world.nextLook = world.time + world.kind.monitor;
  }
  if (changed || world.time >= world.nextBalance - 1e-9) balance(world);
  reclaimFromMachines(world, dt);
  scanMachines(world, dt);
  world.free = countFree(world);
  if (world.free < 0) force(world);
}
