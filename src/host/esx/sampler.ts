import {amount, refuse, someAmount} from "../../input.ts";
import {nextRandomState, randomValue} from "../../random.ts";
import {sourced} from "../../source.ts";

/**
 * The estimate of active memory: of a few pages picked at random, how many were
 * touched in a period, kept as three averages whose largest counts.
 */

/** Pages sampled in a period. */
export const SAMPLE_SIZE = sourced(100, {text: "100 pages a period", place: "section 5.3", version: "Waldspurger, OSDI 2002", grade: "read"});

/**
 * How far each average moves towards a new sample. The paper gives no numbers:
 * these are recovered from how its Figure 6 decays (slow 57, 44, 34, 26, 19, 15,
 * 12, 9; fast 70, 21, 9, 3, in sampled pages).
 */
export const GAINS = sourced({slow: 1 / 4, fast: 3 / 4}, {text: "steps of the two averages after the toucher exits: a quarter, and three quarters, of the gap", place: "Figure 6, read off its vector drawing", version: "Waldspurger, OSDI 2002", grade: "derived"});

export interface SamplerState {
  /** Parts of the pages, 0 to 1. */
  slow: number;
  fast: number;
  /** Seconds of execution into the period. */
  elapsed: number;
  /** Of this period's sample, pages touched so far. */
  touched: number;
  /** The largest part of memory in use in this period so far. */
  reached: number;
  /** The next sampled page that was not touched yet, by its place between 0 and 1; from 0 the used part is touched. */
  nextPage: number;
  /** State of the generator; null counts the expected number instead of drawing pages. */
  random: number | null;
}

export const createSampler = (seed: number | null): SamplerState => beginPeriod({slow: 0, fast: 0, elapsed: 0, touched: 0, reached: 0, nextPage: 0, random: seed});

function draw(sampler: SamplerState): number {
  sampler.random = nextRandomState(sampler.random ?? 0);
  return randomValue(sampler.random);
}

/**
 * Where the lowest of the pages not yet counted lies: the order statistics of
 * uniform draws come one after another, so that nobody has to keep or sort them.
 */
function pickNext(sampler: SamplerState): void {
  const left = SAMPLE_SIZE.value - sampler.touched;
  sampler.nextPage = left > 0 ? 1 - (1 - sampler.nextPage) * (1 - draw(sampler)) ** (1 / left) : Infinity;
}

function beginPeriod(sampler: SamplerState): SamplerState {
  sampler.elapsed = 0;
  sampler.touched = 0;
  sampler.reached = 0;
  sampler.nextPage = 0;
  if (sampler.random !== null) pickNext(sampler);
  return sampler;
}

function count(sampler: SamplerState): void {
  if (sampler.random === null) {
    sampler.touched = SAMPLE_SIZE.value * sampler.reached;
    return;
  }
  while (sampler.nextPage < sampler.reached) {
    sampler.touched++;
    pickNext(sampler);
  }
}

function endPeriod(sampler: SamplerState): void {
  const seen = sampler.touched / SAMPLE_SIZE.value;
  sampler.slow += GAINS.value.slow * (seen - sampler.slow);
  sampler.fast += GAINS.value.fast * (seen - sampler.fast);
  beginPeriod(sampler);
}

/**
 * A machine has run for `dt` seconds.
 * @param part of its sampled pages that it has touched since the period began, 0 to 1.
 * @param period seconds of execution a sample lasts.
 * @throws ModelError `out-of-range`.
 */
export function advanceSampler(sampler: SamplerState, part: number, dt: number, period: number): void {
  if (!(part >= 0)) refuse("part", part, "a number of 0 or more");
  amount(dt, "dt");
  someAmount(period, "period");
  sampler.reached = Math.max(sampler.reached, Math.min(1, part));
  count(sampler);
  sampler.elapsed += dt;
  if (sampler.elapsed >= period - 1e-9) endPeriod(sampler);
}

/** The fast average with this period's count so far in it. */
export const nextAverage = ({fast, touched}: SamplerState): number => fast + GAINS.value.fast * (touched / SAMPLE_SIZE.value - fast);

/** The part of its pages that a machine is taken to use: the largest of the three, which errs upwards. */
export const estimate = (sampler: SamplerState): number => Math.max(sampler.slow, sampler.fast, nextAverage(sampler));
