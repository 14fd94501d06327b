import {kib, type KiB, type Seconds} from "../../../src/units.ts";
import type {Points} from "../figure/timeline.tsx";

/** The columns every hypervisor's run has, KiB; a case reads no others but through its own model. */
export const caseColumns = ["configured", "target", "actual", "memTotal", "memFree", "balloon", "resident", "hostSwapped"] as const;
export type CaseColumn = (typeof caseColumns)[number];

/** A run of the model as pages need it: QEMU's `Timeline` and Xen's both are one. */
export interface CaseRun {
  readonly times: Float64Array;
  readonly columns: Readonly<Record<CaseColumn, Float64Array>>;
  readonly stateAt: (t: Seconds) => Readonly<Record<CaseColumn, number>>;
}

/**
 * No drawn line is further than this from its column, MiB: a fifth of a pixel on a
 * scale of 2 GiB. A balloon moves by whole MiB, so less would keep every row of its slopes.
 */
export const TOLERANCE = 1.5;

/** A column as points in MiB, without the rows inside straight stretches: a line of twenty points draws faster than one of two hundred. */
export function points(times: Float64Array, column: Float64Array): Points {
  const at = (i: number): readonly [number, number] => [times[i] ?? 0, (column[i] ?? 0) / 1024];
  const out = [at(0)];
  let from = at(0);
  let [lowest, highest] = [-Infinity, Infinity];
  for (let i = 1; i < column.length; i++) {
    const [t, v] = at(i);
    const dt = t - from[0];
    const slope = (v - from[1]) / dt;
    if (dt > 0 && slope >= lowest && slope <= highest) {
      lowest = Math.max(lowest, slope - TOLERANCE / dt);
      highest = Math.min(highest, slope + TOLERANCE / dt);
      continue;
    }
    from = at(i - 1);
    out.push(from);
    const step = (v - from[1]) / (t - from[0]);
    const room = TOLERANCE / (t - from[0]);
    [lowest, highest] = [step - room, step + room];
  }
  if (column.length > 1) out.push(at(column.length - 1));
  return out;
}

/** The extremes of a column, KiB. */
export const highest = (run: CaseRun, name: CaseColumn): KiB => kib(run.columns[name].reduce((a, b) => Math.max(a, b), 0));
export const lowest = (run: CaseRun, name: CaseColumn): KiB => kib(run.columns[name].reduce((a, b) => Math.min(a, b), Infinity));

/** The points up to a moment, with the line carried on to it. */
export function until(points: Points, moment: number): Points {
  const before = points.filter(([t]) => t <= moment);
  const last = before.at(-1);
  const next = points[before.length];
  if (last === undefined || next === undefined || last[0] === moment) return before;
  const share = (moment - last[0]) / (next[0] - last[0]);
  return [...before, [moment, last[1] + share * (next[1] - last[1])]];
}
