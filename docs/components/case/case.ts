import {seconds} from "../../../src/units.ts";
import type {ColumnData} from "../figure/memory-column.tsx";
import type {Points, Series, TimelineData, TimelineEvent} from "../figure/timeline.tsx";
import type {Comparison, Table} from "../pages/page.ts";
import {ordered, typeOf} from "../state/events.ts";
import {eventTable, initialState, isSameSetting, type PageSpec, type Setting} from "../state/page-state.ts";
import {remember, rememberOf} from "./remember.ts";
import {caseColumns, points, type CaseColumn, type CaseRun} from "./run.ts";

/** What a case page is about: its parameters and events, the model behind them, and a real run of the default setting. */
export interface CaseModel<R extends CaseRun> {
  readonly spec: PageSpec;
  /** Seconds of the run. */
  readonly end: number;
  readonly run: (setting: Setting) => R;
  /** Measured points of the default setting, MiB. */
  readonly recorded: {readonly total: Points; readonly resident: Points};
  /** Lines that only this hypervisor has, drawn over the common ones. */
  readonly extra: (run: R) => readonly Series[];
}

export interface Computed<R extends CaseRun = CaseRun> {
  readonly setting: Setting;
  readonly run: R;
  /** The pinned setting's run, to compare with. */
  readonly pinned: R | null;
  readonly time: number;
  /** True while the setting, apart from the moment looked at, is the recorded one. */
  readonly matchesRecording: boolean;
}

export interface Case<R extends CaseRun> {
  readonly model: CaseModel<R>;
  readonly compute: (setting: Setting, pin: Setting | null) => Computed<R>;
  readonly timelineData: (c: Computed<R>) => TimelineData;
}

const atTime = (setting: Setting, time: number): Setting => ({...setting, params: {...setting.params, time}});

/** A run does not depend on the moment looked at. */
const runKey = (setting: Setting): string => JSON.stringify([{...setting.params, time: 0}, setting.events]);

export function createCase<R extends CaseRun>(model: CaseModel<R>): Case<R> {
  const run = remember(model.run, runKey);
  const series = rememberOf((of: R): readonly Series[] => [...lines(of, model.end), ...model.extra(of)]);
  const recorded: TimelineData["recorded"] = [
    {key: "resident", layer: "backing", points: model.recorded.resident},
    {key: "total", layer: "current", points: model.recorded.total}
  ];
  const nothing: TimelineData["recorded"] = [];
  const marks = eventMarks(model.spec);
  return {
    model,
    compute: (setting, pin) => ({
      setting,
      run: run(setting),
      pinned: pin === null ? null : run(pin),
      time: setting.params.time ?? 0,
      matchesRecording: isSameSetting(atTime(setting, 0), atTime(initialState(model.spec), 0))
    }),
    timelineData: (c) => ({
      duration: model.end,
      max: Math.max(scaleTop(c.run, series(c.run)), c.pinned === null ? 0 : scaleTop(c.pinned, series(c.pinned))),
      series: series(c.run),
      ghost: c.pinned === null ? [] : series(c.pinned).filter((s) => s.key !== "configured"),
      recorded: c.matchesRecording ? recorded : nothing,
      events: marks(c.setting),
      now: c.time,
      guess: null
    })
  };
}

/** Small guests keep the scale of the default one; larger ones, and what is asked for beyond them, stretch it steadily, so nothing jumps. */
export const topOf = (configured: number, highest: number): number => Math.max(1.04 * Math.max(2048, configured), 1.01 * highest);

const scaleTop = (run: CaseRun, drawn: readonly Series[]): number =>
  topOf(sizeOf(run) / 1024, drawn.reduce((top, {points: all}) => all.reduce((most, [, v]) => Math.max(most, v), top), 0));

const sizeOf = (run: CaseRun): number => run.stateAt(seconds(0)).configured;

/** The lines that every run has. */
export function lines(run: CaseRun, end: number): Series[] {
  const size = sizeOf(run) / 1024;
  const drawn = (name: CaseColumn): Points => points(run.times, run.columns[name]);
  return [
    {key: "resident", layer: "backing", label: "host RAM", style: "area", points: drawn("resident")},
    {key: "total", layer: "current", label: "MemTotal", style: "line", points: drawn("memTotal")},
    {key: "target", layer: "target", label: "target", style: "dashed", points: drawn("target")},
    {key: "configured", layer: "configured", label: "configured", style: "dotted", points: [[0, size], [end, size]]}
  ];
}

/** The same list for the same events, so that figures can tell that nothing changed. */
function eventMarks(spec: PageSpec): (setting: Setting) => readonly TimelineEvent[] {
  const marks = new WeakMap<Setting["events"], readonly TimelineEvent[]>();
  const table = eventTable(spec);
  return ({events}) => {
    const made = marks.get(events) ?? events.map((event) => {
      const type = typeOf(table, event);
      return {at: event.at, label: type?.short ?? event.type, layer: type?.layer === "target" ? ("target" as const) : null};
    });
    marks.set(events, made);
    return made;
  };
}

/** The guest's and the host's view of the machine's pages at the moment looked at. */
export function columnData(c: Computed): ColumnData {
  const s = c.run.stateAt(seconds(c.time));
  const m = (value: number): number => Math.max(0, value) / 1024;
  // With deflate on OOM the balloon is part of MemTotal: the guest counts it as used.
  const taken = s.memTotal + s.balloon <= s.configured ? s.balloon : 0;
  // Crashed or destroyed: there is no guest to see anything.
  const gone = s.memTotal === 0;
  const used = s.memTotal - s.memFree - (taken === 0 ? s.balloon : 0);
  return {
    max: topOf(s.configured / 1024, s.target / 1024),
    columns: [
      {
        key: "guest",
        title: "guest",
        segments: [
          {key: "kernel", layer: "current", state: "solid", label: "kernel", value: gone ? 0 : m(s.configured - s.memTotal - taken)},
          {key: "used", layer: "current", state: "solid", label: "used", value: m(used)},
          {key: "free", layer: "current", state: "light", label: "free", value: m(s.memFree)},
          {key: "balloon", layer: "current", state: "hatched", label: "ballooned", value: m(s.balloon)}
        ]
      },
      {
        key: "host",
        title: "host",
        segments: [
          {key: "resident", layer: "backing", state: "solid", label: "held", value: m(s.resident)},
          {key: "swapped", layer: "backing", state: "hatched", label: "swapped", value: m(s.hostSwapped)},
          {key: "rest", layer: "backing", state: "empty", label: "not held", value: m(s.configured - s.resident - s.hostSwapped)}
        ]
      }
    ],
    marks: [{key: "target", layer: "target", label: "target", value: m(s.target)}]
  };
}

const HEADS = ["configured", "target", "actual", "MemTotal", "MemFree", "ballooned", "host RAM", "host swap"].map((name) => `${name} (MiB)`);
const values = (s: Readonly<Record<CaseColumn, number>>): number[] => caseColumns.map((name) => Math.round(s[name] / 102.4) / 10);

/** The state just before each event, and at the end: the levels that the figure shows as plateaus. */
export const momentsOf = ({spec, end}: Pick<CaseModel<CaseRun>, "spec" | "end">) => (c: Computed): Table => {
  const rows = ordered(c.setting.events).map((event) => {
    const label = typeOf(eventTable(spec), event)?.label ?? event.type;
    return [event.at, `before: ${label}`, ...values(c.run.stateAt(seconds(Math.max(0, event.at - 0.05))))];
  });
  return {columns: ["time (s)", "moment", ...HEADS], rows: [...rows, [end, "the end", ...values(c.run.stateAt(seconds(end)))]]};
};

export function everyRow(c: Computed): Table {
  const rows = Array.from(c.run.times, (t) => [Math.round(t * 10) / 10, ...values(c.run.stateAt(seconds(t)))]);
  return {columns: ["time (s)", ...HEADS], rows};
}

/** The pinned setting and the present one at the same moment. */
export function comparisonOf(c: Computed): readonly Comparison[] {
  if (c.pinned === null) return [];
  const [a, b] = [c.pinned.stateAt(seconds(c.time)), c.run.stateAt(seconds(c.time))];
  const row = (label: string, name: CaseColumn): Comparison => ({label, a: a[name] / 1024, b: b[name] / 1024, unit: "MiB"});
  return [row("target", "target"), row("actual", "actual"), row("MemTotal", "memTotal"), row("MemFree", "memFree"), row("host RAM", "resident"), ...(a.hostSwapped + b.hostSwapped > 0 ? [row("host swap", "hostSwapped")] : [])];
}
