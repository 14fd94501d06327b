import type {BootState} from "../../guest/boot/types.ts";

const PAGE = 4096;
const SECTION = 128 * 2 ** 20;
/** Device registers below 4 GiB that nothing may overlap: the I/O APIC's page comes first. */
const APIC = 0xfec00000;
const FOUR_GIB = 2 ** 32;

/** An address range, end inclusive. */
export interface ResourceRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The lowest free place for whole sections: behind RAM where it fits below the
 * interrupt controllers, else behind all RAM from 4 GiB on.
 * Source: Linux 6.1 drivers/xen/balloon.c additional_memory_resource, unpopulated-alloc.c;
 * recorded in xen-xl-pv-256-4096-clamp.json and xen-xl-pvh-*.json.
 */
export function freeSections(boot: BootState, size: number): ResourceRange {
  const taken = boot.map.e820.map(({start, end}) => ({start, end: end + 1}));
  const up = (address: number): number => Math.ceil(address / SECTION) * SECTION;
  const ends = taken.filter(({end}) => end < APIC).map(({end}) => up(end));
  const fits = (start: number): boolean => start + size <= APIC && taken.every((range) => range.end <= start || range.start >= start + size);
  const ramEnd = Math.max(...boot.map.e820.filter(({type}) => type === "usable").map(({end}) => end + 1));
  const start = ends.filter((at) => at >= Math.min(ramEnd, APIC) && fits(at)).sort((a, b) => a - b)[0] ?? Math.max(FOUR_GIB, up(ramEnd));
  return {start, end: start + size - 1};
}

/** Memory the driver has added by itself: what it counts beyond the RAM and the balloon it had. */
export function hotAddedRange(boot: BootState, total: number, known: number): ResourceRange | null {
  return total > known ? freeSections(boot, (total - known) * PAGE) : null;
}
