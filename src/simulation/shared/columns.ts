/** What is recorded of each VM, KiB; `stall` is seconds waited so far. */
export const sharedVmColumns = ["target", "actual", "anon", "memFree", "resident", "hostSwapped", "guestSwapUsed", "cgroupCurrent", "hostSwapIn", "hostSwapOut", "guestSwapIn", "stall"] as const;
export type SharedVmColumn = (typeof sharedVmColumns)[number];
export type SharedVmColumns = Record<SharedVmColumn, Float64Array>;

/** What is recorded of the host, KiB. */
export const sharedHostColumns = ["free", "used", "swapUsed", "pageCache"] as const;
export type SharedHostColumn = (typeof sharedHostColumns)[number];
export type SharedHostColumns = Record<SharedHostColumn, Float64Array>;

/** Written out: an object put together from a list of names is slower to write through. */
export function createVmColumns(length: number): SharedVmColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {
    target: column(), actual: column(), anon: column(), memFree: column(), resident: column(), hostSwapped: column(),
    guestSwapUsed: column(), cgroupCurrent: column(), hostSwapIn: column(), hostSwapOut: column(), guestSwapIn: column(), stall: column()
  };
}

export const createHostColumns = (length: number): SharedHostColumns => ({free: new Float64Array(length), used: new Float64Array(length), swapUsed: new Float64Array(length), pageCache: new Float64Array(length)});
