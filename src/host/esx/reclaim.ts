import {sourced} from "../../source.ts";
import {balloonMax, cache, ceiling, charged, demand, granted, out, swapFile, takeable, zipped} from "./accounts.ts";
import type {Actions} from "./versions.ts";
import {LARGE_PAGE, type EsxVm} from "./vm.ts";

/** Of a machine's configured size, what its compression cache may take. */
export const CACHE_PART = sourced(0.1, {text: "Mem.MemZipMaxPct 10 %", place: "option list of an ESXi host, build not stated", version: "ESXi", grade: "read"});

/** Seconds a balloon may make no headway before pages are swapped instead: nobody has published how slow is too slow. */
export const PATIENCE = sourced(5, {text: "chosen for the model", place: "host/esx/reclaim.ts", version: "2026", grade: "illustrative"});

/** What a machine may keep at present: its target while the host reclaims, its limit always. */
const goal = (vm: EsxVm, {balloon, swap}: Actions): number => (balloon || swap !== "no" ? Math.min(vm.target, ceiling(vm)) : ceiling(vm));

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

/**
 * The size a machine's balloon should have, pages: what it holds, and what the machine is charged
 * beyond its goal. A host that does not balloon lets balloons shrink, never grow, except where a
 * machine is above its own limit. A balloon shrinks only where the target leaves the guest more
 * than it has without it: estimates waver, and what is let go is not easily had back. A machine
 * that gets all it asks for has no balloon.
 * @param asked the size asked for before.
 */
export function balloonTarget(vm: EsxVm, actions: Actions, asked: number): number {
  const most = ceiling(vm);
  const target = Math.min(vm.target, most);
  const held = vm.ballooned + charged(vm);
  const kept = target < demand(vm) ? Math.min(asked, vm.settings.configured - out(vm) - target) : 0;
  const wanted = actions.balloon ? Math.max(held - target, kept) : Math.max(held - most, Math.min(asked, Math.max(held - target, kept)));
  return clamp(wanted, Math.min(balloonMax(vm), vm.ballooned + takeable(vm)));
}

/**
 * Pages of broken large pages, after `taken` of `backed` pages have gone: a large
 * page is split before any of it is written out (vSphere 6.5, memory compression).
 * Of n large pages, v victims at random miss one with a chance of (1 - 1 / n) to the power of v.
 */
function brokenUp(broken: number, backed: number, taken: number): number {
  const whole = backed - broken;
  if (whole <= 0) return backed - taken;
  const victims = (taken * whole) / backed;
  const split = whole * (1 - Math.max(0, 1 - LARGE_PAGE / whole) ** victims);
  return Math.min(backed - taken, Math.round(broken + Math.max(split, victims) - taken));
}

/** Pages with a twin somewhere, shared already or not yet: of those in use a part, of the free ones the zeroes. */
const twins = ({profile, shareablePart, usedBacked, freeBacked, zero}: EsxVm): {readonly used: number; readonly free: number} =>
  profile === null ? {used: 0, free: 0} : {used: shareablePart * usedBacked, free: Math.min(freeBacked, zero)};

/**
 * How many of `pages` victims the guest has free: they are taken at random, since
 * the host does not know, among those without a twin as long as there are any.
 */
function freeAmong(vm: EsxVm, pages: number): number {
  const kept = twins(vm);
  const alone = granted(vm) - kept.used - kept.free;
  const first = Math.min(pages, Math.max(0, alone));
  const rest = granted(vm) - first;
  const wish = (alone <= 0 ? 0 : (first * (vm.freeBacked - kept.free)) / alone) + (rest <= 0 ? 0 : ((pages - first) * vm.freeBacked) / rest);
  return Math.min(vm.freeBacked, Math.max(pages - vm.usedBacked, Math.round(wish)));
}

/** Takes backed pages; what of them was shared is so no longer. */
function pickVictims(vm: EsxVm, pages: number): {readonly used: number; readonly free: number} {
  const backed = granted(vm);
  const free = freeAmong(vm, pages);
  const used = Math.min(vm.usedBacked, pages - free);
  const lost = vm.usedBacked === 0 ? 0 : used / vm.usedBacked;
  vm.activeOut += Math.round(Math.max(0, Math.min(vm.active, vm.usedBacked + vm.activeOut) - vm.activeOut) * lost);
  vm.usedBacked -= used;
  vm.shared = Math.min(vm.shared, vm.shareablePart * vm.usedBacked);
  vm.zero -= vm.profile === null ? Math.min(vm.zero, Math.ceil((free * vm.zero) / Math.max(1, vm.freeBacked))) : Math.max(0, free - (vm.freeBacked - vm.zero));
  vm.zeroShared = Math.min(vm.zeroShared, vm.zero);
  vm.freeBacked -= free;
  if (vm.largePages) vm.broken = brokenUp(vm.broken, backed, used + free);
  return {used, free};
}

/** Before a page is written out the host looks for its twin: those found are shared, and stay. A page that is shared is no victim. */
function shareVictims(vm: EsxVm, pages: number): number {
  const single = granted(vm) - vm.shared - vm.zeroShared;
  if (vm.profile === null || single <= 0) return 0;
  const content = Math.max(0, vm.shareablePart * vm.usedBacked - vm.shared);
  const zero = Math.max(0, vm.zero - vm.zeroShared);
  const victims = Math.min(pages, single);
  const hit = Math.floor((victims * content) / single);
  const zeroHit = Math.floor((victims * zero) / single);
  vm.shared += hit;
  vm.zeroShared += zeroHit;
  return hit + zeroHit;
}

/** Room in the compression cache, in pages that go in; it is charged to the machine, and alone must not be more than that may have. */
const cacheRoom = (vm: EsxVm): number => Math.max(0, Math.floor(2 * Math.min(CACHE_PART.value * vm.settings.configured, ceiling(vm))) - zipped(vm));

/** Writes victims out: what compresses into the cache while there is room, the rest to the swap file. */
function place(vm: EsxVm, key: "used" | "free", pages: number, zips: number): void {
  const zip = Math.min(pages, zips);
  const swap = pages - zip;
  if (key === "used") {
    vm.usedZipped += zip;
    vm.usedSwapped += swap;
  } else {
    vm.freeZipped += zip;
    vm.freeSwapped += swap;
  }
  vm.counters.zipped += zip;
  vm.counters.swapOut += swap;
}

/** Moves up to `pages` from the compression cache to the swap file. @returns how many. */
export function evict(vm: EsxVm, pages: number): number {
  const all = Math.min(Math.ceil(pages), zipped(vm));
  if (all <= 0) return 0;
  const used = Math.min(vm.usedZipped, Math.max(all - vm.freeZipped, Math.round((all * vm.usedZipped) / zipped(vm))));
  vm.usedZipped -= used;
  vm.usedSwapped += used;
  vm.freeZipped -= all - used;
  vm.freeSwapped += all - used;
  vm.counters.unzipped += all;
  vm.counters.swapOut += all;
  return all;
}

/** Writes out up to `wanted` pages that may be taken. @returns how many. */
export function writeOut(vm: EsxVm, wanted: number, compress: boolean, swap: boolean): number {
  const left = Math.min(wanted, takeable(vm), Math.max(0, swapFile(vm) - out(vm)));
  const zips = compress ? Math.min(cacheRoom(vm), Math.floor(left * vm.compressible)) : 0;
  const swaps = swap ? left - zips : 0;
  if (zips + swaps <= 0) return 0;
  const {used, free} = pickVictims(vm, zips + swaps);
  const zipUsed = Math.min(used, Math.round((zips * used) / (zips + swaps)));
  place(vm, "used", used, zipUsed);
  place(vm, "free", free, zips - zipUsed);
  return used + free;
}

/**
 * Takes `wanted` pages from a machine: shared where they have a twin, else compressed, else swapped.
 * @param compress whether the version compresses.
 * @param swap whether what does not compress is swapped, or left.
 * @returns pages gone from host RAM or onto shared frames.
 */
export function pageOut(vm: EsxVm, wanted: number, compress: boolean, swap: boolean): number {
  const shared = shareVictims(vm, Math.min(wanted, granted(vm)));
  return shared + writeOut(vm, wanted - shared, compress, swap);
}

/** Counts how long a machine is above its goal while its balloon makes no headway. */
function watch(vm: EsxVm, excess: number, dt: number): void {
  if (vm.ballooned !== vm.lastBalloon) vm.stuck = 0;
  else if (excess > 0) vm.stuck += dt;
  vm.lastBalloon = vm.ballooned;
}

/** Pages that have to be written out now, because no balloon brings them. */
function withoutBalloon(vm: EsxVm, excess: number, driver: boolean): number {
  if (!driver || vm.stuck >= PATIENCE.value) return excess;
  return Math.max(0, excess - (balloonMax(vm) - vm.ballooned));
}

/** The cache gives way where it alone is more than the machine may keep, or nothing else may be taken from it. @returns pages written. */
function shrinkCache(vm: EsxVm, most: number, budget: number): number {
  const excess = takeable(vm) === 0 ? charged(vm) - most : cache(vm) - most;
  return excess > 0 ? evict(vm, Math.min(2 * excess, budget)) : 0;
}

/** How a host can take pages in a step. */
export interface Means {
  readonly actions: Actions;
  /** The version compresses pages before it swaps them. */
  readonly compression: boolean;
  /** Pages that the swap device takes in this step. */
  readonly budget: number;
}

/**
 * Brings a machine that is above its goal closer to it by the means that need no guest.
 * @param driver whether a balloon driver answers.
 * @returns pages written, of the budget.
 */
export function reclaim(vm: EsxVm, {actions, compression, budget}: Means, driver: boolean, dt: number): number {
  const most = goal(vm, actions);
  const excess = charged(vm) - most;
  watch(vm, excess, dt);
  const wanted = excess <= 0 ? 0 : actions.swap === "force" ? excess : withoutBalloon(vm, excess, driver && (actions.balloon || charged(vm) > ceiling(vm)));
  vm.swapTarget = out(vm) + wanted;
  const before = vm.counters.swapOut;
  if (compression && actions.compress && actions.swap !== "force" && excess > wanted) pageOut(vm, Math.min(excess - wanted, budget), true, false);
  if (wanted > 0) pageOut(vm, Math.min(wanted, budget), compression, true);
  if (excess > 0) shrinkCache(vm, most, budget - (vm.counters.swapOut - before));
  return vm.counters.swapOut - before;
}
