import {total} from "../../domain/column.ts";
import type {HostState} from "./state.ts";

/** Guest RAM in host RAM, pages. */
export const residentPages = (host: HostState): number => host.usedBacked + total(host.touchedFree) + total(host.touchedLate);

/** Guest RAM in host swap, pages. */
export const swappedPages = (host: HostState): number => host.swappedUsed + total(host.swappedFree);

/** Guest RAM that is neither backed nor ballooned nor swapped, pages. */
export const neverTouchedPages = (host: HostState): number => total(host.untouched) + total(host.deflated);

/** RSS of the VM's process, pages. */
export const processPages = (host: HostState): number => residentPages(host) + host.overhead - host.overheadSwapped;

/** Swap that the VM's process uses, pages: memory.swap.current. */
export const usedSwap = (host: HostState): number => swappedPages(host) + host.overheadSwapped;

/**
 * Page tables of the VM's process that a balloon leaves: giving up a huge page in
 * small ones needs a table for it, which stays (kernel of memory.stat grew by
 * 1 MiB while 524 MiB went into the balloon, cgroup-vm-cooperative-*.json).
 */
const balloonTables = (host: HostState): number => Math.floor(host.ballooned / 512);

/** What the VM's cgroup is charged for, pages: memory.current. The process, QEMU's own memory among it, its page cache and its page tables. */
export const cgroupUsage = (host: HostState): number => processPages(host) + host.pageCache + balloonTables(host);

/** Host RAM nobody holds, pages; below 0 only when the host has run out. */
export const hostFree = (host: HostState): number => host.ram - cgroupUsage(host) - host.others;

/** Pages the VM may still swap: what the host has left, and on version 2 what its cgroup allows. */
export const swapRoom = (host: HostState): number => Math.max(0, Math.min(host.swap, host.cgroup.swapMax) - usedSwap(host));
