import {hydrate, render, type VNode} from "preact";
import {Controls} from "../controls/controls.tsx";
import {Prediction, type Answer} from "../controls/prediction.tsx";
import type {PageDef, Variant} from "../pages/page.ts";
import {initialState, type PageState} from "../state/page-state.ts";
import {createStore, type Store} from "../state/store.ts";
import {followAddress, linkTo} from "./address.ts";
import {loadAnswer, saveAnswer} from "./answers.ts";
import {showNotice} from "./notice.ts";

/** Must agree with the breakpoint of style.css at which figures change their layout. */
const NARROW = "(max-width: 44rem)";

/** Brings a page to life: takes over what the build drew, then redraws from the state, at most once a frame. */
export function mount<C>(page: PageDef<C>): void {
  const store = createStore(page.params, (run) => void requestAnimationFrame(run));
  const narrow = matchMedia(NARROW);
  let said = "";
  let computed = page.compute(initialState(page.params).params);
  let first = true;
  const draw = (): void => {
    const put = first ? hydrate : render;
    first = false;
    drawFigures(page, computed, narrow.matches, put);
    drawControls(store, said, put, (text) => {
      said = text;
      draw();
    });
  };
  const update = (state: PageState): void => {
    said = "";
    computed = page.compute(state.params);
    draw();
    writeNumbers(page, computed);
    announce(page.summary(computed));
  };
  draw();
  mountPrediction(page);
  store.subscribe(update);
  narrow.addEventListener("change", draw);
  undoKeys(store);
  followAddress(store, showNotice);
}

const blocks = (kind: string): HTMLElement[] => Array.from(document.querySelectorAll<HTMLElement>(`[data-block="${kind}"]`));

type Put = (content: VNode, parent: Element) => void;

/** Only what is visible: the other layout of a figure is redrawn when the screen changes to it. */
function drawFigures<C>(page: PageDef<C>, computed: C, narrow: boolean, put: Put): void {
  for (const element of blocks("figure")) {
    const figure = page.figures[element.dataset.figure ?? ""];
    const variant: Variant = element.dataset.variant === "narrow" ? "narrow" : "wide";
    if (figure === undefined) continue;
    const visible = !figure.responsive || (variant === "narrow") === narrow;
    if (visible || put === hydrate) put(figure.render(computed, variant), element);
  }
}

function drawControls(store: Store, said: string, put: Put, say: (text: string) => void): void {
  for (const element of blocks("controls")) {
    put(
      <Controls
        table={store.table} state={store.state()} canUndo={store.canUndo()} canRedo={store.canRedo()} said={said}
        onSet={(name, value, gesture) => store.dispatch({type: "set", name, value, gesture})}
        onUndo={store.undo} onRedo={store.redo} onReset={() => store.dispatch({type: "reset"})}
        onCopyLink={() => void navigator.clipboard.writeText(linkTo(store)).then(() => say("Link copied"), () => say("Copy the address from the address bar"))}
      />,
      element
    );
  }
}

/** The prediction stands on the page's default run, whatever the sliders say. */
function mountPrediction<C>(page: PageDef<C>): void {
  const {prediction} = page;
  if (prediction === undefined) return;
  const computed = page.compute(initialState(page.params).params);
  for (const element of blocks("prediction")) {
    const show = (answer: Answer, put: Put): void =>
      put(<Prediction def={prediction as PageDef["prediction"] & object} computed={computed} answer={answer} onAnswer={(next) => {
        saveAnswer(page.id, next);
        show(next, render);
      }} />, element);
    show({kind: "open", guess: prediction.initial}, hydrate);
    const earlier = loadAnswer(page.id, prediction);
    if (earlier !== null) show(earlier, render);
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

function undoKeys(store: Store): void {
  addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (typing || !(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) store.redo();
    else store.undo();
  });
}
