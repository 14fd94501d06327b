import {cgroupUsage, swapRoom, usedSwap} from "../accounts.ts";
import {reclaimable, reclaimVm} from "../reclaim.ts";
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

/**
 * Brings use back to memory.high as far as reclaim can; what stays above is paid in sleep.
 * @param charged pages just charged: only a charge, or what it leaves to reclaim, is an event.
 */
export function reclaimHigh(host: HostState, charged = 0): void {
  const over = cgroupUsage(host) - host.cgroup.high;
  if (over <= 0) return;
  if (reclaimVm(host, over, swapRoom(host)) > 0 || charged > 0) host.cgroup.events.high++;
}

/** Whether reclaim would still find something above memory.high. */
const isAboveHigh = (host: HostState, usage: number): boolean => usage > host.cgroup.high && reclaimable(host, swapRoom(host)) > 0;

/** Whether the limits are still to be held: memory was charged, or swap has come to be free, since they last were. */
export function isUnsettled(host: HostState): boolean {
  const {cgroup} = host;
  const usage = cgroupUsage(host);
  return usage > Math.min(cgroup.max, cgroup.peak) || usage + usedSwap(host) > cgroup.memswMax || isAboveHigh(host, usage);
}
