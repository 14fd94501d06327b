import {seconds} from "../../../src/units.ts";
import type {Timeline as Run} from "../../../src/simulation/timeline.ts";
import type {ColumnData} from "../figure/memory-column.tsx";
import type {Series, TimelineData, TimelineEvent} from "../figure/timeline.tsx";
import {END, events, points} from "../model/qemu.ts";
import {recordedResident, recordedTotal} from "../model/recorded-run.ts";
import {typeOf} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import type {Computed} from "./qemu-kvm-compute.ts";

/** Small guests keep the scale of the default one; larger ones stretch it steadily, so nothing jumps. */
const scaleTop = (...configured: number[]): number => Math.max(2048, ...configured.map((v) => v / 1024)) * 1.04;

const sizeOf = (run: Run): number => run.stateAt(seconds(0)).configured;

const drawn = new WeakMap<Run, readonly Series[]>();

/** The lines of a run, made once: scrubbing through time does not make them again. */
export function series(run: Run): readonly Series[] {
  const made = drawn.get(run) ?? lines(run);
  drawn.set(run, made);
  return made;
}

function lines(run: Run): Series[] {
  const size = sizeOf(run) / 1024;
  return [
    {key: "resident", layer: "backing", label: "host RAM", style: "area", points: points(run, "resident")},
    {key: "total", layer: "current", label: "MemTotal", style: "line", points: points(run, "memTotal")},
    {key: "target", layer: "target", label: "target", style: "dashed", points: points(run, "target")},
    {key: "configured", layer: "configured", label: "configured", style: "dotted", points: [[0, size], [END, size]]}
  ];
}

const marks = new WeakMap<Setting["events"], readonly TimelineEvent[]>();

/** The same list for the same events, so that figures can tell that nothing changed. */
export function eventMarks({events: list}: Setting): readonly TimelineEvent[] {
  const made = marks.get(list) ?? list.map((event) => {
    const type = typeOf(events, event);
    return {at: event.at, label: type?.short ?? event.type, layer: type?.layer === "target" ? ("target" as const) : null};
  });
  marks.set(list, made);
  return made;
}

const RECORDED: TimelineData["recorded"] = [
  {key: "resident", layer: "backing", points: recordedResident},
  {key: "total", layer: "current", points: recordedTotal}
];
const NOTHING: TimelineData["recorded"] = [];

export function timelineData(c: Computed): TimelineData {
  return {
    duration: END,
    max: scaleTop(sizeOf(c.run), ...(c.pinned === null ? [] : [sizeOf(c.pinned)])),
    series: series(c.run),
    ghost: c.pinned === null ? [] : series(c.pinned).filter((s) => s.key !== "configured"),
    recorded: c.matchesRecording ? RECORDED : NOTHING,
    events: eventMarks(c.setting),
    now: c.time,
    guess: null
  };
}

export function columnData(c: Computed): ColumnData {
  const s = c.run.stateAt(seconds(c.time));
  const m = (value: number): number => Math.max(0, value) / 1024;
  const kernel = s.configured - s.memTotal - (s.configured - s.actual === s.balloon && s.memTotal + s.balloon <= s.configured ? s.balloon : 0);
  const visibleBalloon = s.memTotal + s.balloon <= s.configured ? s.balloon : 0;
  const used = s.memTotal - s.memFree - (visibleBalloon === 0 ? s.balloon : 0);
  return {
    max: scaleTop(s.configured),
    columns: [
      {
        key: "guest",
        title: "guest",
        segments: [
          {key: "kernel", layer: "current", state: "solid", label: "kernel", value: m(kernel)},
          {key: "used", layer: "current", state: "solid", label: "used", value: m(used)},
          {key: "free", layer: "current", state: "light", label: "free", value: m(s.memFree)},
          {key: "balloon", layer: "current", state: "hatched", label: "ballooned", value: m(s.balloon)}
        ]
      },
      {
        key: "host",
        title: "host",
        segments: [
          {key: "resident", layer: "backing", state: "solid", label: "held", value: m(s.resident)},
          {key: "swapped", layer: "backing", state: "hatched", label: "swapped", value: m(s.hostSwapped)},
          {key: "rest", layer: "backing", state: "empty", label: "not held", value: m(s.configured - s.resident - s.hostSwapped)}
        ]
      }
    ],
    marks: [{key: "target", layer: "target", label: "target", value: m(s.target)}]
  };
}
