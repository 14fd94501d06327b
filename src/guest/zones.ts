import type {Backing} from "../domain/backing.ts";
import type {GuestState, ZoneState} from "./state.ts";

/**
 * Which free pages a user-space or balloon allocation takes: the highest zone
 * first and each zone down to a watermark plus its reserve, with the low
 * watermarks and, when that was not enough, with the min watermarks (Linux 6.1,
 * mm/page_alloc.c get_page_from_freelist, __alloc_pages_slowpath). The pages on
 * the per-CPU lists of the top zone go first, as they do in rmqueue_pcplist.
 */

/** Where a page taken goes, or a page given back comes from: the column of its zone. */
type Purpose = "used" | "ballooned";

function above(zones: ZoneState, mark: Float64Array, zone: number): number {
  return Math.max(0, (zones.free[zone] ?? 0) - (mark[zone] ?? 0) - (zones.reserve[zone] ?? 0));
}

/** MemTotal follows the balloon, except for drivers that leave its pages in (adjust_managed_page_count). */
function setManaged(guest: GuestState, zone: number, change: number): void {
  const {managed} = guest.zones;
  if (!guest.balloonInTotal) managed[zone] = (managed[zone] ?? 0) + change;
}

function move(guest: GuestState, backing: Backing, zone: number, pages: number, purpose: Purpose): void {
  const column = guest.zones[purpose];
  column[zone] = (column[zone] ?? 0) + pages;
  if (purpose === "used") backing.use(zone, pages);
  else {
    setManaged(guest, zone, -pages);
    backing.inflate(zone, pages);
  }
}

function takeDownTo(guest: GuestState, backing: Backing, mark: Float64Array, wanted: number, purpose: Purpose): number {
  const {zones} = guest;
  let taken = 0;
  for (let zone = zones.count - 1; zone >= 0 && taken < wanted; zone--) {
    const part = Math.min(wanted - taken, above(zones, mark, zone));
    if (part === 0) continue;
    zones.free[zone] = (zones.free[zone] ?? 0) - part;
    move(guest, backing, zone, part, purpose);
    taken += part;
  }
  return taken;
}

/**
 * Takes up to `wanted` free pages without reclaiming any.
 * @returns how many there were, down to the floor.
 */
export function takePages(guest: GuestState, backing: Backing, wanted: number, purpose: Purpose): number {
  const {perCpu, zones} = guest;
  let taken = Math.min(wanted, perCpu.movable);
  if (taken > 0) {
    perCpu.movable -= taken;
    move(guest, backing, zones.count - 1, taken, purpose);
  }
  if (taken < wanted) taken += takeDownTo(guest, backing, zones.low, wanted - taken, purpose);
  if (taken < wanted) taken += takeDownTo(guest, backing, zones.min, wanted - taken, purpose);
  return taken;
}

/** Puts pages of a zone back on its free lists; no account but the zone's changes. */
function giveToZone(guest: GuestState, backing: Backing, zone: number, pages: number, purpose: Purpose): void {
  const {zones} = guest;
  const column = zones[purpose];
  column[zone] = (column[zone] ?? 0) - pages;
  zones.free[zone] = (zones.free[zone] ?? 0) + pages;
  if (purpose === "used") backing.release(zone, pages);
  else {
    setManaged(guest, zone, pages);
    backing.deflate(zone, pages);
  }
}

/**
 * Gives back `pages`, the zones that were taken last first: DMA, then DMA32, then
 * Normal. The balloon's list is last in, first out (mm/balloon_compaction.c); for
 * a process that exits the order is ours.
 */
export function givePages(guest: GuestState, backing: Backing, pages: number, purpose: Purpose): void {
  const {zones} = guest;
  let left = pages;
  for (let zone = 0; zone < zones.count && left > 0; zone++) {
    const part = Math.min(left, zones[purpose][zone] ?? 0);
    if (part > 0) giveToZone(guest, backing, zone, part, purpose);
    left -= part;
  }
}

/** Free pages over all zones: MemFree. */
export function freePages(zones: ZoneState): number {
  let sum = 0;
  for (let zone = 0; zone < zones.count; zone++) sum += zones.free[zone] ?? 0;
  return sum;
}

/** Pages a user allocation can still take without reclaim. */
export function takeable(guest: GuestState): number {
  let sum = guest.perCpu.movable;
  for (let zone = 0; zone < guest.zones.count; zone++) sum += above(guest.zones, guest.zones.min, zone);
  return sum;
}

/** How far free memory is below what kswapd restores; 0 unless every zone is below its low watermark. */
export function kswapdDeficit(zones: ZoneState): number {
  let deficit = 0;
  for (let zone = 0; zone < zones.count; zone++) {
    if (above(zones, zones.low, zone) > 0) return 0;
    deficit += Math.max(0, (zones.high[zone] ?? 0) + (zones.reserve[zone] ?? 0) - (zones.free[zone] ?? 0));
  }
  return deficit;
}
