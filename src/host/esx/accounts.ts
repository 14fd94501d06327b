import type {EsxVm} from "./vm.ts";

/** Pages of a guest in host RAM, shared ones counted fully: the counter `granted`. */
export const granted = (vm: EsxVm): number => vm.usedBacked + vm.freeBacked;

/** Pages in the machine's swap file. */
export const swapped = (vm: EsxVm): number => vm.usedSwapped + vm.freeSwapped;

/** Pages in the compression cache. */
export const zipped = (vm: EsxVm): number => vm.usedZipped + vm.freeZipped;

/** Pages that the guest believes to have, and that lie in the swap file or the cache. */
export const out = (vm: EsxVm): number => swapped(vm) + zipped(vm);

/** Pages that are nowhere: not written to since they were last given to the guest. */
export const neverTouched = (vm: EsxVm): number => vm.untouched + vm.deflated;

/** Host pages that sharing saves. Frames of zeroes are charged to nobody, being one. */
export const saved = (vm: EsxVm): number => Math.floor(vm.shared * (1 - 1 / vm.references) + vm.zeroShared);

/** Host pages that the compression cache takes: half of each page in it. */
export const cache = (vm: EsxVm): number => Math.ceil(zipped(vm) / 2);

/** Host pages that back the guest: the counter `consumed`. */
export const consumed = (vm: EsxVm): number => granted(vm) - saved(vm);

/** Host pages charged to the machine, without its overhead: what it consumes, and its compression cache. */
export const charged = (vm: EsxVm): number => consumed(vm) + cache(vm);

/** What it would be charged if all it has touched, the pages in its balloon among it, were in host RAM. */
export const demand = (vm: EsxVm): number => vm.settings.configured - neverTouched(vm) - saved(vm);

/** The most host memory it may have. */
export function ceiling({settings: {configured, limit, reservation, shares, leastWithoutShares}}: EsxVm): number {
  return shares === 0 && leastWithoutShares ? reservation : Math.min(configured, limit);
}

/** The largest balloon it may have at present. */
export const balloonMax = ({settings: {configured, reservation, balloonCap}}: EsxVm): number => Math.max(0, Math.min(balloonCap, configured - reservation));

/**
 * Pages in host RAM that may be taken from it: reserved memory is the guest's as soon as it has touched it.
 * Source: vSphere 7.0 Resource Management, memory reservation.
 */
export const takeable = (vm: EsxVm): number => Math.max(0, granted(vm) - vm.settings.reservation);

/** Size of its swap file. */
export const swapFile = ({settings}: EsxVm): number => settings.configured - settings.reservation;

/** The counter `active`: what the sampler makes of the pages that are not in the balloon. */
export const sampledPages = (vm: EsxVm): number => vm.settings.configured - vm.ballooned;
