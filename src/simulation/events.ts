import type {CgroupFile} from "../host/linux/cgroup/state.ts";
import type {KiB, Seconds} from "../units.ts";

/**
 * What can happen to a machine, at a time in seconds from the start of the
 * simulation (the guest has booted at 0). Sizes are KiB, rates KiB/s.
 */
export type EventSpec = {readonly at: Seconds} & Happening;

export type Happening =
  /** The administrator sets layer 2, the target: `virsh setmem --live`, QMP `balloon`. */
  | {readonly type: "setmem" | "balloon"; readonly target: KiB}
  /** The guest's balloon driver; unloading virtio's gives the balloon back. */
  | {readonly type: "load-driver" | "unload-driver"}
  /** A process maps `size` at once and writes to it at `rate`; it exits `hold` seconds later (default: never). `jitter`, 0 to 1, makes the rate wander. */
  | {readonly type: "allocate"; readonly name?: string; readonly size: KiB; readonly rate?: number; readonly jitter?: number; readonly hold?: Seconds}
  /** A program writes a tmpfs file of `size` in a mount of `limit`. */
  | {readonly type: "write-tmpfs"; readonly name?: string; readonly size: KiB; readonly limit?: KiB; readonly rate?: number}
  /** Processes read and write what they have: swapped pages, the guest's and the host's, come back. */
  | {readonly type: "touch"; readonly size?: KiB}
  /** The named process (default: the last one started) frees `size`; all of it by default, and exits. */
  | {readonly type: "free"; readonly name?: string; readonly size?: KiB}
  /** Files of `size` are read once. */
  | {readonly type: "cache"; readonly size: KiB}
  /** From now on files of `size` are read all the time. */
  | {readonly type: "working-set"; readonly size: KiB}
  /** `sysctl vm.drop_caches=3`. */
  | {readonly type: "drop-caches"}
  | {readonly type: "set-overcommit"; readonly mode: 0 | 1 | 2}
  | {readonly type: "set-swappiness"; readonly value: number}
  /** Other programs of the host hold `size` from now on. */
  | {readonly type: "host-pressure"; readonly size: KiB}
  /** Limits of the cgroup that holds the VM's process, KiB; null for none, a missing one stays. `swapMax` and `high` are version 2's, `memswMax` and `soft` version 1's. */
  | ({readonly type: "cgroup"} & {readonly [File in CgroupFile]?: KiB | null})
  /** `guest-stats-polling-interval`; 0 turns it off. */
  | {readonly type: "poll-stats"; readonly interval: Seconds}
  /** The guest starts again: same process, its driver not loaded, the target kept. */
  | {readonly type: "restart"};

export type EventType = Happening["type"];

/** Every type there is. */
export const eventTypes: readonly EventType[] = [
  "setmem",
  "balloon",
  "load-driver",
  "unload-driver",
  "allocate",
  "write-tmpfs",
  "touch",
  "free",
  "cache",
  "working-set",
  "drop-caches",
  "set-overcommit",
  "set-swappiness",
  "host-pressure",
  "cgroup",
  "poll-stats",
  "restart"
];
