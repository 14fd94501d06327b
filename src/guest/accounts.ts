import {total} from "../domain/column.ts";
import {freePages} from "./zones.ts";
import type {GuestState} from "./state.ts";
import {pages, type Pages} from "../units.ts";

/** Free pages on the per-CPU lists: in MemTotal, not in MemFree. */
export const listedPages = ({perCpu}: GuestState): Pages => pages(total(perCpu.movable) + total(perCpu.other));

/** MemTotal: what the allocator owns. The balloon is in it only with deflate-on-oom. */
export const memTotal = ({zones}: GuestState): Pages => pages(total(zones.managed));

export const memFree = (guest: GuestState): Pages => pages(freePages(guest.zones));

/** Cached of /proc/meminfo: files and tmpfs. */
export const cached = (guest: GuestState): Pages => pages(guest.file.active + guest.file.inactive + guest.shmem);

/** What no allocation may use: each zone's reserve and high watermark (totalreserve_pages). */
export const totalReserve = ({zones}: GuestState): number => total(zones.reserve) + total(zones.high);

/**
 * MemAvailable: free less the reserve, plus the part of file cache and of
 * reclaimable slab that can go without hurting (Linux 6.1, mm/page_alloc.c
 * si_mem_available).
 */
export function memAvailable(guest: GuestState): Pages {
  const {zones, file, slabReclaimable} = guest;
  const low = total(zones.low);
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
