import {series as noDriverNoSwap} from "../../../data/recordings/cgroup-vm-no-driver-no-swap-700.json";
import {createCase, type Case, type Computed as CaseComputed} from "../case/case.ts";
import {points} from "../case/run.ts";
import type {Points, Series} from "../figure/timeline.tsx";
import {END, events, params, run, type CgroupRun} from "../model/cgroups.ts";

/** Columns of a recording made inside a cgroup. */
export interface CgroupSeries {
  readonly host: {readonly tSeconds: readonly number[]; readonly cgroupCurrentKiB: readonly number[]; readonly cgroupSwapKiB: readonly number[]};
}

/** Recorded values in MiB, so many seconds of them left out. */
export function recordedIn({host}: CgroupSeries, column: "cgroupCurrentKiB" | "cgroupSwapKiB", shift: number): Points {
  return host.tSeconds.flatMap((t, i) => (t < shift || t > shift + END ? [] : [[t - shift, (host[column][i] ?? 0) / 1024] as const]));
}

/** Seconds of the recording before the part shown: its process starts to write at 95.1. */
const FROM = 91;

/** The steps at which the cap changes, in MiB; empty without one. */
function capLine({scenario}: CgroupRun): Points {
  const {max, high} = scenario.host.cgroup;
  const start = Math.min(max, high);
  if (start === Infinity) return [];
  const line: [number, number][] = [[0, start / 1024]];
  let now = start;
  for (const event of scenario.events) {
    if (event.type !== "cgroup") continue;
    line.push([event.at, now / 1024]);
    now = event.max ?? event.high ?? now;
    line.push([event.at, now / 1024]);
  }
  return [...line, [END, now / 1024]];
}

function extra(of: CgroupRun): readonly Series[] {
  const cap: Series = {key: "cap", layer: "backing", label: "cap", style: "dashed", points: capLine(of)};
  const swap: Series = {key: "swap", layer: "backing", label: "host swap", style: "line", points: points(of.times, of.columns.cgroupSwap)};
  return [...(cap.points.length > 0 ? [cap] : []), ...(of.scenario.host.swap > 0 ? [swap] : [])];
}

const base = createCase<CgroupRun>({
  spec: {params, events},
  end: END,
  run,
  recorded: {total: [], resident: recordedIn(noDriverNoSwap, "cgroupCurrentKiB", FROM)},
  extra
});

/** Nothing here is larger than the guest and QEMU beside it: the scale follows them. */
const top = (run_: CgroupRun | null): number => (run_?.columns.configured[0] ?? 0) / 1024;

/** A VM inside a cgroup, over the recording of one that the host killed. */
export const cgroups: Case<CgroupRun> = {
  ...base,
  timelineData: (c) => ({...base.timelineData(c), max: Math.max(1024, top(c.run), top(c.pinned)) * 1.06})
};

export type Computed = CaseComputed<CgroupRun>;
