import {describe, expect, test} from "vitest";
import {nextRandomState, randomValue} from "../src/random.ts";

function series(seed: number, length: number): number[] {
  const values: number[] = [];
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = nextRandomState(state);
    values.push(randomValue(state));
  }
  return values;
}

describe("random", () => {
  test("the series of a seed is the published one of Mulberry32", () => {
    expect(series(0, 3)).toEqual([0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]);
    expect(series(1, 3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  test("the state is one 32-bit number and wraps", () => {
    expect(nextRandomState(0)).toBe(0x6d2b79f5);
    expect(nextRandomState(0x6d2b79f5)).toBe((0x6d2b79f5 * 2) | 0);
    expect(nextRandomState(-1)).toBe(0x6d2b79f4);
  });

  test("values lie in [0, 1) and spread over it", () => {
    const values = series(42, 10000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const tenths = new Array<number>(10).fill(0);
    for (const value of values) {
      const i = Math.floor(value * 10);
      tenths[i] = (tenths[i] ?? 0) + 1;
    }
    for (const count of tenths) expect(count).toBeGreaterThan(900);
  });

  test("different seeds give different series", () => {
    expect(series(1, 5)).not.toEqual(series(2, 5));
  });
});
