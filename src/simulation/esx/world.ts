import {at} from "../../domain/column.ts";
import type {Log} from "../../domain/backing.ts";
import {memAvailable, memFree} from "../../guest/accounts.ts";
import {ceiling, charged, takeable, zipped} from "../../host/esx/accounts.ts";
import {admit, promised, type Demand, type Refusal} from "../../host/esx/admission.ts";
import type {FaultCosts} from "../../host/esx/backing.ts";
import {noteDemand} from "../../host/esx/demand.ts";
import {balloonTarget, evict, pageOut, reclaim, writeOut, type Means} from "../../host/esx/reclaim.ts";
import {scan} from "../../host/esx/scan.ts";
import {SCAN_2, scanRate4, type ScanRate} from "../../host/esx/sharing.ts";
import {createStateMachine, currentRule, currentState, minFree, updateState, type StateMachine} from "../../host/esx/states.ts";
import {setCompany, type EsxVm} from "../../host/esx/vm.ts";
import type {Policy, PolicyGuest, PolicyHost, PolicyKind} from "../../policy/policy.ts";
import {kib, KIB_PER_PAGE, kibToMib, type KiB} from "../../units.ts";
import {activePages, advanceGuest, createMachine, loadDriver, startWorkload, type EsxMachine} from "./machine.ts";
import type {EsxScenario} from "./scenario.ts";

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
  /** Seconds; apart from the rest, so that whatever is built first can write to the log. */
  readonly clock: {time: number};
  /** Pages nobody holds. */
  free: number;
  /** Pages of the VMkernel and other programs. */
  kernel: number;
  lastBalance: number;
  nextBalance: number;
  nextLook: number;
}

const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);
const pagesUp = (size: number): number => Math.ceil(size / KIB_PER_PAGE);
/** Apart from each other, so that the samplers of two machines do not draw the same. */
const SEED_STEP = 7919;

/** Builds the host with every machine still off; those due at 0 are powered on by the first `advanceEsx(world, 0)`. */
export function createEsxWorld(scenario: EsxScenario, write: (at: number, source: Parameters<Log>[0], text: string) => void): EsxWorld {
  const {host, vms, seed, policy} = scenario;
  const costs = {swapIn: host.swapLatency, decompress: host.unzipLatency, guestSwapIn: host.guestSwapLatency};
  const clock = {time: 0};
  const log: Log = (source, text) => write(clock.time, source, text);
  const wanted = pagesUp(minFree(kibToMib(host.ram), host.rules.minFree) * 1024);
  const named = (name: string): Log => (vms.length === 1 ? log : (source, text) => log(source, `${name}: ${text}`));
  return {
    scenario,
    machines: vms.map((spec, i) => createMachine(spec, host, costs, seed === null ? null : seed * SEED_STEP + i, named(spec.name))),
    states: createStateMachine(host.rules.states.value, wanted, host.hysteresis),
    costs,
    scanRates: vms.map((spec) => (host.version === "2002" ? SCAN_2.value : scanRate4(inPages(spec.machine.memory), host.ghz))),
    log,
    policy: policy.start(),
    kind: policy,
    clock,
    free: inPages(host.ram) - inPages(host.kernel),
    kernel: inPages(host.kernel),
    lastBalance: 0,
    nextBalance: 0,
    nextLook: 0
  };
}

/** Free pages from the accounts: what the VMkernel manages less what anybody holds. */
export function countFree({scenario, machines, kernel}: EsxWorld): number {
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
    demand: kibOf(Math.round(vm.demanded)),
    active: kibOf(activePages(machine, world.scenario.host.rules.activeFloor.value)),
    free: kibOf(memFree(guest)),
    available: kibOf(memAvailable(guest)),
    driver: driver.loaded,
    migrating: false
  };
}

/** A target lies between what the machine has reserved and the most it may have. */
export function setTarget(vm: EsxVm, pages: number): void {
  vm.target = Math.max(vm.settings.reservation, Math.min(pages, ceiling(vm)));
}

/** Targets are computed anew: periodically, when the state changes, and when a setting does. */
export function balance(world: EsxWorld): void {
  const running = world.machines.filter(({on}) => on);
  for (const {vm} of running) noteDemand(vm, world.clock.time - world.lastBalance);
  world.lastBalance = world.clock.time;
  const targets = world.policy.decide(seenHost(world), running.map((machine) => seenGuest(world, machine)));
  running.forEach(({vm}, i) => {
    setTarget(vm, inPages(targets[i] ?? 0));
  });
  world.nextBalance = world.clock.time + world.kind.period;
}

const demandOf = ({vm: {settings}}: EsxMachine): Demand => settings;

/** Why the host cannot promise a machine what it asks for beside all others that run; null: it can. */
export function refusal({machines, scenario: {host}, kernel}: EsxWorld, machine: EsxMachine, asked: Demand): Refusal | null {
  const others = machines.filter((other) => other.on && other !== machine).map(demandOf);
  return admit(asked, others, {memory: inPages(host.ram) - kernel, swap: inPages(host.swapSpace)});
}

/** The most the VMkernel and other programs can hold, pages: all that is not promised to machines that run. */
export const unreserved = ({machines, scenario}: EsxWorld): number => inPages(scenario.host.ram) - promised(machines.filter(({on}) => on).map(demandOf));

function powerOn(world: EsxWorld, machine: EsxMachine): void {
  machine.asked = true;
  const refused = refusal(world, machine, demandOf(machine));
  if (refused !== null) {
    machine.log("host", refused === "memory" ? "not powered on: insufficient memory for its reservation and overhead" : "not powered on: no space for its swap file");
    return;
  }
  machine.on = true;
  machine.ran = true;
  startWorkload(machine);
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

function advanceMachines(world: EsxWorld, dt: number): void {
  const {costs, scenario} = world;
  for (const machine of world.machines) {
    const {spec} = machine;
    if (!machine.asked && world.clock.time >= spec.powerOn - 1e-9) powerOn(world, machine);
    if (!machine.on) continue;
    if (!machine.started && spec.driver.loadsAt !== null && world.clock.time >= spec.powerOn + spec.driver.loadsAt - 1e-9) {
      machine.started = true;
      loadDriver(machine);
    }
    if (dt === 0 || machine.blocked) continue;
    advanceGuest(machine, costs, scenario.host.rules.samplePeriod.value, dt);
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
    registers.wanted = driver.loaded ? balloonTarget(vm, actions, registers.wanted) : 0;
    const means: Means = {actions, compression: host.rules.compression.value, budget};
    budget -= reclaim(vm, means, driver.loaded, dt);
    machine.blocked = actions.block && charged(vm) > vm.target;
  }
}

/** Of the machines that can lose anything the one that is most above its target. */
function mostAbove(machines: readonly EsxMachine[]): EsxMachine | undefined {
  let found: EsxMachine | undefined;
  for (const machine of machines) {
    const {on, vm} = machine;
    if (!on || (takeable(vm) === 0 && zipped(vm) === 0)) continue;
    if (found === undefined || charged(vm) - vm.target > charged(found.vm) - found.vm.target) found = machine;
  }
  return found;
}

/**
 * Nobody can hold a page that is not there: whoever is most above its target loses some at once, to a twin,
 * the cache or the swap file. A page that was shared brings none, so where one round does not help the next
 * asks for twice as many, and of the swap file alone.
 */
function force(world: EsxWorld): void {
  const {rules} = world.scenario.host;
  let [rounds, before] = [1, -Infinity];
  for (let victim = mostAbove(world.machines); world.free < 0 && victim !== undefined; victim = mostAbove(world.machines)) {
    rounds = world.free > before ? 1 : 2 * rounds;
    before = world.free;
    if (rounds === 1) pageOut(victim.vm, -world.free, rules.compression.value, true);
    else if (writeOut(victim.vm, -world.free * rounds, false, true) === 0) evict(victim.vm, -world.free * rounds);
    world.free = countFree(world);
  }
}

/** What is reserved is not ballooned either, whatever was paged out after the targets were set. */
function keepReservations({machines}: EsxWorld): void {
  for (const {on, vm, registers} of machines) if (on && vm.settings.reservation > 0) registers.wanted = Math.min(registers.wanted, vm.ballooned + takeable(vm));
}

function scanMachines(world: EsxWorld, dt: number): void {
  if (world.scenario.host.sharing === "off") return;
  const {machines, scanRates, scenario, states, free} = world;
  const {share, breakLarge} = currentRule(states).actions;
  const perVm = (rate: ScanRate | undefined): number => (share === "now" ? scenario.host.shareNowRate : (rate?.perVm ?? 0));
  let wanted = 0;
  for (let i = 0; i < machines.length; i++) if (machines[i]?.on) wanted += perVm(scanRates[i]);
  const breaking = breakLarge === "yes" || (breakLarge === "below" && free < at(states.thresholds, states.index));
  for (let i = 0; i < machines.length; i++) {
    const machine = machines[i];
    const rate = scanRates[i];
    if (machine === undefined || rate === undefined || !machine.on) continue;
    scan(machine.vm, perVm(rate) * Math.min(1, rate.total / wanted) * dt, breaking);
  }
}

/** What is free is counted again; nobody has a page that is not there. */
export function settle(world: EsxWorld): void {
  world.free = countFree(world);
  if (world.free < 0) force(world);
  keepReservations(world);
}

/** One step: guests, then the host's state, targets, reclaim and scanning. With `dt` 0 only what is due now. */
export function advanceEsx(world: EsxWorld, dt: number): void {
  world.clock.time += dt;
  advanceMachines(world, dt);
  world.free = countFree(world);
  const before = currentState(world.states);
  const changed = updateState(world.states, world.free);
  if (changed) world.log("host", `memory state ${before} -> ${currentState(world.states)}`);
  if (world.kind.monitor !== null && world.clock.time >= world.nextLook - 1e-9) {
    world.policy.observe?.(seenHost(world), world.machines.filter(({on}) => on).map((machine) => seenGuest(world, machine)));
    world.nextLook = world.clock.time + world.kind.monitor;
  }
  if (changed || world.clock.time >= world.nextBalance - 1e-9) balance(world);
  reclaimFromMachines(world, dt);
  scanMachines(world, dt);
  settle(world);
}
