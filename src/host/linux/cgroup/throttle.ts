import {sourced} from "../../../source.ts";

const place = {place: "mm/memcontrol.c calculate_high_delay, mem_cgroup_handle_over_high", version: "Linux 6.1", grade: "read"} as const;

/** What makes the delay of memory.high: fixed-point precision and scaling, pages a charge, and the longest sleep. */
export const HIGH_DELAY = sourced({precision: 20, scaling: 14, batch: 64, longest: 2}, {
  text: "overage squared, in 2^-20 of the limit, over 2^34, for every 64 pages; at most 2 s",
  ...place
});

/** Ticks a second. Debian's kernels have 250, the kernel's own table is for 1000. */
export const HZ = sourced(250, {text: "CONFIG_HZ=250; a delay is a whole number of ticks", place: "Debian linux 6.1 kernel configuration", version: "6.1.192", grade: "read"});

/** Part of a second up to which a delay is not worth a sleep: HZ / 100 ticks, rounded down. */
export const HIGH_GRACE = sourced(100, {
  text: "no sleep for so few ticks: whoever is only a little above memory.high may just not have been reclaimed enough yet",
  place: "mm/memcontrol.c mem_cgroup_handle_over_high",
  version: "Linux 6.1",
  grade: "read"
});

/**
 * What a task owes that has just charged `pages` to a cgroup above its memory.high.
 * @param usage pages charged, above `high`.
 * @param high pages; 1 or more, and finite.
 * @param hz ticks a second.
 * @returns seconds, 0 to 2.
 */
export function highDelay(usage: number, high: number, pages: number, hz = HZ.value): number {
  if (usage <= high) return 0;
  const {precision, scaling, batch, longest} = HIGH_DELAY.value;
  const overage = Math.floor(((usage - high) * 2 ** precision) / Math.max(1, high));
  const ticks = Math.floor(Math.floor((overage * overage * hz) / 2 ** precision) / 2 ** scaling);
  return Math.min(longest, Math.floor((ticks * pages) / batch) / hz);
}

/** How long it then sleeps, seconds: what it owes, unless that is too little to begin. Parameters as of `highDelay`. */
export function highSleep(usage: number, high: number, pages: number, hz = HZ.value): number {
  const delay = highDelay(usage, high, pages, hz);
  return Math.round(delay * hz) <= Math.floor(hz / HIGH_GRACE.value) ? 0 : delay;
}
