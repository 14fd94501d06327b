import type {VNode} from "preact";
import {round} from "./layout.ts";
import {linear} from "./scale.ts";

/** Maps that belong together, under a heading. */
export interface AddressGroup {
  readonly title: string;
  readonly rows: readonly AddressRow[];
}

/** A guest's physical addresses; all in GiB. */
export interface AddressRow {
  readonly key: string;
  readonly label: string;
  readonly ranges: readonly {readonly start: number; readonly end: number; readonly ram: boolean}[];
  /** Where its RAM ends. */
  readonly end: number;
}

const WIDTH = 420;
const LEFT = 44;
const RIGHT = 16;
const ROW = 30;
const HEAD = 30;
/** The axis keeps its length while sizes change, up to here. */
const LEAST = 5;

/** Address maps below each other on one axis: RAM in its hue, what firmware keeps in grey, holes left open. */
export function AddressMap({groups, title}: {groups: readonly AddressGroup[]; title: string}): VNode {
  const most = Math.max(LEAST, Math.ceil(Math.max(...groups.flatMap(({rows}) => rows.map(({end}) => end))) + 0.5));
  const x = linear([0, most], [LEFT, WIDTH - RIGHT]);
  const heightOf = ({rows}: AddressGroup): number => HEAD + rows.length * ROW;
  const tops = groups.map((_, i) => groups.slice(0, i).reduce((sum, one) => sum + heightOf(one), 0));
  const bottom = groups.reduce((sum, one) => sum + heightOf(one), 0);
  return (
    <svg class="address-map" viewBox={`0 0 ${WIDTH} ${bottom + 40}`} width={WIDTH} height={bottom + 40} role="img" aria-label={title}>
      {Array.from({length: most + 1}, (_, gib) => (
        <g key={gib} aria-hidden="true">
          <line class={gib === 4 ? "grid strong" : "grid"} x1={round(x(gib))} x2={round(x(gib))} y1={HEAD - 6} y2={bottom} />
          <text class="tick" x={round(x(gib))} y={bottom + 16} text-anchor="middle">{gib}</text>
        </g>
      ))}
      <text class="unit" x={(LEFT + WIDTH - RIGHT) / 2} y={bottom + 34} text-anchor="middle">address, GiB</text>
      {groups.map((one, i) => (
        <g key={i}>
          <text class="unit" x="0" y={(tops[i] ?? 0) + 16}>{one.title}</text>
          {one.rows.map((row, j) => <Row key={row.key} row={row} top={(tops[i] ?? 0) + HEAD + j * ROW} x={x} />)}
        </g>
      ))}
    </svg>
  );
}

function Row({row, top, x}: {row: AddressRow; top: number; x: (gib: number) => number}): VNode {
  return (
    <g>
      <text class="row-title" x="0" y={top + 18}>{row.label}</text>
      {row.ranges.map(({start, end, ram}, i) => (
        <g key={i} class={ram ? "segment solid l-configured" : "firmware"}>
          <rect x={round(x(start))} y={top + 3} width={round(Math.max(0.5, x(end) - x(start)))} height={20} />
        </g>
      ))}
    </g>
  );
}
