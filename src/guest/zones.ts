import {add, at, total} from "../domain/column.ts";
import type {Backing} from "../domain/backing.ts";
import {giveToList, obtainable, takeFromList, type Kind} from "./per-cpu.ts";
import type {GuestState, ZoneState} from "./state.ts";

/**
 * Which free pages a user-space or balloon allocation takes: the highest zone
 * first and each zone down to a watermark plus its reserve, with the low
 * watermarks and, when that was not enough, with the min watermarks (Linux 6.1,
 * mm/page_alloc.c get_page_from_freelist, __alloc_pages_slowpath).
 */

/** Where a page taken goes, or a page given back comes from: the column of its zone. */
export type Purpose = "used" | "ballooned";

/** What a zone keeps from a movable allocation: a watermark and the reserve for lower zones. */
const floorOf = (zones: ZoneState, mark: Float64Array, zone: number): number => at(mark, zone) + at(zones.reserve, zone);

/** MemTotal follows the balloon, except for drivers that leave its pages in (adjust_managed_page_count). */
function setManaged(guest: GuestState, zone: number, change: number): void {
  const {managed} = guest.zones;
  if (!guest.balloonInTotal) add(managed, zone, change);
}

function assign(guest: GuestState, backing: Backing, zone: number, pages: number, purpose: Purpose, fresh: number): void {
  const column = guest.zones[purpose];
  add(column, zone, pages);
  if (purpose === "used") backing.use(zone, pages, fresh);
  else {
    setManaged(guest, zone, -pages);
    backing.inflate(zone, pages, fresh);
  }
}

function takeDownTo(guest: GuestState, backing: Backing, mark: Float64Array, wanted: number, purpose: Purpose, kind: Kind): number {
  const {zones} = guest;
  let taken = 0;
  for (let zone = zones.count - 1; zone >= 0 && taken < wanted; zone--) {
    const part = Math.min(wanted - taken, obtainable(guest, zone, floorOf(zones, mark, zone), kind));
    if (part === 0) continue;
    assign(guest, backing, zone, part, purpose, takeFromList(guest, zone, part, kind));
    taken += part;
  }
  return taken;
}

/**
 * Takes up to `wanted` free pages without reclaiming any.
 * @param kind the kernel's own pages, page tables and slab, come from other lists than user pages.
 * @returns how many there were, down to the floor.
 */
export function takePages(guest: GuestState, backing: Backing, wanted: number, purpose: Purpose, kind: Kind = "movable"): number {
  const taken = takeDownTo(guest, backing, guest.zones.low, wanted, purpose, kind);
  return taken < wanted ? taken + takeDownTo(guest, backing, guest.zones.min, wanted - taken, purpose, kind) : taken;
}

/**
 * Takes up to `wanted` pages in huge pages, which pass the lists of single pages
 * by, while every zone stays above its low watermark.
 * @returns how many there were.
 */
export function takeHuge(guest: GuestState, backing: Backing, wanted: number): number {
  const {zones} = guest;
  let taken = 0;
  for (let zone = zones.count - 1; zone > 0 && taken < wanted; zone--) {
    const spare = Math.max(0, at(zones.free, zone) - floorOf(zones, zones.low, zone));
    const part = Math.min(wanted - taken, spare);
    if (part === 0) continue;
    add(zones.free, zone, -part);
    assign(guest, backing, zone, part, "used", 0);
    taken += part;
  }
  return taken;
}

function release(guest: GuestState, backing: Backing, zone: number, pages: number, purpose: Purpose): void {
  const column = guest.zones[purpose];
  add(column, zone, -pages);
  if (purpose === "used") backing.release(zone, pages);
  else {
    setManaged(guest, zone, pages);
    backing.deflate(zone, pages);
  }
}

/** Takes pages out of one zone's column and frees them. */
function giveFromZone(guest: GuestState, backing: Backing, zone: number, wanted: number, purpose: Purpose, singly: boolean): number {
  const part = Math.min(wanted, at(guest.zones[purpose], zone));
  if (part === 0) return 0;
  release(guest, backing, zone, part, purpose);
  if (singly) giveToList(guest, zone, part, purpose === "ballooned");
  else add(guest.zones.free, zone, part);
  return part;
}

/**
 * Gives back `pages`. The balloon's list is last in, first out
 * (mm/balloon_compaction.c), so the zone taken last, the lowest, is first. Memory
 * in use goes from the highest zone: the lowest ones were taken by whoever came
 * last, at the floor.
 * @param singly one page at a time, over the per-CPU lists; else in large blocks, past them.
 */
export function givePages(guest: GuestState, backing: Backing, pages: number, purpose: Purpose, singly: boolean): void {
  const {count} = guest.zones;
  let left = pages;
  for (let i = 0; i < count && left > 0; i++) {
    left -= giveFromZone(guest, backing, purpose === "ballooned" ? i : count - 1 - i, left, purpose, singly);
  }
}

/** Free pages over all zones: MemFree. */
export const freePages = (zones: ZoneState): number => total(zones.free);

/** Pages a user allocation can still take without reclaim. */
export function takeable(guest: GuestState): number {
  const {zones} = guest;
  let sum = 0;
  for (let zone = 0; zone < zones.count; zone++) sum += obtainable(guest, zone, floorOf(zones, zones.min, zone), "movable");
  return sum;
}

/** How far free memory is below what kswapd restores; 0 unless every zone is below its low watermark. */
export function kswapdDeficit(zones: ZoneState): number {
  let deficit = 0;
  for (let zone = 0; zone < zones.count; zone++) {
    const free = at(zones.free, zone);
    if (free > floorOf(zones, zones.low, zone)) return 0;
    deficit += Math.max(0, floorOf(zones, zones.high, zone) - free);
  }
  return deficit;
}
