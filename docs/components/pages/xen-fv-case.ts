import type {XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import {createCase, type Computed as CaseComputed} from "../case/case.ts";
import {points} from "../case/run.ts";
import {END} from "../model/xen-events.ts";
import {events, params, recorded, run} from "../model/xen-fv.ts";

/** A PVH or HVM domain under xl, over the recording of one that starts by populate on demand. */
export const xenFv = createCase<XenTimeline>({
  spec: {params, events},
  end: END,
  run,
  recorded,
  extra: (made) => [{key: "populated", layer: "backing", label: "populated", style: "dotted", points: points(made.times, made.columns.populated)}]
});

export type Computed = CaseComputed<XenTimeline>;
