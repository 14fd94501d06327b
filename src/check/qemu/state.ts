import {cached, memAvailable, memFree, memTotal} from "../../guest/accounts.ts";
import {commitLimit} from "../../guest/overcommit.ts";
import {processPages, residentPages, swappedPages} from "../../host/linux/accounts.ts";
import type {World} from "../../simulation/world.ts";
import {KIB_PER_PAGE} from "../../units.ts";

/** Keys of a recorded state that follow MemTotal, a page and a KiB at a time. */
const pagesToKib = (pages: number): number => pages * KIB_PER_PAGE;

/** Recorded guest fields, predicted. Keys are the recording's own. */
export function guestFields({state}: World): Record<string, number> {
  const {guest} = state;
  return {
    MemTotalKiB: pagesToKib(memTotal(guest)),
    managedPages: memTotal(guest),
    CommitLimitKiB: pagesToKib(commitLimit(guest)),
    MemFreeKiB: pagesToKib(memFree(guest)),
    MemAvailableKiB: pagesToKib(memAvailable(guest)),
    CachedKiB: pagesToKib(cached(guest)),
    ShmemKiB: pagesToKib(guest.shmem),
    AnonPagesKiB: pagesToKib(guest.anon),
    SlabKiB: pagesToKib(guest.slabReclaimable + guest.slabUnreclaimable),
    KReclaimableKiB: pagesToKib(guest.slabReclaimable),
    SUnreclaimKiB: pagesToKib(guest.slabUnreclaimable),
    PageTablesKiB: pagesToKib(guest.pageTables),
    KernelStackKiB: pagesToKib(guest.kernelStack),
    PercpuKiB: pagesToKib(guest.percpu),
    SwapTotalKiB: pagesToKib(guest.swapTotal),
    SwapFreeKiB: pagesToKib(guest.swapTotal - guest.swapUsed - guest.shmemSwapped),
    balloonInflatePages: guest.counters.balloonInflate,
    balloonDeflatePages: guest.counters.balloonDeflate,
    oomKills: guest.counters.oomKills,
    pagesSwappedIn: guest.counters.swappedIn,
    pagesSwappedOut: guest.counters.swappedOut
  };
}

/** Recorded host fields, predicted. */
export function hostFields({state, options}: World): Record<string, number> {
  const {host, registers} = state;
  return {
    actualKiB: options.machine.memory - pagesToKib(registers.given),
    guestRamResidentKiB: pagesToKib(residentPages(host)),
    processRssKiB: pagesToKib(processPages(host)),
    processSwappedKiB: pagesToKib(swappedPages(host))
  };
}

/** Fields of guest-stats, predicted; null where the driver never answered. */
export function statsFields({state}: World): Record<string, number | null> {
  const {stats} = state;
  const asked = stats.updatedAt >= 0;
  const bytes = (pages: number): number | null => (asked ? pages * KIB_PER_PAGE * 1024 : null);
  const {swappedIn, swappedOut} = state.guest.counters;
  return {
    totalMemoryBytes: bytes(stats.total),
    freeMemoryBytes: bytes(stats.free),
    availableMemoryBytes: bytes(stats.available),
    diskCachesBytes: bytes(stats.caches),
    swapInBytes: bytes(swappedIn),
    swapOutBytes: bytes(swappedOut)
  };
}
