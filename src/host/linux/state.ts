import type {CgroupState} from "./cgroup/state.ts";

/**
 * A Linux host's view of one guest's memory, in pages, as plain numbers. Every
 * guest page is in exactly one place, so that
 *   configured = resident + ballooned + swapped + never touched.
 * Pages that are free in the guest are kept per guest zone, because the guest
 * decides zone by zone which of them it takes next.
 */
export interface HostState {
  /** Free in the guest and still backed here: nobody said they were free. */
  readonly touchedFree: Float64Array;
  /** The same, but in blocks the guest takes last: what its boot left among kernel pages. */
  readonly touchedLate: Float64Array;
  /** Out of the balloon since the guest last freed anything else, and so the next it takes; not backed. */
  readonly deflated: Float64Array;
  /** Free in the guest and not backed: never written to since they were last given to it. */
  readonly untouched: Float64Array;
  /** Free in the guest and swapped out here. */
  readonly swappedFree: Float64Array;
  /** In use by the guest and backed. */
  usedBacked: number;
  /** In use by the guest and swapped out here. */
  swappedUsed: number;
  /** Given up through the balloon, and discarded. */
  ballooned: number;
  /** Host RAM; host swap, as far as this VM may come to use it. */
  readonly ram: number;
  swap: number;
  /** The VM's process without guest RAM: a parameter, not derived. 0 once it has ended. */
  overhead: number;
  /** The part of that in host swap. */
  overheadSwapped: number;
  /** Host page cache of the files behind the VM's disks, charged to its cgroup; clean. */
  pageCache: number;
  /** The cgroup of the VM's process; without limits where none are set. */
  readonly cgroup: CgroupState;
  /** RAM that other programs of the host hold. */
  others: number;
  /** Reads back from host swap: each stalls the guest. */
  swapIns: number;
  /** Writes to it. */
  swapOuts: number;
}
