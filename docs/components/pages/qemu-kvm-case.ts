import type {Timeline} from "../../../src/simulation/timeline.ts";
import {createCase, type Computed as CaseComputed} from "../case/case.ts";
import {END, events, params, run} from "../model/qemu.ts";
import {recordedResident, recordedTotal} from "../model/recorded-run.ts";

/** QEMU with a virtio balloon, over the recording of a guest that had touched most of its memory. */
export const qemu = createCase<Timeline>({
  spec: {params, events},
  end: END,
  run,
  recorded: {total: recordedTotal, resident: recordedResident},
  extra: () => []
});

export type Computed = CaseComputed<Timeline>;
