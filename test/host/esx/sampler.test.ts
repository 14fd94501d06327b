import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {advanceSampler, createSampler, estimate, GAINS, nextAverage, SAMPLE_SIZE, type SamplerState} from "../../../src/host/esx/sampler.ts";

/** Whole periods of 30 s in which `part` of the pages is touched. */
function periods(sampler: SamplerState, part: number, count: number): void {
  for (let i = 0; i < count * 30; i++) advanceSampler(sampler, part, 1, 30);
}

describe("the estimate of active memory", () => {
  test("samples 100 pages, with gains recovered from the paper", () => {
    expect([SAMPLE_SIZE.value, GAINS.value, GAINS.source.grade]).toEqual([100, {slow: 0.25, fast: 0.75}, "derived"]);
  });

  test("with expected counts moves by its gains, and shows the largest of three averages", () => {
    const sampler = createSampler(null);
    expect(estimate(sampler)).toBe(0);
    periods(sampler, 0.4, 1);
    expect([sampler.slow, sampler.fast, sampler.elapsed, sampler.touched]).toEqual([0.1, expect.closeTo(0.3, 12), 0, 0]);
    expect(estimate(sampler)).toBeCloseTo(0.3, 12);
    periods(sampler, 0.4, 1);
    expect([sampler.slow, sampler.fast]).toEqual([expect.closeTo(0.175, 12), expect.closeTo(0.375, 12)]);
  });

  test("answers within a period when more is touched, and not when less is", () => {
    const sampler = createSampler(null);
    periods(sampler, 0.2, 20);
    advanceSampler(sampler, 0.8, 1, 30);
    expect(nextAverage(sampler)).toBeCloseTo(0.2 + 0.75 * 0.6, 9);
    expect(estimate(sampler)).toBeCloseTo(0.65, 9);
    advanceSampler(sampler, 0.1, 1, 30);
    expect(estimate(sampler)).toBeCloseTo(0.65, 9);
  });

  test("decays by a quarter of the gap a period, in the steps of Figure 6", () => {
    const sampler = createSampler(null);
    periods(sampler, 0.76, 40);
    const slow: number[] = [];
    for (let i = 0; i < 5; i++) {
      periods(sampler, 0, 1);
      slow.push(Math.floor(sampler.slow * 100));
    }
    // The plotted values, in sampled pages: 57, 44, 34, 26, 19, falling towards the background.
    slow.forEach((value, i) => expect(Math.abs(value - ([57, 44, 34, 26, 19][i] ?? NaN))).toBeLessThanOrEqual(2));
    expect(estimate(sampler)).toBe(sampler.slow);
  });

  test("counts at most all pages", () => {
    const sampler = createSampler(null);
    advanceSampler(sampler, 7, 1, 30);
    expect([sampler.reached, sampler.touched]).toEqual([1, 100]);
    const drawn = createSampler(3);
    advanceSampler(drawn, 7, 1, 30);
    expect([drawn.touched, drawn.nextPage]).toEqual([100, Infinity]);
  });

  test("ends a period when it is over, whatever the step", () => {
    const sampler = createSampler(null);
    for (let i = 0; i < 299; i++) advanceSampler(sampler, 0.5, 0.1, 30);
    expect(sampler.slow).toBe(0);
    advanceSampler(sampler, 0.5, 0.1, 30);
    expect([sampler.slow, sampler.elapsed]).toEqual([0.125, 0]);
  });

  test("draws the same pages for the same seed, and others for another", () => {
    const counts = (seed: number): number[] => {
      const sampler = createSampler(seed);
      return Array.from({length: 20}, () => {
        advanceSampler(sampler, 0.5, 29, 30);
        const {touched} = sampler;
        advanceSampler(sampler, 0, 1, 30);
        return touched;
      });
    };
    expect(counts(1)).toEqual(counts(1));
    expect(counts(1)).not.toEqual(counts(2));
  });

  test("is off by no more than chance: mean and spread of the counts are those of 100 draws", () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 1e6}), fc.double({min: 0.05, max: 0.95, noNaN: true}), (seed, part) => {
        const sampler = createSampler(seed);
        const counts: number[] = [];
        for (let i = 0; i < 400; i++) {
          advanceSampler(sampler, part, 29, 30);
          counts.push(sampler.touched);
          advanceSampler(sampler, 0, 1, 30);
        }
        const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
        const variance = counts.reduce((a, b) => a + (b - mean) ** 2, 0) / counts.length;
        const spread = Math.sqrt(100 * part * (1 - part));
        expect(Math.abs(mean - 100 * part)).toBeLessThan((5 * spread) / 20);
        expect(Math.sqrt(variance) / spread).toBeGreaterThan(0.8);
        expect(Math.sqrt(variance) / spread).toBeLessThan(1.2);
      }),
      {numRuns: 60, seed: 6}
    );
  });
});
