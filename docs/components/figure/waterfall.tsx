import type {VNode} from "preact";
import {group} from "./format.ts";
import {round} from "./layout.ts";

export interface Step {
  readonly key: string;
  readonly label: string;
  /** MiB, 0 or more. */
  readonly value: number;
}

export interface WaterfallData {
  /** What the steps are taken from and what is left, MiB. */
  readonly from: {readonly label: string; readonly value: number};
  readonly to: {readonly label: string; readonly value: number};
  readonly steps: readonly Step[];
}

const WIDTH = 420;
const ROW = 26;
const LEFT = 180;
const RIGHT = 74;
/** The figure keeps its height while terms come and go. */
const ROWS = 8;
const TOP = 34;

/** Where memory goes between two numbers: each step starts where the last one ended. */
export function Waterfall({data, title}: {data: WaterfallData; title: string}): VNode {
  const total = Math.max(1, data.from.value - data.to.value);
  const x = (value: number): number => LEFT + (value / total) * (WIDTH - LEFT - RIGHT);
  const height = TOP + ROWS * ROW + 30;
  const starts = data.steps.map((_, i) => data.steps.slice(0, i).reduce((sum, step) => sum + step.value, 0));
  return (
    <svg class="waterfall" viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} role="img" aria-label={title}>
      <text class="l-configured end" x="0" y="16">{data.from.label}: {group(data.from.value)} MiB</text>
      {data.steps.map((step, i) => {
        const start = starts[i] ?? 0;
        const y = TOP + i * ROW;
        return (
          <g key={step.key} class="l-current step">
            <text x={LEFT - 8} y={y + 15} text-anchor="end">{step.label}</text>
            <rect x={round(x(start))} y={y + 2} width={round(Math.max(1.5, x(start + step.value) - x(start)))} height={ROW - 8} />
            <text class="amount" x={round(x(start + step.value) + 6)} y={y + 15}>{amount(step.value)}</text>
          </g>
        );
      })}
      <text class="l-current end" x="0" y={TOP + ROWS * ROW + 20}>{data.to.label}: {group(data.to.value)} MiB</text>
    </svg>
  );
}

const amount = (mib: number): string => (mib >= 10 ? `${group(mib)} MiB` : mib >= 0.1 ? `${mib.toFixed(1)} MiB` : `${group(mib * 1024)} KiB`);
