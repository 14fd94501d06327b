import {render} from "preact";
import {Compare} from "../controls/compare.tsx";
import type {PageDef} from "../pages/page.ts";
import {initialState} from "../state/page-state.ts";
import {createStore} from "../state/store.ts";
import {followAddress} from "./address.ts";
import {blocks} from "./blocks.ts";
import {mountControls} from "./controls.tsx";
import {mountExports} from "./figure-menu.tsx";
import {mountFigures} from "./figures.tsx";
import {pageKeys} from "./keys.ts";
import {showNotice} from "./notice.ts";
import {mountPrediction} from "./prediction.tsx";
import {mountTools} from "./tools.tsx";

/** Brings a page to life: takes over what the build drew, then redraws from the state, at most once a frame. */
export function mount<C>(page: PageDef<C>): void {
  const store = createStore(page.spec, (run) => void requestAnimationFrame(run));
  const initial = initialState(page.spec);
  let computed = page.compute(initial, initial.pin);
  const figures = mountFigures(page, computed, store);
  const controls = mountControls(page, store);
  const tools = mountTools(page, computed);
  const drawRest = (): void => {
    for (const element of blocks("compare")) render(<Compare rows={page.comparison?.(computed) ?? []} />, element);
    tools.draw(computed);
  };
  figures.draw(computed);
  mountPrediction(page);
  mountExports(page, () => computed);
  store.subscribe((state) => {
    computed = page.compute(state, state.pin);
    figures.draw(computed);
    controls.draw();
    drawRest();
    writeNumbers(page, computed);
    rest(() => {
      figures.catchUp();
      announce(page.summary(computed));
    });
  });
  pageKeys(store, controls.player);
  followAddress(store, showNotice);
}

function writeNumbers<C>(page: PageDef<C>, computed: C): void {
  for (const element of document.querySelectorAll<HTMLDataElement>("data[data-number]")) {
    const read = page.numbers[element.dataset.number ?? ""];
    if (read === undefined) continue;
    const {value, text} = read(computed);
    // The value can change where its rounded text does not.
    if (element.value !== String(value)) element.value = String(value);
    if (element.textContent !== text) element.textContent = text;
  }
}

let pending: number | undefined;
const PAUSE_MS = 500;

/** Once things have come to rest. */
function rest(then: () => void): void {
  clearTimeout(pending);
  pending = window.setTimeout(then, PAUSE_MS);
}

/** Read out after a change, not during it: a drag would be a flood. */
function announce(text: string): void {
  const live = document.getElementById("live-summary");
  if (live !== null) live.textContent = text;
}
