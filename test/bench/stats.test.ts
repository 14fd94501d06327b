import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {median, percentile, ratio, significant} from "../../scripts/bench/stats.ts";

describe("percentile", () => {
  const hundred = Array.from({length: 100}, (_, i) => 100 - i);
  it.each([[0, 1], [0.5, 50], [0.95, 95], [0.951, 96], [1, 100]])("at %s of 1 to 100 is %s", (share, expected) => expect(percentile(hundred, share)).toBe(expected));
  it("of one value is that value", () => expect(percentile([7], 0.95)).toBe(7));
  it("refuses an empty list", () => expect(() => percentile([], 0.5)).toThrow("no values"));
  it.each([-0.1, 1.1])("refuses a share of %s", (share) => expect(() => percentile([1], share)).toThrow(RangeError));
  it("is a measured value that the share of values does not exceed, and leaves the list as it was", () => {
    fc.assert(fc.property(fc.array(fc.double({noNaN: true}), {minLength: 1}), fc.double({min: 0, max: 1, noNaN: true}), (values, share) => {
      const before = [...values];
      const found = percentile(values, share);
      expect(values).toEqual(before);
      expect(values).toContain(found);
      expect(values.filter((v) => v <= found).length).toBeGreaterThanOrEqual(share * values.length - 1e-9);
    }));
  });
});

describe("median", () => {
  it("is the middle of an odd number", () => expect(median([9, 1, 5])).toBe(5));
  it("is the mean of the two middle ones of an even number", () => expect(median([4, 1, 3, 10])).toBe(3.5));
  it("refuses an empty list", () => expect(() => median([])).toThrow("no values"));
});

describe("ratio", () => {
  it("is ours over the other's", () => expect(ratio(30, 60, 1)).toBe(0.5));
  it("takes what is below the grain for the grain", () => expect(ratio(0, 0.02, 0.005)).toBe(0.25));
  it("of nothing to nothing is 1", () => expect(ratio(0, 0, 0.5)).toBe(1));
  it("of a negative growth is that of none", () => expect(ratio(-3, 1, 0.5)).toBe(0.5));
});

describe("significant", () => {
  it.each([[0.123456, 0.123], [1234.5, 1230], [0, 0]])("%s is stored as %s", (value, stored) => expect(significant(value)).toBe(stored));
});
