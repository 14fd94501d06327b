import {blocks} from "./blocks.ts";

/** Signs that the reader is about to change something. */
const SIGNS = ["pointerover", "pointerdown", "focusin"] as const;

/** Calls back once, when the reader first reaches for the page's controls: time to load what the first change needs. */
export const onceReached = (run: () => void): void => void once(blocks("controls"), SIGNS, run);

/** Signs that there is a reader at all. */
const ANY_SIGN = ["pointermove", "wheel", "scroll", ...SIGNS] as const;
/** Whoever reads by other means may give none, ms: long after the page has come to rest, and before most readers reach for it. */
const ANYWAY_MS = 4000;

/** Calls back once, when the reader first stirs on the page, or has had it open for a while: until then what the build drew is all there is to do. */
export function onceThere(run: () => void): void {
  const seen = once([window], ANY_SIGN, () => {
    clearTimeout(anyway);
    run();
  });
  const anyway = setTimeout(seen, ANYWAY_MS);
}

/** Calls back once, before the first press or key comes to what it is meant for; the page's controls need nobody to be ready. */
export function onceActing(run: () => void): void {
  const acted = (event?: Event): void => {
    run();
    if (event instanceof PointerEvent) pressAgain(event);
  };
  once([window], ["pointerdown", "keydown", "click"], acted, (event) => !isControl(event.target));
}

/** Where an event goes is settled when it begins: what lies under the pointer only now, a handle, is told by an event of its own. */
function pressAgain(event: PointerEvent): void {
  const there = document.elementFromPoint(event.clientX, event.clientY);
  if (there === null || event.type !== "pointerdown" || there === event.target || there.closest("[data-live]") === null) return;
  there.dispatchEvent(new PointerEvent(event.type, event));
}

const isControl = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[data-block="controls"]') !== null;

/** @param counts whether an event is a sign. */
function once(targets: readonly EventTarget[], signs: readonly string[], run: (event?: Event) => void, counts: (event: Event) => boolean = () => true): () => void {
  const signal = new AbortController();
  const seen = (event?: Event): void => {
    signal.abort();
    run(event);
  };
  const look = (event: Event): void => counts(event) ? seen(event) : undefined;
  for (const target of targets) for (const sign of signs) target.addEventListener(sign, look, {signal: signal.signal, passive: true, capture: true});
  return seen;
}
