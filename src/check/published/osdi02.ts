import {divide} from "../../host/esx/tax.ts";
import {advanceSampler, createSampler, estimate, nextAverage} from "../../host/esx/sampler.ts";

/**
 * What the model makes of curves of the 2002 paper's figures, reading by reading.
 * Shared by the replay of published numbers and by the figures drawn from them.
 */

/** A curve as read off a figure: MB, null where nothing is drawn. */
export type Readings = readonly (number | null)[];

/** How Figure 6 was taken, as far as it can be told from it. */
export interface Sampling {
  /** The machine, MB: 100 times the step of its curves. */
  readonly memory: number;
  /** What it runs beside the toucher, MB: 10 to 20 says the paper. */
  readonly background: number;
  /** Seconds a sample lasts. */
  readonly period: number;
  /** Seconds into a period at which the figure begins: not published. */
  readonly phase: number;
  /** Minutes between two readings. */
  readonly step: number;
}

/** The averages and the estimate, MB, at each reading. */
export interface Estimates {
  readonly slow: readonly number[];
  /** As the paper draws it: with the running count of the present period in it, where that is more. */
  readonly fast: readonly number[];
  readonly estimate: readonly number[];
}

const SEED = 6;

/**
 * The estimator over the toucher's sizes. A reading that shows a new size stands
 * up to one step after the change: the two that caught it on its way (12.5 and
 * 14.5 minutes) put it at the reading before, and so is every change put here.
 */
export function estimatesOf(toucher: Readings, {memory, background, period, phase, step}: Sampling, seed: number | null = SEED): Estimates {
  const sampler = createSampler(seed);
  const [slow, fast, all]: [number[], number[], number[]] = [[], [], []];
  const run = (touched: number, duration: number): void => {
    for (let second = 0; second < duration; second++) advanceSampler(sampler, (touched + background) / memory, 1, period);
  };
  run(0, phase);
  toucher.forEach((_, i) => {
    slow.push(memory * sampler.slow);
    fast.push(memory * Math.max(sampler.fast, nextAverage(sampler)));
    all.push(memory * estimate(sampler));
    run(toucher[i + 1] ?? 0, step * 60);
  });
  return {slow, fast, estimate: all};
}

const PAGES_PER_MB = 256;

/** One machine of a pair, MB. */
export interface Half {
  readonly allocated: number;
  readonly active: number;
  /** Charged to nobody: that shared pages are is inferred. */
  readonly shared: number;
}

/** What two machines with equal shares get, by the law, of what both have together, MB. @param bounds the least and the most of each. */
export function dividePair(first: Half, second: Half, bounds: readonly [number, number], tax: number): readonly [number, number] {
  const column = (of: (half: Half) => number): Float64Array => Float64Array.of(of(first) * PAGES_PER_MB, of(second) * PAGES_PER_MB);
  const [least, most] = bounds;
  const claims = {shares: Float64Array.of(1, 1), active: column(({active}) => active), least: column(({shared}) => least - shared), most: column(({shared}) => most - shared)};
  const charged = first.allocated + second.allocated - first.shared - second.shared;
  const [a = 0, b = 0] = divide(claims, Math.round(charged * PAGES_PER_MB), tax);
  return [a / PAGES_PER_MB + first.shared, b / PAGES_PER_MB + second.shared];
}
