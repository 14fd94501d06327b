import {kib, seconds} from "../../../src/units.ts";
import {columnData, everyRow, momentsOf} from "../case/case.ts";
import {formatMib} from "../figure/format.ts";
import {MemoryColumn, type ColumnData} from "../figure/memory-column.tsx";
import type {FigureDef} from "./page.ts";
import {esx, type Computed} from "./esx-case.ts";

const mib = (value: number): string => formatMib(kib(value));

/** The common two columns, with what only ESX has on the host's side: a compression cache, and a limit instead of a target. */
export function esxColumn(c: Computed): ColumnData {
  const s = c.run.stateAt(seconds(c.time));
  const common = columnData(c);
  const [guest] = common.columns;
  const m = (value: number): number => Math.max(0, value) / 1024;
  return {
    max: common.max,
    columns: [
      ...(guest === undefined ? [] : [guest]),
      {
        key: "host",
        title: "host",
        segments: [
          {key: "resident", layer: "backing", state: "solid", label: "held", value: m(s.resident)},
          {key: "compressed", layer: "backing", state: "light", label: "compressed", value: m(s.compressed)},
          {key: "swapped", layer: "backing", state: "hatched", label: "swapped", value: m(s.hostSwapped)},
          {key: "rest", layer: "backing", state: "empty", label: "not held", value: m(s.balloon + s.neverTouched)}
        ]
      }
    ],
    marks: [{key: "limit", layer: "backing", label: "limit", value: m(s.ceiling)}]
  };
}

function describe(c: Computed): string {
  const s = c.run.stateAt(seconds(c.time));
  return `At ${c.time.toFixed(1)} s the guest has ${mib(s.memTotal)} of MemTotal, of which ${mib(s.balloon)} are in the balloon; of its pages the host holds ${mib(s.resident)}, has compressed ${mib(s.compressed)} and swapped ${mib(s.hostSwapped)}; its limit is ${mib(s.ceiling)}.`;
}

export const column: FigureDef<Computed> = {
  title: "The same pages, as guest and host see them",
  responsive: false,
  describe,
  render: (c) => <MemoryColumn id="esx-column" data={esxColumn(c)} title={describe(c)} />,
  moments: momentsOf(esx.model),
  data: everyRow
};
