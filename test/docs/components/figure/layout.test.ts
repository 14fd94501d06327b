import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {dodge, labelRows, mibTicks, round} from "../../../../docs/components/figure/layout.ts";

describe("dodge", () => {
  test("labels with room stay where they are wanted", () => {
    expect(dodge([10, 50, 90], 16, 0, 100)).toEqual([10, 50, 90]);
  });

  test("labels too close move apart, in their order, whatever order they come in", () => {
    expect(dodge([50, 51, 49], 10, 0, 100)).toEqual([59, 69, 49]);
    expect(dodge([50, 50], 10, 0, 100)).toEqual([50, 60]);
  });

  test("at the bottom they are pushed up", () => {
    expect(dodge([95, 96, 97], 10, 0, 100)).toEqual([80, 90, 100]);
  });

  test("nothing to place", () => expect(dodge([], 10, 0, 100)).toEqual([]));

  test("where there is room, none overlap, none leave, and the order is kept", () => {
    fc.assert(fc.property(fc.array(fc.double({min: -50, max: 400, noNaN: true}), {maxLength: 12}), (wanted) => {
      const placed = dodge(wanted, 20, 0, 300);
      const order = wanted.map((y, i) => ({y, i})).sort((a, b) => a.y - b.y || a.i - b.i).map(({i}) => placed[i] ?? NaN);
      for (const [k, y] of order.entries()) {
        expect(y).toBeGreaterThanOrEqual(-0.01);
        expect(y).toBeLessThanOrEqual(300.01);
        if (k > 0) expect(y - (order[k - 1] ?? 0)).toBeGreaterThanOrEqual(19.98);
      }
    }));
  });
});

test.each([
  [200, false, [0]],
  [600, false, [0, 256, 512]],
  [1100, false, [0, 256, 512, 768, 1024]],
  [2130, false, [0, 512, 1024, 1536, 2048]],
  [4260, false, [0, 1024, 2048, 3072, 4096]],
  [2130, true, [0, 1024, 2048]]
])("ticks up to %d MiB (few: %s)", (max, few, expected) => {
  expect(mibTicks(max, few)).toEqual(expected);
});

test("ticks are never more than a handful, and never above the top", () => {
  fc.assert(fc.property(fc.integer({min: 64, max: 5000}), (max) => {
    const ticks = mibTicks(max);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect(Math.max(...ticks)).toBeLessThanOrEqual(max);
  }));
});

test("labels of one row never overlap, and the first row is filled first", () => {
  expect(labelRows([{x: 0, width: 20}, {x: 100, width: 20}, {x: 105, width: 20}])).toEqual([0, 0, 1]);
  fc.assert(fc.property(fc.array(fc.record({x: fc.integer({min: 0, max: 500}), width: fc.integer({min: 5, max: 80})}), {maxLength: 24}), (labels) => {
    const rows = labelRows(labels);
    labels.forEach((a, i) => labels.forEach((b, j) => {
      if (i < j && rows[i] === rows[j]) expect(Math.abs(a.x - b.x)).toBeGreaterThanOrEqual((a.width + b.width) / 2);
    }));
  }));
});

test("two decimals", () => expect([round(1.005), round(-2.349), round(3)]).toEqual([1, -2.35, 3]));
