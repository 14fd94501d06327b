import type {MemoryCounters} from "./memory-counters.ts";
import {view, type View} from "./view.ts";

const line = (name: string, size: number): string => `${`${name}:`.padEnd(15)} ${`${size}`.padStart(8)} kB`;

/** The first five lines of /proc/meminfo; its "kB" is KiB. */
export function meminfoHead({memTotal, memFree, memAvailable, buffers, cached}: MemoryCounters): View {
  const lines = [line("MemTotal", memTotal), line("MemFree", memFree), line("MemAvailable", memAvailable), line("Buffers", buffers), line("Cached", cached)];
  return view("head -n 5 /proc/meminfo", "Linux 6.1", "fs/proc/meminfo.c meminfo_proc_show", lines);
}
