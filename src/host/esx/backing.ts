import type {Backing} from "../../domain/backing.ts";
import {granted} from "./accounts.ts";
import {LARGE_PAGE, type EsxVm} from "./vm.ts";

/** What a fault that waits costs, seconds. */
export interface FaultCosts {
  readonly swapIn: number;
  readonly decompress: number;
  /** A page from the guest's own swap, which lies on a disk as well. */
  readonly guestSwapIn: number;
}

/** Takes free pages that are backed; those that hold zeroes and those that do not in proportion. */
function takeBacked(vm: EsxVm, wanted: number): number {
  const before = vm.freeBacked;
  const part = Math.min(wanted, before);
  vm.freeBacked -= part;
  if (vm.zero === 0 || before === 0) return part;
  const zeroes = Math.max(vm.zero - vm.freeBacked, Math.floor((part * vm.zero) / before));
  vm.zeroShared = Math.min(vm.zeroShared * (1 - zeroes / vm.zero), vm.zero - zeroes);
  vm.zero -= zeroes;
  return part;
}

/** Takes pages that are nowhere. */
function takeNowhere(vm: EsxVm, wanted: number): number {
  const part = Math.min(wanted, vm.untouched);
  vm.untouched -= part;
  return part;
}

/** A page for which the host has none yet; a large page brings its neighbours with it. */
function takeUntouched(vm: EsxVm, wanted: number): number {
  const part = takeNowhere(vm, wanted);
  if (part > 0 && vm.largePages) {
    const odd = (granted(vm) + part) % LARGE_PAGE;
    vm.freeBacked += takeNowhere(vm, odd === 0 ? 0 : LARGE_PAGE - odd);
  }
  return part;
}

function readIn(vm: EsxVm, pages: number, costs: FaultCosts): void {
  vm.counters.swapIn += pages;
  vm.counters.stall += pages * costs.swapIn;
}

function unzip(vm: EsxVm, pages: number, costs: FaultCosts): void {
  vm.counters.unzipped += pages;
  vm.counters.stall += pages * costs.decompress;
}

/** Takes free pages that are out; `costs` when they have to be read. @returns how many there were. */
function takeOut(vm: EsxVm, wanted: number, costs: FaultCosts | null): number {
  const zipped = Math.min(wanted, vm.freeZipped);
  const swapped = Math.min(wanted - zipped, vm.freeSwapped);
  vm.freeZipped -= zipped;
  vm.freeSwapped -= swapped;
  if (costs !== null) {
    unzip(vm, zipped, costs);
    readIn(vm, swapped, costs);
  }
  return zipped + swapped;
}

/** The guest takes free pages, the last freed first; `costs` when it writes to them, so that what is out comes back. */
function takeFree(vm: EsxVm, pages: number, fresh: number, costs: FaultCosts | null): void {
  const deflated = Math.min(pages, vm.deflated);
  vm.deflated -= deflated;
  let left = pages - deflated;
  const first = Math.min(left, fresh);
  left -= costs === null ? takeNowhere(vm, first) : takeUntouched(vm, first);
  left -= takeBacked(vm, left);
  left -= takeOut(vm, left, costs);
  if (costs === null) takeNowhere(vm, left);
  else takeUntouched(vm, left);
}

/** Brings used pages back: from the cache and from the swap file in proportion. */
export function bringBack(vm: EsxVm, pages: number, costs: FaultCosts): number {
  const out = vm.usedSwapped + vm.usedZipped;
  const all = Math.min(pages, out);
  if (all === 0) return 0;
  const zipped = Math.min(vm.usedZipped, Math.max(all - vm.usedSwapped, Math.round((all * vm.usedZipped) / out)));
  const swapped = all - zipped;
  vm.usedZipped -= zipped;
  vm.usedSwapped -= swapped;
  vm.usedBacked += all;
  vm.activeOut = Math.min(vm.activeOut, vm.usedSwapped + vm.usedZipped);
  unzip(vm, zipped, costs);
  readIn(vm, swapped, costs);
  return all;
}

/** Programs go over what they use again and again: `part` of it in this step. */
export function touchActive(vm: EsxVm, part: number, costs: FaultCosts): void {
  if (vm.activeOut === 0) return;
  const back = bringBack(vm, Math.ceil(vm.activeOut * part), costs);
  vm.activeOut = Math.max(0, vm.activeOut - back);
}

/** Used pages become free ones, wherever they are, in proportion. */
function release(vm: EsxVm, pages: number): void {
  const used = vm.usedBacked + vm.usedSwapped + vm.usedZipped;
  const swapped = Math.min(vm.usedSwapped, Math.floor((pages * vm.usedSwapped) / used));
  const zipped = Math.min(vm.usedZipped, Math.floor((pages * vm.usedZipped) / used));
  const backed = Math.min(vm.usedBacked, pages - swapped - zipped);
  const rest = pages - swapped - zipped - backed;
  const more = Math.min(rest, vm.usedSwapped - swapped);
  vm.shared *= vm.usedBacked === 0 ? 0 : 1 - backed / vm.usedBacked;
  vm.usedBacked -= backed;
  vm.usedSwapped -= swapped + more;
  vm.usedZipped -= zipped + rest - more;
  vm.freeBacked += backed;
  vm.freeSwapped += swapped + more;
  vm.freeZipped += zipped + rest - more;
  vm.activeOut = Math.min(vm.activeOut, vm.usedSwapped + vm.usedZipped);
  vm.untouched += vm.deflated;
  vm.deflated = 0;
}

/** What the host does when the guest uses, frees and gives up pages. */
export function esxBacking(vm: EsxVm, costs: FaultCosts): Backing {
  return {
    use(_, pages, fresh) {
      takeFree(vm, pages, fresh, costs);
      vm.usedBacked += pages;
    },
    release(_, pages) {
      if (pages > 0) release(vm, pages);
    },
    inflate(_, pages, fresh) {
      takeFree(vm, pages, fresh, null);
      vm.ballooned += pages;
    },
    deflate(_, pages) {
      vm.ballooned -= pages;
      vm.deflated += pages;
    },
    // VMware's driver names pages of the balloon only.
    report: () => 0,
    touch(pages) {
      bringBack(vm, pages, costs);
    }
  };
}
