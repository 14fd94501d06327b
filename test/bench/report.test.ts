import {expect, it} from "vitest";
import {compare} from "../../scripts/bench/compare.ts";
import {table} from "../../scripts/bench/report.ts";

it("prints value, bar, verdict, baseline, ratio and reference in aligned columns", () => {
  const rows = compare([{page: "p", kind: "model", values: {"drag.p95": 40, "heap.load": 2}}], {"drag.p95": 80}, {p: {"drag.p95": 0.25}});
  expect(table(rows).split("\n")).toEqual([
    "p",
    "                                ours    bar        baseline  ours/baseline  reference  vs reference",
    "  drag: input to frame, p95  40.0 ms  <= 33  FAIL   80.0 ms           0.50       0.25   x2.00 WORSE",
    "  heap after load            2.00 MB                      -              -          -             -"
  ]);
});
