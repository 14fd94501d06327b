/**
 * A Linux host's view of one guest's memory, in pages, as plain numbers. Every
 * guest page is in exactly one place, so that
 *   configured = resident + ballooned + swapped + never touched.
 */
export interface HostState {
  /** Per guest zone: free in the guest, still backed here, because nobody said it was free. */
  readonly touchedFree: Float64Array;
  /** Backed, and in use by the guest. */
  usedBacked: number;
  /** Swapped out by the host: used by the guest, and free in the guest. */
  swappedUsed: number;
  swappedFree: number;
  /** Given up through the balloon, and discarded. */
  ballooned: number;
  /** Neither backed nor ballooned: never written to since it was last given to the guest. */
  neverTouched: number;
  /** Host RAM, host swap. */
  readonly ram: number;
  readonly swap: number;
  /** The VM's process without guest RAM: parameter, not derived. */
  readonly overhead: number;
  /** RAM that other programs of the host hold. */
  others: number;
  /** Reads back from host swap: each stalls the guest. */
  swapIns: number;
}
