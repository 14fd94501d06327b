import {add, at} from "../../domain/column.ts";
import {hostFree, neverTouchedPages, residentPages, swappedPages} from "./accounts.ts";
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
 * When the host's RAM does not suffice it swaps guest RAM out, the longest unused
 * first: pages free in the guest, then used ones.
 * @returns pages it could not find a place for; above 0 the host's OOM killer is next.
 */
export function relieveHost(host: HostState): number {
  const deficit = Math.max(0, -hostFree(host));
  if (deficit === 0) return 0;
  const room = Math.min(deficit, Math.max(0, host.swap - swappedPages(host)));
  const late = swapFree(host, host.touchedLate, room);
  const recent = swapFree(host, host.touchedFree, room - late);
  const used = Math.min(room - late - recent, host.usedBacked);
  host.usedBacked -= used;
  host.swappedUsed += used;
  return deficit - late - recent - used;
}

/** The VM's process has ended: none of the guest's memory is anywhere any more. */
export function endVm(host: HostState): void {
  const pages = residentPages(host) + swappedPages(host) + host.ballooned + neverTouchedPages(host);
  for (const column of [host.touchedFree, host.touchedLate, host.swappedFree, host.deflated, host.untouched]) column.fill(0);
  host.untouched[0] = pages;
  host.usedBacked = 0;
  host.swappedUsed = 0;
  host.ballooned = 0;
  host.overhead = 0;
}
