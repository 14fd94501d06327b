import {add, at} from "../domain/column.ts";
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
  const spare = at(guest.zones.free, zone) - floor;
  if (spare <= 0) return 0;
  const batch = at(guest.perCpu.batch, zone);
  return at(guest.perCpu[kind], zone) + (Math.ceil(spare / batch) - 1) * batch + 1;
}

/**
 * Takes `pages`, at most what is obtainable, refilling the list a batch at a time.
 * @returns how many of them came from the balloon and were not written to since.
 */
export function takeFromList(guest: GuestState, zone: number, pages: number, kind: Kind): number {
  const {perCpu, zones} = guest;
  const listed = at(perCpu[kind], zone);
  const batch = at(perCpu.batch, zone);
  const refilled = Math.ceil(Math.max(0, pages - listed) / batch) * batch;
  add(zones.free, zone, -refilled);
  perCpu[kind][zone] = listed + refilled - pages;
  perCpu.factor[zone] = 0;
  if (kind === "other") return 0;
  const fresh = Math.min(pages, at(perCpu.fresh, zone));
  add(perCpu.fresh, zone, -fresh);
  return fresh;
}

/** A full list is cut back by a batch, and by twice as much each time nothing was allocated in between. */
function cut(guest: GuestState, zone: number): void {
  const {perCpu, zones} = guest;
  const batch = at(perCpu.batch, zone);
  const factor = at(perCpu.factor, zone);
  const wanted = Math.min(Math.max(batch, batch * 2 ** factor), Math.max(batch, at(perCpu.high, zone) - batch));
  const movable = Math.min(wanted, at(perCpu.movable, zone));
  const other = Math.min(wanted - movable, at(perCpu.other, zone));
  add(perCpu.movable, zone, -movable);
  perCpu.fresh[zone] = Math.min(at(perCpu.fresh, zone), at(perCpu.movable, zone));
  add(perCpu.other, zone, -other);
  add(zones.free, zone, movable + other);
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
    const room = Math.max(1, at(perCpu.high, zone) - at(perCpu.movable, zone) - at(perCpu.other, zone));
    const part = Math.min(left, room);
    add(perCpu.movable, zone, part);
    if (fresh) add(perCpu.fresh, zone, part);
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
  const part = Math.min(PER_CPU_LOOSENED.value, at(perCpu.other, top));
  add(perCpu.other, top, -part);
  add(zones.free, top, part);
}

/** Empties the lists, as reclaim does when it makes progress, and the unloading of a driver. */
export function drainLists(guest: GuestState): void {
  for (let zone = 0; zone < guest.zones.count; zone++) drainZone(guest, zone);
}

function drainZone({perCpu, zones}: GuestState, zone: number): void {
  add(zones.free, zone, at(perCpu.movable, zone) + at(perCpu.other, zone));
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
    const held = at(perCpu.movable, zone) + at(perCpu.other, zone);
    if (held < at(perCpu.high, zone) / 2) drainZone(guest, zone);
  }
}
