import {scaleLinear, line, area} from "d3";
import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {linear, outline, pathThrough} from "../../../../docs/components/figure/scale.ts";

const number = fc.integer({min: -5000, max: 5000});

describe("as d3 has it", () => {
  test("a linear scale", () => {
    fc.assert(fc.property(fc.tuple(number, number).filter(([a, b]) => a !== b), fc.tuple(number, number), number, (domain, range, value) => {
      expect(linear(domain, range)(value)).toBeCloseTo(scaleLinear(domain, range)(value), 6);
    }));
  });

  test("a line, and what lies between two", () => {
    // On halves nothing is rounded one way here and another way there.
    const point = fc.tuple(number.map((n) => n / 2), number.map((n) => n / 2));
    fc.assert(fc.property(fc.array(point, {minLength: 2, maxLength: 12}), (points) => {
      expect(pathThrough(points)).toBe(line().digits(2)(points));
      expect(outline(points, points.map(([x]) => [x, 0]))).toBe(area().y0(0).digits(2)(points));
    }));
    expect([pathThrough([]), outline([], [])]).toEqual(["", ""]);
  });
});
