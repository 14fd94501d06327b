import {balloonMax, cache, ceiling, charged, consumed, granted, neverTouched, swapped, zipped} from "../../host/esx/accounts.ts";
import {currentState} from "../../host/esx/states.ts";
import {memoryStates} from "../../host/esx/versions.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import {columnNames} from "../columns.ts";
import {sampleGuest} from "../sample.ts";
import {activePages, type EsxMachine} from "./machine.ts";
import type {EsxWorld} from "./world.ts";

/** Columns of a machine on ESX, KiB: the shared ones (`resident` is the counter granted) and ESX's own. */
export const esxColumnNames = [
  ...columnNames,
  /** Host RAM that backs its pages: granted less what sharing saves. */
  "consumed",
  /** Host RAM of its compression cache, which is charged to it too. */
  "cache",
  /** The sampler's estimate. */
  "active",
  /** What its programs really use again and again. */
  "activity",
  /** The balloon the host asks for. */
  "balloonTarget",
  /** The largest balloon it may have at present. */
  "balloonMax",
  /** What the host wants in the swap file and the cache. */
  "swapTarget",
  "compressed",
  "shared",
  "zero",
  /** What the policy grants it: SZTGT. */
  "entitlement",
  /** The most it may get: its size, or its limit. */
  "ceiling",
  /** Never taken once the guest has touched it. */
  "reservation",
  "overhead",
  /** Seconds, not KiB: how long faults have waited so far. */
  "stall",
  /** To and from the guest's own swap and the machine's swap file so far; once off, what they came to. */
  "guestSwapIn",
  "guestSwapOut",
  "hostSwapIn",
  "hostSwapOut",
  /** Into and out of the compression cache so far, which no disk sees. */
  "zipIn",
  "zipOut",
  /** A count, not KiB: processes that the guest's kernel has killed for want of memory so far. */
  "oomKills"
] as const;

export type EsxColumn = (typeof esxColumnNames)[number];
export type EsxColumns = Record<EsxColumn, Float64Array>;
export type EsxRow = Record<EsxColumn, number>;

/** Columns of the host, KiB, but for `state`: its place in `memoryStates`. */
export const esxHostColumnNames = ["free", "consumed", "cache", "overhead", "kernel", "state"] as const;
export type EsxHostColumn = (typeof esxHostColumnNames)[number];
export type EsxHostColumns = Record<EsxHostColumn, Float64Array>;

/** Empty columns. Written out, since an object put together from a list of names is several times slower to write through. */
export function createEsxColumns(length: number): EsxColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {
    configured: column(), target: column(), actual: column(), memTotal: column(), memFree: column(), memAvailable: column(),
    anon: column(), cached: column(), slab: column(), guestKernel: column(), guestSwapUsed: column(), balloon: column(),
    resident: column(), hostSwapped: column(), processRss: column(), neverTouched: column(), hostFree: column(), consumed: column(), cache: column(),
    active: column(), activity: column(), balloonTarget: column(), balloonMax: column(), swapTarget: column(), compressed: column(), shared: column(),
    zero: column(), entitlement: column(), ceiling: column(), reservation: column(), overhead: column(), stall: column(), guestSwapIn: column(), guestSwapOut: column(),
    hostSwapIn: column(), hostSwapOut: column(), zipIn: column(), zipOut: column(), oomKills: column()
  };
}

export function createEsxHostColumns(length: number): EsxHostColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {free: column(), consumed: column(), cache: column(), overhead: column(), kernel: column(), state: column()};
}

function sampleSettings({spec, vm, registers}: EsxMachine, columns: EsxColumns, row: number): void {
  const {memory} = spec.machine;
  columns.target[row] = memory - registers.wanted * KIB_PER_PAGE;
  columns.actual[row] = memory - registers.given * KIB_PER_PAGE;
  columns.balloonTarget[row] = registers.wanted * KIB_PER_PAGE;
  columns.balloonMax[row] = balloonMax(vm) * KIB_PER_PAGE;
  columns.entitlement[row] = vm.target * KIB_PER_PAGE;
  columns.ceiling[row] = ceiling(vm) * KIB_PER_PAGE;
  columns.reservation[row] = vm.settings.reservation * KIB_PER_PAGE;
  columns.overhead[row] = vm.settings.overhead * KIB_PER_PAGE;
}

function sampleBacking({vm}: EsxMachine, columns: EsxColumns, row: number): void {
  columns.balloon[row] = vm.ballooned * KIB_PER_PAGE;
  columns.resident[row] = granted(vm) * KIB_PER_PAGE;
  columns.hostSwapped[row] = swapped(vm) * KIB_PER_PAGE;
  columns.compressed[row] = zipped(vm) * KIB_PER_PAGE;
  columns.neverTouched[row] = neverTouched(vm) * KIB_PER_PAGE;
  columns.consumed[row] = consumed(vm) * KIB_PER_PAGE;
  columns.cache[row] = cache(vm) * KIB_PER_PAGE;
  columns.processRss[row] = (charged(vm) + vm.settings.overhead) * KIB_PER_PAGE;
  columns.swapTarget[row] = vm.swapTarget * KIB_PER_PAGE;
  columns.shared[row] = Math.floor(vm.shared + vm.zeroShared) * KIB_PER_PAGE;
  columns.zero[row] = vm.zero * KIB_PER_PAGE;
  columns.activity[row] = vm.active * KIB_PER_PAGE;
}

/** What only grows: it stays when the machine is off. */
function sampleCounters({vm: {counters}, guest}: EsxMachine, columns: EsxColumns, row: number): void {
  columns.stall[row] = counters.stall;
  columns.guestSwapIn[row] = guest.counters.swappedIn * KIB_PER_PAGE;
  columns.guestSwapOut[row] = guest.counters.swappedOut * KIB_PER_PAGE;
  columns.hostSwapIn[row] = counters.swapIn * KIB_PER_PAGE;
  columns.hostSwapOut[row] = counters.swapOut * KIB_PER_PAGE;
  columns.zipIn[row] = counters.zipped * KIB_PER_PAGE;
  columns.zipOut[row] = counters.unzipped * KIB_PER_PAGE;
  columns.oomKills[row] = guest.counters.oomKills;
}

/** Writes a machine's state into a row; of one that is off only what is configured, what the host has free and what it came to. */
export function sampleMachine(world: EsxWorld, machine: EsxMachine, columns: EsxColumns, row: number): void {
  columns.configured[row] = machine.spec.machine.memory;
  columns.hostFree[row] = world.free * KIB_PER_PAGE;
  sampleCounters(machine, columns, row);
  if (!machine.on) return;
  sampleGuest(machine.guest, columns, row);
  sampleSettings(machine, columns, row);
  sampleBacking(machine, columns, row);
  columns.active[row] = activePages(machine, world.scenario.host.rules.activeFloor.value) * KIB_PER_PAGE;
}

/** Writes the host's state: free + consumed + cache + overhead + kernel is all it manages. */
export function sampleEsxHost(world: EsxWorld, columns: EsxHostColumns, row: number): void {
  let [backing, caches, overhead] = [0, 0, 0];
  for (const {on, vm} of world.machines) {
    if (!on) continue;
    backing += consumed(vm);
    caches += cache(vm);
    overhead += vm.settings.overhead;
  }
  columns.free[row] = world.free * KIB_PER_PAGE;
  columns.consumed[row] = backing * KIB_PER_PAGE;
  columns.cache[row] = caches * KIB_PER_PAGE;
  columns.overhead[row] = overhead * KIB_PER_PAGE;
  columns.kernel[row] = world.kernel * KIB_PER_PAGE;
  columns.state[row] = memoryStates.indexOf(currentState(world.states));
}
