import {hostFree, swappedPages} from "./accounts.ts";
import type {HostState} from "./state.ts";

function swapTouchedFree(host: HostState, wanted: number): number {
  let left = wanted;
  for (let zone = 0; zone < host.touchedFree.length && left > 0; zone++) {
    const part = Math.min(left, host.touchedFree[zone] ?? 0);
    host.touchedFree[zone] = (host.touchedFree[zone] ?? 0) - part;
    left -= part;
  }
  host.swappedFree += wanted - left;
  return wanted - left;
}

/**
 * When the host's RAM does not suffice it swaps guest RAM out, the longest unused
 * first: pages free in the guest, which nobody reads, then used ones.
 * @returns pages it could not find a place for; above 0 the host's OOM killer is next.
 */
export function relieveHost(host: HostState): number {
  const deficit = Math.max(0, -hostFree(host));
  if (deficit === 0) return 0;
  const room = Math.min(deficit, Math.max(0, host.swap - swappedPages(host)));
  const cold = swapTouchedFree(host, room);
  const used = Math.min(room - cold, host.usedBacked);
  host.usedBacked -= used;
  host.swappedUsed += used;
  return deficit - cold - used;
}
