import {seconds} from "../../../src/units.ts";
import {formatMib} from "../figure/format.ts";
import {MemoryColumn} from "../figure/memory-column.tsx";
import {kib} from "../../../src/units.ts";
import {params} from "../model/qemu.ts";
import {initialState, type PageSpec} from "../state/page-state.ts";
import type {FigureDef, PageDef} from "./page.ts";
import {columnData, everyRow, momentsOf} from "../case/case.ts";
import {qemu, type Computed} from "./qemu-kvm-case.ts";

/** The hero of the first page: the default run of the QEMU page, and only time to move. */
const spec: PageSpec = {params: params.filter((p) => p.name === "time")};

const column: FigureDef<Computed> = {
  title: "One machine, four numbers",
  responsive: false,
  describe: (c) => {
    const s = c.run.stateAt(seconds(c.time));
    return `At ${c.time.toFixed(1)} s: configured ${formatMib(kib(s.configured))}, target ${formatMib(kib(s.target))}, current ${formatMib(kib(s.actual))}, backed by ${formatMib(kib(s.resident))} of host RAM.`;
  },
  render: (c) => <MemoryColumn id="hero" data={columnData(c)} title={column.describe(c)} />,
  moments: momentsOf(qemu.model),
  data: everyRow
};

const reading = (name: "configured" | "target" | "actual" | "resident") => (c: Computed) => {
  const value = c.run.stateAt(seconds(c.time))[name];
  return {value: Math.round(value), text: formatMib(kib(value))};
};

export const page: PageDef<Computed> = {
  id: "index",
  spec,
  compute: ({params: {time = 18}}) => {
    const setting = initialState(qemu.model.spec);
    return qemu.compute({...setting, params: {...setting.params, time}}, null);
  },
  figures: {column},
  numbers: {configured: reading("configured"), target: reading("target"), current: reading("actual"), backing: reading("resident")},
  summary: (c) => column.describe(c)
};
