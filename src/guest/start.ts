import {at} from "../domain/column.ts";
import type {BootState, BootZone} from "./boot/types.ts";
import {HUGE_PAGES_FROM} from "./boot/watermarks.ts";
import * as sources from "./sources.ts";
import type {GuestState, PerCpuState, ZoneState} from "./state.ts";
import {KIB_PER_PAGE, type KiB} from "../units.ts";

/** What is set up before the first workload, with the kernel's own defaults. */
export interface GuestOptions {
  /** Swap space inside the guest; defaults to none, as recorded. */
  readonly swap?: KiB | undefined;
  /** vm.swappiness, 0 to 200; defaults to 60. */
  readonly swappiness?: number | undefined;
  /** vm.overcommit_memory; defaults to 0. */
  readonly overcommit?: 0 | 1 | 2 | undefined;
  /** Seed of every jitter; defaults to 0. */
  readonly seed?: number | undefined;
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
    const taken = Math.min(Math.floor(part), used, at(managed, zone));
    result[zone] = at(managed, zone) - taken;
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

function listBatch(managed: number): number {
  const {fraction, most, parts} = sources.PER_CPU_BATCH.value;
  const batch = Math.max(1, Math.floor(Math.min(Math.floor(managed / fraction), most) / parts));
  return Math.max(1, 2 ** Math.floor(Math.log2(batch + Math.floor(batch / 2))) - 1);
}

/**
 * A zone's lists are full when the processors together hold its low watermark
 * (Linux 6.1, mm/page_alloc.c zone_highsize); one processor's share is modelled,
 * because the balloon's worker and a process each run on one. The kernel's pages
 * are from the highest zone; what lies on another zone's list it did not ask for.
 */
function startLists(zones: ZoneState, held: number, vcpus: number): PerCpuState {
  const batch = zones.managed.map(listBatch);
  const high = zones.low.map((low, zone) => Math.max(Math.floor(low / vcpus), 4 * at(batch, zone)));
  const movable = new Float64Array(zones.count);
  const other = new Float64Array(zones.count);
  const hasNormal = zones.count > 2;
  const kernels = Math.min(hasNormal ? sources.PER_CPU_NORMAL_AT_BOOT.value : sources.PER_CPU_OTHER_AT_BOOT.value, Math.floor(0.9 * held));
  other[zones.count - 1] = kernels;
  movable[1] = held - kernels;
  return {movable, fresh: new Float64Array(zones.count), other, high, batch, factor: new Float64Array(zones.count)};
}

/**
 * A guest whose init idles and whose balloon driver is not loaded.
 * @param vcpus 1 or more.
 */
export function startGuest(boot: BootState, vcpus: number, options: GuestOptions = {}): GuestState {
  const zones = startZones(boot);
  const held = inPages(boot.perCpuLists);
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
    perCpu: startLists(zones, held, vcpus),
    file: {active: 0, inactive: 0, workingSet: 0, toRead: 0},
    counters: {balloonInflate: 0, balloonDeflate: 0, oomKills: 0, swappedIn: 0, swappedOut: 0, majorFaults: 0, minorFaults: 0, refaults: 0, refused: 0},
    processes: [],
    ...named,
    shmemAtBoot: named.shmem,
    shmemSwapped: 0,
    kernel: managed - free - held - sum,
    swapTotal: inPages(options.swap ?? (0 as KiB)),
    swapUsed: 0,
    balloon: 0,
    balloonInTotal: false,
    hugePages: managed >= HUGE_PAGES_FROM.value,
    swappiness: options.swappiness ?? sources.DEFAULT_SWAPPINESS.value,
    overcommit: options.overcommit ?? 0,
    committed: 0,
    panicked: false,
    nextPid: 90,
    random: options.seed ?? 0
  };
}
