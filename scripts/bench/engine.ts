import {pageById} from "../../docs/components/pages/index.ts";
import {initialState} from "../../docs/components/state/page-state.ts";
import {hostRuns} from "./hosts.ts";
import type {Values} from "./metrics.ts";
import {median} from "./stats.ts";

const REPEATS = 201;
const WARM_UP = 200;
/** The same for an hour of a whole host. */
const HOURS = 5;
const WARM_UP_HOURS = 2;

let sink = 0;

/** Fixed arithmetic on a typed array: what the machine does in the time, so that machines compare. */
function yardstick(): void {
  const cells = new Float64Array(1024);
  for (let i = 0; i < 200_000; i++) cells[i & 1023] = (cells[(i * 7) & 1023] ?? 0) * 0.999 + Math.min(i, 1000);
  sink += cells[0] ?? 0;
}

function medianTime(run: () => unknown, repeats = REPEATS, warmUp = WARM_UP): number {
  for (let i = 0; i < warmUp; i++) run();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
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

/** An hour of sixteen machines, by who moves their targets. */
export function measureHosts(): Values {
  const loop = medianTime(yardstick);
  return Object.fromEntries(hostRuns().flatMap(([name, run]): [string, number][] => {
    const time = medianTime(run, HOURS, WARM_UP_HOURS);
    return [[`host.${name}`, time], [`host.${name}.relative`, time / loop]];
  }));
}
