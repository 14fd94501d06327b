import {usedSwap} from "../host/linux/accounts.ts";
import {KIB_PER_PAGE, kib, type KiB} from "../units.ts";
import type {World} from "./world.ts";

/** How a run ended, from good to bad; the worst thing that happened names it. */
export const outcomeNames = ["fits", "guest-swaps", "host-swaps", "guest-oom", "vm-killed"] as const;
export type OutcomeName = (typeof outcomeNames)[number];

/** The outcome at a place in `outcomeNames`. */
export const outcomeAt = (place: number): OutcomeName => outcomeNames[place] ?? "fits";

/**
 * Memory in swap that is not worth the word: a few batches, as any machine writes
 * out. One mark for every hypervisor, and illustrative: without it a run in which a
 * cap is met to the page would be named after the 2 MiB that had to make room.
 */
export const TRIFLE = kib(4 * 1024);
const TRIFLE_PAGES = TRIFLE / KIB_PER_PAGE;

/** The worst that a QEMU machine's state tells, as a place in `outcomeNames`; a restart of the guest begins its own anew. */
export function worstOf({state: {guest, host, running}}: Pick<World, "state">): number {
  if (!running && !guest.panicked) return 4;
  if (guest.panicked || guest.counters.oomKills > 0 || guest.counters.refused > 0) return 3;
  if (usedSwap(host) > TRIFLE_PAGES) return 2;
  return guest.swapUsed + guest.shmemSwapped > TRIFLE_PAGES ? 1 : 0;
}

/** What a run's name is made of: the most that was in either swap at the end of a step, and what ended. */
export interface Worst {
  readonly guestSwap: KiB;
  readonly hostSwap: KiB;
  /** Processes the kernels of guests killed. */
  readonly oomKills: number;
  /** A machine that ran is gone. */
  readonly ended: boolean;
}

/** What a Xen or ESX run came to, without its timeline. */
export interface BriefOutcome extends Worst {
  readonly name: OutcomeName;
  /** Steps that were computed; the others changed nothing. */
  readonly steps: number;
}

/** Names a run by the worst in it. */
export function nameOf({guestSwap, hostSwap, oomKills, ended}: Worst): OutcomeName {
  if (ended) return "vm-killed";
  if (oomKills > 0) return "guest-oom";
  if (hostSwap > TRIFLE) return "host-swaps";
  return guestSwap > TRIFLE ? "guest-swaps" : "fits";
}

/** The same in pages, while it is being counted. */
export interface Tally {
  guestSwap: number;
  hostSwap: number;
  oomKills: number;
  ended: boolean;
}

export const newTally = (): Tally => ({guestSwap: 0, hostSwap: 0, oomKills: 0, ended: false});

/** Closes the count of a run of which `steps` were computed. */
export function briefly({guestSwap, hostSwap, oomKills, ended}: Tally, steps: number): BriefOutcome {
  const worst: Worst = {guestSwap: kib(guestSwap * KIB_PER_PAGE), hostSwap: kib(hostSwap * KIB_PER_PAGE), oomKills, ended};
  return {name: nameOf(worst), ...worst, steps};
}
