/** What every timeline records at every step, whatever the hypervisor, in KiB. */
export const columnNames = [
  "configured",
  "target",
  "actual",
  "memTotal",
  "memFree",
  "memAvailable",
  "anon",
  "cached",
  "slab",
  "guestKernel",
  "guestSwapUsed",
  "balloon",
  "resident",
  "hostSwapped",
  "processRss",
  "neverTouched",
  "hostFree"
] as const;

export type Column = (typeof columnNames)[number];
export type Columns = Record<Column, Float64Array>;

/** One row of a timeline. */
export type Row = Record<Column, number>;

/** The same, and what only a Linux host has: the VM's cgroup, and its traffic with host swap since the start. */
export const qemuColumnNames = [
  ...columnNames,
  /** memory.current: the process, its own memory among it, and its page cache. */
  "cgroupCurrent",
  /** memory.swap.current. */
  "cgroupSwap",
  "hostSwapIn",
  "hostSwapOut"
] as const;

export type QemuColumn = (typeof qemuColumnNames)[number];
export type QemuColumns = Record<QemuColumn, Float64Array>;
export type QemuRow = Record<QemuColumn, number>;

export function createColumns(length: number): QemuColumns {
  return Object.fromEntries(qemuColumnNames.map((name) => [name, new Float64Array(length)])) as QemuColumns;
}
