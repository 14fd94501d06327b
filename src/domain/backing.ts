/**
 * What a guest does to its pages, as far as a host can notice. The guest calls
 * it, a host answers; neither knows the other. Pages are counted per guest zone,
 * because which free pages a guest takes first depends on the zone. All counts
 * are pages, whole and not negative.
 */
export interface Backing {
  /**
   * The guest takes free pages and writes to them.
   * @param fresh how many of them came straight out of the balloon: not backed, whatever else is free.
   */
  readonly use: (zone: number, pages: number, fresh: number) => void;
  /** The guest frees pages; the host does not notice. */
  readonly release: (zone: number, pages: number) => void;
  /** Free pages go into the balloon and are named to the host; `fresh` as for use. */
  readonly inflate: (zone: number, pages: number, fresh: number) => void;
  /** Ballooned pages become free pages; nobody has written to them yet. */
  readonly deflate: (zone: number, pages: number) => void;
  /**
   * The guest names up to `pages` free pages as unneeded.
   * @returns how many of them the host had backed, and now has not.
   */
  readonly report: (zone: number, pages: number) => number;
  /** Used pages are read or written again: what the host had swapped out comes back. */
  readonly touch: (pages: number) => void;
}

/** A line of the event log, as the part of the system that writes it would. */
export type LogSource = "kernel" | "qmp" | "command" | "host" | "workload";
export type Log = (source: LogSource, text: string) => void;

/**
 * The registers between a host and a balloon driver, in pages: the host writes
 * `wanted`, the driver `given`. virtio's config space, xenstore's target and
 * VMware's GET_TARGET all come down to these two.
 */
export interface BalloonRegisters {
  /** How much the host asks the guest to give up. */
  wanted: number;
  /** How much the driver says it has given up. */
  given: number;
  /** Counts writes to `wanted`: a driver that sleeps wakes when it changes, even to the same value. */
  requests: number;
}
