import {line, scaleLinear} from "d3";
import type {VNode} from "preact";
import type {Layer} from "../state/params.ts";
import {group} from "./format.ts";
import {dodge, round} from "./layout.ts";

/** Minutes and MB. */
export type PaperPoints = readonly (readonly [number, number])[];

/** One curve of a published figure, and what our run makes of it. */
export interface PaperSeries {
  readonly key: string;
  readonly layer: Layer;
  readonly label: string;
  /** As read off the figure: dots. */
  readonly published: PaperPoints;
  /** Ours: a line; empty where the model says nothing. */
  readonly own: PaperPoints;
  readonly dashed?: boolean;
  /** Beside the curve the figure is about. */
  readonly thin?: boolean;
}

export interface PaperFigureData {
  readonly from: number;
  readonly to: number;
  /** Top of the vertical axis, MB; with `levels` the last of them. */
  readonly max: number;
  /** Names of the heights 0, 1, 2 ..., where they are not sizes. */
  readonly levels?: readonly string[];
  readonly series: readonly PaperSeries[];
  /** Moments to name, in minutes. */
  readonly marks: readonly {readonly at: number; readonly label: string}[];
}

const WIDTH = 420;
const HEIGHT = 236;
const [TOP, RIGHT, BOTTOM, LEFT] = [34, 92, 34, 44];

/** A figure of a paper, redrawn: what was published as dots, our own run as lines. */
export function PaperFigure({data, title}: {data: PaperFigureData; title: string}): VNode {
  const x = scaleLinear([data.from, data.to], [LEFT, WIDTH - RIGHT]);
  const y = scaleLinear([0, data.max], [HEIGHT - BOTTOM, TOP]);
  const ticks = data.levels === undefined ? y.ticks(4).map((v) => ({at: v, label: group(v)})) : data.levels.map((label, at) => ({at, label}));
  const path = line<readonly [number, number]>((d) => x(d[0]), (d) => y(d[1])).digits(1);
  const dots = (points: PaperPoints): string => points.map(([t, v]) => `M${round(x(t))},${round(y(v))}h0`).join("");
  const ends = data.series.map(({own, published}) => y((own.length > 0 ? own : published).at(-1)?.[1] ?? 0));
  const placed = dodge(ends, 15, TOP + 4, HEIGHT - BOTTOM - 2);
  return (
    <svg class="timeline small paper" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={title}>
      <g class="axes" aria-hidden="true">
        {ticks.map(({at, label}) => (
          <g key={at}>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(at))} y2={round(y(at))} />
            <text class="tick" x={LEFT - 6} y={round(y(at) + 4)} text-anchor="end">{label}</text>
          </g>
        ))}
        {data.levels === undefined ? <text class="unit" x={LEFT - 6} y={TOP - 16} text-anchor="end">MB</text> : null}
        {x.ticks(5).map((t) => <text key={t} class="tick" x={round(x(t))} y={HEIGHT - BOTTOM + 18} text-anchor="middle">{t === 0 ? "0 min" : String(t)}</text>)}
      </g>
      {data.marks.map(({at, label}) => (
        <g key={at} class="event" aria-hidden="true">
          <line x1={round(x(at))} x2={round(x(at))} y1={TOP - 8} y2={HEIGHT - BOTTOM} />
          <text x={round(x(at))} y={TOP - 12} text-anchor="middle">{label}</text>
        </g>
      ))}
      {data.series.map((s) => <g key={s.key} class={`series ${s.dashed === true ? "dashed" : "line"}${s.thin === true ? " thin" : ""} l-${s.layer}`}><path class="stroke" d={path(s.own as [number, number][]) ?? ""} /></g>)}
      <g class="recorded">
        {data.series.map((s) => (
          <g key={s.key} class={`l-${s.layer}${s.thin === true ? " thin" : ""}`}>
            <path class="halo" d={dots(s.published)} />
            <path class="dot" d={dots(s.published)} />
          </g>
        ))}
      </g>
      <g class="labels">
        {data.series.map((s, i) => (
          <g key={s.key} class={`l-${s.layer}`}>
            <path class="leader" d={`M${WIDTH - RIGHT + 2},${round(ends[i] ?? 0)}L${WIDTH - RIGHT + 9},${round(placed[i] ?? 0)}`} />
            <text x={WIDTH - RIGHT + 12} y={round((placed[i] ?? 0) + 4)}>{s.label}</text>
          </g>
        ))}
      </g>
    </svg>
  );
}
