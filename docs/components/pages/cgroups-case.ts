import {series as noDriverNoSwap} from "../../../data/recordings/cgroup-vm-no-driver-no-swap-700.json";
import type {Computed as CaseComputed} from "../case/case.ts";
import type {Points} from "../figure/timeline.tsx";
import {END, type CgroupRun} from "../model/cgroups.ts";
import {cgroupCase} from "./cgroups-lines.ts";

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

/** A VM inside a cgroup, over the recording of one that the host killed. */
export const cgroups = cgroupCase(recordedIn(noDriverNoSwap, "cgroupCurrentKiB", FROM));

export type Computed = CaseComputed<CgroupRun>;
