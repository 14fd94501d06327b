import {onceReached} from "./reached.ts";
import type {PageDef} from "../pages/page.ts";
import type {Setting} from "../state/page-state.ts";
import {isChoice, snap, type NumberParam} from "../state/params.ts";
import type {Store} from "../state/store.ts";

/** After so many runs the browser has compiled what a drag needs. */
const RUNS = 16;
/** Between two runs, ms: the page stays free for the reader. */
const GAP_MS = 10;

/** Settings all over the range of each slider in turn, the others as they are. */
export function rehearsals({params, events}: Setting, sliders: readonly NumberParam[]): Setting[] {
  return Array.from({length: sliders.length === 0 ? 0 : RUNS}, (_, i) => {
    const param = sliders[i % sliders.length];
    return param === undefined ? {params, events} : {params: {...params, [param.name]: snap(param, param.min + ((i + 0.5) / RUNS) * (param.max - param.min))}, events};
  });
}

/**
 * Runs the model a few times before the reader's first change, and not after it:
 * the first steps of a drag would be slow, since their code is new to the browser.
 */
export function rehearse<C>(page: PageDef<C>, store: Store): void {
  const run = page.rehearse ?? ((setting) => page.compute(setting, null));
  const waiting = rehearsals(store.state(), page.spec.params.filter((param): param is NumberParam => !isChoice(param)));
  store.subscribe(() => {
    waiting.length = 0;
  });
  const next = (): void => {
    const setting = waiting.shift();
    if (setting === undefined) return;
    run(setting);
    setTimeout(next, GAP_MS);
  };
  setTimeout(next, GAP_MS);
}

/** Rehearses when the reader first reaches for the controls. */
export const rehearsing = <C>(page: PageDef<C>, store: Store): void => onceReached(() => rehearse(page, store));
