import type {Range} from "./memblock.ts";
import type {ZoneName} from "./types.ts";

const PAGE = 4096;
/** ISA devices reach 16 MiB, 32-bit ones 4 GiB (Linux 6.1 arch/x86/mm/init.c zone_sizes_init). */
const DMA_END_PFN = 2 ** 12;
const DMA32_END_PFN = 2 ** 20;

/** A zone before anything is allocated from it; page frames. */
export interface ZoneLayout {
  readonly zone: ZoneName;
  readonly startPfn: number;
  /** Exclusive. */
  readonly endPfn: number;
  readonly present: number;
}

const limits: readonly [zone: ZoneName, start: number, end: number][] = [
  ["DMA", 0, DMA_END_PFN],
  ["DMA32", DMA_END_PFN, DMA32_END_PFN],
  ["Normal", DMA32_END_PFN, Infinity]
];

const firstPfn = (range: Range): number => Math.ceil(range.start / PAGE);
const endPfn = (range: Range): number => Math.floor(range.end / PAGE);

/** Whole pages of RAM with start <= page frame < end. */
const presentPages = (ram: readonly Range[], start: number, end: number): number =>
  ram.reduce((sum, range) => sum + Math.max(0, Math.min(end, endPfn(range)) - Math.max(start, firstPfn(range))), 0);

/**
 * The zones that have RAM, each from its first to its last possible page frame:
 * holes are spanned but not present.
 * Source: Linux 6.1 mm/page_alloc.c zone_spanned_pages_in_node, zone_absent_pages_in_node.
 */
export function layOutZones(ram: readonly Range[]): ZoneLayout[] {
  const lowest = Math.min(...ram.map(firstPfn));
  const highest = Math.max(...ram.map(endPfn));
  return limits
    .map(([zone, start, end]) => ({
      zone,
      startPfn: Math.max(start, lowest),
      endPfn: Math.min(end, highest),
      present: presentPages(ram, start, end)
    }))
    .filter((layout) => layout.present > 0);
}

/** Pages of page structures the kernel assumes for a zone when it sizes tables (calc_memmap_size). */
function assumedStructPages(layout: ZoneLayout, structBytes: number): number {
  const spanned = layout.endPfn - layout.startPfn;
  const sparse = spanned > layout.present + Math.floor(layout.present / 16);
  return Math.ceil(((sparse ? layout.present : spanned) * structBytes) / PAGE);
}

/**
 * Pages that hash tables are sized by: present, less assumed page structures,
 * less what is reserved in the lowest zone (nr_kernel_pages).
 */
export function kernelPages(layouts: readonly ZoneLayout[], structBytes: number, reservedLow: number): number {
  const sum = layouts.reduce((total, layout) => {
    const structs = assumedStructPages(layout, structBytes);
    return total + (layout.present >= structs ? layout.present - structs : layout.present);
  }, 0);
  return sum - reservedLow;
}
