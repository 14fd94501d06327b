import {PER_CPU_FILL_AFTER_FREES} from "./sources.ts";
import type {GuestState} from "./state.ts";

/**
 * Pages freed one by one land on the per-CPU lists, which MemFree does not count,
 * until the lists are full; then they are cut back in growing batches (Linux 6.1,
 * mm/page_alloc.c free_unref_page_commit, nr_pcp_free). After a long run of frees
 * they stay nearly full: a deflated balloon leaves MemFree short by that much.
 */
export function settleOnLists(guest: GuestState, pages: number): void {
  const {perCpu, zones} = guest;
  const top = zones.count - 1;
  const room = Math.floor(perCpu.high * PER_CPU_FILL_AFTER_FREES.value) - perCpu.movable - perCpu.other;
  const kept = Math.min(pages, Math.max(0, room), zones.free[top] ?? 0);
  zones.free[top] = (zones.free[top] ?? 0) - kept;
  perCpu.movable += kept;
}

/**
 * Huge pages freed, as by a process that exits, and reclaim that makes progress
 * empty the lists.
 */
export function drainLists(guest: GuestState): void {
  const {perCpu, zones} = guest;
  const top = zones.count - 1;
  zones.free[top] = (zones.free[top] ?? 0) + perCpu.movable + perCpu.other;
  perCpu.movable = 0;
  perCpu.other = 0;
}
