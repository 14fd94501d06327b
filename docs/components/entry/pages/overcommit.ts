import {mount} from "../../browser/mount.tsx";
import {onceReached} from "../../browser/reached.ts";
import {workerResults} from "../../browser/worker-results.ts";
import type {PlanRequest} from "../../overcommit/worker-messages.ts";
import {overcommitPage, pickedOf, planOf, spec, type Answer} from "../../pages/overcommit.tsx";
import {initialState} from "../../state/page-state.ts";

const keyOf = (request: PlanRequest): string => JSON.stringify(request);

/** What the build drew stands until the reader changes something: there is nothing to show before the first answer. */
const start = initialState(spec);
const initial: PlanRequest = {plan: planOf(start), pinned: null};
const first = {key: keyOf(initial), result: null};
const {ask, latest, onChange, warm} = workerResults<PlanRequest, Answer | null>(first, () => new Worker(import.meta.resolve("../overcommit.js"), {type: "module"}));

mount(overcommitPage((plan, pinned, picked) => {
  const isDrawn = latest() !== null || picked === pickedOf(start);
  ask(`${keyOf({plan, pinned})}${isDrawn ? "" : picked}`, {plan, pinned});
  return latest();
}, onChange));
onceReached(() => warm(initial));
