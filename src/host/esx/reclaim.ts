import {sourced} from "../../source.ts";
import {ceiling, charged, demand, granted, swapFile, swapped, zipped} from "./accounts.ts";
import type {Actions} from "./versions.ts";
import type {EsxVm} from "./vm.ts";

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
  const kept = target < demand(vm) ? Math.min(asked, vm.settings.configured - swapped(vm) - zipped(vm) - target) : 0;
  const wanted = actions.balloon ? Math.max(held - target, kept) : Math.max(held - most, Math.min(asked, Math.max(held - target, kept)));
  return clamp(wanted, vm.settings.balloonMax);
}

/** Takes backed pages at random, which the guest has in use or free: the host does not know. */
function pickVictims(vm: EsxVm, pages: number): {readonly used: number; readonly free: number} {
  const backed = granted(vm);
  const free = Math.min(vm.freeBacked, Math.round((pages * vm.freeBacked) / backed));
  const used = Math.min(vm.usedBacked, pages - free);
  const lost = vm.usedBacked === 0 ? 0 : used / vm.usedBacked;
  vm.activeOut += Math.round(Math.max(0, Math.min(vm.active, vm.usedBacked + vm.activeOut) - vm.activeOut) * lost);
  vm.shared *= 1 - lost;
  vm.usedBacked -= used;
  const zeroes = vm.freeBacked === 0 ? 0 : Math.ceil((free * vm.zero) / vm.freeBacked);
  vm.zeroShared *= vm.zero === 0 ? 0 : 1 - zeroes / vm.zero;
  vm.zero -= zeroes;
  vm.freeBacked -= free;
  return {used, free};
}

/** Before a page is written out the host looks for its twin: those found are shared, and stay. */
function shareVictims(vm: EsxVm, pages: number): number {
  const backed = granted(vm);
  if (vm.profile === null || backed === 0) return 0;
  const content = Math.max(0, vm.shareablePart * vm.usedBacked - vm.shared);
  const zero = Math.max(0, vm.zero - vm.zeroShared);
  const hit = Math.floor((pages * content) / backed);
  const zeroHit = Math.floor((pages * zero) / backed);
  vm.shared += hit;
  vm.zeroShared += zeroHit;
  return hit + zeroHit;
}

/** Room in the compression cache, in pages that go in. */
const cacheRoom = (vm: EsxVm): number => Math.max(0, Math.floor(2 * CACHE_PART.value * vm.settings.configured) - zipped(vm));

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

/**
 * Takes `wanted` pages from a machine: shared where they have a twin, else compressed, else swapped.
 * @param compress whether the version compresses.
 * @param swap whether what does not compress is swapped, or left.
 * @returns pages gone from host RAM or onto shared frames.
 */
export function pageOut(vm: EsxVm, wanted: number, compress: boolean, swap: boolean): number {
  const twins = shareVictims(vm, Math.min(wanted, granted(vm)));
  const left = Math.min(wanted - twins, granted(vm));
  const zips = compress ? Math.min(cacheRoom(vm), Math.floor(left * vm.compressible)) : 0;
  const swaps = swap ? Math.min(left - zips, Math.max(0, swapFile(vm) - swapped(vm))) : 0;
  if (zips + swaps <= 0) return twins;
  const {used, free} = pickVictims(vm, zips + swaps);
  const zipUsed = Math.min(used, Math.round((zips * used) / (zips + swaps)));
  place(vm, "used", used, zipUsed);
  place(vm, "free", free, zips - zipUsed);
  return twins + used + free;
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
  return Math.max(0, excess - (vm.settings.balloonMax - vm.ballooned));
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
  const excess = charged(vm) - goal(vm, actions);
  watch(vm, excess, dt);
  const wanted = excess <= 0 ? 0 : actions.swap === "force" ? excess : withoutBalloon(vm, excess, driver && (actions.balloon || charged(vm) > ceiling(vm)));
  vm.swapTarget = swapped(vm) + zipped(vm) + wanted;
  const before = vm.counters.swapOut;
  if (compression && actions.compress && actions.swap !== "force" && excess > wanted) pageOut(vm, Math.min(excess - wanted, budget), true, false);
  if (wanted > 0) pageOut(vm, Math.min(wanted, budget), compression, true);
  return vm.counters.swapOut - before;
}
