import type {BootState, BootZone} from "./boot/types.ts";
import * as sources from "./sources.ts";
import type {GuestState, ZoneState} from "./state.ts";
import {KIB_PER_PAGE, type KiB} from "../units.ts";

/** What is set up before the first workload, with the kernel's own defaults. */
export interface GuestOptions {
  /** Swap space inside the guest; defaults to none, as recorded. */
  readonly swap?: KiB | undefined;
  /** vm.swappiness, 0 to 200; defaults to 60. */
  readonly swappiness?: number | undefined;
  /** vm.overcommit_memory; defaults to 0. */
  readonly overcommit?: 0 | 1 | 2 | undefined;
}

const inPages = (size: KiB): number => Math.floor(size / KIB_PER_PAGE);

/**
 * Where the free pages of a fresh boot lie. The kernel's allocations come from the
 * highest zone first, except the little that zone DMA has lost on every machine.
 */
function freeByZone(zones: readonly BootZone[], free: number): Float64Array {
  const managed = Float64Array.from(zones, (zone) => zone.managed);
  const result = managed.map((pages) => pages);
  let used = managed.reduce((sum, pages) => sum + pages, 0) - free;
  for (let zone = 0; zone < zones.length && used > 0; zone++) {
    const last = zone === zones.length - 1;
    const part = last ? used : zone === 0 ? sources.DMA_USED_AT_BOOT.value : used / 4;
    const taken = Math.min(Math.floor(part), used, managed[zone] ?? 0);
    result[zone] = (managed[zone] ?? 0) - taken;
    used -= taken;
  }
  return result;
}

function reserves(zones: readonly BootZone[]): Float64Array {
  return Float64Array.from(zones, (_, zone) => {
    const above = zones.slice(zone + 1).reduce((sum, other) => sum + other.managed, 0);
    return Math.floor(above / sources.LOWMEM_RESERVE_RATIO.value);
  });
}

function startZones(boot: BootState): ZoneState {
  const {zones} = boot;
  const column = (pick: (zone: BootZone) => number): Float64Array => Float64Array.from(zones, pick);
  return {
    count: zones.length,
    managed: column((zone) => zone.managed),
    free: freeByZone(zones, inPages(boot.memFree)),
    min: column((zone) => zone.min),
    low: column((zone) => zone.low),
    high: column((zone) => zone.high),
    reserve: reserves(zones),
    used: new Float64Array(zones.length),
    ballooned: new Float64Array(zones.length)
  };
}

/**
 * A guest whose init idles and whose balloon driver is not loaded.
 * @param vcpus shares of the per-CPU lists' limit, which is the top zone's low watermark divided by them.
 */
export function startGuest(boot: BootState, vcpus: number, options: GuestOptions = {}): GuestState {
  const zones = startZones(boot);
  const high = Math.floor((zones.low[zones.count - 1] ?? 0) / vcpus);
  const held = Math.min(sources.PER_CPU_AT_BOOT.value, high, inPages(boot.unaccounted));
  const movable = Math.min(sources.PER_CPU_MOVABLE_AT_BOOT.value, Math.floor(held / 3));
  const managed = zones.managed.reduce((sum, pages) => sum + pages, 0);
  const free = zones.free.reduce((sum, pages) => sum + pages, 0);
  const named = {
    anon: inPages(boot.anon),
    shmem: inPages(boot.cached),
    slabReclaimable: inPages(boot.slabReclaimable),
    slabUnreclaimable: inPages(boot.slab) - inPages(boot.slabReclaimable),
    pageTables: inPages(boot.pageTables),
    kernelStack: inPages(boot.kernelStack),
    percpu: inPages(boot.perCpu)
  };
  const sum = Object.values(named).reduce((a, b) => a + b, 0);
  return {
    zones,
    perCpu: {movable, other: held - movable, high},
    file: {active: 0, inactive: 0, workingSet: 0, toRead: 0},
    counters: {balloonInflate: 0, balloonDeflate: 0, oomKills: 0, swappedIn: 0, swappedOut: 0, majorFaults: 0, minorFaults: 0, refaults: 0},
    processes: [],
    ...named,
    shmemSwapped: 0,
    kernel: managed - free - held - sum,
    swapTotal: inPages(options.swap ?? (0 as KiB)),
    swapUsed: 0,
    balloon: 0,
    balloonInTotal: false,
    swappiness: options.swappiness ?? sources.DEFAULT_SWAPPINESS.value,
    overcommit: options.overcommit ?? 0,
    committed: 0,
    panicked: false,
    nextPid: 90
  };
}
