import type {VNode} from "preact";
import {useMemo} from "preact/hooks";
import {group} from "./format.ts";
import {mibTicks, round} from "./layout.ts";
import {encodeCells, roomiest, stretches, type Grid} from "./regions.ts";

/** What a run came to; its key is a class of the style sheet, which gives it a hue and a pattern. */
export interface Outcome {
  readonly key: string;
  readonly label: string;
}

export interface MapAxis {
  readonly label: string;
  /** MiB at the first and the last cell's middle. */
  readonly min: number;
  readonly max: number;
}

export interface RegimeMapData {
  readonly x: MapAxis;
  readonly y: MapAxis;
  readonly outcomes: readonly Outcome[];
  readonly grid: Grid;
  /** The present setting, MiB. */
  readonly here: {readonly x: number; readonly y: number};
  /** The setting it is compared with. */
  readonly pinned: {readonly x: number; readonly y: number} | null;
  /** Runs of real machines, MiB: what they came to is said beside them. */
  readonly recorded: readonly {readonly x: number; readonly y: number; readonly outcome: string; readonly label: string}[];
}

const WIDTH = 420;
const HEIGHT = 396;
const [TOP, RIGHT, BOTTOM, LEFT] = [34, 12, 46, 52];
/** A name needs this much room around its middle, in pixels across and along. */
const NAME = {across: 9, half: 3.6};

export interface MapScale {
  readonly x: (mib: number) => number;
  readonly y: (mib: number) => number;
  /** A point of the figure as MiB, kept inside the map. */
  readonly at: (px: number, py: number) => {readonly x: number; readonly y: number};
}

/** Cells a side of the finest map: half of one is left beyond the first and the last value, in coarse maps too, so that nothing moves when the fine one comes. */
const CELLS = 64;
const cell = {width: (WIDTH - LEFT - RIGHT) / CELLS, height: (HEIGHT - TOP - BOTTOM) / CELLS};
const [left, bottom] = [LEFT + cell.width / 2, HEIGHT - BOTTOM - cell.height / 2];
const [across, up] = [WIDTH - RIGHT - LEFT - cell.width, HEIGHT - BOTTOM - TOP - cell.height];

/** Where things stand on the map; the handle needs it too. */
export function mapScale({x, y}: Pick<RegimeMapData, "x" | "y">): MapScale {
  const share = (value: number): number => Math.min(1, Math.max(0, value));
  return {
    x: (mib) => round(left + ((mib - x.min) / (x.max - x.min)) * across),
    y: (mib) => round(bottom - ((mib - y.min) / (y.max - y.min)) * up),
    at: (px, py) => ({x: x.min + share((px - left) / across) * (x.max - x.min), y: y.min + share((bottom - py) / up) * (y.max - y.min)})
  };
}

/** Every pair of two settings, coloured and patterned by what its run comes to; names stand in the regions. */
export function RegimeMap({data, title, id, over = null}: {data: RegimeMapData; title: string; id: string; over?: VNode | null}): VNode {
  const scale = mapScale(data);
  // The browser takes the first map from here: it would be a second of work to make it again.
  const cells = useMemo(() => encodeCells(data.grid.cells), [data.grid]);
  return (
    <svg class="regime-map" data-cells={cells} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role={over === null ? "img" : "group"} aria-label={title}>
      {useMemo(() => <Patterns id={id} outcomes={data.outcomes} />, [id, data.outcomes])}
      {useMemo(() => <Regions data={data} id={id} />, [data.grid, data.outcomes, id])}
      {useMemo(() => <Axes data={data} scale={scale} />, [data.x, data.y])}
      {data.recorded.map((run) => <Recorded key={`${run.label}${run.x}`} run={run} scale={scale} />)}
      {data.pinned === null ? null : <Pinned at={data.pinned} scale={scale} />}
      <Here data={data} scale={scale} />
      {over}
    </svg>
  );
}

function Patterns({id, outcomes}: {id: string; outcomes: readonly Outcome[]}): VNode {
  return (
    <defs>
      {outcomes.map(({key}, i) => (
        <pattern key={key} id={`${id}-${key}`} class={`o-${key}`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform={`rotate(${[0, 45, 135, 0, 45][i] ?? 0})`}>
          <rect class="map-ground" width="7" height="7" />
          {i === 0 ? null : <line class="map-hatch" x1="0" y1="0" x2="0" y2="7" />}
          {i < 3 ? null : <line class="map-hatch" x1="0" y1="0" x2="7" y2="0" />}
        </pattern>
      ))}
    </defs>
  );
}

function Regions({data: {grid, outcomes}, id}: {data: RegimeMapData; id: string}): VNode {
  const [w, h] = [across / (grid.width - 1), up / (grid.height - 1)];
  // A cell reaches halfway to the next value.
  const x = (column: number): number => round(Math.min(WIDTH - RIGHT, Math.max(LEFT, left + (column - 0.5) * w)));
  const y = (row: number): number => round(Math.max(TOP, Math.min(HEIGHT - BOTTOM, bottom - (row - 0.5) * h)));
  return (
    <g class="map-regions" aria-hidden="true" data-answer="">
      {outcomes.map(({key}, i) => (
        <path key={key} class={`o-${key}`} fill={`url(#${id}-${key})`} d={stretches(grid, i).map(({row, from, to}) => `M${x(from)},${y(row)}V${y(row + 1)}H${x(to)}V${y(row)}Z`).join("")} />
      ))}
      {outcomes.map(({key, label}, i) => {
        const spot = roomiest(grid, i);
        if (spot === null || spot.room * h < NAME.across || spot.room * w < Math.min(label.length * NAME.half, 40) / 2) return null;
        const [cx, cy] = [left + spot.column * w, bottom - spot.row * h];
        const half = label.length * NAME.half;
        return <text key={key} class={`map-name o-${key}`} x={round(Math.min(WIDTH - RIGHT - half - 3, Math.max(LEFT + half + 3, cx)))} y={round(cy + 4)} text-anchor="middle">{label}</text>;
      })}
    </g>
  );
}

function Axes({data: {x, y}, scale}: {data: RegimeMapData; scale: MapScale}): VNode {
  const ticks = ({min, max}: MapAxis): number[] => mibTicks(max).filter((v) => v >= min);
  return (
    <g class="axes" aria-hidden="true">
      {ticks(y).map((v) => <text key={`y${v}`} class="tick" x={LEFT - 6} y={round(scale.y(v) + 4)} text-anchor="end">{group(v)}</text>)}
      {ticks(x).map((v) => <text key={`x${v}`} class="tick" x={scale.x(v)} y={HEIGHT - BOTTOM + 17} text-anchor="middle">{group(v)}</text>)}
      <text class="unit" x={LEFT - 46} y={TOP - 14}>{y.label}, MiB ↑</text>
      <text class="unit" x={WIDTH - RIGHT} y={HEIGHT - 8} text-anchor="end">{x.label}, MiB →</text>
    </g>
  );
}

/** Larger than the mark of the present setting, which may stand on it. */
const RUN = 10.5;

/** A run of a real machine, in the shade of what it came to. */
function Recorded({run, scale}: {run: RegimeMapData["recorded"][number]; scale: MapScale}): VNode {
  const [x, y] = [scale.x(run.x), scale.y(run.y)];
  return (
    <g class={`map-run o-${run.outcome}`}>
      <rect x={round(x - RUN)} y={round(y - RUN)} width={2 * RUN} height={2 * RUN} transform={`rotate(45 ${x} ${y})`} />
      <text x={round(x + 1.6 * RUN)} y={round(y + 18)}>recorded</text>
      <title>{run.label}</title>
    </g>
  );
}

/** A, beside the present setting: its letter stands on its left where it is near the right edge. */
function Pinned({at, scale}: {at: {readonly x: number; readonly y: number}; scale: MapScale}): VNode {
  const [x, y] = [scale.x(at.x), scale.y(at.y)];
  const isFar = x > WIDTH - RIGHT - 24;
  return (
    <g class="map-pinned" aria-hidden="true">
      <circle cx={x} cy={y} r="6" />
      <text x={isFar ? x - 10 : x + 10} y={round(y + 4)} text-anchor={isFar ? "end" : "start"}>A</text>
    </g>
  );
}

function Here({data: {here}, scale}: {data: RegimeMapData; scale: MapScale}): VNode {
  const [x, y] = [scale.x(here.x), scale.y(here.y)];
  return (
    <g class="map-here" aria-hidden="true">
      <path d={`M${LEFT},${y}H${x - 9}M${x + 9},${y}H${WIDTH - RIGHT}M${x},${TOP}V${y - 9}M${x},${y + 9}V${HEIGHT - BOTTOM}`} />
      <circle cx={x} cy={y} r="8" />
    </g>
  );
}
