import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {defaults, inRange, isChoice, isNumber, snap} from "../../../../docs/components/state/params.ts";
import {anyValue, spec, specs} from "./tables.ts";

describe.each(specs)("parameters of %s", (_name, {params}) => {
  const numbers = params.filter(isNumber);

  test("the default of each is a value its control can take", () => {
    for (const p of params) expect([p.name, snap(p, p.initial)]).toEqual([p.name, p.initial]);
    expect(Object.keys(defaults(params))).toEqual(params.map((p) => p.name));
  });

  test("names are unique, ticks and texts are usable", () => {
    expect(new Set(params.map((p) => p.name)).size).toBe(params.length);
    for (const p of numbers) {
      expect(p.min).toBeLessThan(p.max);
      expect(p.step).toBeGreaterThan(0);
      for (const tick of p.ticks) expect(inRange(p, tick.value)).toBe(true);
    }
  });

  test("a snapped value is in range, is not moved again and is the nearest", () => {
    for (const p of numbers) {
      fc.assert(fc.property(anyValue(p), (value) => {
        const snapped = snap(p, value);
        expect(inRange(p, snapped)).toBe(true);
        expect(snap(p, snapped)).toBe(snapped);
        expect(Math.abs(snapped - value)).toBeLessThanOrEqual(p.step / 2 + 1e-9 * Math.abs(value) + 1e-9);
      }));
    }
  });

  test("what is out of range is brought to the nearer end", () => {
    for (const p of numbers) {
      expect(snap(p, p.min - 1e6)).toBe(p.min);
      expect(snap(p, p.max + 1e6)).toBe(p.max);
    }
  });
});

test.each([
  [0, 700.4, 700],
  [0, 512, 512],
  [1, 0.30000000000000004, 0.3],
  [1, 17.96, 18],
  [2, 0, -3],
  [3, 0.33, 0.35]
])("parameter %i snaps %d to %d", (i, value, expected) => {
  const p = spec.params[i];
  expect(p === undefined ? undefined : snap(p, value)).toBe(expected);
});

test("a choice has several options, of which its default is one, and takes no other value", () => {
  for (const p of specs.flatMap(([, {params}]) => params).filter(isChoice)) {
    const values = p.options.map((o) => o.value);
    expect(new Set(values).size).toBe(p.options.length);
    expect(values.length).toBeGreaterThan(1);
    expect(values).toContain(p.initial);
    expect(snap(p, 0.5)).toBe(p.initial);
    expect(inRange(p, 0.5)).toBe(false);
    for (const value of values) expect([snap(p, value), inRange(p, value)]).toEqual([value, true]);
  }
});

test.each([NaN, Infinity, -Infinity, "700", null, undefined, {}, [700], true])("%s is not a value", (value) => {
  for (const p of spec.params) expect(inRange(p, value)).toBe(false);
});
