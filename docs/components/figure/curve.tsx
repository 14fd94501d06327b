import {line, scaleLog, scaleLinear} from "d3";
import type {VNode} from "preact";
import type {Layer} from "../state/params.ts";
import {group} from "./format.ts";
import {round} from "./layout.ts";

export interface CurveData {
  /** x on a scale of powers of two; both in MiB. */
  readonly points: readonly (readonly [number, number])[];
  readonly layer: Layer;
  readonly x: string;
  readonly y: string;
  /** Points to name, by their x. */
  readonly marks: readonly {readonly x: number; readonly label: string}[];
}

const WIDTH = 420;
const HEIGHT = 260;
const [TOP, RIGHT, BOTTOM, LEFT] = [40, 20, 50, 52];

/** How one size depends on another, over sizes that double. */
export function Curve({data, title}: {data: CurveData; title: string}): VNode {
  const xs = data.points.map(([v]) => v);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const top = Math.max(...data.points.map(([, v]) => v)) * 1.05;
  const x = scaleLog([first, last], [LEFT, WIDTH - RIGHT]).base(2);
  const y = scaleLinear([0, top], [HEIGHT - BOTTOM, TOP]);
  const path = line<readonly [number, number]>((d) => x(d[0]), (d) => y(d[1])).digits(2)(data.points as [number, number][]) ?? "";
  const doublings = Array.from({length: Math.round(Math.log2(last / first)) + 1}, (_, i) => first * 2 ** i);
  return (
    <svg class="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={title}>
      {y.ticks(4).map((v) => (
        <g key={v}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={round(y(v))} y2={round(y(v))} />
          <text class="tick" x={LEFT - 6} y={round(y(v) + 4)} text-anchor="end">{group(v)}</text>
        </g>
      ))}
      {doublings.map((v) => <text key={v} class="tick" x={round(x(v))} y={HEIGHT - BOTTOM + 18} text-anchor="middle">{v >= 1024 ? `${v / 1024}` : `${v / 1024}`.replace("0.", ".")}</text>)}
      <text class="unit" x={LEFT - 40} y={TOP - 20}>{data.y}</text>
      <text class="unit" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 10} text-anchor="middle">{data.x}</text>
      <g class={`series line l-${data.layer}`}><path class="stroke" d={path} /></g>
      {data.marks.map(({x: at, label}) => {
        const point = data.points.find(([v]) => v === at);
        return point === undefined ? null : (
          <g key={at} class={`l-${data.layer} curve-mark`}>
            <circle cx={round(x(at))} cy={round(y(point[1]))} r="4" />
            <text x={round(x(at)) - 8} y={round(y(point[1])) + 18} text-anchor="end">{label}</text>
          </g>
        );
      })}
    </svg>
  );
}
