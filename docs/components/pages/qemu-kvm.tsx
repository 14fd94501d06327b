import {kib, seconds, type KiB} from "../../../src/units.ts";
import type {Snapshot, Timeline as Run} from "../../../src/simulation/timeline.ts";
import {formatMib} from "../figure/format.ts";
import {MemoryColumn} from "../figure/memory-column.tsx";
import {NARROW, Timeline, WIDE} from "../figure/timeline.tsx";
import {END, highest, lowest} from "../model/qemu.ts";
import {toolsAt} from "../model/qemu-tools.ts";
import type {FigureDef, PageDef} from "./page.ts";
import {boot} from "./qemu-kvm-boot.tsx";
import {compute, spec, type Computed} from "./qemu-kvm-compute.ts";
import {columnData, timelineData} from "./qemu-kvm-figures.ts";
import {everyRow, moments} from "./qemu-kvm-tables.ts";
import {prediction} from "./qemu-kvm-prediction.ts";

const now = (c: Computed): Snapshot => c.run.stateAt(seconds(c.time));
const end = (r: Run): Snapshot => r.stateAt(seconds(END));
const mib = (value: number): string => formatMib(kib(value));

const column: FigureDef<Computed> = {
  title: "The same pages, as guest and host see them",
  responsive: false,
  describe: (c) => {
    const s = now(c);
    return `At ${c.time.toFixed(1)} s the guest has ${mib(s.memTotal)} of MemTotal, ${mib(s.balloon)} are in the balloon, and the host holds ${mib(s.resident)}.`;
  },
  render: (c) => <MemoryColumn id="column" data={columnData(c)} title={column.describe(c)} />,
  moments,
  data: everyRow
};

const timeline: FigureDef<Computed> = {
  title: "The run over time",
  responsive: true,
  describe: (c) =>
    `Over ${END} s: MemTotal starts at ${mib(c.run.stateAt(seconds(0)).memTotal)}, is ${mib(lowest(c.run, "memTotal"))} at the lowest and ${mib(end(c.run).memTotal)} at the end; the host holds ${mib(highest(c.run, "resident"))} at most and ${mib(end(c.run).resident)} at the end.`,
  render: (c, variant, over) => {
    const data = timelineData(c);
    const size = variant === "wide" ? WIDE : NARROW;
    return <Timeline data={data} size={size} title={timeline.describe(c)} over={over?.(data, size) ?? null} />;
  },
  moments,
  data: everyRow
};

const number = (value: number): {value: number; text: string} => ({value: Math.round(value), text: mib(value)});
const start = (c: Computed): Snapshot => c.run.stateAt(seconds(0));
const lowestTarget = (c: Computed): KiB => lowest(c.run, "target");

export const page: PageDef<Computed> = {
  id: "qemu-kvm",
  spec,
  compute,
  prediction,
  figures: {column, timeline, boot},
  numbers: {
    configured: (c) => number(start(c).configured),
    lowestTarget: (c) => number(lowestTarget(c)),
    totalAtBoot: (c) => number(start(c).memTotal),
    totalLow: (c) => number(lowest(c.run, "memTotal")),
    kernelKeeps: (c) => number(start(c).configured - start(c).memTotal),
    residentPeak: (c) => number(highest(c.run, "resident")),
    residentEnd: (c) => number(end(c.run).resident)
  },
  comparison: (c) => {
    if (c.pinned === null) return [];
    const [a, b] = [c.pinned.stateAt(seconds(c.time)), now(c)];
    const row = (label: string, name: "target" | "actual" | "memTotal" | "memFree" | "resident") => ({label, a: a[name] / 1024, b: b[name] / 1024, unit: "MiB"});
    return [row("target", "target"), row("actual", "actual"), row("MemTotal", "memTotal"), row("MemFree", "memFree"), row("host RAM", "resident")];
  },
  tools: (c) => toolsAt(c.run, c.setting, c.time),
  summary: (c) => `${column.describe(c)} ${timeline.describe(c)}`
};
