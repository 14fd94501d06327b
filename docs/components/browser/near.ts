import {atRest} from "./rest.ts";

/** One thing that is redrawn from the state, and may be left for later while nobody can see it. */
export interface Redrawn {
  readonly element: Element;
  readonly redraw: () => void;
  /** False for the one of two layouts that the style sheet hides. */
  readonly isShown?: () => boolean;
}

export interface Near {
  /** Redraws what the reader can see; the rest is left for later. */
  readonly draw: () => void;
  /** Redraws what was left and is shown: when it scrolls into view, and once things have come to rest. */
  readonly catchUp: () => void;
}

export interface FromBuild extends Near {
  /** Redraws what nothing has redrawn since the build drew it, a step each; what is hidden is left for later. */
  readonly takeOver: readonly (() => void)[];
}

/** During a drag only what is in view costs anything; what was left is drawn when it scrolls into view, at rest and before printing. */
export function drawNear(all: readonly Redrawn[]): FromBuild {
  const far = new Set<Redrawn>();
  const stale = new Set<Redrawn>();
  const asBuilt = new Set(all);
  const put = (one: Redrawn): void => {
    stale.delete(one);
    asBuilt.delete(one);
    one.redraw();
  };
  const shown = (one: Redrawn): boolean => one.isShown?.() ?? true;
  const byElement = new Map(all.map((one) => [one.element, one]));
  const observer = new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      const one = byElement.get(target);
      if (one === undefined) continue;
      if (!isIntersecting) far.add(one);
      else {
        far.delete(one);
        if (stale.has(one)) put(one);
      }
    }
  });
  for (const {element} of all) observer.observe(element);
  addEventListener("beforeprint", () => stale.forEach(put));
  const takeOver = (one: Redrawn): void => {
    if (!asBuilt.has(one)) return;
    if (shown(one)) put(one);
    else stale.add(one);
  };
  return {
    takeOver: all.map((one) => () => takeOver(one)),
    draw: () => {
      for (const one of all) {
        if (!far.has(one) && shown(one)) put(one);
        else stale.add(one);
      }
    },
    catchUp: () => stale.forEach((one) => shown(one) ? put(one) : undefined)
  };
}

/** Text waits for a pause this short, ms, and for this long at most. */
const PAUSE_MS = 80;
const MOST_MS = 400;

/**
 * Text is drawn when the reader pauses and now and then in a drag: what changes faster cannot be read, and lays out the page each time.
 * What waits for its pause is drawn by `catchUp` too: when the page was busy for long, the longer pause can be over before the shorter
 * one has been looked at, and what it then puts off would stay put off.
 */
export function seldom(all: readonly Near[]): Near {
  let waits = false;
  const put = (): void => {
    if (!waits) return;
    waits = false;
    for (const near of all) near.draw();
  };
  const later = atRest(PAUSE_MS, put, MOST_MS);
  return {
    draw: () => {
      waits = true;
      later();
    },
    catchUp: () => {
      put();
      for (const near of all) near.catchUp();
    }
  };
}
