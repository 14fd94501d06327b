import type {VNode} from "preact";
import type {Layer} from "../state/params.ts";
import {group} from "./format.ts";
import {dodge, round} from "./layout.ts";
import {linear} from "./scale.ts";

/** One state of some pages; values in MiB, from the bottom up. */
export interface Segment {
  readonly key: string;
  readonly layer: Layer;
  /** States are shades and patterns of their layer's hue, so that they survive greyscale. */
  readonly state: "solid" | "light" | "hatched" | "empty";
  readonly label: string;
  readonly value: number;
}

export interface ColumnData {
  /** Top of the scale, MiB. */
  readonly max: number;
  readonly columns: readonly {readonly key: string; readonly title: string; readonly segments: readonly Segment[]}[];
  /** Lines across both columns: where the host's numbers stand. */
  readonly marks: readonly {readonly key: string; readonly layer: Layer; readonly label: string; readonly value: number}[];
}

const WIDTH = 340;
const HEIGHT = 360;
const TOP = 46;
const BOTTOM = 14;
const BAR = 60;
/** Left edges of the two bars; each has its labels on its outer side. */
const BARS = [104, 176] as const;

/** The same pages as the guest sees them (left) and as the host holds them (right). */
export function MemoryColumn({data, title, id}: {data: ColumnData; title: string; id: string}): VNode {
  const y = linear([0, data.max], [HEIGHT - BOTTOM, TOP]);
  return (
    <svg class="memory-column" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={title}>
      <defs>
        <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line class="hatch-line" x1="0" y1="0" x2="0" y2="6" />
        </pattern>
      </defs>
      {data.columns.map((column, i) => (
        <g key={column.key}>
          <text class="column-title" x={(BARS[i] ?? 0) + BAR / 2} y={TOP - 26} text-anchor="middle">{column.title}</text>
          <Bar segments={column.segments} left={BARS[i] ?? 0} side={i === 0 ? "left" : "right"} y={y} id={id} />
        </g>
      ))}
      {data.marks.map((mark) => (
        <g key={mark.key} class={`mark l-${mark.layer}`}>
          <line x1={BARS[0] - 4} x2={BARS[1] + BAR + 4} y1={round(y(mark.value))} y2={round(y(mark.value))} />
        </g>
      ))}
    </svg>
  );
}

interface Box {
  readonly segment: Segment;
  readonly top: number;
  readonly height: number;
}

function stack(segments: readonly Segment[], y: (v: number) => number): Box[] {
  let sum = 0;
  return segments.map((segment) => {
    const bottom = y(sum);
    sum += segment.value;
    return {segment, top: y(sum), height: Math.max(0, bottom - y(sum))};
  });
}

function Bar({segments, left, side, y, id}: {segments: readonly Segment[]; left: number; side: "left" | "right"; y: (v: number) => number; id: string}): VNode {
  const boxes = stack(segments, y);
  const shown = boxes.filter((box) => box.segment.value >= 1);
  const middles = shown.map((box) => box.top + box.height / 2);
  const placed = dodge(middles, 33, TOP + 8, HEIGHT - BOTTOM - 20);
  const edge = side === "left" ? left - 3 : left + BAR + 3;
  const out = side === "left" ? -1 : 1;
  return (
    <g>
      {boxes.map(({segment, top, height}) => (
        <g key={segment.key} class={`segment ${segment.state} l-${segment.layer}`}>
          <rect x={left} y={round(top)} width={BAR} height={round(height)} />
          {segment.state === "hatched" ? <rect class="hatch" x={left} y={round(top)} width={BAR} height={round(height)} fill={`url(#${id}-hatch)`} /> : null}
        </g>
      ))}
      {shown.map(({segment}, i) => (
        <g key={segment.key} class={`segment-label l-${segment.layer}`} text-anchor={side === "left" ? "end" : "start"}>
          <path class="leader" d={`M${edge},${round(middles[i] ?? 0)}L${edge + 7 * out},${placed[i] ?? 0}`} />
          <text x={edge + 10 * out} y={(placed[i] ?? 0) - 1}>{segment.label}</text>
          <text class="amount" x={edge + 10 * out} y={(placed[i] ?? 0) + 14}>{group(segment.value)} MiB</text>
        </g>
      ))}
    </g>
  );
}
