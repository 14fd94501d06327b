import {add, at} from "../../domain/column.ts";
import {processPages} from "./accounts.ts";
import type {HostState} from "./state.ts";

/** Swaps out pages that are free in the guest: nobody reads them. */
function swapFree(host: HostState, from: Float64Array, wanted: number): number {
  let left = wanted;
  for (let zone = 0; zone < from.length && left > 0; zone++) {
    const part = Math.min(left, at(from, zone));
    add(from, zone, -part);
    add(host.swappedFree, zone, part);
    left -= part;
  }
  return wanted - left;
}

/**
 * Swaps out up to `wanted` pages of the VM's process, the longest unused first:
 * those free in the guest, those it uses, and last the process's own.
 * @returns pages swapped out.
 */
function swapOut(host: HostState, wanted: number): number {
  const late = swapFree(host, host.touchedLate, wanted);
  const recent = swapFree(host, host.touchedFree, wanted - late);
  const used = Math.min(wanted - late - recent, host.usedBacked);
  host.usedBacked -= used;
  host.swappedUsed += used;
  const own = Math.min(wanted - late - recent - used, host.overhead - host.overheadSwapped);
  host.overheadSwapped += own;
  const out = late + recent + used + own;
  host.swapOuts += out;
  return out;
}

/** Pages that the VM could be made to give: its page cache, and the rest of its process as far as there is `room` in swap. */
export const reclaimable = (host: HostState, room: number): number => host.pageCache + Math.min(Math.max(0, room), processPages(host));

/**
 * Takes up to `wanted` pages from the VM: its page cache, then by swapping.
 * @param room pages of swap it may use.
 * @returns pages taken.
 */
export function reclaimVm(host: HostState, wanted: number, room: number): number {
  if (wanted <= 0) return 0;
  const cache = Math.min(wanted, host.pageCache);
  host.pageCache -= cache;
  return cache + swapOut(host, Math.min(wanted - cache, Math.max(0, room)));
}
