import type {HostState} from "./state.ts";

function sum(column: Float64Array): number {
  let total = 0;
  for (let zone = 0; zone < column.length; zone++) total += column[zone] ?? 0;
  return total;
}

/** Guest RAM in host RAM, pages. */
export const residentPages = (host: HostState): number => host.usedBacked + sum(host.touchedFree) + sum(host.touchedLate);

/** Guest RAM in host swap, pages. */
export const swappedPages = (host: HostState): number => host.swappedUsed + sum(host.swappedFree);

/** Guest RAM that is neither backed nor ballooned nor swapped, pages. */
export const neverTouchedPages = (host: HostState): number => sum(host.untouched);

/** RSS of the VM's process, pages. */
export const processPages = (host: HostState): number => residentPages(host) + host.overhead;

/** Host RAM nobody holds, pages; below 0 only when the host has run out. */
export const hostFree = (host: HostState): number => host.ram - processPages(host) - host.others;
