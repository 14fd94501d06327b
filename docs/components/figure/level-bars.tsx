import type {VNode} from "preact";
import type {Layer} from "../state/params.ts";
import {group} from "./format.ts";
import {round} from "./layout.ts";
import type {Segment} from "./memory-column.tsx";
import {linear} from "./scale.ts";

/** A quantity that is part of the one above it; MiB. */
export interface Level {
  /** One letter, in front of the label. */
  readonly key: string;
  readonly layer: Layer;
  readonly state: Segment["state"];
  readonly label: string;
  readonly value: number;
}

const WIDTH = 420;
const LEFT = 4;
const ROW = 46;
const BAR = 18;

/** Quantities that lie inside each other, one below the other on one scale. */
export function LevelBars({levels, max, title}: {levels: readonly Level[]; max: number; title: string}): VNode {
  const x = linear([0, max], [LEFT, WIDTH - LEFT]);
  const height = levels.length * ROW + 4;
  return (
    <svg class="level-bars" viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} role="img" aria-label={title}>
      {levels.map(({key, layer, state, label, value}, i) => {
        const y = i * ROW;
        return (
          <g key={key} class={`segment ${state} l-${layer}`}>
            <g class={`segment-label l-${layer}`}>
              <text x={LEFT} y={y + 16}><tspan class="symbol">{key}</tspan> {label}</text>
              <text class="amount" x={WIDTH - LEFT} y={y + 16} text-anchor="end">{group(value)} MiB</text>
            </g>
            <rect class="extent" x={LEFT} y={y + 22} width={WIDTH - 2 * LEFT} height={BAR} />
            <rect x={LEFT} y={y + 22} width={round(Math.max(0, x(value) - LEFT))} height={BAR} />
          </g>
        );
      })}
    </svg>
  );
}
