import {kib, mib, type KiB} from "../../../src/units.ts";
import {formatMib, group} from "../figure/format.ts";
import {MemoryColumn, type ColumnData} from "../figure/memory-column.tsx";
import {NARROW, Timeline, WIDE, type Series, type TimelineData} from "../figure/timeline.tsx";
import {at, AT, points, qemuRun, type QemuRun} from "../model/qemu-run.ts";
import {recordedMemory, recordedResident, recordedTotal} from "../model/recorded-run.ts";
import type {ParamTable} from "../state/params.ts";
import type {PageDef, PredictionDef} from "./page.ts";

const params: ParamTable = [
  {
    name: "configured", label: "configured", layer: "configured", unit: "MiB", min: 512, max: 4096, step: 1, initial: 2048,
    ticks: [{value: 512, label: "512"}, {value: 1024}, {value: 2048, label: "2048"}, {value: 3072, label: "3072"}, {value: 4096, label: "4096"}],
    help: "The memory the machine boots with: <memory> in libvirt, -m in QEMU."
  },
  {
    name: "target", label: "target", layer: "target", unit: "MiB", min: 256, max: 4096, step: 1, initial: 1024,
    ticks: [{value: 256, label: "256"}, {value: 1024, label: "1024"}, {value: 2048, label: "2048"}, {value: 3072, label: "3072"}, {value: 4096, label: "4096"}],
    help: "What the host asks the guest to live in at 12.5 s: <currentMemory>, virsh setmem. At 16.1 s it asks for half of that, at 19.1 s it gives everything back."
  },
  {
    name: "time", label: "time", layer: null, unit: "s", min: 0, max: AT.end, step: 0.1, initial: 18,
    ticks: [{value: 0, label: "boot"}, {value: AT.first, label: "down"}, {value: AT.second}, {value: AT.back, label: "up"}, {value: AT.end, label: "24 s"}],
    help: "The moment that the memory column shows."
  }
];

export interface Computed extends QemuRun {
  readonly time: number;
  readonly matchesRecording: boolean;
}

function compute(values: Readonly<Record<string, number>>): Computed {
  const {configured = 2048, target = 1024, time = 0} = values;
  const matchesRecording = configured === recordedMemory && target === 1024;
  return {...qemuRun(mib(configured), mib(target)), time, matchesRecording};
}

const EVENTS = [
  {at: AT.touch, label: "touch"},
  {at: AT.freed, label: "free"},
  {at: AT.first, label: "target"},
  {at: AT.second, label: "half"},
  {at: AT.back, label: "all back"}
];

/** Small guests keep the scale of the default one; larger ones stretch it steadily, so nothing jumps. */
const scaleTop = (configured: KiB): number => Math.max(2048, configured / 1024) * 1.04;

function series(c: Computed): Series[] {
  const {run} = c;
  const size = c.configured / 1024;
  return [
    {key: "resident", layer: "backing", label: "host RAM", style: "area", points: points(run.times, run.resident)},
    {key: "total", layer: "current", label: "MemTotal", style: "line", points: points(run.times, run.memTotal)},
    {key: "target", layer: "target", label: "target", style: "dashed", points: points(run.times, run.target)},
    {key: "configured", layer: "configured", label: "configured", style: "dotted", points: [[0, size], [AT.end, size]]}
  ];
}

function timelineData(c: Computed): TimelineData {
  return {
    duration: AT.end,
    max: scaleTop(c.configured),
    series: series(c),
    recorded: [
      {key: "resident", layer: "backing", points: recordedResident},
      {key: "total", layer: "current", points: recordedTotal}
    ],
    recordedMatches: c.matchesRecording,
    events: EVENTS,
    now: c.time,
    guess: null
  };
}

function columnData(c: Computed): ColumnData {
  const now = at(c, c.time);
  const held = c.configured - now.actual;
  const kernel = now.actual - now.memTotal;
  const toMib = (value: number): number => value / 1024;
  return {
    max: scaleTop(c.configured),
    columns: [
      {
        key: "guest",
        title: "guest",
        segments: [
          {key: "kernel", layer: "current", state: "solid", label: "kernel", value: toMib(kernel)},
          {key: "used", layer: "current", state: "solid", label: "used", value: toMib(now.memUsed)},
          {key: "free", layer: "current", state: "light", label: "free", value: toMib(now.memTotal - now.memUsed)},
          {key: "balloon", layer: "current", state: "hatched", label: "ballooned", value: toMib(held)}
        ]
      },
      {
        key: "host",
        title: "host",
        segments: [
          {key: "resident", layer: "backing", state: "solid", label: "held", value: toMib(now.resident)},
          {key: "rest", layer: "backing", state: "empty", label: "not held", value: toMib(c.configured - now.resident)}
        ]
      }
    ],
    marks: [{key: "target", layer: "target", label: "target", value: toMib(now.target)}]
  };
}

const last = (c: Computed): number => Math.round(at(c, AT.end).resident / 1024);

const prediction: PredictionDef<Computed> = {
  question: "How much host RAM does the virtual machine hold at the end?",
  min: 0,
  max: 2048,
  step: 16,
  initial: 1024,
  unit: "MiB",
  truth: last,
  figure: {
    responsive: true,
    describe: ({computed, revealed}) =>
      revealed
        ? `Host RAM held over time: it rises to ${formatMib(peak(computed))} while the guest touches its memory, falls with each lower target, and stays at ${formatMib(at(computed, AT.end).resident)} when the target goes back up.`
        : `Host RAM held over time, up to the moment the target goes back up: ${formatMib(at(computed, AT.back).resident)} then. The rest is for you to say.`,
    render: ({computed, guess, revealed}, variant) => {
      const base = timelineData(computed);
      const until = revealed ? AT.end : AT.back;
      const cut = (ps: Series["points"]): Series["points"] => ps.filter(([t]) => t <= until);
      const data: TimelineData = {
        ...base,
        series: base.series.filter((s) => s.key !== "total").map((s) => (s.key === "resident" ? {...s, points: cut(s.points)} : s)),
        recorded: base.recorded.filter((r) => r.key === "resident").map((r) => ({...r, points: cut(r.points)})),
        now: null,
        guess
      };
      return <Timeline data={data} size={variant === "wide" ? WIDE : NARROW} title={prediction.figure.describe({computed, guess, revealed})} />;
    }
  },
  verdict: (guess, truth) => {
    const gap = Math.abs(guess - truth);
    if (gap <= 64) return `You said ${group(guess)}; it is ${group(truth)} MiB. Giving the guest room costs the host nothing until the guest writes to it.`;
    if (guess > truth) return `You said ${group(guess)}; it is ${group(truth)} MiB. A larger target is only permission: the host spends memory again when the guest writes to it, not before.`;
    return `You said ${group(guess)}; it is ${group(truth)} MiB. What the guest kept all along stays backed: its kernel and its processes do not move out.`;
  }
};

function peak(c: Computed): KiB {
  return kib(c.run.resident.reduce((a, b) => Math.max(a, b), 0));
}

const lowest = (c: Computed): KiB => at(c, AT.back - 0.1).memTotal;
const number = (value: KiB): {value: number; text: string} => ({value: Math.round(value), text: formatMib(value)});

export const page: PageDef<Computed> = {
  id: "qemu-kvm",
  params,
  compute,
  prediction,
  figures: {
    column: {
      responsive: false,
      describe: (c) => {
        const now = at(c, c.time);
        return `At ${c.time.toFixed(1)} s the guest has ${formatMib(now.memTotal)} of MemTotal, ${formatMib(kib(c.configured - now.actual))} are in the balloon, and the host holds ${formatMib(now.resident)}.`;
      },
      render: (c) => <MemoryColumn id="column" data={columnData(c)} title={page.figures.column?.describe(c) ?? ""} />
    },
    timeline: {
      responsive: true,
      describe: (c) =>
        `Over ${AT.end} s: MemTotal goes from ${formatMib(at(c, 0).memTotal)} to ${formatMib(lowest(c))} and back to ${formatMib(at(c, AT.end).memTotal)}; the host holds ${formatMib(peak(c))} at most and ${formatMib(at(c, AT.end).resident)} at the end.`,
      render: (c, variant) => <Timeline data={timelineData(c)} size={variant === "wide" ? WIDE : NARROW} title={page.figures.timeline?.describe(c) ?? ""} />
    }
  },
  numbers: {
    configured: (c) => number(c.configured),
    first: (c) => number(c.first),
    second: (c) => number(c.second),
    totalAtBoot: (c) => number(at(c, 0).memTotal),
    totalLow: (c) => number(lowest(c)),
    kernelKeeps: (c) => number(kib(c.configured - at(c, 0).memTotal)),
    residentPeak: (c) => number(peak(c)),
    residentEnd: (c) => number(at(c, AT.end).resident)
  },
  summary: (c) => `${page.figures.column?.describe(c) ?? ""} ${page.figures.timeline?.describe(c) ?? ""}`
};
