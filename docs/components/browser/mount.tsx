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
import {isPredictionUrgent, mountPrediction} from "./prediction.tsx";
import {onceActing, onceThere} from "./reached.ts";
import {atRest} from "./rest.ts";
import {slices} from "./slices.ts";
import {mountTools} from "./tools.tsx";

/** The browser's mark for: everything on the page answers the reader. */
const LIVE = "setmem:live";

/**
 * Brings a page to life: its controls at once; what the build drew once there is a
 * reader, slice by slice. Redraws from the state, at most once a frame.
 * @param started what else a page does with its store: pages whose drags run a model rehearse it.
 */
export function mount<C>(page: PageDef<C>, started?: (page: PageDef<C>, store: Store) => void): void {
  const store = createStore(page.spec, (run) => void requestAnimationFrame(run));
  const initial = initialState(page.spec);
  let built: C | null = null;
  let computed: C | null = null;
  const first = (): C => (built ??= page.compute(initial, initial.pin));
  const latest = (): C => (computed ??= first());
  const figures = mountFigures(page, () => (computed === built ? latest() : null), latest, store);
  const controls = mountControls(page, store);
  const comparison = drawNear(blocks("compare").map((element) => ({element, redraw: () => render(<Compare rows={page.comparison?.(latest()) ?? []} />, element)})));
  const tools = mountTools(page, latest);
  const text = seldom([mountNumbers(page, latest), tools, comparison]);
  const isReady = (): boolean => page.ready?.(latest()) ?? true;
  const share = (setting: Setting): void => publish(() => ({params: setting.params, events: page.cellEvents?.(setting) ?? []}));
  share(initial);
  mountExports(page, latest);
  const rest = atRest(PAUSE_MS, () => {
    if (!isReady()) return;
    for (const part of [figures, text]) part.catchUp();
    announce(page.summary(latest()));
  });
  let answered = false;
  const follow = ({pin, ...setting}: PageState): void => {
    answered = false;
    // What the build drew is worked out before anything else is: a worker that is asked has its answer already.
    first();
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
  const predict = (): void => mountPrediction(page, first);
  const isUrgent = isPredictionUrgent(page);
  if (isUrgent) predict();
  const drawn = [...figures.takeOver, ...tools.takeOver].map((step) => () => (isReady() ? step() : undefined));
  const {begin, finish} = slices([...(page.prepare?.(initial) ?? []), latest, ...(isUrgent ? [] : [predict]), ...drawn], () => performance.mark(LIVE));
  onceThere(begin);
  onceActing(finish);
}

const PAUSE_MS = 300;

/** Read out after a change, not during it: a drag would be a flood. */
function announce(text: string): void {
  const live = document.getElementById("live-summary");
  if (live !== null) live.textContent = text;
}
