import type {ColumnData} from "../figure/memory-column.tsx";
import type {Points, TimelineData} from "../figure/timeline.tsx";
import {of} from "./sample.ts";
import type {Measured} from "./session.ts";

/** Seconds of guest time that the timeline shows. */
export const WINDOW = 60;

/** What the figures are drawn from; sizes in KiB unless named. */
export interface Live {
  /** The emulator's memory, MiB. */
  readonly memory: number;
  readonly deflateOnOom: boolean;
  /** MemTotal that the model says for this machine with an empty balloon. */
  readonly bootTotal: number;
  /** Measurements, the oldest first. */
  readonly history: readonly Measured[];
}

const mib = (kib: number): number => Math.max(0, kib) / 1024;
const PAGE = 4;

/** MemTotal by the model for a balloon of so many pages. */
export const modelTotal = ({bootTotal, deflateOnOom}: Live, pages: number): number => (deflateOnOom ? bootTotal : bootTotal - pages * PAGE);

/** Left what the guest says of its pages, right what the model says of them. */
export function columnOf(live: Live): ColumnData | null {
  const now = live.history.at(-1);
  if (now === undefined) return null;
  const {sample, held} = now;
  const balloon = held.actual * PAGE;
  const inTotal = live.deflateOnOom ? balloon : 0;
  const cache = of(sample, "Buffers") + of(sample, "Cached");
  const total = of(sample, "MemTotal");
  const size = live.memory * 1024;
  const wanted = held.asked * PAGE;
  return {
    max: live.memory * 1.04,
    columns: [
      {
        key: "guest", title: "guest",
        segments: [
          {key: "kernel", layer: "current", state: "solid", label: "kernel", value: mib(size - total - (balloon - inTotal))},
          {key: "used", layer: "current", state: "solid", label: "used", value: mib(total - of(sample, "MemFree") - cache - inTotal)},
          {key: "cache", layer: "current", state: "light", label: "cache", value: mib(cache)},
          {key: "free", layer: "current", state: "light", label: "free", value: mib(of(sample, "MemFree"))},
          {key: "balloon", layer: "current", state: "hatched", label: "ballooned", value: mib(balloon)}
        ]
      },
      {
        key: "model", title: "model",
        segments: [
          {key: "kernel", layer: "target", state: "solid", label: "kernel", value: mib(size - live.bootTotal)},
          {key: "rest", layer: "target", state: "light", label: "left to it", value: mib(live.bootTotal - wanted)},
          {key: "balloon", layer: "target", state: "hatched", label: "ballooned", value: mib(Math.min(wanted, live.bootTotal))}
        ]
      }
    ],
    marks: []
  };
}

/** The last minute: what the guest says as lines, what the balloon was asked for dashed. */
export function timelineOf(live: Live): TimelineData {
  const last = of(live.history.at(-1)?.sample ?? {}, "uptime");
  const from = Math.max(0, last - WINDOW);
  const shown = live.history.filter(({sample}) => of(sample, "uptime") >= from);
  const points = (value: (m: Measured) => number): Points => shown.map((m) => [of(m.sample, "uptime") - from, mib(value(m))] as const);
  return {
    duration: WINDOW,
    max: live.memory * 1.04,
    series: [
      {key: "used", layer: "current", label: "used", style: "area", points: points(({sample, held}) => of(sample, "MemTotal") - of(sample, "MemFree") - of(sample, "Buffers") - of(sample, "Cached") - (live.deflateOnOom ? held.actual * PAGE : 0))},
      {key: "total", layer: "current", label: "MemTotal", style: "line", points: points(({sample}) => of(sample, "MemTotal"))},
      {key: "model", layer: "target", label: "model", style: "dashed", points: points(({held}) => modelTotal(live, held.asked))},
      {key: "configured", layer: "configured", label: "configured", style: "dotted", points: [[0, live.memory], [WINDOW, live.memory]]}
    ],
    ghost: [], recorded: [], events: [], now: null, guess: null
  };
}
