import {describe, expect, test} from "vitest";
import {allocatedTables, mappingOrder} from "../../../src/guest/boot/direct-map.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const low = (end: number): {start: number; end: number}[] => [{start: 4096, end: 0x9fc00}, {start: MIB, end}];
const mib = (ranges: readonly {start: number; end: number}[]): [number, number][] => ranges.map(({start, end}) => [start / MIB, end / MIB]);

describe("the order in which RAM is mapped", () => {
  test("2048 MiB: 2 MiB at the top, then steps of 512 MiB, then the rest and the part page at the end", () => {
    expect(mib(mappingOrder(low(2 * GIB - 128 * 1024)))).toEqual([
      [2044, 2046],
      [1536, 2044],
      [1024, 1536],
      [1, 1024],
      [2046, 2047.875]
    ]);
  });

  test("3072 MiB maps two pieces of 512 MiB before it takes all", () => {
    expect(mib(mappingOrder(low(3 * GIB - 128 * 1024)))).toEqual([
      [3068, 3070],
      [2560, 3068],
      [2048, 2560],
      [1, 2048],
      [3070, 3071.875]
    ]);
  });

  test("with RAM above 4 GiB the last step takes both sides of the hole", () => {
    const ram = [...low(3 * GIB - 128 * 1024), {start: 4 * GIB, end: 5 * GIB}];
    expect(mib(mappingOrder(ram))).toEqual([
      [5118, 5120],
      [4608, 5118],
      [1, 3071.875],
      [4096, 4608]
    ]);
  });

  test("128 MiB is done after one step", () => {
    expect(mib(mappingOrder(low(128 * MIB)))).toEqual([
      [126, 128],
      [1, 126]
    ]);
  });
});

describe("page tables that do not fit the buffer", () => {
  const tables = (ram: readonly {start: number; end: number}[], bufferAt: number, buffer = 12, gigabytePages = false): number => allocatedTables({ram, buffer, bufferAt, gigabytePages});
  const pc4096 = [...low(3 * GIB - 128 * 1024), {start: 4 * GIB, end: 5 * GIB}];
  const pc16384 = [...low(3 * GIB - 128 * 1024), {start: 4 * GIB, end: 17 * GIB}];

  test("the buffer cannot be used while the RAM it lies in is mapped", () => {
    expect(tables(pc4096, GIB)).toBe(3);
    expect(tables(pc4096, 4.75 * GIB)).toBe(0);
    expect(tables(pc4096, 4.25 * GIB)).toBe(0);
    expect(tables(low(3 * GIB - 128 * 1024), GIB)).toBe(1);
    expect(tables(low(3 * GIB - 128 * 1024), 2.25 * GIB)).toBe(0);
    expect(tables(low(2 * GIB - 128 * 1024), GIB / 2)).toBe(0);
  });

  test("its first byte is inside, its end outside", () => {
    expect(tables(pc4096, MIB)).toBe(3);
    expect(tables(pc4096, MIB - 1)).toBe(0);
    expect(tables(pc4096, 3 * GIB - 128 * 1024)).toBe(0);
    expect(tables(pc4096, 3 * GIB - 128 * 1024 - 1)).toBe(3);
  });

  test("16 GiB: recorded 12 with the image above 4 GiB", () => {
    expect(tables(pc16384, 6 * GIB)).toBe(12);
  });

  test("16 GiB: three for the low RAM the image lies in, and one more that the buffer has no room for", () => {
    expect(tables(pc16384, GIB)).toBe(4);
  });

  test("a used-up buffer", () => {
    expect(tables(pc4096, 4.75 * GIB, 0)).toBe(4);
    expect(tables(pc4096, 4.75 * GIB, 2)).toBe(2);
  });

  test("pages of 1 GiB need tables only where a GiB is not RAM throughout", () => {
    expect(tables(pc16384, 6 * GIB, 0, true)).toBe(2);
    expect(tables([...low(3 * GIB), {start: 4 * GIB, end: 17 * GIB}], 6 * GIB, 0, true)).toBe(0);
  });
});
