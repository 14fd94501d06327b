import {render} from "preact";
import {Compare} from "../controls/compare.tsx";
import type {PageDef} from "../pages/page.ts";
import {initialState, type PageState, type Setting} from "../state/page-state.ts";
import {publish} from "../state/shared.ts";
import {createStore, type Store} from "../state/store.ts";
import {followAddress} from "./address.ts";
import {blocks} from "./blocks.ts";
import {mountControls} from "./controls.tsx";
import {mountExports} from "./figure-menu.tsx";
import {mountFigures} from "./figures.tsx";
import {pageKeys} from "./keys.ts";
import {drawNear, seldom} from "./near.ts";
import {showNotice} from "./notice.ts";
import {mountNumbers} from "./numbers.ts";
import {mountPrediction} from "./prediction.tsx";
import {atRest} from "./rest.ts";
import {mountTools} from "./tools.tsx";

/**
 * Brings a page to life: takes over what the build drew, then redraws from the state, at most once a frame.
 * @param started what else a page does with its store: pages whose drags run a model rehearse it.
 */
export function mount<C>(page: PageDef<C>, started?: (page: PageDef<C>, store: Store) => void): void {
  const store = createStore(page.spec, (run) => void requestAnimationFrame(run));
  const initial = initialState(page.spec);
  let computed = page.compute(initial, initial.pin);
  const latest = (): C => computed;
  const figures = mountFigures(page, latest, store);
  const controls = mountControls(page, store);
  const comparison = drawNear(blocks("compare").map((element) => ({element, redraw: () => render(<Compare rows={page.comparison?.(computed) ?? []} />, element)})));
  const text = seldom([mountNumbers(page, latest), mountTools(page, latest), comparison]);
  const isReady = (): boolean => page.ready?.(computed) ?? true;
  if (isReady()) figures.draw();
  const share = (setting: Setting): void => publish(() => ({params: setting.params, events: page.cellEvents?.(setting) ?? []}));
  share(initial);
  mountPrediction(page);
  mountExports(page, latest);
  const rest = atRest(PAUSE_MS, () => {
    if (!isReady()) return;
    for (const part of [figures, text]) part.catchUp();
    announce(page.summary(computed));
  });
  let answered = false;
  const follow = ({pin, ...setting}: PageState): void => {
    answered = false;
    computed = page.compute(setting, pin);
    rest();
    if (isReady()) for (const part of [figures, text]) part.draw();
  };
  store.subscribe((state) => {
    follow(state);
    controls.draw();
    if (isReady()) share(state);
  });
  // An answer is drawn with the next frame: the reader's own change may be due in it too, and draws both.
  page.live?.(() => {
    if (!answered) requestAnimationFrame(() => (answered ? follow(store.state()) : undefined));
    answered = true;
  });
  started?.(page, store);
  pageKeys(store, controls.player);
  followAddress(store, showNotice);
}

const PAUSE_MS = 300;

/** Read out after a change, not during it: a drag would be a flood. */
function announce(text: string): void {
  const live = document.getElementById("live-summary");
  if (live !== null) live.textContent = text;
}
