import {createCase, type Case} from "../case/case.ts";
import {points} from "../case/run.ts";
import {steadyTop} from "../figure/layout.ts";
import type {Points, Series} from "../figure/timeline.tsx";
import {END, events, params, run, type CgroupRun} from "../model/cgroups.ts";

/** The steps at which the cap changes, in MiB: from when there is one; empty without. */
function capLine({scenario}: CgroupRun): Points {
  const {max, high} = scenario.host.cgroup;
  const line: [number, number][] = [];
  let now = Math.min(max, high);
  const to = (at: number): void => {
    if (now !== Infinity) line.push([at, now / 1024]);
  };
  to(0);
  for (const event of scenario.events) {
    if (event.type !== "cgroup") continue;
    to(event.at);
    now = event.max ?? event.high ?? now;
    to(event.at);
  }
  to(END);
  return line;
}

function extra(of: CgroupRun): readonly Series[] {
  const cap: Series = {key: "cap", layer: "backing", label: "cap", style: "dashed", points: capLine(of)};
  const swap: Series = {key: "swap", layer: "backing", label: "host swap", style: "line", points: points(of.times, of.columns.cgroupSwap)};
  return [...(cap.points.length > 0 ? [cap] : []), ...(of.scenario.host.swap > 0 ? [swap] : [])];
}

/** Nothing here is larger than the guest and QEMU beside it: the scale follows them. */
const top = (of: CgroupRun | null): number => (of?.columns.configured[0] ?? 0) / 1024;

/** A VM inside a cgroup, over measured points of what the host spent on it, MiB; without any it is the model alone. */
export function cgroupCase(resident: Points): Case<CgroupRun> {
  const base = createCase<CgroupRun>({spec: {params, events}, end: END, run, recorded: {total: [], resident}, extra});
  return {...base, timelineData: (c) => ({...base.timelineData(c), max: steadyTop(top(c.run), top(c.pinned))})};
}
