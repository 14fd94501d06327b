import {kib} from "../../../src/units.ts";
import {everyRow, momentsOf} from "../case/case.ts";
import {formatMib} from "../figure/format.ts";
import {MemoryColumn} from "../figure/memory-column.tsx";
import {END, params} from "../model/qemu.ts";
import type {PageSpec} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";
import type {Computed as CaseComputed} from "../case/case.ts";
import {heroMachine, sizeAt, type HeroMachine} from "./index-machines.ts";
import type {FigureDef, PageDef} from "./page.ts";

/** The hero of the first page: three machines of the same size, and time to move. */
const machineParam: ParamTable[number] = {
  name: "machine", label: "machine", layer: null, initial: 0,
  options: [{value: 0, label: "QEMU and KVM"}, {value: 1, label: "Xen PV"}, {value: 2, label: "ESX"}],
  help: "All have 2048 MiB and are asked to live in 1024, then 512, then all of it."
};
const spec: PageSpec = {params: [machineParam, ...params.filter((p) => p.name === "time")]};

interface Computed extends CaseComputed {
  readonly machine: HeroMachine;
}

const text = (c: Computed, name: Parameters<typeof sizeAt>[2]): string => formatMib(kib(sizeAt(c.run, c.time, name)));

const column: FigureDef<Computed> = {
  title: "One machine, four numbers",
  responsive: false,
  describe: (c) => `${c.machine.label} at ${c.time.toFixed(1)} s: configured ${text(c, "configured")}, target ${text(c, "target")}, current ${text(c, "actual")}, backed by ${text(c, "resident")} of host RAM.`,
  render: (c) => <MemoryColumn id="hero" data={c.machine.column(c)} title={column.describe(c)} />,
  moments: (c) => momentsOf({spec: {params: [], events: c.machine.table}, end: END})(c),
  data: everyRow
};

const reading = (name: Parameters<typeof sizeAt>[2]) => (c: Computed) => ({value: Math.round(sizeAt(c.run, c.time, name)), text: text(c, name)});

export const page: PageDef<Computed> = {
  id: "index",
  spec,
  compute: (setting) => {
    const {time = 18, machine: chosen = 0} = setting.params;
    const machine = heroMachine(chosen);
    return {setting: {...setting, events: machine.events}, run: machine.run, pinned: null, time, matchesRecording: false, machine};
  },
  figures: {column},
  numbers: {configured: reading("configured"), target: reading("target"), current: reading("actual"), backing: reading("resident")},
  summary: (c) => column.describe(c)
};
