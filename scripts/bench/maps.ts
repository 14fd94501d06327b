import {readdir} from "node:fs/promises";
import type {Browser} from "playwright-core";
import {knobsOf, spec} from "../../docs/components/pages/together.tsx";
import {planOf, spec as overcommit} from "../../docs/components/pages/overcommit.tsx";
import {initialState} from "../../docs/components/state/page-state.ts";
import {systems, type Knobs} from "../../docs/components/together/systems.ts";
import type {PlanRequest} from "../../docs/components/overcommit/worker-messages.ts";
import type {MapRequest} from "../../docs/components/together/worker-messages.ts";
import {withPage} from "./chromium.ts";
import type {Values} from "./metrics.ts";
import {median} from "./stats.ts";

/** Maps asked for one after the other of each system, as by a drag: the first finds the worker cold. */
const CAPS = [500, 504, 508, 512, 516, 520];

/** Settings that cost differently: nobody knows where a reader is. */
const settings: Readonly<Record<string, Partial<Knobs>>> = {
  default: {},
  "no driver, host swap": {driver: false, swap: true},
  "others want it all": {short: true, swap: true, guestSwap: true}
};

interface MapTimes {
  readonly coarse: number;
  readonly fine: number;
}

/** The page's own worker answers one request after the other: ms from each request to its answer. */
function timeAnswers(browser: Browser, url: string, worker: string, requests: readonly unknown[]): Promise<number[]> {
  return withPage(browser, "", async (page) => {
    await page.goto(url, {waitUntil: "load"});
    return page.evaluate(async ([script, list]) => {
      const made = new Worker(script, {type: "module"});
      const times: number[] = [];
      for (const request of list) {
        const start = performance.now();
        await new Promise<void>((done) => {
          made.onmessage = () => done();
          made.postMessage(request);
        });
        times.push(performance.now() - start);
      }
      made.terminate();
      return times;
    }, [worker, requests] as const);
  });
}

/** A coarse map of each setting, as in a drag, and the fine one after it. */
async function timeMaps(browser: Browser, url: string, worker: string, settings: readonly Omit<MapRequest, "fine">[]): Promise<MapTimes[]> {
  const answers = await timeAnswers(browser, url, worker, settings.flatMap((setting) => [false, true].map((fine): MapRequest => ({...setting, fine}))));
  return settings.map((_, i) => ({coarse: answers[2 * i] ?? NaN, fine: answers[2 * i + 1] ?? NaN}));
}

async function workerUrl(dist: string, url: string, worker: string): Promise<string> {
  const name = (await readdir(`${dist}/_import/lib`)).find((file) => file.startsWith(`${worker}.`) && file.endsWith("js"));
  if (name === undefined) throw new Error(`the site has no worker ${worker}`);
  return new URL(`_import/lib/${name}`, url).href;
}

/** The regime maps of `together` in their worker: the worst system and setting, medians without the cold first one. */
export async function measureMaps(browser: Browser, dist: string, url: string): Promise<{values: Values; lines: string[]}> {
  const worker = await workerUrl(dist, url, "regimes");
  const lines: string[] = [];
  const worst = {coarse: 0, fine: 0};
  for (const system of systems) {
    for (const [name, change] of Object.entries(settings)) {
      const knobs = {...knobsOf(initialState(spec)), ...change};
      const [first, ...rest] = await timeMaps(browser, url, worker, CAPS.map((cap) => ({system, knobs: {...knobs, cap}})));
      const [coarse, fine] = [median(rest.map((t) => t.coarse)), median(rest.map((t) => t.fine))];
      worst.coarse = Math.max(worst.coarse, coarse);
      worst.fine = Math.max(worst.fine, fine);
      lines.push(`  map of ${system}, ${name}: coarse ${coarse.toFixed(0)} ms (cold ${(first?.coarse ?? NaN).toFixed(0)}), fine ${fine.toFixed(0)} ms (cold ${(first?.fine ?? NaN).toFixed(0)})`);
    }
  }
  return {values: {"map.coarse": worst.coarse, "map.fine": worst.fine}, lines};
}

/** The four hosts of `overcommit` in their worker: six plans one after the other, the median without the cold first one. */
export async function measurePlans(browser: Browser, dist: string, url: string): Promise<{values: Values; lines: string[]}> {
  const plan = planOf(initialState(overcommit));
  const requests = CAPS.map((_, i): PlanRequest => ({plan: {...plan, ram: plan.ram + 128 * (i + 1)}, pinned: null}));
  const [first = NaN, ...rest] = (await timeAnswers(browser, url, await workerUrl(dist, url, "overcommit"), requests));
  return {values: {"plans.answer": median(rest)}, lines: [`  four hosts of overcommit: ${median(rest).toFixed(0)} ms (cold ${first.toFixed(0)})`]};
}
