import {seconds, type Seconds} from "../../units.ts";
import {createLog, type LogEntry} from "../log.ts";
import {applyXen} from "./apply.ts";
import {createXenColumns, sampleXen, xenColumnNames, type XenColumns, type XenRow} from "./columns.ts";
import {resolveXenScenario, type XenScenario, type XenScenarioSpec} from "./scenario.ts";
import {advanceXen, createXenWorld} from "./world.ts";

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

function timelineOf(scenario: XenScenario, columns: XenColumns, log: readonly LogEntry[]): XenTimeline {
  const rows = columns.configured.length;
  const times = Float64Array.from({length: rows}, (_, row) => row * scenario.step);
  const stateAt = (t: Seconds): XenSnapshot => {
    const row = Math.min(rows - 1, Math.max(0, Math.floor(t / scenario.step + 1e-9)));
    const values = Object.fromEntries(xenColumnNames.map((name) => [name, columns[name][row] ?? 0])) as XenRow;
    return Object.freeze({time: seconds(times[row] ?? 0), ...values});
  };
  return Object.freeze({scenario, times, columns: Object.freeze(columns), log: Object.freeze([...log]), stateAt});
}

/**
 * Runs a Xen scenario. Pure: the same input gives the same bytes.
 * @throws ModelError as `resolveXenScenario`.
 */
export function simulateXen(spec: XenScenarioSpec | XenScenario): XenTimeline {
  const scenario = resolveXenScenario(spec);
  const log = createLog();
  const world = createXenWorld(scenario, (at, source, text) => log.write(at, source, text));
  const last = Math.max(1, Math.round(scenario.duration / scenario.step));
  const columns = createXenColumns(last + 1);
  let next = 0;
  for (let row = 0; row <= last; row++) {
    if (row > 0) advanceXen(world, scenario.step);
    for (let event = scenario.events[next]; event && event.at <= row * scenario.step + scenario.step * 1e-9; event = scenario.events[next]) {
      applyXen(world, event);
      next += 1;
    }
    sampleXen(world, columns, row);
  }
  return timelineOf(scenario, columns, log.entries());
}
