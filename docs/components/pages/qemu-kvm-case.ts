import type {Timeline} from "../../../src/simulation/timeline.ts";
import {createCase, type Computed as CaseComputed} from "../case/case.ts";
import {highest, points} from "../case/run.ts";
import {END, events, params, run} from "../model/qemu.ts";
import {recordedResident, recordedTotal} from "../model/recorded-run.ts";

/** QEMU with a virtio balloon, over the recording of a guest that had touched most of its memory. */
export const qemu = createCase<Timeline>({
  spec: {params, events},
  end: END,
  run,
  recorded: {total: recordedTotal, resident: recordedResident},
  extra: (made) => (highest(made, "hostSwapped") === 0 ? [] : [{key: "host-swap", layer: "backing", label: "host swap", style: "line", points: points(made.times, made.columns.hostSwapped)}])
});

export type Computed = CaseComputed<Timeline>;
