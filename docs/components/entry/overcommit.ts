import {remember} from "../case/remember.ts";
import {compare} from "../overcommit/model.ts";
import type {PlanRequest} from "../overcommit/worker-messages.ts";
import type {Answer} from "../pages/overcommit.tsx";

/** The worker of the page `overcommit`: four runs of four machines, those of the last few plans kept; a later request takes the place of one that waits. */
let wanted: PlanRequest | null = null;

const runs = remember(compare);

function work(): void {
  const request = wanted;
  wanted = null;
  if (request === null) return;
  const {plan, pinned} = request;
  postMessage({results: runs(plan), pinned: pinned === null ? null : runs(pinned)} satisfies Answer);
}

addEventListener("message", ({data}: MessageEvent<PlanRequest>) => {
  if (wanted === null) setTimeout(work);
  wanted = data;
});
