import {assert as check, array, integer, property} from "fast-check";
import {expect, test} from "vitest";
import {points, TOLERANCE} from "../../../../docs/components/case/run.ts";

const rows = (values: readonly number[]): Float64Array => Float64Array.from(values, (v) => v * 1024);
const seconds = (count: number): Float64Array => Float64Array.from({length: count}, (_, i) => i / 10);

/** What a drawn line says at a time, MiB. */
function drawnAt(line: readonly (readonly [number, number])[], t: number): number {
  const next = line.findIndex(([at]) => at >= t);
  const [t1, v1] = line[next] ?? [0, 0];
  const [t0, v0] = line[Math.max(0, next - 1)] ?? [0, 0];
  return t1 === t0 ? v1 : v0 + ((t - t0) / (t1 - t0)) * (v1 - v0);
}

test("a flat column is two points, and a slope with the balloon's steps too", () => {
  expect(points(seconds(50), rows(new Array<number>(50).fill(2048)))).toEqual([[0, 2048], [4.9, 2048]]);
  const slope = Array.from({length: 50}, (_, i) => 2000 - Math.floor(i * 17.3));
  expect(points(seconds(50), rows(slope))).toHaveLength(2);
});

test("a jump stays a jump", () => {
  expect(points(seconds(6), rows([100, 100, 100, 500, 500, 500]))).toEqual([[0, 100], [0.2, 100], [0.3, 500], [0.5, 500]]);
});

test("one row is one point", () => {
  expect(points(seconds(1), rows([7]))).toEqual([[0, 7]]);
});

test("no drawn line is further from its column than the tolerance", () => {
  check(property(array(integer({min: 0, max: 40}), {minLength: 2, maxLength: 80}), (values) => {
    const times = seconds(values.length);
    const line = points(times, rows(values));
    values.forEach((v, i) => expect(Math.abs(drawnAt(line, times[i] ?? 0) - v)).toBeLessThanOrEqual(TOLERANCE + 1e-9));
  }), {numRuns: 500});
});
