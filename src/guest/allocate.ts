import type {Kind} from "./per-cpu.ts";
import {outOfMemory, type OomContext} from "./oom.ts";
import {reclaim} from "./reclaim.ts";
import {takePages} from "./zones.ts";

/** On whose behalf pages are taken. */
export interface Taker {
  /** Books pages as they are taken, so that a kill in between frees them too. */
  readonly take: (pages: number) => void;
  /** Which lists it takes from; user pages by default. */
  readonly kind?: Kind | undefined;
  /** False once the taker itself was killed. */
  readonly alive: () => boolean;
}

/**
 * Takes `wanted` pages for user space: free ones, then reclaimed ones, then what
 * the OOM path frees. Gives up when the taker is killed or the guest panics.
 * @returns the pages taken and booked.
 */
export function allocateUser(context: OomContext, wanted: number, taker: Taker): number {
  const {guest, backing} = context;
  let taken = 0;
  for (;;) {
    const part = takePages(guest, backing, wanted - taken, "used", taker.kind);
    taker.take(part);
    taken += part;
    if (taken === wanted) return taken;
    if (reclaim(guest, backing, wanted - taken) > 0) continue;
    if (!outOfMemory(context) || !taker.alive()) return taken;
  }
}
