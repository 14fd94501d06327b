import type {XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import {createCase, type Computed as CaseComputed} from "../case/case.ts";
import {points} from "../case/run.ts";
import {events, params, recorded, run} from "../model/xen.ts";
import {END} from "../model/xen-events.ts";

/** A PV domain under xl, over the recording of the experiment that the mails begin with. */
export const xen = createCase<XenTimeline>({
  spec: {params, events},
  end: END,
  run,
  recorded,
  extra: (made) => [{key: "cap", layer: "backing", label: "Xen's cap", style: "dotted", points: points(made.times, made.columns.xenMax)}]
});

export type Computed = CaseComputed<XenTimeline>;
