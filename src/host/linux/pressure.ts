import {cgroupUsage, hostFree, neverTouchedPages, residentPages, swappedPages, swapRoom} from "./accounts.ts";
import {protectionOf} from "./cgroup/protection.ts";
import {reclaimVm} from "./reclaim.ts";
import type {HostState} from "./state.ts";

/**
 * When the host's RAM does not suffice it takes back what it can: down to the
 * cgroup's protection first, below memory.low when nothing else is left, below
 * memory.min never. A protection is what it is worth below its parent.
 * @returns pages it could not find a place for; above 0 the host's OOM killer is next.
 */
export function relieveHost(host: HostState): number {
  const deficit = Math.max(0, -hostFree(host));
  if (deficit === 0) return 0;
  const {cgroup} = host;
  const usage = cgroupUsage(host);
  const [min, low] = [protectionOf(cgroup, "min", usage), protectionOf(cgroup, "low", usage)];
  const above = (mark: number): number => Math.max(0, cgroupUsage(host) - mark);
  const first = reclaimVm(host, Math.min(deficit, above(Math.max(low, min))), swapRoom(host));
  const second = reclaimVm(host, Math.min(deficit - first, above(min)), swapRoom(host));
  if (second > 0) cgroup.events.low++;
  return deficit - first - second;
}

/**
 * The VM's process has ended: none of the guest's memory is anywhere any more. What
 * it read stays in the page cache, as far as the host has room; the protection went
 * with the cgroup.
 */
export function endVm(host: HostState): void {
  const pages = residentPages(host) + swappedPages(host) + host.ballooned + neverTouchedPages(host);
  for (const column of [host.touchedFree, host.touchedLate, host.swappedFree, host.deflated, host.untouched]) column.fill(0);
  host.untouched[0] = pages;
  host.usedBacked = 0;
  host.swappedUsed = 0;
  host.ballooned = 0;
  host.overhead = 0;
  host.overheadSwapped = 0;
  host.pageCache -= Math.min(host.pageCache, Math.max(0, -hostFree(host)));
}
