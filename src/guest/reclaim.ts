import type {Backing} from "../domain/backing.ts";
import {drainLists} from "./per-cpu.ts";
import type {GuestState} from "./state.ts";
import {givePages, kswapdDeficit} from "./zones.ts";

/**
 * How many of `wanted` pages reclaim takes from files; the rest is swapped out.
 * Without swap it is all of them. With swap, anonymous memory and files are
 * scanned in the proportion swappiness : 200 - swappiness (Linux 6.1, mm/vmscan.c
 * get_scan_count; its correction for recent refaults is left out).
 */
function fileShare(guest: GuestState, wanted: number): number {
  const swapRoom = guest.swapTotal - guest.swapUsed - guest.shmemSwapped;
  if (swapRoom <= 0) return wanted;
  return Math.ceil((wanted * (200 - guest.swappiness)) / 200);
}

/** Drops clean file pages, the inactive before the active. */
function dropFiles(guest: GuestState, wanted: number): number {
  const {file} = guest;
  const inactive = Math.min(wanted, file.inactive);
  const active = Math.min(wanted - inactive, file.active);
  file.inactive -= inactive;
  file.active -= active;
  return inactive + active;
}

/** Swaps out anonymous pages of the largest processes first. */
function swapProcesses(guest: GuestState, wanted: number): number {
  let left = wanted;
  const bySize = guest.processes.filter((process) => process.alive).sort((a, b) => b.anon - a.anon);
  for (const process of bySize) {
    const part = Math.min(left, process.anon);
    process.anon -= part;
    process.swapped += part;
    left -= part;
  }
  return wanted - left;
}

function swapOut(guest: GuestState, wanted: number): number {
  const room = Math.min(wanted, guest.swapTotal - guest.swapUsed - guest.shmemSwapped);
  if (room <= 0) return 0;
  const anon = swapProcesses(guest, room);
  guest.anon -= anon;
  guest.swapUsed += anon;
  const shmem = Math.min(room - anon, guest.shmem - guest.shmemAtBoot);
  guest.shmem -= shmem;
  guest.shmemSwapped += shmem;
  guest.counters.swappedOut += anon + shmem;
  return anon + shmem;
}

/**
 * Makes up to `wanted` pages free: clean files, then swap.
 * @returns the pages freed; 0 means there is nothing left to reclaim.
 */
export function reclaim(guest: GuestState, backing: Backing, wanted: number): number {
  const fromFiles = dropFiles(guest, fileShare(guest, wanted));
  const fromSwap = swapOut(guest, wanted - fromFiles);
  const more = dropFiles(guest, wanted - fromFiles - fromSwap);
  const freed = fromFiles + fromSwap + more;
  if (freed > 0) {
    givePages(guest, backing, freed, "used", false);
    drainLists(guest);
  }
  return freed;
}

/** kswapd: below the low watermarks it reclaims up to the high ones. Called once a step. */
export function kswapd(guest: GuestState, backing: Backing): void {
  const deficit = kswapdDeficit(guest.zones);
  if (deficit > 0) reclaim(guest, backing, deficit);
}

/** drop_caches: clean files go, and nothing else (slab of a tmpfs root is pinned). */
export function dropCaches(guest: GuestState, backing: Backing): void {
  const dropped = dropFiles(guest, guest.file.active + guest.file.inactive);
  givePages(guest, backing, dropped, "used", true);
}

/** Removes the tmpfs files written since the boot, and what of them is in swap. */
export function dropTmpfs(guest: GuestState, backing: Backing): void {
  const dropped = guest.shmem - guest.shmemAtBoot;
  guest.shmem -= dropped;
  guest.shmemSwapped = 0;
  givePages(guest, backing, dropped, "used", dropped < 512);
}
