import {decode, encode} from "../state/link.ts";
import {cellsOf, withCells, withoutCells} from "../state/fragment.ts";
import {isSame} from "../state/page-state.ts";
import type {Store} from "../state/store.ts";

const QUIET_MS = 1000;

/**
 * Keeps the address in step with the state: at most once a second while things
 * move (browsers refuse more), and at once when a gesture ends. Never adds to
 * the browser's history: its back button leaves the page, undo walks the state.
 */
export function followAddress(store: Store, notify: (problem: string) => void): void {
  let heading = "";
  let known = withoutCells(location.hash);
  let timer: number | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // A link was followed and its hashchange is still to come: that address is not ours to replace.
    if (withoutCells(location.hash) !== known) return;
    const hash = withCells(encode(store.spec, store.state(), heading), cellsOf(location.hash));
    history.replaceState(OURS, "", hash === "" ? location.pathname + location.search : hash);
    known = withoutCells(location.hash);
  };
  const read = (opened: boolean): void => {
    const fragment = decode(store.spec, decodeFragment(location.hash));
    heading = fragment.heading;
    if (fragment.problem !== null) notify(fragment.problem);
    // Most readers come without a state: what the build drew is theirs, and nothing is to be drawn.
    if (opened && !isSame(fragment.state, store.state())) store.load(fragment.state);
    // A plain link to a heading moves the view, not the state; going back to an address of ours restores it.
    else if (!opened && (location.hash.includes("?") || isOurs(history.state))) store.dispatch({type: "open", state: fragment.state});
    scrollTo(heading, location.hash);
    known = withoutCells(location.hash);
    write();
  };
  let pressed = false;
  // Replacing the address costs a frame: not in the middle of a drag.
  const later = (): void => {
    timer = window.setTimeout(() => (pressed ? later() : write()), QUIET_MS);
  };
  store.subscribe(() => timer === undefined ? later() : undefined);
  addEventListener("pointerdown", () => (pressed = true));
  for (const type of ["pointerup", "pointercancel"]) addEventListener(type, () => (pressed = false));
  for (const type of ["pointerup", "change"]) addEventListener(type, () => timer === undefined ? undefined : requestAnimationFrame(write));
  // There is no next frame when the page is left.
  addEventListener("pagehide", () => timer === undefined ? undefined : write());
  addEventListener("hashchange", () => read(false));
  read(true);
}

/** Marks the browser's history entries whose address we wrote. */
const OURS = {setmem: true};
const isOurs = (state: unknown): boolean => typeof state === "object" && state !== null && "setmem" in state;

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
  return location.origin + location.pathname + location.search + encode(store.spec, store.state(), "");
}
