import type {VNode} from "preact";
import {useMemo} from "preact/hooks";
import {dodge, mibTicks, round} from "./layout.ts";
import {group} from "./format.ts";
import {linear, outline, pathThrough, type Scale} from "./scale.ts";
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
  /** The load that comes and goes, MiB and seconds. */
  readonly job: {readonly name: string; readonly size: number; readonly from: number; readonly to: number};
  /** What the machines can be told to live in at least, all together, MiB; null where nobody tells them. */
  readonly least: number | null;
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

/** One host's RAM over time, by machine; what was set stands in it at once, the areas when they are worked out. */
export function HostAreas({data, title}: {data: HostAreasData; title: string}): VNode {
  const {duration, max, layers, swapped} = data;
  const x = useMemo(() => linear([0, duration], [LEFT, WIDTH - RIGHT]), [duration]);
  const y = useMemo(() => linear([0, max], [HEIGHT - BOTTOM, TOP]), [max]);
  return (
    <svg class="timeline small host-areas" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={title}>
      {useMemo(() => <Axes x={x} y={y} max={max} />, [x, y, max])}
      {useMemo(() => <Areas x={x} y={y} layers={layers} swapped={swapped} duration={duration} />, [x, y, layers, swapped, duration])}
      <Settings data={data} x={x} y={y} />
    </svg>
  );
}

function Axes({x, y, max}: {x: Scale; y: Scale; max: number}): VNode {
  return (
    <g class="axes" aria-hidden="true">
      {mibTicks(max, true).map((v) => (
        <g key={v}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(v))} y2={round(y(v))} />
          <text class="tick" x={LEFT - 6} y={round(y(v) + 4)} text-anchor="end">{group(v)}</text>
        </g>
      ))}
      <text class="unit" x={LEFT - 6} y={TOP - 12} text-anchor="end">MiB</text>
      {[0, 200, 400, 600].map((t) => <text key={t} class="tick" x={round(x(t))} y={HEIGHT - BOTTOM + 17} text-anchor="middle">{t === 0 ? "0 s" : t}</text>)}
    </g>
  );
}

/** What the runs came to. In the page a worker makes them: `data-answer` says that this part comes later. */
function Areas({x, y, layers, swapped, duration}: Pick<HostAreasData, "layers" | "swapped" | "duration"> & {x: Scale; y: Scale}): VNode {
  const bands = stack(layers);
  const fill = (rows: Band["rows"]): string => outline(rows.map((r) => [x(r.t), y(r.high)]), rows.map((r) => [x(r.t), y(r.low)]));
  const ends = bands.map(({rows}) => y(((rows.at(-1)?.low ?? 0) + (rows.at(-1)?.high ?? 0)) / 2));
  const placed = dodge([...ends, y(valueAt(swapped, duration))], 15, TOP, HEIGHT - BOTTOM);
  return (
    <g class="l-backing" data-answer="">
      {bands.map(({name, rows}, i) => <path key={name} class={`host-band b${i}`} d={fill(rows)} />)}
      <path class="host-swap" d={pathThrough(swapped.map(([t, v]) => [x(t), y(v)]))} />
      {bands.map(({name}, i) => (
        <g key={name} class="labels">
          <path class="leader" d={`M${WIDTH - RIGHT + 2},${round(ends[i] ?? 0)}L${WIDTH - RIGHT + 8},${placed[i] ?? 0}`} />
          <text x={WIDTH - RIGHT + 11} y={(placed[i] ?? 0) + 4}>{name}</text>
        </g>
      ))}
      {swapped.some(([, v]) => v > 0) ? <text class="host-name" x={WIDTH - RIGHT + 11} y={(placed.at(-1) ?? 0) + 4}>swapped</text> : null}
    </g>
  );
}

function Settings({data: {ram, job, least, max}, x, y}: {data: HostAreasData; x: Scale; y: Scale}): VNode {
  const [from, to] = [round(x(job.from)), round(x(job.to))];
  return (
    <g class="host-settings" aria-hidden="true">
      <line class="host-ram" x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(ram))} y2={round(y(ram))} />
      <text class="host-name" x={WIDTH - RIGHT + 6} y={round(y(ram) - 4)}>host's RAM</text>
      {job.size === 0 ? null : (
        <g class="host-job l-current">
          <path d={`M${from},${TOP - 2}V${TOP - 7}H${to}V${TOP - 2}`} />
          <text x={round((from + to) / 2)} y={TOP - 12} text-anchor="middle">{job.name} {group(job.size)} MiB</text>
        </g>
      )}
      {least === null || least > max ? null : (
        <g class="host-least l-target">
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(least))} y2={round(y(least))} />
          <text x={LEFT + 5} y={round(y(least) - 5)}>the minimums</text>
        </g>
      )}
    </g>
  );
}
