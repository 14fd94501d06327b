import type {MemoryCounters} from "./memory-counters.ts";
import {view, type View} from "./view.ts";

/** `-k` or `-m`: KiB or MiB. */
export type FreeUnit = "k" | "m";

const COLUMN = 12;
const columns = (cells: readonly (number | string)[]): string => cells.map((cell) => `${cell}`.padStart(COLUMN)).join("");
const headings = ["total", "used", "free", "shared", "buff/cache", "available"];

/** Both tools' last line. */
const swap = (label: string, {swapTotal, swapFree}: MemoryCounters, scale: (size: number) => number): string =>
  label + columns([swapTotal, swapTotal - swapFree, swapFree].map(scale));

/**
 * `free` of BusyBox: used is what is neither free nor cache, and MiB are rounded to the nearest.
 * Source: BusyBox 1.35.0 procps/free.c free_main, libbb/human_readable.c make_human_readable_str.
 */
export function busyboxFree(counters: MemoryCounters, unit: FreeUnit): View {
  const {memTotal, memFree, memAvailable, shmem, buffers, cached, slabReclaimable} = counters;
  const scale = (size: number): number => (unit === "k" ? size : Math.floor((size + 512) / 1024));
  const cache = buffers + cached + slabReclaimable;
  const cells = [memTotal, memTotal - memFree - cache, memFree, shmem, cache, memAvailable].map(scale);
  const lines = [`       ${columns(headings)}`, `Mem:   ${columns(cells)}`, swap("Swap:  ", counters, scale)];
  return view(`free -${unit} (BusyBox)`, "BusyBox 1.35.0", "procps/free.c", lines);
}

/**
 * `free` of procps: used is what is not available, and MiB are rounded down.
 * Source: procps-ng 4.0.2 src/free.c, library/meminfo.c meminfo_read_failed (derived_mem_used).
 */
export function procpsFree(counters: MemoryCounters, unit: FreeUnit): View {
  const {memTotal, memFree, memAvailable, shmem, buffers, cached, slabReclaimable} = counters;
  const scale = (size: number): number => (unit === "k" ? size : Math.floor(size / 1024));
  const available = memAvailable > memTotal ? memFree : memAvailable;
  const cells = [memTotal, memTotal - available, memFree, shmem, buffers + cached + slabReclaimable, available].map(scale);
  const lines = [`        ${columns(headings)}`, `Mem:    ${columns(cells)}`, swap("Swap:   ", counters, scale)];
  return view(`free -${unit} (procps)`, "procps-ng 4.0.2", "src/free.c, library/meminfo.c", lines);
}
