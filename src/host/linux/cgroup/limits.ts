import {cgroupUsage, swapRoom, usedSwap} from "../accounts.ts";
import {reclaimVm} from "../reclaim.ts";
import type {HostState} from "../state.ts";
import type {CgroupFile} from "./state.ts";

/** What the kernel answers to a write: version 1's errors, and whether version 2 has to kill. */
export type CgroupAnswer = "ok" | "busy" | "invalid" | "no-such-file" | "kill";

const NAMES: Readonly<Record<1 | 2, Readonly<Partial<Record<CgroupFile, string>>>>> = {
  1: {max: "memory.limit_in_bytes", memswMax: "memory.memsw.limit_in_bytes", soft: "memory.soft_limit_in_bytes"},
  2: {max: "memory.max", high: "memory.high", low: "memory.low", min: "memory.min", swapMax: "memory.swap.max"}
};

/** The file's name in the cgroup's directory; null where this version has no such file. */
export const cgroupFileName = (version: 1 | 2, file: CgroupFile): string | null => NAMES[version][file] ?? null;

/** Version 1 shrinks before it writes the limit down, and writes nothing when it cannot. */
function resizeV1(host: HostState, file: "max" | "memswMax", value: number): CgroupAnswer {
  const {cgroup} = host;
  if (file === "max" ? value > cgroup.memswMax : value < cgroup.max) return "invalid";
  const over = file === "max" ? cgroupUsage(host) - value : cgroupUsage(host) + usedSwap(host) - value;
  // Swapping lowers memory, never memory and swap together.
  if (over > 0 && reclaimVm(host, over, file === "max" ? swapRoom(host) : 0) < over) return "busy";
  cgroup[file] = value;
  return "ok";
}

/**
 * Writes a limit.
 * @param value pages; Infinity for none.
 * @returns `busy` (version 1: the use cannot be brought below it; the old limit
 * stays), `invalid` (version 1: memory above memory and swap), `no-such-file`
 * (the other version's), `kill` (version 2: set, and nothing left but the OOM killer).
 * Source: Linux 6.1 mm/memcontrol.c mem_cgroup_resize_max, memory_max_write, memory_high_write.
 */
export function writeLimit(host: HostState, file: CgroupFile, value: number): CgroupAnswer {
  const {cgroup} = host;
  if (cgroupFileName(cgroup.version, file) === null) return "no-such-file";
  if (cgroup.version === 1 && (file === "max" || file === "memswMax")) return resizeV1(host, file, value);
  cgroup[file] = value;
  const over = file === "max" || file === "high" ? Math.max(0, cgroupUsage(host) - value) : 0;
  const left = over - reclaimVm(host, over, swapRoom(host));
  if (file !== "max" || left === 0) return "ok";
  cgroup.events.max++;
  return "kill";
}

/**
 * The cgroup's OOM killer, where one program holds all that is charged: it goes with
 * what it had in swap. What is left is nothing.
 * Source: Linux 6.1 mm/memcontrol.c memory_max_write, which kills until the rest fits.
 */
export function killPrograms(host: HostState): void {
  host.cgroup.events.oom++;
  host.cgroup.events.oomKill++;
  host.usedBacked = 0;
  host.swappedUsed = 0;
}
