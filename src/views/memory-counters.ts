import type {Row} from "../simulation/columns.ts";
import {kib, type KiB} from "../units.ts";

/** Counters of /proc/meminfo that the tools below print, KiB. */
export interface MemoryCounters {
  readonly memTotal: KiB;
  readonly memFree: KiB;
  readonly memAvailable: KiB;
  readonly buffers: KiB;
  /** Files and tmpfs. */
  readonly cached: KiB;
  readonly slabReclaimable: KiB;
  /** tmpfs and shared memory; also in `cached`. */
  readonly shmem: KiB;
  readonly swapTotal: KiB;
  readonly swapFree: KiB;
}

/** What a timeline's row leaves out and a guest has anyway; all 0 unless said. */
export type UncountedParts = Partial<Pick<MemoryCounters, "buffers" | "slabReclaimable" | "shmem" | "swapTotal">>;

/** The counters of one instant of a timeline. */
export function countersOf(row: Row, {buffers = kib(0), slabReclaimable = kib(0), shmem = kib(0), swapTotal = kib(0)}: UncountedParts = {}): MemoryCounters {
  return {
    memTotal: kib(row.memTotal),
    memFree: kib(row.memFree),
    memAvailable: kib(row.memAvailable),
    cached: kib(row.cached),
    buffers,
    slabReclaimable,
    shmem,
    swapTotal,
    swapFree: kib(Math.max(0, swapTotal - row.guestSwapUsed))
  };
}
