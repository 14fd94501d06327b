import type {HostState} from "./state.ts";

function touchedFree(host: HostState): number {
  let sum = 0;
  for (let zone = 0; zone < host.touchedFree.length; zone++) sum += host.touchedFree[zone] ?? 0;
  return sum;
}

/** Guest RAM in host RAM, pages. */
export const residentPages = (host: HostState): number => host.usedBacked + touchedFree(host);

/** Guest RAM in host swap, pages. */
export const swappedPages = (host: HostState): number => host.swappedUsed + host.swappedFree;

/** RSS of the VM's process, pages. */
export const processPages = (host: HostState): number => residentPages(host) + host.overhead;

/** Host RAM nobody holds, pages; negative never survives a step. */
export const hostFree = (host: HostState): number => host.ram - processPages(host) - host.others;
