import {hydrate, render} from "preact";
import {Handles} from "../controls/event-handles.tsx";
import type {FigureDef, Over, PageDef, Variant} from "../pages/page.ts";
import {eventTable} from "../state/page-state.ts";
import type {Store} from "../state/store.ts";
import {blocks} from "./blocks.ts";

/** Must agree with the breakpoint of style.css at which figures change their layout. */
const NARROW = "(max-width: 44rem)";
/** A figure alone in another site's frame has the whole width. */
const NARROW_FRAME = "(max-width: 30rem)";
/** Figures this far outside the window are drawn as if they were in it. */
const NEAR = "200px";

export interface MountedFigures<C> {
  /** Redraws what the reader can see; the rest is left for later. */
  readonly draw: (computed: C) => void;
  /** Redraws what was left: when it scrolls into view, before printing, and once things have come to rest. */
  readonly catchUp: () => void;
}

interface Mounted<C> {
  readonly element: HTMLElement;
  readonly figure: FigureDef<C>;
  readonly variant: Variant;
  near: boolean;
  stale: boolean;
}

export function mountFigures<C>(page: PageDef<C>, first: C, store: Store): MountedFigures<C> {
  const narrow = matchMedia(document.body.classList.contains("embed") ? NARROW_FRAME : NARROW);
  const over = handles(store);
  let latest = first;
  const all = take(page, first);
  const redraw = (mounted: Mounted<C>): void => {
    mounted.stale = false;
    render(mounted.figure.render(latest, mounted.variant, over), mounted.element);
  };
  const isShown = ({figure, variant}: Mounted<C>): boolean => !figure.responsive || (variant === "narrow") === narrow.matches;
  const catchUp = (): void => all.filter((m) => m.stale && isShown(m)).forEach(redraw);
  watch(all, redraw);
  narrow.addEventListener("change", catchUp);
  addEventListener("beforeprint", () => all.filter((m) => m.stale).forEach(redraw));
  return {
    draw: (computed) => {
      latest = computed;
      for (const mounted of all) {
        if (mounted.near && isShown(mounted)) redraw(mounted);
        else mounted.stale = true;
      }
    },
    catchUp
  };
}

/** Both layouts are taken over as the build drew them; what can be dragged is added by the first redraw. */
function take<C>(page: PageDef<C>, first: C): Mounted<C>[] {
  return blocks("figure").flatMap((element) => {
    const figure = page.figures[element.dataset.figure ?? ""];
    if (figure === undefined) return [];
    const variant = element.dataset.variant === "narrow" ? "narrow" : "wide";
    hydrate(figure.render(first, variant), element);
    return [{element, figure, variant, near: true, stale: false}];
  });
}

function watch<C>(all: readonly Mounted<C>[], redraw: (mounted: Mounted<C>) => void): void {
  const observer = new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      const mounted = all.find(({element}) => element === target);
      if (mounted === undefined) continue;
      mounted.near = isIntersecting;
      if (isIntersecting && mounted.stale) redraw(mounted);
    }
  }, {rootMargin: NEAR});
  for (const {element} of all) observer.observe(element);
}

const handles = (store: Store): Over => (data, size) => (
  <Handles
    data={data} size={size} step={eventTable(store.spec).time.step}
    onMove={(index, at, gesture) => store.dispatch({type: "change-event", index, at, gesture})}
    onDelete={(index) => store.dispatch({type: "delete-event", index})}
    onScrub={(value, gesture) => store.dispatch({type: "set", name: "time", value, gesture})}
  />
);
