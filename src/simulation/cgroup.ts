import {cgroupFileName, writeLimit, type CgroupAnswer} from "../host/linux/cgroup/limits.ts";
import {cgroupFiles, type CgroupFile} from "../host/linux/cgroup/state.ts";
import {KIB_PER_PAGE, type KiB} from "../units.ts";
import type {Happening} from "./events.ts";
import {CGROUP_OOM, endProcess, type World} from "./world.ts";

/** What a shell says when the kernel refuses a write. */
const COMPLAINTS: Readonly<Partial<Record<CgroupAnswer, string>>> = {
  busy: "write error: Device or resource busy",
  invalid: "write error: Invalid argument",
  "no-such-file": "No such file or directory"
};

function writeOne({state, log}: World, file: CgroupFile, size: KiB | null): CgroupAnswer {
  const none = file === "low" || file === "min" ? 0 : Infinity;
  const {cgroup} = state.host;
  const answer = writeLimit(state.host, file, size === null ? none : Math.floor(size / KIB_PER_PAGE));
  const complaint = COMPLAINTS[answer];
  if (complaint !== undefined) log("command", `${cgroupFileName(cgroup.version, file) ?? file}: ${complaint}`);
  return answer;
}

/** Version 1 wants memory <= memory and swap after every write: a limit that rises comes after the one above it. */
function order({state: {host: {cgroup}}}: World, max: KiB | null | undefined): readonly CgroupFile[] {
  const rises = max === null || (max !== undefined && max / KIB_PER_PAGE > cgroup.max);
  return cgroup.version === 1 && rises ? ["memswMax", ...cgroupFiles.filter((file) => file !== "memswMax")] : cgroupFiles;
}

/** Writes an event's limits, in an order the kernel takes; on version 2 the last resort of a lowered memory.max is the OOM killer. */
export function applyCgroup(world: World, event: Extract<Happening, {type: "cgroup"}>): void {
  for (const file of order(world, event.max)) {
    const size = event[file];
    if (size === undefined || writeOne(world, file, size) !== "kill") continue;
    world.state.host.cgroup.events.oomKill++;
    endProcess(world, CGROUP_OOM);
    return;
  }
}
