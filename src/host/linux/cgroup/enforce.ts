import {cgroupUsage, swapRoom, usedSwap} from "../accounts.ts";
import {reclaimVm} from "../reclaim.ts";
import type {HostState} from "../state.ts";

/** Version 1: memory and swap together; only cache can go, as swapping moves a page from one to the other. */
function enforceMemsw(host: HostState): number {
  const over = cgroupUsage(host) + usedSwap(host) - host.cgroup.memswMax;
  return over > 0 ? over - reclaimVm(host, over, 0) : 0;
}

/**
 * Holds a cgroup to its limit after its processes were charged: host page cache
 * goes, then memory is swapped, while there is swap and the cgroup may use it.
 * @returns pages it could not get rid of; above 0 the cgroup's OOM killer is next.
 * Source: Linux 6.1 mm/memcontrol.c try_charge_memcg.
 */
export function enforceMax(host: HostState): number {
  const {cgroup} = host;
  const usage = cgroupUsage(host);
  cgroup.peak = Math.max(cgroup.peak, Math.min(usage, cgroup.max));
  if (usage <= cgroup.max && cgroup.memswMax === Infinity) return 0;
  const over = Math.max(0, usage - cgroup.max);
  if (over > 0) cgroup.events.max++;
  const left = (over > 0 ? over - reclaimVm(host, over, swapRoom(host)) : 0) + enforceMemsw(host);
  if (left > 0) cgroup.events.oom++;
  return left;
}

/** Brings use back to memory.high as far as reclaim can; what stays above is paid in sleep. */
export function reclaimHigh(host: HostState): void {
  const over = cgroupUsage(host) - host.cgroup.high;
  if (over <= 0) return;
  host.cgroup.events.high++;
  reclaimVm(host, over, swapRoom(host));
}

/** Whether memory was charged that nobody has held against the limits yet. */
export function isUnsettled(host: HostState): boolean {
  const {cgroup} = host;
  const usage = cgroupUsage(host);
  return usage > Math.min(cgroup.max, cgroup.peak) || usage + usedSwap(host) > cgroup.memswMax;
}
