import {at} from "../domain/column.ts";
import {freePages} from "./zones.ts";
import type {GuestState} from "./state.ts";
import {pages, type Pages} from "../units.ts";

/** Free pages on the per-CPU lists: in MemTotal, not in MemFree. */
export function listedPages({perCpu}: GuestState): Pages {
  let sum = 0;
  for (let zone = 0; zone < perCpu.movable.length; zone++) sum += at(perCpu.movable, zone) + at(perCpu.other, zone);
  return pages(sum);
}

/** MemTotal: what the allocator owns. The balloon is in it only with deflate-on-oom. */
export function memTotal(guest: GuestState): Pages {
  const {managed, count} = guest.zones;
  let sum = 0;
  for (let zone = 0; zone < count; zone++) sum += at(managed, zone);
  return pages(sum);
}

export const memFree = (guest: GuestState): Pages => pages(freePages(guest.zones));

/** Cached of /proc/meminfo: files and tmpfs. */
export const cached = (guest: GuestState): Pages => pages(guest.file.active + guest.file.inactive + guest.shmem);

/** What no allocation may use: each zone's reserve and high watermark (totalreserve_pages). */
export function totalReserve(guest: GuestState): number {
  const {zones} = guest;
  let sum = 0;
  for (let zone = 0; zone < zones.count; zone++) sum += at(zones.reserve, zone) + at(zones.high, zone);
  return sum;
}

/**
 * MemAvailable: free less the reserve, plus the part of file cache and of
 * reclaimable slab that can go without hurting (Linux 6.1, mm/page_alloc.c
 * si_mem_available).
 */
export function memAvailable(guest: GuestState): Pages {
  const {zones, file, slabReclaimable} = guest;
  let low = 0;
  for (let zone = 0; zone < zones.count; zone++) low += at(zones.low, zone);
  const files = file.active + file.inactive;
  const sum = freePages(zones) - totalReserve(guest) + files - Math.min(files / 2, low) + slabReclaimable - Math.min(slabReclaimable / 2, low);
  return pages(Math.max(0, Math.floor(sum)));
}

/**
 * Every page of MemTotal by its holder; zero when the account balances, which it
 * does after every step.
 */
export function imbalance(guest: GuestState): number {
  const inTotal = memTotal(guest) - freePages(guest.zones) - listedPages(guest);
  const held = guest.anon + cached(guest) + guest.slabReclaimable + guest.slabUnreclaimable;
  const kernel = guest.pageTables + guest.kernelStack + guest.percpu + guest.kernel;
  return inTotal - held - kernel - (guest.balloonInTotal ? guest.balloon : 0);
}
