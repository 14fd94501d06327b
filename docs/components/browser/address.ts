import {decode, encode} from "../state/link.ts";
import type {Store} from "../state/store.ts";

const QUIET_MS = 1000;

/**
 * Keeps the address in step with the state: at most once a second while things
 * move (browsers refuse more), and at once when a gesture ends. Never adds to
 * the browser's history: its back button leaves the page, undo walks the state.
 */
export function followAddress(store: Store, notify: (problem: string) => void): void {
  let heading = "";
  let written = "";
  let timer: number | undefined;
  const read = (): void => {
    if (location.hash === written) return;
    const fragment = decode(store.table, decodeFragment(location.hash));
    heading = fragment.heading;
    written = location.hash;
    if (fragment.problem !== null) notify(fragment.problem);
    store.load(fragment.state);
    scrollTo(heading, location.hash);
  };
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const hash = encode(store.table, store.state(), heading);
    if (hash === location.hash) return;
    written = hash;
    history.replaceState(history.state, "", hash === "" ? location.pathname + location.search : hash);
  };
  store.subscribe(() => void (timer ??= window.setTimeout(write, QUIET_MS)));
  for (const type of ["pointerup", "change", "pagehide"]) addEventListener(type, () => timer === undefined ? undefined : requestAnimationFrame(write));
  addEventListener("hashchange", read);
  if (location.hash.length > 1) read();
}

/** Some mail programs percent-encode the question mark of a fragment. */
function decodeFragment(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

/** The browser finds `#heading` by itself, but not `#heading?s=...`. */
function scrollTo(heading: string, hash: string): void {
  if (heading !== "" && hash.includes("?")) document.getElementById(heading)?.scrollIntoView();
}

/** The address of the present state, complete, for the clipboard. */
export function linkTo(store: Store): string {
  return location.origin + location.pathname + location.search + encode(store.table, store.state(), "");
}
