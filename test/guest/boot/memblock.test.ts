import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {containing} from "../../matchers.ts";
import {createMemblock} from "../../../src/guest/boot/memblock.ts";

const PAGE = 4096;
const pages = (start: number, end: number): {start: number; end: number} => ({start: start * PAGE, end: end * PAGE});

describe("the boot allocator", () => {
  test("counts whole free pages between two page frames", () => {
    const block = createMemblock([{start: 1, end: 3 * PAGE}, pages(10, 20)]);
    expect(block.freePages(0, 100)).toBe(12);
    expect(block.freePages(0, 2)).toBe(1);
    expect(block.freePages(2, 12)).toBe(3);
    expect(block.freePages(19, 20)).toBe(1);
    expect(block.freePages(20, 30)).toBe(0);
    expect(createMemblock([]).freePages(0, 100)).toBe(0);
    expect(createMemblock([{start: 1, end: PAGE}]).freePages(0, 100)).toBe(0);
  });

  test("serves from the top, at the alignment asked for", () => {
    const block = createMemblock([pages(0, 4), pages(8, 16)]);
    expect(block.tryAllocate(100, 64)).toBe(16 * PAGE - 128);
    expect(block.tryAllocate(PAGE, PAGE)).toBe(14 * PAGE);
    expect(block.tryAllocate(64, 64)).toBe(16 * PAGE - 192);
    expect(block.tryAllocate(4 * PAGE, 4 * PAGE)).toBe(8 * PAGE);
    expect(block.tryAllocate(PAGE, PAGE)).toBe(13 * PAGE);
    expect(block.tryAllocate(PAGE, PAGE)).toBe(12 * PAGE);
    expect(block.tryAllocate(PAGE, PAGE)).toBe(3 * PAGE);
  });

  test("a kernel whose allocation fits nowhere stops", () => {
    const block = createMemblock([pages(1, 3)]);
    expect(block.allocate(PAGE, PAGE)).toBe(2 * PAGE);
    expect(() => block.allocate(2 * PAGE, PAGE)).toThrow(expect.objectContaining({message: "kernel does not fit", code: "kernel-does-not-fit", path: "memory", expected: "RAM for the kernel's image and its first tables", hint: containing("96 MiB")}));
  });

  test("stays below a limit", () => {
    const block = createMemblock([pages(0, 4), pages(8, 16)]);
    expect(block.tryAllocate(PAGE, PAGE, 10 * PAGE)).toBe(9 * PAGE);
    expect(block.tryAllocate(2 * PAGE, PAGE, 9 * PAGE)).toBe(2 * PAGE);
    expect(block.tryAllocate(PAGE, PAGE, 0)).toBeNull();
  });

  test("a piece as large as the range takes it, a larger one does not fit", () => {
    const block = createMemblock([pages(1, 3)]);
    expect(block.tryAllocate(2 * PAGE + 1, 1)).toBeNull();
    expect(block.tryAllocate(2 * PAGE, PAGE)).toBe(PAGE);
    expect(block.tryAllocate(1, 1)).toBeNull();
    expect(block.freePages(0, 10)).toBe(0);
  });

  test("never joins two ranges into one piece across a hole", () => {
    expect(createMemblock([pages(0, 2), pages(3, 5)]).tryAllocate(3 * PAGE, PAGE)).toBeNull();
    expect(createMemblock([pages(2, 5), pages(0, 2)]).tryAllocate(5 * PAGE, PAGE)).toBe(0);
  });

  test("reserves whatever part is free", () => {
    const block = createMemblock([pages(0, 4), pages(8, 16)]);
    block.reserve(2 * PAGE, 10 * PAGE);
    expect([block.freePages(0, 2), block.freePages(2, 10), block.freePages(10, 16)]).toEqual([2, 0, 6]);
    block.reserve(12 * PAGE, 13 * PAGE);
    expect([block.freePages(10, 12), block.freePages(12, 13), block.freePages(13, 16)]).toEqual([2, 0, 3]);
    block.reserve(0, 16 * PAGE);
    expect(block.freePages(0, 100)).toBe(0);
    block.reserve(0, PAGE);
    expect(block.freePages(0, 100)).toBe(0);
  });

  test("takes freed ranges back, joined with what they touch", () => {
    const block = createMemblock([pages(0, 10)]);
    block.reserve(2 * PAGE, 8 * PAGE);
    block.free(4 * PAGE, 6 * PAGE);
    expect(block.freePages(0, 10)).toBe(6);
    block.free(2 * PAGE, 4 * PAGE);
    block.free(6 * PAGE, 8 * PAGE);
    expect(block.freePages(0, 10)).toBe(10);
    expect(block.tryAllocate(10 * PAGE, PAGE)).toBe(0);
  });

  test("part pages that are freed separately make whole ones", () => {
    const block = createMemblock([pages(0, 1)]);
    block.reserve(0, PAGE);
    block.free(0, 100);
    expect(block.freePages(0, 1)).toBe(0);
    block.free(100, PAGE);
    expect(block.freePages(0, 1)).toBe(1);
  });

  test("freeing what is free changes nothing", () => {
    const block = createMemblock([pages(0, 4)]);
    block.free(PAGE, 2 * PAGE);
    expect(block.freePages(0, 10)).toBe(4);
    expect(block.tryAllocate(4 * PAGE, PAGE)).toBe(0);
  });

  test("a freed range above, below and between others keeps the order", () => {
    const block = createMemblock([pages(4, 5)]);
    block.free(8 * PAGE, 9 * PAGE);
    block.free(0, PAGE);
    block.free(6 * PAGE, 7 * PAGE);
    expect([0, 1, 2, 3].map(() => (block.tryAllocate(PAGE, PAGE) ?? -1) / PAGE)).toEqual([8, 6, 4, 0]);
  });

  test("taking and freeing in any order keeps every page accounted for", () => {
    fc.assert(
      fc.property(fc.array(fc.record({size: fc.integer({min: 1, max: 20}), align: fc.constantFrom(1, 2, 4, 8), free: fc.boolean()}), {maxLength: 40}), (acts) => {
        const block = createMemblock([pages(0, 64), pages(100, 164)]);
        const held: [number, number][] = [];
        for (const {size, align, free} of acts) {
          const last = free ? held.shift() : undefined;
          if (last) block.free(last[0], last[1]);
          const at = block.tryAllocate(size * PAGE, align * PAGE);
          if (at === null) continue;
          expect(at % (align * PAGE)).toBe(0);
          for (const [start, end] of held) expect(at + size * PAGE <= start || at >= end).toBe(true);
          held.push([at, at + size * PAGE]);
        }
        expect(block.freePages(0, 1000)).toBe(128 - held.reduce((sum, [start, end]) => sum + (end - start) / PAGE, 0));
      }),
      {numRuns: 2_000, seed: 4}
    );
  });
});
