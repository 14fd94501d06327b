import {mount} from "../../browser/mount.tsx";
import {onceReached} from "../../browser/reached.ts";
import {workerResults} from "../../browser/worker-results.ts";
import type {PlanRequest} from "../../overcommit/worker-messages.ts";
import {overcommitPage, planOf, spec, type Answer} from "../../pages/overcommit.tsx";
import {initialState} from "../../state/page-state.ts";

const keyOf = (request: PlanRequest): string => JSON.stringify(request);

/** What the build drew stands until the reader changes something: there is nothing to show before the first answer. */
const initial: PlanRequest = {plan: planOf(initialState(spec)), pinned: null};
const first = {key: keyOf(initial), result: null};
const {ask, latest, onChange, warm} = workerResults<PlanRequest, Answer | null>(first, () => new Worker(import.meta.resolve("../overcommit.js"), {type: "module"}));

mount(overcommitPage((plan, pinned) => {
  ask(keyOf({plan, pinned}), {plan, pinned});
  return latest();
}, onChange));
onceReached(() => warm(initial));
