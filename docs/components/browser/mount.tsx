import {hydrate, render, type VNode} from "preact";
import {Compare} from "../controls/compare.tsx";
import {Controls} from "../controls/controls.tsx";
import {Handles} from "../controls/event-handles.tsx";
import type {Over, PageDef, Variant} from "../pages/page.ts";
import {eventTable, initialState, type PageState} from "../state/page-state.ts";
import {createStore, type Store} from "../state/store.ts";
import {followAddress, linkTo} from "./address.ts";
import {mountExports} from "./figure-menu.tsx";
import {pageKeys} from "./keys.ts";
import {showNotice} from "./notice.ts";
import {createPlayer, type Player} from "./player.ts";
import {mountPrediction} from "./prediction.tsx";
import {mountTools} from "./tools.tsx";

/** Must agree with the breakpoint of style.css at which figures change their layout. */
const NARROW = "(max-width: 44rem)";
/** A figure alone in another site's frame has the whole width. */
const NARROW_FRAME = "(max-width: 30rem)";

type Put = (content: VNode | null, parent: Element) => void;

/** Brings a page to life: takes over what the build drew, then redraws from the state, at most once a frame. */
export function mount<C>(page: PageDef<C>): void {
  const store = createStore(page.spec, (run) => void requestAnimationFrame(run));
  const narrow = matchMedia(document.body.classList.contains("embed") ? NARROW_FRAME : NARROW);
  const initial = initialState(page.spec);
  const player = createPlayer(store, () => drawControls(page, store, player, said, render, say));
  let said = "";
  let computed = page.compute(initial, initial.pin);
  const say = (text: string): void => {
    said = text;
    drawControls(page, store, player, said, render, say);
  };
  const drawAll = (): void => {
    drawFigures(page, computed, narrow.matches, store);
    drawControls(page, store, player, said, render, say);
    for (const element of blocks("compare")) render(<Compare rows={page.comparison?.(computed) ?? []} />, element);
    tools.draw(computed);
  };
  const update = (state: PageState): void => {
    said = "";
    computed = page.compute(state, state.pin);
    drawAll();
    writeNumbers(page, computed);
    announce(page.summary(computed));
  };
  hydrateFigures(page, computed);
  drawControls(page, store, player, said, hydrate, say);
  const tools = mountTools(page, computed);
  drawAll();
  mountPrediction(page);
  mountExports(page, () => computed);
  store.subscribe(update);
  narrow.addEventListener("change", drawAll);
  pageKeys(store, player);
  followAddress(store, showNotice);
}

export const blocks = (kind: string): HTMLElement[] => Array.from(document.querySelectorAll<HTMLElement>(`[data-block="${kind}"]`));

const variantOf = (element: HTMLElement): Variant => (element.dataset.variant === "narrow" ? "narrow" : "wide");

/** Both layouts are taken over as the build drew them; what can be dragged is added by the first redraw. */
function hydrateFigures<C>(page: PageDef<C>, computed: C): void {
  for (const element of blocks("figure")) {
    const figure = page.figures[element.dataset.figure ?? ""];
    if (figure !== undefined) hydrate(figure.render(computed, variantOf(element)), element);
  }
}

/** Only what is visible: the other layout of a figure is redrawn when the screen changes to it. */
function drawFigures<C>(page: PageDef<C>, computed: C, narrow: boolean, store: Store): void {
  for (const element of blocks("figure")) {
    const figure = page.figures[element.dataset.figure ?? ""];
    const variant = variantOf(element);
    if (figure === undefined || (figure.responsive && (variant === "narrow") !== narrow)) continue;
    render(figure.render(computed, variant, handles(store)), element);
  }
}

const handles = (store: Store): Over => (data, size) => (
  <Handles
    data={data} size={size} step={eventTable(store.spec).time.step}
    onMove={(index, at, gesture) => store.dispatch({type: "change-event", index, at, gesture})}
    onDelete={(index) => store.dispatch({type: "delete-event", index})}
    onScrub={(value, gesture) => store.dispatch({type: "set", name: "time", value, gesture})}
  />
);

function drawControls<C>({comparison}: PageDef<C>, store: Store, player: Player, said: string, put: Put, say: (text: string) => void): void {
  const copied = (): void => say("Link copied");
  const refused = (): void => say("Copy the address from the address bar");
  for (const element of blocks("controls")) {
    put(
      <Controls
        spec={store.spec} state={store.state()} canUndo={store.canUndo()} canRedo={store.canRedo()} said={said} comparable={comparison !== undefined}
        onSet={(name, value, gesture) => store.dispatch({type: "set", name, value, ...(gesture === undefined ? {} : {gesture})})}
        onAddEvent={(event) => store.dispatch({type: "add-event", event})}
        onChangeEvent={(index, change, gesture) => store.dispatch({type: "change-event", index, ...change, gesture})}
        onDeleteEvent={(index) => store.dispatch({type: "delete-event", index})}
        onPin={(pinned) => store.dispatch({type: pinned ? "pin" : "unpin"})}
        onUndo={store.undo} onRedo={store.redo} onReset={() => store.dispatch({type: "reset"})}
        onCopyLink={() => void navigator.clipboard.writeText(linkTo(store)).then(copied, refused)}
        transport={{playing: player.playing(), speed: player.speed(), loop: player.loop(), onPlay: player.toggle, onStep: player.step, onSpeed: player.setSpeed, onLoop: player.setLoop}}
      />,
      element
    );
  }
}

function writeNumbers<C>(page: PageDef<C>, computed: C): void {
  for (const element of document.querySelectorAll<HTMLDataElement>("data[data-number]")) {
    const read = page.numbers[element.dataset.number ?? ""];
    if (read === undefined) continue;
    const {value, text} = read(computed);
    if (element.textContent === text) continue;
    element.value = String(value);
    element.textContent = text;
  }
}

let pending: number | undefined;
const PAUSE_MS = 500;

/** Read out once things have come to rest; a drag would otherwise be a flood. */
function announce(text: string): void {
  clearTimeout(pending);
  pending = window.setTimeout(() => {
    const live = document.getElementById("live-summary");
    if (live !== null) live.textContent = text;
  }, PAUSE_MS);
}
