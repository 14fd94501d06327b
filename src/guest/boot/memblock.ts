import {ModelError} from "../../errors.ts";

/**
 * The allocator the kernel uses before it has pages: a list of free address
 * ranges, served from the top. Kept here as a mechanism because where things
 * land decides what each zone is left with, and because only whole pages that
 * are still free at the end reach MemTotal.
 * Source: Linux 6.1 mm/memblock.c memblock_find_in_range_node, memblock_free_all.
 */
export interface Memblock {
  /** Takes `size` bytes at a multiple of `align` as high as possible, all of it below `limit`; the address, or null when it fits nowhere. */
  readonly tryAllocate: (size: number, align: number, limit?: number) => number | null;
  /** The same; throws ModelError `kernel-does-not-fit` where the kernel would stop. */
  readonly allocate: (size: number, align: number) => number;
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

/** The guest has too little memory, or its image lies outside it. */
export const doesNotFit = (path: string): ModelError =>
  new ModelError("kernel does not fit", {code: "kernel-does-not-fit", path, expected: "RAM for the kernel's image and its first tables", hint: "the recorded kernel's image needs 53 MiB in one piece above 16 MiB; give the machine 96 MiB or more"});

interface MutableRange {
  start: number;
  end: number;
}

const wholePages = (range: Range, startPfn: number, endPfn: number): number =>
  Math.max(0, Math.min(endPfn, Math.floor(range.end / PAGE)) - Math.max(startPfn, Math.ceil(range.start / PAGE)));

/** Cuts [start, end) out of the list, in place: every boot makes about a hundred cuts. */
function cut(ranges: MutableRange[], start: number, end: number): void {
  for (let i = ranges.length - 1; i >= 0; i -= 1) {
    const range = ranges[i] as MutableRange;
    if (range.end <= start || range.start >= end) continue;
    const [below, above] = [range.start < start, range.end > end];
    if (below && above) ranges.splice(i + 1, 0, {start: end, end: range.end});
    if (below) range.end = start;
    else if (above) range.start = end;
    else ranges.splice(i, 1);
  }
}

/** Puts [start, end) back in order, joined with what it touches. */
function join(ranges: MutableRange[], start: number, end: number): void {
  cut(ranges, start, end);
  const at = ranges.findIndex((range) => range.start >= end);
  const i = at < 0 ? ranges.length : at;
  const [before, after] = [ranges[i - 1], ranges[i]];
  const joined = {start: before?.end === start ? before.start : start, end: after?.start === end ? after.end : end};
  const from = before?.end === start ? i - 1 : i;
  const to = after?.start === end ? i + 1 : i;
  ranges.splice(from, to - from, joined);
}

/** @param ram free at first; without overlap. */
export function createMemblock(ram: readonly Range[]): Memblock {
  const ranges: MutableRange[] = [];
  for (const {start, end} of ram) join(ranges, start, end);
  const tryAllocate = (size: number, align: number, limit = Infinity): number | null => {
    for (let i = ranges.length - 1; i >= 0; i -= 1) {
      const {start, end} = ranges[i] as MutableRange;
      const at = Math.floor((Math.min(end, limit) - size) / align) * align;
      if (at < start) continue;
      cut(ranges, at, at + size);
      return at;
    }
    return null;
  };
  return {
    reserve: (start, end) => cut(ranges, start, end),
    tryAllocate,
    allocate: (size, align) => {
      const at = tryAllocate(size, align);
      if (at === null) throw doesNotFit("memory");
      return at;
    },
    free: (start, end) => join(ranges, start, end),
    freePages: (startPfn, endPfn) => {
      let sum = 0;
      for (const range of ranges) sum += wholePages(range, startPfn, endPfn);
      return sum;
    }
  };
}
