import type {VNode} from "preact";
import {useMemo} from "preact/hooks";
import type {Layer} from "../state/params.ts";
import {group} from "./format.ts";
import {dodge, labelRows, mibTicks, round} from "./layout.ts";
import {linear, pathThrough} from "./scale.ts";

/** Times in seconds, values in MiB, row by row. */
export type Points = readonly (readonly [number, number])[];

export interface Series {
  readonly key: string;
  readonly layer: Layer;
  readonly label: string;
  /** `area` fills down to zero, `dashed` is for what is asked for rather than there. */
  readonly style: "line" | "dashed" | "dotted" | "area";
  readonly points: Points;
}

export interface TimelineEvent {
  readonly at: number;
  readonly label: string;
  readonly layer: Layer | null;
}

export interface TimelineData {
  readonly duration: number;
  /** Top of the vertical axis, MiB. */
  readonly max: number;
  readonly series: readonly Series[];
  /** What is compared with, drawn thin behind the series of the same key. */
  readonly ghost: readonly Series[];
  /** Real measurements, drawn as dots in the hue of their layer. */
  readonly recorded: readonly {readonly key: string; readonly layer: Layer; readonly points: Points}[];
  readonly events: readonly TimelineEvent[];
  /** The moment the memory column shows, or null. */
  readonly now: number | null;
  /** A value the reader committed to, for the end of the run, MiB. */
  readonly guess: number | null;
}

export interface Size {
  readonly name: "wide" | "narrow" | "small" | "compact";
  readonly width: number;
  readonly height: number;
  readonly right: number;
  /** Seconds between the labels of the time axis. */
  readonly every: number;
}

export const WIDE: Size = {name: "wide", width: 640, height: 372, right: 104, every: 5};
export const NARROW: Size = {name: "narrow", width: 340, height: 342, right: 96, every: 10};
/** For the cases of a page, at every width. */
export const SMALL: Size = {name: "small", width: 420, height: 236, right: 92, every: 5};
/** For several side by side, with as many lines as all knobs have: text stays of a size to read where three share a row. */
export const COMPACT: Size = {name: "compact", width: 340, height: 214, right: 98, every: 15};

const BOTTOM = 34;
const LEFT = 46;
const ROW = 15;

export interface Scales {
  readonly x: (t: number) => number;
  readonly y: (v: number) => number;
  readonly top: number;
  readonly size: Size;
}

/** Where things stand in a timeline; handles that move events need it too. */
export function scalesOf(data: TimelineData, size: Size): Scales & {readonly rows: readonly number[]} {
  const x = linear([0, data.duration], [LEFT, size.width - size.right]);
  const rows = labelRows(data.events.map((e) => ({x: x(e.at), width: 7 * e.label.length + 8})));
  const top = 32 + ROW * Math.max(0, ...rows.map((r) => r + 1));
  return {x, y: linear([0, data.max], [size.height - BOTTOM, top]), top, size, rows};
}

export interface TimelineProps {
  readonly data: TimelineData;
  readonly size: Size;
  readonly title: string;
  /** Handles drawn over the figure, in the browser only. */
  readonly over?: VNode | null;
  /** All of it is worked out by a worker of the page, and drawn when that answers. */
  readonly isAnswer?: boolean;
}

/** The run over time: what was configured, asked for, current in the guest, and backed by the host. */
export function Timeline({data, size, title, over = null, isAnswer = false}: TimelineProps): VNode {
  const scales = useMemo(() => scalesOf(data, size), [data.duration, data.max, data.events, size]);
  const role = over === null ? "img" : "group";
  return (
    <svg class={`timeline ${size.name}`} viewBox={`0 0 ${size.width} ${size.height}`} width={size.width} height={size.height} role={role} aria-label={title} data-answer={isAnswer ? "" : undefined}>
      {useMemo(() => <Axes data={data} scales={scales} />, [data.max, data.duration, scales.top, size])}
      {useMemo(() => <Events data={data} scales={scales} rows={scales.rows} />, [data.events, size])}
      {data.ghost.map((s) => <SeriesMark key={`ghost-${s.key}`} series={s} scales={scales} ghost />)}
      {useMemo(() => data.series.map((s) => <SeriesMark key={s.key} series={s} scales={scales} />), [data.series, data.max, scales.top, size])}
      {useMemo(() => <Recorded data={data} scales={scales} />, [data.recorded, data.max, scales.top, size])}
      {useMemo(() => <Labels data={data} scales={scales} />, [data.series, data.max, scales.top, size])}
      {data.guess === null ? null : <Guess value={data.guess} data={data} scales={scales} />}
      {data.now === null ? null : <line class="now" x1={round(scales.x(data.now))} x2={round(scales.x(data.now))} y1={scales.top - 6} y2={size.height - BOTTOM} />}
      {over}
    </svg>
  );
}

function Axes({data, scales: {x, y, top, size}}: {data: TimelineData; scales: Scales}): VNode {
  const seconds = Array.from({length: Math.floor(data.duration / size.every) + 1}, (_, i) => i * size.every);
  return (
    <g class="axes" aria-hidden="true">
      {mibTicks(data.max, size === SMALL || size.name === "compact").map((v) => (
        <g key={`y${v}`}>
          <line class="grid" x1={LEFT} x2={size.width - size.right} y1={round(y(v))} y2={round(y(v))} />
          <text class="tick" x={LEFT - 6} y={round(y(v) + 4)} text-anchor="end">{group(v)}</text>
        </g>
      ))}
      <text class="unit" x={LEFT - 6} y={top - 16} text-anchor="end">MiB</text>
      {seconds.map((t) => (
        <text key={`x${t}`} class="tick" x={round(x(t))} y={size.height - BOTTOM + 18} text-anchor="middle">{t === 0 ? "0 s" : String(t)}</text>
      ))}
    </g>
  );
}

function Events({data, scales: {x, top, size}, rows}: {data: TimelineData; scales: Scales; rows: readonly number[]}): VNode {
  return (
    <g aria-hidden="true">
      {data.events.map((event, i) => (
        <g key={`e${i}`} class={`event ${event.layer === null ? "" : `l-${event.layer}`}`}>
          <line x1={round(x(event.at))} x2={round(x(event.at))} y1={eventY(top, rows[i] ?? 0) + 4} y2={size.height - BOTTOM} />
          <text x={round(x(event.at))} y={eventY(top, rows[i] ?? 0)} text-anchor="middle">{event.label}</text>
        </g>
      ))}
    </g>
  );
}

/** Baseline of an event's label: rows count upwards from the plot. */
export const eventY = (top: number, row: number): number => top - 14 - row * ROW;

function SeriesMark({series, scales: {x, y}, ghost = false}: {series: Series; scales: Scales; ghost?: boolean}): VNode {
  const d = pathThrough(series.points.map(([t, v]) => [x(t), y(v)]));
  const first = series.points[0]?.[0] ?? 0;
  const last = series.points.at(-1)?.[0] ?? 0;
  return (
    <g class={`series ${series.style} l-${series.layer} ${ghost ? "ghost" : ""}`}>
      {series.style === "area" && !ghost ? <path class="fill" d={`${d}L${round(x(last))},${round(y(0))}L${round(x(first))},${round(y(0))}Z`} /> : null}
      <path class="stroke" d={d} />
    </g>
  );
}

/** One path of small circles a series: a few hundred dots as one node. */
function Recorded({data, scales: {x, y}}: {data: TimelineData; scales: Scales}): VNode {
  const dot = ([t, v]: readonly [number, number]): string => `M${round(x(t))},${round(y(v))}h0`;
  return (
    <g class="recorded">
      {data.recorded.map((r) => (
        <g key={r.key} class={`l-${r.layer}`}>
          <path class="halo" d={r.points.map(dot).join("")} />
          <path class="dot" d={r.points.map(dot).join("")} />
        </g>
      ))}
    </g>
  );
}

function Labels({data, scales: {y, top, size}}: {data: TimelineData; scales: Scales}): VNode {
  const ends = data.series.map((s) => y(s.points.at(-1)?.[1] ?? 0));
  const placed = dodge(ends, size.name === "compact" ? 14 : 16, top + 4, size.height - BOTTOM - 2);
  const x = size.width - size.right;
  return (
    <g class="labels">
      {data.series.map((s, i) => (
        <g key={s.key} class={`l-${s.layer}`}>
          <path class="leader" d={`M${x + 2},${round(ends[i] ?? 0)}L${x + 10},${placed[i] ?? 0}`} />
          <text x={x + 13} y={(placed[i] ?? 0) + 4}>{s.label}</text>
        </g>
      ))}
    </g>
  );
}

function Guess({value, data, scales: {x, y}}: {value: number; data: TimelineData; scales: Scales}): VNode {
  const [cx, cy] = [round(x(data.duration)), round(y(value))];
  return (
    <g class="guess">
      <path d={`M${cx},${cy}m-7,0l7,-7l7,7l-7,7z`} />
      <text x={cx - 12} y={cy + 4} text-anchor="end">your guess</text>
    </g>
  );
}
