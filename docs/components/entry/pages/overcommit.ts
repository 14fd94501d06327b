import {mount} from "../../browser/mount.tsx";
import type {Plan, PolicyResult} from "../../overcommit/model.ts";
import {overcommitPage, planOf, spec} from "../../pages/overcommit.tsx";
import {initialState} from "../../state/page-state.ts";

/** What the build drew stands until the reader changes something: then a worker runs the machines, and the last answer is shown until the next. */
let asked = JSON.stringify(planOf(initialState(spec)));
let latest: readonly PolicyResult[] | null = null;
let worker: Worker | null = null;
let tell = (): void => undefined;

function start(): Worker {
  const made = new Worker(import.meta.resolve("../overcommit.js"), {type: "module"});
  made.addEventListener("message", ({data}: MessageEvent<{readonly results: readonly PolicyResult[]}>) => {
    latest = data.results;
    tell();
  });
  return made;
}

function ask(plan: Plan): void {
  const key = JSON.stringify(plan);
  if (key === asked) return;
  asked = key;
  worker ??= start();
  worker.postMessage(plan);
}

mount(overcommitPage((plan) => {
  ask(plan);
  return latest;
}, (changed) => {
  tell = changed;
}));
