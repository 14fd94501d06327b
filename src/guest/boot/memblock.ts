/**
 * The allocator the kernel uses before it has pages: a list of free address
 * ranges, served from the top. Kept here as a mechanism because where things
 * land decides what each zone is left with, and because only whole pages that
 * are still free at the end reach MemTotal.
 * Source: Linux 6.1 mm/memblock.c memblock_find_in_range_node, memblock_free_all.
 */
export interface Memblock {
  /** Takes `size` bytes at a multiple of `align` as high as possible, all of it below `limit`; the address, or null when it fits nowhere. */
  readonly allocate: (size: number, align: number, limit?: number) => number | null;
  /** Takes [start, end), whatever part of it is free. */
  readonly reserve: (start: number, end: number) => void;
  /** Gives [start, end) back. */
  readonly free: (start: number, end: number) => void;
  /** Whole free pages with start <= page frame < end. */
  readonly freePages: (startPfn: number, endPfn: number) => number;
}

export interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

const PAGE = 4096;

const without = (range: Range, start: number, end: number): Range[] =>
  [
    {start: range.start, end: Math.min(range.end, start)},
    {start: Math.max(range.start, end), end: range.end}
  ].filter((part) => part.end > part.start);

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && last.end >= range.start) result[result.length - 1] = {start: last.start, end: Math.max(last.end, range.end)};
    else result.push(range);
  }
  return result;
}

const wholePages = (range: Range, startPfn: number, endPfn: number): number =>
  Math.max(0, Math.min(endPfn, Math.floor(range.end / PAGE)) - Math.max(startPfn, Math.ceil(range.start / PAGE)));

/** @param ram free at first; sorted or not, without overlap. */
export function createMemblock(ram: readonly Range[]): Memblock {
  let ranges = merged(ram);
  const reserve = (start: number, end: number): void => {
    ranges = ranges.flatMap((range) => without(range, start, end));
  };
  return {
    reserve,
    allocate: (size, align, limit = Infinity) => {
      for (const range of [...ranges].reverse()) {
        const at = Math.floor((Math.min(range.end, limit) - size) / align) * align;
        if (at < range.start) continue;
        reserve(at, at + size);
        return at;
      }
      return null;
    },
    free: (start, end) => {
      ranges = merged([...ranges, {start, end}]);
    },
    freePages: (startPfn, endPfn) => ranges.reduce((sum, range) => sum + wholePages(range, startPfn, endPfn), 0)
  };
}
