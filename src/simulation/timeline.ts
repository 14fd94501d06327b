import {at} from "../domain/column.ts";
import {qemuColumnNames, type QemuColumns} from "./columns.ts";
import type {LogEntry} from "./log.ts";
import {rowAt} from "./sample.ts";
import type {QemuRow} from "./columns.ts";
import type {Scenario} from "./scenario.ts";
import {seconds, type Seconds} from "../units.ts";
import {outcomeAt, type OutcomeName} from "./worst.ts";

/** The numbers of one instant, KiB. */
export interface Snapshot extends QemuRow {
  readonly time: Seconds;
}

/** What happened: one row a step, first row at 0. Frozen; its arrays must not be written to. */
export interface Timeline {
  readonly scenario: Scenario;
  /** Seconds of each row. */
  readonly times: Float64Array;
  /** KiB, one value a row. */
  readonly columns: Readonly<QemuColumns>;
  readonly log: readonly LogEntry[];
  /** The worst that happened: what `outcome` names without rows. */
  readonly outcome: OutcomeName;
  /** The last row at or before `t`; the first one before the start. */
  readonly stateAt: (t: Seconds) => Snapshot;
}

/** Number of steps of a scenario: its rows less one. */
export const stepCount = (scenario: Scenario): number => Math.max(1, Math.round(scenario.duration / scenario.step));

/** @param worst a place in `outcomeNames`. */
export function createTimeline(scenario: Scenario, columns: QemuColumns, log: readonly LogEntry[], worst: number): Timeline {
  const rows = columns.configured.length;
  const times = new Float64Array(rows);
  for (let row = 0; row < rows; row++) times[row] = row * scenario.step;
  const stateAt = (t: Seconds): Snapshot => {
    const row = Math.min(rows - 1, Math.max(0, Math.floor(t / scenario.step + 1e-9)));
    return Object.freeze({time: seconds(at(times, row)), ...rowAt(columns, row)});
  };
  return Object.freeze({scenario, times, columns: Object.freeze(columns), log: Object.freeze([...log]), outcome: outcomeAt(worst), stateAt});
}

/** The columns a timeline has, in a stable order. */
export const timelineColumns = qemuColumnNames;
