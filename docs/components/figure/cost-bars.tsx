import type {VNode} from "preact";
import {round} from "./layout.ts";

export interface CostBarsData {
  readonly columns: readonly string[];
  readonly rows: readonly {readonly name: string; readonly values: readonly {readonly value: number; readonly text: string; /** More than the cost: something was killed. */ readonly loss: boolean}[]}[];
}

const [LEFT, TOP, ROW, COLUMN, BAR] = [84, 34, 36, 148, 92];

/** A cost for each pair of a row and a column, all on one scale. */
export function CostBars({data, title}: {data: CostBarsData; title: string}): VNode {
  const most = Math.max(1e-9, ...data.rows.flatMap(({values}) => values.map(({value}) => value)));
  const [width, height] = [LEFT + COLUMN * data.columns.length, TOP + ROW * data.rows.length];
  return (
    <svg class="cost-bars" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={title}>
      {data.columns.map((name, i) => <text key={name} class="column-title" x={LEFT + i * COLUMN} y="16">{name}</text>)}
      {data.rows.map(({name, values}, r) => (
        <g key={name} class="l-backing" data-answer="">
          <text class="row-title" x={LEFT - 10} y={TOP + r * ROW + 16} text-anchor="end">{name}</text>
          {values.map(({value, text, loss}, i) => (
            <g key={i}>
              <rect class="cost-bar" x={LEFT + i * COLUMN} y={TOP + r * ROW + 4} width={round(Math.max(1, (value / most) * BAR))} height="16" />
              <text class="cost" x={round(LEFT + i * COLUMN + Math.max(1, (value / most) * BAR) + 5)} y={TOP + r * ROW + 17}>{text}</text>
              {loss ? <text class="cost loss" x={LEFT + i * COLUMN} y={TOP + r * ROW + 32}>program killed</text> : null}
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}
