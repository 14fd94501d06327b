import {compare, type Plan} from "../overcommit/model.ts";

/** The worker of the page `overcommit`: four runs of four machines; a later plan takes the place of one that waits. */
let wanted: Plan | null = null;

function work(): void {
  const plan = wanted;
  wanted = null;
  if (plan !== null) postMessage(compare(plan));
}

addEventListener("message", ({data}: MessageEvent<Plan>) => {
  if (wanted === null) setTimeout(work);
  wanted = data;
});
