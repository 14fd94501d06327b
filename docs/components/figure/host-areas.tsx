import {area, line, scaleLinear} from "d3";
import type {VNode} from "preact";
import {dodge, mibTicks, round} from "./layout.ts";
import {group} from "./format.ts";
import type {Points} from "./timeline.tsx";

export interface HostAreasData {
  readonly duration: number;
  /** Top of the vertical axis, MiB. */
  readonly max: number;
  /** What the host has for machines, MiB. */
  readonly ram: number;
  /** What the host holds of each, in the order they are stacked. */
  readonly layers: readonly {readonly name: string; readonly points: Points}[];
  /** All that is in the host's swap, MiB. */
  readonly swapped: Points;
}

const WIDTH = 420;
const HEIGHT = 236;
const [TOP, RIGHT, BOTTOM, LEFT] = [30, 86, 30, 48];

/** The value of a line at a time. */
export function valueAt(points: Points, t: number): number {
  const next = points.findIndex(([at]) => at >= t);
  const [t1, v1] = points[next < 0 ? points.length - 1 : next] ?? [0, 0];
  const [t0, v0] = points[Math.max(0, next - 1)] ?? [0, 0];
  return t1 === t0 || next < 0 ? v1 : v0 + ((t - t0) / (t1 - t0)) * (v1 - v0);
}

interface Band {
  readonly name: string;
  readonly rows: readonly {readonly t: number; readonly low: number; readonly high: number}[];
}

/** The layers on top of each other, at every time at which one of them bends. */
export function stack(layers: HostAreasData["layers"]): readonly Band[] {
  const times = [...new Set(layers.flatMap(({points}) => points.map(([t]) => t)))].sort((a, b) => a - b);
  const base = times.map(() => 0);
  return layers.map(({name, points}) => ({
    name,
    rows: times.map((t, i) => {
      const low = base[i] ?? 0;
      base[i] = low + valueAt(points, t);
      return {t, low, high: base[i] ?? 0};
    })
  }));
}

/** One host's RAM over time, by machine. */
export function HostAreas({data, title}: {data: HostAreasData; title: string}): VNode {
  const x = scaleLinear([0, data.duration], [LEFT, WIDTH - RIGHT]);
  const y = scaleLinear([0, data.max], [HEIGHT - BOTTOM, TOP]);
  const bands = stack(data.layers);
  const fill = area<Band["rows"][number]>((r) => x(r.t), (r) => y(r.low), (r) => y(r.high)).digits(1);
  const ends = bands.map(({rows}) => y(((rows.at(-1)?.low ?? 0) + (rows.at(-1)?.high ?? 0)) / 2));
  const placed = dodge([...ends, y(valueAt(data.swapped, data.duration))], 15, TOP, HEIGHT - BOTTOM);
  return (
    <svg class="timeline small host-areas" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={title}>
      <g class="axes" aria-hidden="true">
        {mibTicks(data.max, true).map((v) => (
          <g key={v}>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(v))} y2={round(y(v))} />
            <text class="tick" x={LEFT - 6} y={round(y(v) + 4)} text-anchor="end">{group(v)}</text>
          </g>
        ))}
        <text class="unit" x={LEFT - 6} y={TOP - 12} text-anchor="end">MiB</text>
        {[0, 200, 400, 600].map((t) => <text key={t} class="tick" x={round(x(t))} y={HEIGHT - BOTTOM + 17} text-anchor="middle">{t === 0 ? "0 s" : t}</text>)}
      </g>
      <g class="l-backing">
        {bands.map(({name, rows}, i) => <path key={name} class={`host-band b${i}`} d={fill([...rows]) ?? ""} />)}
        <line class="host-ram" x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(data.ram))} y2={round(y(data.ram))} />
        <text class="host-name" x={WIDTH - RIGHT + 6} y={round(y(data.ram) - 4)}>host's RAM</text>
        <path class="host-swap" d={line<readonly [number, number]>((p) => x(p[0]), (p) => y(p[1])).digits(1)(data.swapped as [number, number][]) ?? ""} />
        {bands.map(({name}, i) => (
          <g key={name} class="labels">
            <path class="leader" d={`M${WIDTH - RIGHT + 2},${round(ends[i] ?? 0)}L${WIDTH - RIGHT + 8},${placed[i] ?? 0}`} />
            <text x={WIDTH - RIGHT + 11} y={(placed[i] ?? 0) + 4}>{name}</text>
          </g>
        ))}
        {data.swapped.some(([, v]) => v > 0) ? <text class="host-name" x={WIDTH - RIGHT + 11} y={(placed.at(-1) ?? 0) + 4}>swapped</text> : null}
      </g>
    </svg>
  );
}
