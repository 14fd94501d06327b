import {memTotal} from "./accounts.ts";
import {OVERCOMMIT_RATIO} from "./sources.ts";
import type {GuestState} from "./state.ts";
import {pages, type Pages} from "../units.ts";

/** CommitLimit: half of MemTotal and all swap; it moves with the balloon when MemTotal does. */
export const commitLimit = (guest: GuestState): Pages => pages(Math.floor(memTotal(guest) * OVERCOMMIT_RATIO.value) + guest.swapTotal);

/**
 * Whether the kernel refuses to map `wanted` private pages. Mode 0 refuses what
 * exceeds all of MemTotal and swap, so a balloon that lowers MemTotal makes it
 * refuse more; 1 never refuses; 2 counts every mapping against CommitLimit
 * (Linux 6.1, mm/util.c __vm_enough_memory).
 */
export function mapRefused(guest: GuestState, wanted: number): boolean {
  if (guest.overcommit === 1) return false;
  if (guest.overcommit === 0) return wanted > memTotal(guest) + guest.swapTotal;
  return guest.committed + wanted > commitLimit(guest);
}
