import {at} from "../../domain/column.ts";
import type {Backing, BalloonRegisters, Log} from "../../domain/backing.ts";
import {newDriverState, type BalloonContext, type DriverOptions, type DriverState} from "../../guest/balloon/driver.ts";
import {deflate} from "../../guest/balloon/move.ts";
import {vmmemctl} from "../../guest/balloon/vmmemctl.ts";
import type {OomContext} from "../../guest/oom.ts";
import {drainLists} from "../../guest/per-cpu.ts";
import {startProcess} from "../../guest/process.ts";
import {kswapd} from "../../guest/reclaim.ts";
import {startGuest} from "../../guest/start.ts";
import type {GuestState} from "../../guest/state.ts";
import {advanceWorkload, swapInProcesses} from "../../guest/workload.ts";
import {sampledPages} from "../../host/esx/accounts.ts";
import {esxBacking, touchActive, type FaultCosts} from "../../host/esx/backing.ts";
import {advanceSampler, estimate} from "../../host/esx/sampler.ts";
import {createVm, type EsxSettings, type EsxVm} from "../../host/esx/vm.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import type {EsxHost, EsxVmScenario} from "./scenario.ts";
import {writeZeroes} from "./zeroing.ts";

const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);
const pagesUp = (size: number): number => Math.ceil(size / KIB_PER_PAGE);

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
  /** It was powered on. */
  ran: boolean;
  /** It asked to be powered on: once. */
  asked: boolean;
  /** Its driver has been loaded once, by the scenario; later only events load it. */
  started: boolean;
  /** In state low, above its target: it does not run. */
  blocked: boolean;
  /** Pages its programs use again and again, as far as they have them. */
  activity: number;
  /** Pages it has yet to write zeroes to while it boots. */
  zeroesLeft: number;
  /** Faults counted when the sampler's period began. */
  faultsBefore: number;
  /** Seconds its processors have yet to wait for pages that were out. */
  debt: number;
  /** Part of a page that is due to be read back from the guest's own swap. */
  carry: number;
}

const settingsOf = (spec: EsxVmScenario, leastWithoutShares: boolean): EsxSettings => ({
  configured: inPages(spec.machine.memory),
  reservation: inPages(spec.reservation),
  limit: spec.limit === null ? Infinity : inPages(spec.limit),
  shares: spec.shares,
  balloonCap: inPages(spec.balloonCap),
  leastWithoutShares,
  overhead: pagesUp(spec.overhead)
});

const freePages = ({zones, perCpu}: GuestState): number => {
  let sum = 0;
  for (let zone = 0; zone < zones.count; zone++) sum += at(zones.free, zone) + at(perCpu.movable, zone) + at(perCpu.other, zone);
  return sum;
};

/** Once it is on: what its programs hold from the start. */
export function startWorkload(machine: EsxMachine): void {
  const {spec, guest, log} = machine;
  const {anon, workingSet, active} = spec.workload;
  if (anon > 0) startProcess(guest, log, {name: "workload", memory: inPages(anon), rate: inPages(1024 * 1024)});
  guest.file.workingSet = inPages(workingSet);
  machine.activity = inPages(active);
}

/**
 * A machine that is off, its guest as it will be when it has booted.
 * @param seed of the sampler; null counts expected numbers.
 */
export function createMachine(spec: EsxVmScenario, {largePages, rules}: EsxHost, costs: FaultCosts, seed: number | null, log: Log): EsxMachine {
  const guest = startGuest(spec.boot, spec.machine.vcpus, spec.guest);
  guest.balloonInTotal = true;
  const vm = createVm({
    settings: settingsOf(spec, rules.leastWithoutShares.value),
    profile: spec.sharing,
    compressible: spec.compressible,
    largePages,
    seed,
    free: freePages(guest),
    zeroes: spec.workload.zeroes && spec.workload.zeroRate === Infinity
  });
  const backing = esxBacking(vm, costs);
  const registers: BalloonRegisters = {wanted: 0, given: 0, requests: 0};
  return {
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
    ran: false,
    asked: false,
    started: false,
    blocked: false,
    activity: 0,
    zeroesLeft: spec.workload.zeroes ? vm.untouched : 0,
    faultsBefore: 0,
    debt: 0,
    carry: 0
  };
}

/** The counter `active`, pages. */
export function activePages({vm}: EsxMachine, floor: number): number {
  const pages = sampledPages(vm);
  return Math.min(pages, Math.max(Math.round(estimate(vm.sampler) * pages), Math.ceil(floor * vm.settings.configured)));
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

/**
 * Pages in the guest's own swap that its programs use again and again: what of
 * them does not fit into the memory that the guest has left them. The guest's
 * kernel swaps what was not used lately, so what fits is there.
 */
export function activeInGuestSwap({guest, activity}: EsxMachine): number {
  const {anon, shmem, file, swapUsed} = guest;
  return swapUsed === 0 ? 0 : Math.max(0, Math.min(swapUsed, activity - anon - shmem - file.active - file.inactive));
}

/** Programs read back what of their active memory the guest has swapped, `part` of it in this step. */
function readBack(machine: EsxMachine, part: number, costs: FaultCosts): void {
  const missing = activeInGuestSwap(machine);
  if (missing === 0) return;
  const exact = machine.carry + missing * part;
  machine.carry = exact % 1;
  machine.vm.counters.stall += swapInProcesses(machine.oom, Math.floor(exact)) * costs.guestSwapIn;
}

/** The guest runs for `dt` seconds; between two faults its driver still gets its turn. */
export function advanceGuest(machine: EsxMachine, costs: FaultCosts, samplePeriod: number, dt: number): void {
  const {spec, vm, guest, backing, driver} = machine;
  const before = vm.counters.stall;
  if (driver.loaded) vmmemctl.advance(machine.balloon, driver, machine.options, dt);
  if (waits(machine, dt)) return;
  const part = Math.min(1, dt / spec.workload.sweep);
  advanceWorkload(machine.oom, spec.workload.fileRate / KIB_PER_PAGE, dt);
  readBack(machine, part, costs);
  kswapd(guest, backing);
  if (machine.zeroesLeft > 0) writeZeroes(machine, (spec.workload.zeroRate * dt) / KIB_PER_PAGE);
  vm.active = Math.min(machine.activity, vm.usedBacked + vm.usedSwapped + vm.usedZipped);
  vm.activeOut = Math.min(vm.activeOut, vm.active);
  touchActive(vm, part, costs);
  advanceSampler(vm.sampler, touchedPart(machine), dt, samplePeriod);
  if (vm.sampler.elapsed === 0) machine.faultsBefore = faults(guest);
  machine.debt += vm.counters.stall - before;
}

