import {seconds} from "../../../src/units.ts";
import {columnData, type Computed} from "../case/case.ts";
import type {ColumnData} from "../figure/memory-column.tsx";
import type {EsxRun} from "../model/esx.ts";

/** The common two columns, with what only ESX has on the host's side: a compression cache, and a limit instead of a target. */
export function esxColumn(c: Computed<EsxRun>): ColumnData {
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
