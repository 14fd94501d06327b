import {pageById} from "../../docs/components/pages/index.ts";
import {initialState} from "../../docs/components/state/page-state.ts";
import {hostRuns} from "./hosts.ts";
import type {Values} from "./metrics.ts";
import {median} from "./stats.ts";

const REPEATS = 201;
const WARM_UP = 200;
/** Runs of an hour of a whole host, and loops before each: so many take about as long as a run, and see the same machine. */
const HOURS = 5;
const WARM_UP_HOURS = 2;
const LOOPS = 1000;

let sink = 0;

/** Fixed arithmetic on a typed array: what the machine does in the time, so that machines compare. */
function yardstick(): void {
  const cells = new Float64Array(1024);
  for (let i = 0; i < 200_000; i++) cells[i & 1023] = (cells[(i * 7) & 1023] ?? 0) * 0.999 + Math.min(i, 1000);
  sink += cells[0] ?? 0;
}

function medianTime(run: () => unknown): number {
  for (let i = 0; i < WARM_UP; i++) run();
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** The model's run for a page in its default state, in this process; null for a page without a model. */
export function measureEngine(id: string): Values | null {
  const page = pageById(id);
  if (page === undefined) return null;
  const state = initialState(page.spec);
  const model = medianTime(() => page.compute(state, state.pin));
  const loop = medianTime(yardstick);
  if (!Number.isFinite(sink)) throw new Error("the yardstick overflowed");
  return {"engine.run": model, "engine.loop": loop, "engine.relative": model / loop};
}

function timeOf(run: () => unknown, times = 1): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  return (performance.now() - start) / times;
}

/** An hour of sixteen machines, by who moves their targets. */
export function measureHosts(): Values {
  return Object.fromEntries(hostRuns().flatMap(([name, run]): [string, number][] => {
    timeOf(run, WARM_UP_HOURS);
    const pairs = Array.from({length: HOURS}, () => ({loop: timeOf(yardstick, LOOPS), hour: timeOf(run)}));
    return [[`host.${name}`, median(pairs.map(({hour}) => hour))], [`host.${name}.relative`, median(pairs.map(({loop, hour}) => hour / loop))]];
  }));
}
