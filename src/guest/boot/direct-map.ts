import type {Range} from "./memblock.ts";

/**
 * The kernel maps all RAM into its own address space from the top down, in steps
 * of 2 MiB, then 512 MiB, then everything. Page tables for a step come from a
 * small buffer behind the kernel image, unless that buffer lies in the very RAM
 * being mapped or is used up; then they are allocated. The image is placed at
 * random, so MemTotal differs by a few pages from boot to boot.
 * Source: Linux 6.1 arch/x86/mm/init.c init_mem_mapping, memory_map_top_down,
 * init_range_memory_mapping, alloc_low_pages, split_mem_range.
 */
export interface DirectMapInput {
  /** System RAM as the kernel keeps it, sorted. */
  readonly ram: readonly Range[];
  /** Page tables that the buffer still has once the first MiB is mapped. */
  readonly buffer: number;
  /** Where the page-table buffer lies, behind the image. */
  readonly bufferAt: number;
  readonly gigabytePages: boolean;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const LARGE = 2 * MIB;
const FIRST_STEP = LARGE;
/** Each time enough has been mapped the step grows by this (get_new_step_size). */
const STEP_GROWTH = 256;

const roundDown = (value: number, unit: number): number => Math.floor(value / unit) * unit;

/** The ranges of RAM in the order in which they are mapped. */
export function mappingOrder(ram: readonly Range[]): Range[] {
  const end = ram.reduce((max, range) => Math.max(max, range.end), 0);
  const top = roundDown(end, LARGE);
  const parts = (start: number, stop: number): Range[] =>
    ram.map((range) => ({start: Math.max(range.start, start), end: Math.min(range.end, stop)})).filter((range) => range.end > range.start);
  const order: Range[] = [];
  let [last, step, mapped] = [top, FIRST_STEP, 0];
  while (last > MIB) {
    const start = last > step ? Math.max(roundDown(last - 1, step), MIB) : MIB;
    const pieces = parts(start, last);
    order.push(...pieces);
    mapped += pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0);
    last = start;
    if (mapped >= step) step *= STEP_GROWTH;
  }
  return [...order, ...parts(top, end)];
}

/** Numbers of the blocks of `unit` bytes that a range touches. */
function blocks(range: Range, unit: number): number[] {
  const first = Math.floor(range.start / unit);
  return Array.from({length: Math.ceil(range.end / unit) - first}, (_, i) => first + i);
}

/** The first and the last block: only they can be RAM in part, and only there are small pages used. */
function edges(range: Range, unit: number): number[] {
  const [first, last] = [Math.floor(range.start / unit), Math.ceil(range.end / unit) - 1];
  return first === last ? [first] : [first, last];
}

/** Page tables a range adds: one a GiB for its 2 MiB pages, one for every 2 MiB that is not RAM throughout. */
function tablesFor(range: Range, input: DirectMapInput, have: Set<string>): number {
  const isRam = (start: number, size: number): boolean => input.ram.some((r) => r.start <= start && r.end >= start + size);
  const wanted = [
    ...blocks(range, GIB).filter((b) => !(input.gigabytePages && isRam(b * GIB, GIB))).map((b) => `g${b}`),
    ...edges(range, LARGE).filter((b) => !isRam(b * LARGE, LARGE)).map((b) => `m${b}`)
  ].filter((key) => !have.has(key));
  for (const key of wanted) have.add(key);
  return wanted.length;
}

/** Page tables of the direct map that do not fit the buffer and take pages of RAM. */
export function allocatedTables(input: DirectMapInput): number {
  const have = new Set(["g0", "m0"]);
  let [left, allocated] = [input.buffer, 0];
  for (const range of mappingOrder(input.ram)) {
    const needed = tablesFor(range, input, have);
    const usable = input.bufferAt < range.start || input.bufferAt >= range.end;
    const fromBuffer = usable ? Math.min(left, needed) : 0;
    left -= fromBuffer;
    allocated += needed - fromBuffer;
  }
  return allocated;
}
