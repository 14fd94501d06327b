import {firstRun, type FirstRun} from "../../../src/simulation/first-run.ts";
import {kib, mibToKib, seconds, type KiB, type MiB} from "../../../src/units.ts";
import type {Points} from "../figure/timeline.tsx";

/** When things happen in the run of the page, in seconds: the times of the recording. */
export const AT = {touch: 5, freed: 11.5, first: 12.5, second: 16.1, back: 19.1, end: 24} as const;
/** What the guest process of the recording touched, MiB. */
const TOUCHED = 1700;

export interface QemuRun {
  readonly run: FirstRun;
  readonly configured: KiB;
  readonly first: KiB;
  readonly second: KiB;
}

/** The recorded scenario with the reader's sizes: down to `target`, to half of it, and back to everything. */
export function qemuRun(configured: MiB, target: MiB): QemuRun {
  const memory = mibToKib(configured);
  const first = mibToKib(target);
  const second = kib(first / 2);
  const run = firstRun({
    memory,
    touched: {from: seconds(AT.touch), to: seconds(AT.freed), amount: kib(Math.min(TOUCHED * 1024, 0.85 * memory))},
    targets: [
      {at: seconds(AT.first), target: first},
      {at: seconds(AT.second), target: second},
      {at: seconds(AT.back), target: memory}
    ],
    duration: seconds(AT.end)
  });
  return {run, configured: memory, first, second};
}

/** A column of a run as points in MiB, without the rows inside straight stretches. */
export function points(times: Float64Array, column: Float64Array): Points {
  const out: [number, number][] = [];
  for (let i = 0; i < times.length; i++) {
    const value = column[i] ?? 0;
    const flat = i > 0 && i < times.length - 1 && value === column[i - 1] && value === column[i + 1];
    if (!flat) out.push([times[i] ?? 0, value / 1024]);
  }
  return out;
}

/** The row of the run at a time, KiB. */
export function at({run}: QemuRun, t: number): {readonly actual: KiB; readonly memTotal: KiB; readonly memUsed: KiB; readonly resident: KiB; readonly target: KiB} {
  const i = Math.max(0, run.times.findLastIndex((x) => x <= t + 1e-6));
  const row = (column: Float64Array): KiB => kib(column[i] ?? 0);
  return {actual: row(run.actual), memTotal: row(run.memTotal), memUsed: row(run.memUsed), resident: row(run.resident), target: row(run.target)};
}
