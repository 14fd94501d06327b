import {mount} from "../../browser/mount.tsx";
import {workerResults} from "../../browser/worker-results.ts";
import type {Plan, PolicyResult} from "../../overcommit/model.ts";
import {overcommitPage, planOf, spec} from "../../pages/overcommit.tsx";
import {initialState} from "../../state/page-state.ts";

/** What the build drew stands until the reader changes something: there is nothing to show before the first answer. */
const first = {key: JSON.stringify(planOf(initialState(spec))), result: null};
const {ask, latest, onChange} = workerResults<Plan, readonly PolicyResult[] | null>(first, () => new Worker(import.meta.resolve("../overcommit.js"), {type: "module"}));

mount(overcommitPage((plan) => {
  ask(JSON.stringify(plan), plan);
  return latest();
}, onChange));
