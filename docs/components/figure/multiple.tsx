import type {VNode} from "preact";
import {round} from "./layout.ts";

const WIDTH = 150;
const HEIGHT = 46;

/** Predicted as a line, observed as dots, over the steps of a recording. */
export function Multiple({predicted, observed, title}: {predicted: readonly (number | null)[]; observed: readonly (number | null)[]; title: string}): VNode {
  const values = [...predicted, ...observed].filter((v) => v !== null);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (i: number): number => round(5 + (i / Math.max(1, observed.length - 1)) * (WIDTH - 10));
  const y = (v: number): number => round(high === low ? HEIGHT / 2 : HEIGHT - 6 - ((v - low) / (high - low)) * (HEIGHT - 12));
  const at = (list: readonly (number | null)[], draw: (px: number, py: number, i: number) => string): string => list.map((v, i) => (v === null ? "" : draw(x(i), y(v), i))).join("");
  return (
    <svg class="multiple" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={title}>
      <path class="p" d={at(predicted, (px, py, i) => `${i === 0 ? "M" : "L"}${px},${py}`).replace(/^L/, "M")} />
      <path class="o" d={at(observed, (px, py) => `M${px},${py}h0`)} />
    </svg>
  );
}
