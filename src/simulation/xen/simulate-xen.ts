import {at as valueAt} from "../../domain/column.ts";
import {seconds, type Seconds} from "../../units.ts";
import {isDue} from "../due.ts";
import {createLog, type LogEntry} from "../log.ts";
import {applyXen} from "./apply.ts";
import {createXenColumns, sampleXen, xenColumnNames, type XenColumns, type XenRow} from "./columns.ts";
import {resolveXenScenario, type XenEventSpec, type XenScenario, type XenScenarioSpec} from "./scenario.ts";
import {advanceXen, createXenWorld, restsUntil, type XenWorld} from "./world.ts";

/** The numbers of one instant, KiB. */
export interface XenSnapshot extends XenRow {
  readonly time: Seconds;
}

/** What happened: the shape of `Timeline`, with Xen's columns. Frozen. */
export interface XenTimeline {
  readonly scenario: XenScenario;
  /** Seconds of each row. */
  readonly times: Float64Array;
  readonly columns: Readonly<XenColumns>;
  readonly log: readonly LogEntry[];
  /** The last row at or before `t`; the first one before the start. */
  readonly stateAt: (t: Seconds) => XenSnapshot;
}

/** A run's rows, one every `scenario.step` from 0, as a timeline. */
export function timelineOf(scenario: XenScenario, columns: XenColumns, log: readonly LogEntry[]): XenTimeline {
  const rows = columns.configured.length;
  const times = new Float64Array(rows).map((_, row) => row * scenario.step);
  const stateAt = (t: Seconds): XenSnapshot => {
    const row = Math.min(rows - 1, Math.max(0, Math.floor(t / scenario.step + 1e-9)));
    const values = Object.fromEntries(xenColumnNames.map((name) => [name, valueAt(columns[name], row)])) as XenRow;
    return Object.freeze({time: seconds(valueAt(times, row)), ...values});
  };
  return Object.freeze({scenario, times, columns: Object.freeze(columns), log: Object.freeze([...log]), stateAt});
}

/**
 * Goes through the steps in which only the clock moves and fills their rows in.
 * The clock adds up its steps as in any other run, so that the bytes are the same.
 * @returns the last row that is like `row`.
 */
function passIdleTime(world: XenWorld, columns: XenColumns, row: number, last: number, event: XenEventSpec | undefined): number {
  const {scenario: {step}, state} = world;
  const until = restsUntil(world);
  let at = row;
  while (at < last && state.time + step < until && !isDue(event, at + 1, step)) {
    state.time += step;
    at++;
  }
  if (at > row) for (const name of xenColumnNames) columns[name].fill(valueAt(columns[name], row), row + 1, at + 1);
  return at;
}

/**
 * Runs a Xen scenario. Pure: the same input gives the same bytes.
 * @throws ModelError as `resolveXenScenario`.
 */
export function simulateXen(spec: XenScenarioSpec | XenScenario): XenTimeline {
  const scenario = resolveXenScenario(spec);
  const {events, step} = scenario;
  const log = createLog();
  const world = createXenWorld(scenario, (at, source, text) => log.write(at, source, text));
  const last = Math.max(1, Math.round(scenario.duration / step));
  const columns = createXenColumns(last + 1);
  let next = 0;
  for (let row = 0; row <= last; row++) {
    if (row > 0) advanceXen(world, step);
    for (let event = events[next]; isDue(event, row, step); event = events[next]) {
      applyXen(world, event);
      next += 1;
    }
    sampleXen(world, columns, row);
    row = passIdleTime(world, columns, row, last, events[next]);
  }
  return timelineOf(scenario, columns, log.entries());
}
