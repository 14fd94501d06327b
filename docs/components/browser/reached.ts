import {blocks} from "./blocks.ts";

/** Signs that the reader is about to change something. */
const SIGNS = ["pointerover", "pointerdown", "focusin"] as const;

/** Calls back once, when the reader first reaches for the page's controls: time to load what the first change needs. */
export const onceReached = (run: () => void): void => void once(blocks("controls"), SIGNS, run);

/** Signs that there is a reader at all. */
const ANY_SIGN = ["pointermove", "wheel", "scroll", ...SIGNS] as const;
/** Whoever reads by other means may give none, ms. */
const ANYWAY_MS = 10_000;

/** Calls back once, when the reader first stirs on the page, or has had it open for a while: until then what the build drew is all there is to do. */
export function onceThere(run: () => void): void {
  const seen = once([window], ANY_SIGN, () => {
    clearTimeout(anyway);
    run();
  });
  const anyway = setTimeout(seen, ANYWAY_MS);
}

/** Calls back once, before the first press or key comes to whatever it is meant for. */
export const onceActing = (run: () => void): void => void once([window], ["pointerdown", "keydown", "click"], run);

function once(targets: readonly EventTarget[], signs: readonly string[], run: () => void): () => void {
  const signal = new AbortController();
  const seen = (): void => {
    signal.abort();
    run();
  };
  for (const target of targets) for (const sign of signs) target.addEventListener(sign, seen, {signal: signal.signal, passive: true, capture: true});
  return seen;
}
