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

/** A column as points in MiB, without the rows inside straight stretches. */
export function points(times: Float64Array, column: Float64Array): Points {
  const out: [number, number][] = [];
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? 0;
    const flat = i > 0 && i < column.length - 1 && value === column[i - 1] && value === column[i + 1];
    if (!flat) out.push([times[i] ?? 0, value / 1024]);
  }
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
