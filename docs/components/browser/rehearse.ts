import {onceReached} from "./reached.ts";
import {atRest} from "./rest.ts";
import type {PageDef} from "../pages/page.ts";
import type {Setting} from "../state/page-state.ts";
import {isNumber, snap, type NumberParam} from "../state/params.ts";
import type {Store} from "../state/store.ts";

/** After so many runs the browser has compiled what a drag needs. */
const RUNS = 16;
/** Between two runs, ms: the page stays free for the reader. */
const GAP_MS = 10;
/** After a change of the reader's, ms: longer than between two moves of a drag. */
const REST_MS = 100;

const odd = (n: number): number => 2 * n + 1;

/** Settings all over the range of every slider, all of them moved at once so that each run does all there is to do; the choices as they are. */
export function rehearsals({params, events}: Setting, sliders: readonly NumberParam[]): Setting[] {
  return Array.from({length: sliders.length === 0 ? 0 : RUNS}, (_, i) => {
    // An odd factor takes a slider to each of its places once, every slider in an order of its own.
    const moved = sliders.map((param, k): [string, number] => [param.name, snap(param, param.min + ((((i * odd(k)) % RUNS) + 0.5) / RUNS) * (param.max - param.min))]);
    return {params: {...params, ...Object.fromEntries(moved)}, events};
  });
}

/**
 * Runs the model a few times while the reader gets ready to drag: the first steps
 * would be slow, since their code is new to the browser. Never between two moves.
 */
export function rehearse<C>(page: PageDef<C>, store: Store): void {
  const run = page.rehearse ?? ((setting) => page.compute(setting, null));
  const waiting = rehearsals(store.state(), page.spec.params.filter(isNumber));
  let isResting = true;
  const next = (): void => {
    const setting = isResting ? waiting.shift() : undefined;
    if (setting === undefined) return;
    run(setting);
    setTimeout(next, GAP_MS);
  };
  const rested = atRest(REST_MS, () => {
    isResting = true;
    next();
  });
  store.subscribe(() => {
    isResting = false;
    rested();
  });
  setTimeout(next, GAP_MS);
}

/** Rehearses when the reader first reaches for the controls. */
export const rehearsing = <C>(page: PageDef<C>, store: Store): void => onceReached(() => rehearse(page, store));
