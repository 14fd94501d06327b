import type {Source} from "../../source.ts";
import type {Bytes} from "../../units.ts";

/** What an address range of the firmware's map is, in the kernel's words. */
export type E820Type = "usable" | "reserved" | "ACPI data" | "ACPI NVS";

/** One entry of the firmware's map as the guest's kernel prints it. */
export interface E820Entry {
  /** First byte. */
  readonly start: Bytes;
  /** Last byte, inclusive, as in `dmesg`. */
  readonly end: Bytes;
  readonly type: E820Type;
  /** Who put the entry there and where that is written. */
  readonly source: Source;
}

/** An address range that firmware marks as its own. */
export interface FirmwareRange {
  readonly start: Bytes;
  /** Exclusive. */
  readonly end: Bytes;
  readonly type: E820Type;
  readonly source: Source;
}

/** How a board lays RAM around the hole for devices below 4 GiB. */
export interface RamSplit {
  /** RAM from address 0. */
  readonly below4g: Bytes;
  /** RAM from 4 GiB (or `highBase`) on; 0 when all fits below. */
  readonly above4g: Bytes;
  /** Where RAM above 4 GiB starts: 4 GiB, or 1 TiB when AMD's HyperTransport hole is in the way. */
  readonly highBase: Bytes;
  readonly source: Source;
}

/** The physical address map a guest is booted with. Ballooning never changes it. */
export interface MemoryMap {
  readonly split: RamSplit;
  /** Sorted, without overlap, as the guest's firmware hands it over. */
  readonly e820: readonly E820Entry[];
  /** The highest address a memory device could take, exclusive; null without room for any. */
  readonly hotplugEnd: Bytes | null;
  /** Sum of the usable entries. */
  readonly usable: Bytes;
}
