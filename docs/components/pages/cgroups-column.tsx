import {seconds} from "../../../src/units.ts";
import {columnFigure} from "../case/case-page.tsx";
import {columnData} from "../case/case.ts";
import {MemoryColumn, type ColumnData, type Segment} from "../figure/memory-column.tsx";
import type {FigureDef} from "./page.ts";
import {cgroups, type Computed} from "./cgroups-case.ts";

const inMib = (size: number): number => Math.max(0, size) / 1024;

/** The host's side with what only a cgroup counts: QEMU's own memory stands on top of the guest's. */
function data(c: Computed): ColumnData {
  const common = columnData(c);
  const s = c.run.stateAt(seconds(c.time));
  const held = s.processRss > 0 ? Math.max(0, s.configured - s.neverTouched - s.balloon - s.hostSwapped) : 0;
  const segments: readonly Segment[] = [
    {key: "resident", layer: "backing", state: "solid", label: "held", value: inMib(held)},
    {key: "own", layer: "backing", state: "light", label: "QEMU", value: inMib(s.cgroupCurrent - held)},
    {key: "swapped", layer: "backing", state: "hatched", label: "swapped", value: inMib(s.hostSwapped)},
    {key: "rest", layer: "backing", state: "empty", label: "not held", value: inMib(s.configured - held - s.hostSwapped)}
  ];
  const {max, high} = c.run.scenario.host.cgroup;
  const event = c.run.scenario.events.findLast(({type, at}) => type === "cgroup" && at <= c.time);
  const cap = (event?.type === "cgroup" ? (event.max ?? event.high) : null) ?? Math.min(max, high);
  return {
    max: Math.max(1024, inMib(s.configured)) * 1.1 + inMib(s.cgroupCurrent - held),
    columns: common.columns.map((column) => (column.key === "host" ? {...column, segments} : column)),
    marks: [...common.marks, ...(cap === Infinity ? [] : [{key: "cap", layer: "backing" as const, label: "cap", value: inMib(cap)}])]
  };
}

const shared = columnFigure(cgroups, "cgroups");

/** The column of this page, with the cap as a line across it. */
export const column: FigureDef<Computed> = {
  ...shared,
  describe: (c) => (c.run.killedAt !== null && c.time >= c.run.killedAt ? `The host killed the virtual machine at ${c.run.killedAt.toFixed(1)} s: nothing is left of it.` : shared.describe(c)),
  render: (c) => <MemoryColumn id="cgroups-column" data={data(c)} title={shared.describe(c)} />
};
