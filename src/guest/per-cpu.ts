import {PER_CPU_LOOSENED, PER_CPU_MAX_DOUBLINGS} from "./sources.ts";
import type {GuestState} from "./state.ts";

/**
 * The per-CPU lists (Linux 6.1, mm/page_alloc.c rmqueue_pcplist,
 * free_unref_page_commit, nr_pcp_free). They matter three times: MemFree does not
 * count them; a long run of frees leaves them nearly full; and because watermarks
 * look at MemFree only, pages lying here do not end a shortage.
 */

/** Which list an allocation takes from: user space and the balloon, or the kernel. */
export type Kind = "movable" | "other";

/** Pages a zone can hand out while it stays above `floor` before each refill, the list among them. */
export function obtainable(guest: GuestState, zone: number, floor: number, kind: Kind): number {
  const spare = (guest.zones.free[zone] ?? 0) - floor;
  if (spare <= 0) return 0;
  const batch = guest.perCpu.batch[zone] ?? 1;
  return (guest.perCpu[kind][zone] ?? 0) + (Math.ceil(spare / batch) - 1) * batch + 1;
}

/**
 * Takes `pages`, at most what is obtainable, refilling the list a batch at a time.
 * @returns how many of them came from the balloon and were not written to since.
 */
export function takeFromList(guest: GuestState, zone: number, pages: number, kind: Kind): number {
  const {perCpu, zones} = guest;
  const listed = perCpu[kind][zone] ?? 0;
  const batch = perCpu.batch[zone] ?? 1;
  const refilled = Math.ceil(Math.max(0, pages - listed) / batch) * batch;
  zones.free[zone] = (zones.free[zone] ?? 0) - refilled;
  perCpu[kind][zone] = listed + refilled - pages;
  perCpu.factor[zone] = 0;
  if (kind === "other") return 0;
  const fresh = Math.min(pages, perCpu.fresh[zone] ?? 0);
  perCpu.fresh[zone] = (perCpu.fresh[zone] ?? 0) - fresh;
  return fresh;
}

/** A full list is cut back by a batch, and by twice as much each time nothing was allocated in between. */
function cut(guest: GuestState, zone: number): void {
  const {perCpu, zones} = guest;
  const batch = perCpu.batch[zone] ?? 1;
  const factor = perCpu.factor[zone] ?? 0;
  const wanted = Math.min(Math.max(batch, batch * 2 ** factor), Math.max(batch, (perCpu.high[zone] ?? 0) - batch));
  const movable = Math.min(wanted, perCpu.movable[zone] ?? 0);
  const other = Math.min(wanted - movable, perCpu.other[zone] ?? 0);
  perCpu.movable[zone] = (perCpu.movable[zone] ?? 0) - movable;
  perCpu.fresh[zone] = Math.min(perCpu.fresh[zone] ?? 0, perCpu.movable[zone] ?? 0);
  perCpu.other[zone] = (perCpu.other[zone] ?? 0) - other;
  zones.free[zone] = (zones.free[zone] ?? 0) + movable + other;
  perCpu.factor[zone] = Math.min(factor + 1, PER_CPU_MAX_DOUBLINGS.value);
}

/**
 * Frees `pages` one by one: onto the list, which is cut back whenever it is full.
 * @param fresh whether they come out of the balloon.
 */
export function giveToList(guest: GuestState, zone: number, pages: number, fresh: boolean): void {
  const {perCpu} = guest;
  let left = pages;
  while (left > 0) {
    const room = Math.max(1, (perCpu.high[zone] ?? 0) - (perCpu.movable[zone] ?? 0) - (perCpu.other[zone] ?? 0));
    const part = Math.min(left, room);
    perCpu.movable[zone] = (perCpu.movable[zone] ?? 0) + part;
    if (fresh) perCpu.fresh[zone] = (perCpu.fresh[zone] ?? 0) + part;
    left -= part;
    if (part === room) cut(guest, zone);
  }
}

/**
 * A balloon that stalls gets at pages of the kernel's lists once, a limited number
 * of them. Recorded, not explained: reclaim without progress leaves the rest.
 */
export function loosenLists(guest: GuestState): void {
  const {perCpu, zones} = guest;
  const top = zones.count - 1;
  const part = Math.min(PER_CPU_LOOSENED.value, perCpu.other[top] ?? 0);
  perCpu.other[top] = (perCpu.other[top] ?? 0) - part;
  zones.free[top] = (zones.free[top] ?? 0) + part;
}

/** Empties the lists, as reclaim does when it makes progress, and the unloading of a driver. */
export function drainLists(guest: GuestState): void {
  for (let zone = 0; zone < guest.zones.count; zone++) drainZone(guest, zone);
}

function drainZone({perCpu, zones}: GuestState, zone: number): void {
  zones.free[zone] = (zones.free[zone] ?? 0) + (perCpu.movable[zone] ?? 0) + (perCpu.other[zone] ?? 0);
  perCpu.movable[zone] = 0;
  perCpu.fresh[zone] = 0;
  perCpu.other[zone] = 0;
}

/**
 * A process that held huge pages has ended. Recorded: the lists are empty
 * afterwards, unless a deflated balloon had filled them; then they stay full.
 */
export function drainAfterExit(guest: GuestState): void {
  const {perCpu} = guest;
  for (let zone = 0; zone < guest.zones.count; zone++) {
    const held = (perCpu.movable[zone] ?? 0) + (perCpu.other[zone] ?? 0);
    if (held < (perCpu.high[zone] ?? 0) / 2) drainZone(guest, zone);
  }
}
