import type {MemoryMap} from "../../domain/memory-map/types.ts";
import type {Source} from "../../source.ts";
import type {KiB, Pages} from "../../units.ts";

/**
 * One named part of what a guest does not find in MemTotal. The usable map minus
 * the sum of all terms is MemTotal to the KiB, so that the terms draw a waterfall.
 */
export interface MemoryTerm {
  /** Stable, kebab-case. */
  readonly key: string;
  /** A few words for a figure, lower-case. */
  readonly label: string;
  readonly size: KiB;
  readonly source: Source;
}

export type ZoneName = "DMA" | "DMA32" | "Normal";

/** A zone of /proc/zoneinfo, freshly booted. */
export interface BootZone {
  readonly zone: ZoneName;
  /** First page frame. */
  readonly startPfn: number;
  /** From first to last page frame, holes included. */
  readonly spanned: Pages;
  /** Spanned less the holes. */
  readonly present: Pages;
  /** What the page allocator got; the zones' sum is MemTotal. */
  readonly managed: Pages;
  readonly min: Pages;
  readonly low: Pages;
  readonly high: Pages;
}

/** A guest whose init has started and whose balloon driver has not. */
export interface BootState {
  readonly map: MemoryMap;
  /** Sum of the map's usable ranges. */
  readonly usable: KiB;
  readonly terms: readonly MemoryTerm[];
  /** usable - sum(terms) = 4 x sum(zones' managed). */
  readonly memTotal: KiB;
  /** MemTotal may differ by this from boot to boot (recorded); 0 when it repeats exactly. */
  readonly memTotalWobble: KiB;
  readonly zones: readonly BootZone[];
  /** MemFree once init idles; repeats within about 100 KiB on one machine. */
  readonly memFree: KiB;
  /** Files of the initramfs and tmpfs: MemTotal's page cache before any disk is read. */
  readonly cached: KiB;
  readonly anon: KiB;
  readonly slab: KiB;
  readonly slabReclaimable: KiB;
  readonly pageTables: KiB;
  readonly kernelStack: KiB;
  readonly perCpu: KiB;
  /** Free pages on the processors' own lists: part of `unaccounted`, and free all the same. */
  readonly perCpuLists: KiB;
  /** memTotal less memFree and everything named above: kernel allocations /proc/meminfo has no line for. */
  readonly unaccounted: KiB;
}
