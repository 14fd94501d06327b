/** A cgroup beside another one, pages: what it uses, and what of that it asks to keep. */
export interface CgroupSibling {
  readonly size: number;
  readonly min: number;
  readonly low: number;
}

/** The cgroup above, pages: what its own protection is worth, and its other children. */
export interface CgroupParent {
  readonly min: number;
  readonly low: number;
  readonly siblings: readonly CgroupSibling[];
}

/**
 * The memory controller of one cgroup, in pages: limits, protection and what it
 * has counted. Infinity stands for the files' "max" and for version 1's -1.
 * Source: Linux 6.1 Documentation/admin-guide/cgroup-v2.rst; mm/memcontrol.c.
 */
export interface CgroupState {
  readonly version: 1 | 2;
  /** memory.max; limit_in_bytes on version 1. */
  max: number;
  /** memory.high: above it whoever is charged reclaims, and sleeps when that is not enough. Version 2. */
  high: number;
  /** memory.low: not reclaimed while others can give. Version 2. */
  low: number;
  /** memory.min: never reclaimed. Version 2. */
  min: number;
  /** memory.swap.max: swap alone. Version 2. */
  swapMax: number;
  /** memsw.limit_in_bytes: memory and swap together. Version 1. */
  memswMax: number;
  /** soft_limit_in_bytes: what is above it goes first when the host is short. Version 1. */
  soft: number;
  /** Where it stands. Missing: below one that is protected as far as is needed, so that its own settings count in full. */
  readonly parent?: CgroupParent;
  /** memory.peak. */
  peak: number;
  readonly events: CgroupEvents;
  /** Seconds of sleep that the processors still owe for memory.high. */
  debt: number;
  /** Seconds they have slept. */
  throttled: number;
}

/** The limits that can be written while the VM runs; each version has its own. */
export const cgroupFiles = ["max", "high", "low", "min", "swapMax", "memswMax", "soft"] as const;
export type CgroupFile = (typeof cgroupFiles)[number];

/** memory.events, as far as they follow from the model; one step counts once. */
export interface CgroupEvents {
  /** Reclaimed although below memory.low. */
  low: number;
  high: number;
  max: number;
  oom: number;
  oomKill: number;
}

/** The limits a new cgroup has, changed by what is given. */
export function newCgroup(limits: Partial<Omit<CgroupState, "peak" | "events" | "debt" | "throttled">> = {}): CgroupState {
  return {
    version: 2,
    max: Infinity,
    high: Infinity,
    low: 0,
    min: 0,
    swapMax: Infinity,
    memswMax: Infinity,
    soft: Infinity,
    ...limits,
    peak: 0,
    events: {low: 0, high: 0, max: 0, oom: 0, oomKill: 0},
    debt: 0,
    throttled: 0
  };
}
