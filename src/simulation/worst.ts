import {KIB_PER_PAGE} from "../units.ts";

/** How a run ended, from good to bad; the worst thing that happened names it. */
export const outcomeNames = ["fits", "guest-swaps", "host-swaps", "guest-oom", "vm-killed"] as const;
export type OutcomeName = (typeof outcomeNames)[number];

/** Pages in swap that are not worth the word: a few batches, as any machine writes out; 4 MiB. */
export const TRIFLE = (4 * 1024) / KIB_PER_PAGE;

/** What a Xen or ESX run came to, without its timeline. */
export interface BriefOutcome {
  readonly name: OutcomeName;
  /** Steps that were computed; the others changed nothing. */
  readonly steps: number;
}

/** What a run's name is made of: the most pages in either swap at the end of a step, and what ended. */
export interface Worst {
  guestSwap: number;
  hostSwap: number;
  oomKills: number;
  ended: boolean;
}

/** Names a run by the worst in it. */
export function nameOf({guestSwap, hostSwap, oomKills, ended}: Worst): OutcomeName {
  if (ended) return "vm-killed";
  if (oomKills > 0) return "guest-oom";
  if (hostSwap > TRIFLE) return "host-swaps";
  return guestSwap > TRIFLE ? "guest-swaps" : "fits";
}
