import {renderToString} from "preact-render-to-string";
import {h} from "preact";
import * as model from "../../../src/index.ts";
import {points} from "../case/run.ts";
import {SMALL, Timeline, type Series} from "../figure/timeline.tsx";
import {Markup} from "./inspect.ts";

/** A run of any hypervisor: its rows' times in seconds, and its columns in KiB. */
export interface AnyRun {
  readonly times: Float64Array;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** What `chart` may be told: which columns to draw, measured points over them (seconds, MiB), and the top of the axis in MiB. */
export interface ChartOptions {
  readonly columns?: readonly string[];
  readonly dots?: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly max?: number;
  readonly title?: string;
}

const LAYER: Readonly<Record<string, Series["layer"]>> = {configured: "configured", target: "target", actual: "current", memTotal: "current", memFree: "current", resident: "backing", hostSwapped: "backing", xenMax: "backing", ceiling: "backing", populated: "backing", cgroupCurrent: "backing", cgroupSwap: "backing", compressed: "backing"};
const STYLE: Readonly<Record<string, Series["style"]>> = {configured: "dotted", target: "dashed", xenMax: "dotted", ceiling: "dotted", populated: "dotted", resident: "area", cgroupCurrent: "area"};

/** Draws a run over time, MiB, as the pages do: lines are the model's, dots are measured. Unknown columns are refused. */
export function chart(run: AnyRun, {columns = ["configured", "target", "memTotal", "resident"], dots = {}, max, title = "The run over time"}: ChartOptions = {}): Markup {
  const all = run.columns;
  const series = columns.map((key): Series => {
    const column = all[key];
    if (column === undefined) throw new model.ModelError(`unknown column: ${key}`, {code: "unknown-value", path: `columns.${key}`, expected: `one of ${Object.keys(all).join(", ")}`, hint: "the columns of a run are its numbers over time"});
    return {key, layer: LAYER[key] ?? "current", label: key, style: STYLE[key] ?? "line", points: points(run.times, column)};
  });
  const recorded = Object.entries(dots).map(([key, measured]) => ({key, layer: LAYER[key] ?? "current", points: measured}));
  const top = max ?? Math.max(64, ...[...series, ...recorded].flatMap((s) => s.points.map(([, v]) => v)));
  const duration = run.times[run.times.length - 1] ?? 1;
  const every = Math.max(1, 5 * Math.ceil(duration / 50));
  const data = {duration, max: top, series, ghost: [], recorded, events: [], now: null, guess: null};
  return new Markup(`<div class="figure">${renderToString(h(Timeline, {data, size: {...SMALL, every}, title}))}</div>`);
}

/** Values of columns at some moments, MiB, as rows of a table. Times in seconds. */
export function rows(run: AnyRun, at: readonly number[], columns: readonly string[] = ["configured", "target", "memTotal", "resident"]): Record<string, number>[] {
  const all = run.columns;
  return at.map((t) => {
    const row = Math.max(0, run.times.findLastIndex((time) => time <= t + 1e-9));
    return {"time (s)": t, ...Object.fromEntries(columns.map((name) => [`${name} (MiB)`, Math.round(((all[name]?.[row] ?? NaN) / 1024) * 10) / 10]))};
  });
}

/** The first of a list that is known to have one. Throws on an empty list. */
export function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error("the list is empty");
  return first;
}

/** Rows of comma separated text with a heading line; numbers where every character is a number's. */
export function csv(text: string): Record<string, string | number>[] {
  const [head = "", ...lines] = text.trim().split(/\r?\n/).filter((line) => line.trim() !== "");
  const names = head.split(",").map((name) => name.trim());
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => {
    const value = cell.trim();
    return [names[i] ?? `column ${i + 1}`, value !== "" && Number.isFinite(Number(value)) ? Number(value) : value] as const;
  })));
}

export {inspect, format, Markup} from "./inspect.ts";
export * from "../../../src/index.ts";
