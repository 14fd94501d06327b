import {total} from "../../domain/column.ts";
import type {HostState} from "./state.ts";

/** Guest RAM in host RAM, pages. */
export const residentPages = (host: HostState): number => host.usedBacked + total(host.touchedFree) + total(host.touchedLate);

/** Guest RAM in host swap, pages. */
export const swappedPages = (host: HostState): number => host.swappedUsed + total(host.swappedFree);

/** Guest RAM that is neither backed nor ballooned nor swapped, pages. */
export const neverTouchedPages = (host: HostState): number => total(host.untouched) + total(host.deflated);

/** RSS of the VM's process, pages. */
export const processPages = (host: HostState): number => residentPages(host) + host.overhead;

/** Host RAM nobody holds, pages; below 0 only when the host has run out. */
export const hostFree = (host: HostState): number => host.ram - processPages(host) - host.others;
