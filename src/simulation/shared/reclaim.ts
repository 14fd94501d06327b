import {cgroupUsage, usedSwap} from "../../host/linux/accounts.ts";
import {protectionOf} from "../../host/linux/cgroup/protection.ts";
import {reclaimVm} from "../../host/linux/reclaim.ts";
import type {HostState} from "../../host/linux/state.ts";

/** Passes over all VMs; what one cannot give another may. */
const PASSES = 8;

/** Pages of a VM that may go: above what its protection is worth below its parent, and what is soft-limited on version 1 before anything else. */
function exposed(host: HostState, mark: "soft" | "low" | "min"): number {
  const {cgroup} = host;
  const usage = cgroupUsage(host);
  if (mark === "soft") return cgroup.soft === Infinity ? 0 : Math.max(0, usage - cgroup.soft);
  const min = protectionOf(cgroup, "min", usage);
  return Math.max(0, usage - (mark === "low" ? Math.max(protectionOf(cgroup, "low", usage), min) : min));
}

/** Takes from all VMs in proportion to what each has exposed (Linux 6.1 mm/vmscan.c get_scan_count). */
function takeAbove(hosts: readonly HostState[], wanted: number, swapFree: number, mark: "soft" | "low" | "min"): number {
  let left = wanted;
  for (let pass = 0; pass < PASSES && left > 0; pass++) {
    const total = hosts.reduce((sum, host) => sum + exposed(host, mark), 0);
    if (total === 0) break;
    const before = left;
    const share = Math.min(1, before / total);
    for (const host of hosts) {
      const room = Math.min(swapFree - (wanted - left), host.cgroup.swapMax - usedSwap(host));
      left -= reclaimVm(host, Math.min(left, Math.ceil(exposed(host, mark) * share)), Math.max(0, room));
    }
    if (left === before) break;
  }
  return wanted - left;
}

/**
 * The host is short: soft-limited VMs pay first, then all above memory.low, then all above memory.min.
 * @param swapFree pages of swap nobody uses.
 * @returns pages it could not get; above 0 the OOM killer is next.
 */
export function relieveShared(hosts: readonly HostState[], deficit: number, swapFree: number): number {
  let left = deficit;
  let free = swapFree;
  for (const mark of ["soft", "low", "min"] as const) {
    if (left <= 0) return 0;
    const swapped = hosts.reduce((sum, host) => sum + usedSwap(host), 0);
    left -= takeAbove(hosts, left, free, mark);
    free -= hosts.reduce((sum, host) => sum + usedSwap(host), 0) - swapped;
  }
  return left;
}
