import {blocks} from "./blocks.ts";

/** Signs that the reader is about to change something. */
const SIGNS = ["pointerover", "pointerdown", "focusin"] as const;

/** Calls back once, when the reader first reaches for the page's controls: time to load what the first change needs. */
export function onceReached(run: () => void): void {
  const signal = new AbortController();
  const reached = (): void => {
    signal.abort();
    run();
  };
  for (const element of blocks("controls")) for (const sign of SIGNS) element.addEventListener(sign, reached, {signal: signal.signal, passive: true});
}
