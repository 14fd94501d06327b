import {hydrate, render, type VNode} from "preact";
import {Handles} from "../controls/event-handles.tsx";
import type {Size, TimelineData} from "../figure/timeline.tsx";
import type {FigureDef, Over, PageDef, Variant} from "../pages/page.ts";
import {eventTable} from "../state/page-state.ts";
import type {Store} from "../state/store.ts";
import {blocks} from "./blocks.ts";
import {drawNear, type FromBuild} from "./near.ts";

/** Must agree with the breakpoint of style.css at which figures change their layout. */
const NARROW = "(max-width: 44rem)";
/** A figure alone in another site's frame has the whole width. */
const NARROW_FRAME = "(max-width: 30rem)";
interface Mounted<C> {
  readonly element: HTMLElement;
  readonly figure: FigureDef<C>;
  readonly variant: Variant;
}

/**
 * Each figure is taken over as the build drew it, with its first redraw, which also adds what can be dragged.
 * @param built what the build drew, as long as that is what the state says.
 */
export function mountFigures<C>(page: PageDef<C>, built: () => C | null, latest: () => C, store: Store): FromBuild {
  const narrow = matchMedia(document.body.classList.contains("embed") ? NARROW_FRAME : NARROW);
  const over = handles(store);
  const near = drawNear(found(page).map(({element, figure, variant}) => {
    const takeOver = once(() => {
      const first = built();
      if (first !== null && (page.ready?.(first) ?? true)) hydrate(figure.render(first, variant), element);
    });
    return {
      element,
      redraw: () => {
        takeOver();
        render(figure.render(latest(), variant, over), element);
      },
      isShown: () => !figure.responsive || (variant === "narrow") === narrow.matches
    };
  }));
  narrow.addEventListener("change", near.catchUp);
  return near;
}

/** Figures of two layouts stand twice in the page. */
function found<C>(page: PageDef<C>): Mounted<C>[] {
  return blocks("figure").flatMap((element) => {
    const figure = page.figures[element.dataset.figure ?? ""];
    const variant = element.dataset.variant === "narrow" ? "narrow" : "wide";
    return figure === undefined ? [] : [{element, figure, variant}];
  });
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}

function handles(store: Store): Over {
  const over = (data: TimelineData, size: Size): VNode => (
    <Handles
      data={data} size={size} step={eventTable(store.spec).time.step}
      onMove={(index, at, gesture) => store.dispatch({type: "change-event", index, at, gesture})}
      onDelete={(index) => store.dispatch({type: "delete-event", index})}
      onScrub={(value, gesture) => store.dispatch({type: "set", name: "time", value, gesture})}
    />
  );
  return Object.assign(over, {set: (name: string, value: number, gesture: string) => store.dispatch({type: "set", name, value, gesture})});
}
