import {scaleLinear} from "d3";
import type {VNode} from "preact";
import {round} from "./layout.ts";

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
const ROW = 44;
const TOP = 8;
/** The axis keeps its length while sizes change, up to here. */
const LEAST = 5;

/** Address maps below each other on one axis: RAM in its hue, what firmware keeps in grey, holes left open. */
export function AddressMap({rows, title}: {rows: readonly AddressRow[]; title: string}): VNode {
  const most = Math.max(LEAST, Math.ceil(Math.max(...rows.map(({end}) => end)) + 0.5));
  const x = scaleLinear([0, most], [LEFT, WIDTH - RIGHT]);
  const bottom = TOP + rows.length * ROW;
  return (
    <svg class="address-map" viewBox={`0 0 ${WIDTH} ${bottom + 40}`} width={WIDTH} height={bottom + 40} role="img" aria-label={title}>
      {Array.from({length: most + 1}, (_, gib) => (
        <g key={gib} aria-hidden="true">
          <line class={gib === 4 ? "grid strong" : "grid"} x1={round(x(gib))} x2={round(x(gib))} y1={TOP} y2={bottom} />
          <text class="tick" x={round(x(gib))} y={bottom + 16} text-anchor="middle">{gib}</text>
        </g>
      ))}
      <text class="unit" x={(LEFT + WIDTH - RIGHT) / 2} y={bottom + 34} text-anchor="middle">address, GiB</text>
      {rows.map((row, i) => <Row key={row.key} row={row} top={TOP + i * ROW} x={x} />)}
    </svg>
  );
}

function Row({row, top, x}: {row: AddressRow; top: number; x: (gib: number) => number}): VNode {
  return (
    <g>
      <text class="row-title" x="0" y={top + 25}>{row.label}</text>
      {row.ranges.map(({start, end, ram}, i) => (
        <g key={i} class={ram ? "segment solid l-configured" : "firmware"}>
          <rect x={round(x(start))} y={top + 10} width={round(Math.max(0.5, x(end) - x(start)))} height={22} />
        </g>
      ))}
    </g>
  );
}
