/** What a timeline records at every step, in KiB. */
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

export function createColumns(length: number): Columns {
  return Object.fromEntries(columnNames.map((name) => [name, new Float64Array(length)])) as Columns;
}
