import {outOfMemory, type OomContext} from "./oom.ts";
import {reclaim} from "./reclaim.ts";
import {takePages} from "./zones.ts";

/**
 * Takes `wanted` pages for user space: free ones, then reclaimed ones, then what
 * the OOM path frees. Gives up when `alive` turns false (the caller was the one
 * killed) or the guest panics.
 * @returns the pages taken.
 */
export function allocateUser(context: OomContext, wanted: number, alive: () => boolean): number {
  const {guest, backing} = context;
  let taken = 0;
  for (;;) {
    taken += takePages(guest, backing, wanted - taken, "used");
    if (taken === wanted) return taken;
    if (reclaim(guest, backing, wanted - taken) > 0) continue;
    if (!outOfMemory(context) || !alive()) return taken;
  }
}
