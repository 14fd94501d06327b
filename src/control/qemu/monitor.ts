import type {Bytes, KiB, Seconds} from "../../units.ts";

/** QEMU 7.2's statistics of a guest, bytes and counts; missing ones were never reported. */
export interface QomStats {
  readonly swapIn?: Bytes;
  readonly swapOut?: Bytes;
  readonly majorFaults?: number;
  readonly minorFaults?: number;
  readonly freeMemory?: Bytes;
  readonly totalMemory?: Bytes;
  readonly availableMemory?: Bytes;
  readonly diskCaches?: Bytes;
  readonly hugetlbPageAllocations?: number;
  readonly hugetlbPageFailures?: number;
  /** Seconds since 1970; 0 before the first. */
  readonly lastUpdate: number;
}

/** The balloon device as a monitor reaches it. */
export interface BalloonDeviceState {
  /** Where it is in QEMU's object tree, such as /machine/peripheral/balloon0. */
  readonly path: string;
  /** Memory less what the guest's driver says it holds. */
  readonly actual: KiB;
  readonly pollingInterval: Seconds;
  readonly stats: QomStats;
}

/** What of a QEMU process the memory commands touch. */
export interface MonitorState {
  /** Null without a balloon device. */
  readonly balloon: BalloonDeviceState | null;
}

/** What a monitor command asks of the machine; targets may be fractions of a KiB, as QMP counts bytes. */
export type MonitorEffect = {readonly kind: "balloon"; readonly target: KiB} | {readonly kind: "stats-period"; readonly period: Seconds};
