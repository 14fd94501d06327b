import {add, at} from "../../domain/column.ts";
import type {Backing} from "../../domain/backing.ts";
import type {HostState} from "./state.ts";

/** Moves up to `pages` out of one place of a zone; returns how many there were. */
function take(column: Float64Array, zone: number, pages: number): number {
  const part = Math.min(pages, at(column, zone));
  add(column, zone, -part);
  return part;
}

const put = (column: Float64Array, zone: number, pages: number): void => {
  add(column, zone, pages);
};

/**
 * The guest takes free pages of a zone, the last freed first: those out of the
 * balloon, those it had in use before, untouched ones, and last those its boot left
 * in blocks of kernel pages.
 * @param read whether it writes to them, so that swapped ones are read back first.
 */
function takeFree(host: HostState, zone: number, pages: number, fresh: number, read: boolean): void {
  let left = pages - take(host.deflated, zone, pages);
  left -= take(host.untouched, zone, Math.min(left, fresh));
  left -= take(host.touchedFree, zone, left);
  const swapped = take(host.swappedFree, zone, left);
  if (read) host.swapIns += swapped;
  left -= swapped;
  left -= take(host.untouched, zone, left);
  take(host.touchedLate, zone, left);
}

/** Reported pages go. What the boot left among kernel pages is in blocks too small to report. */
function report(host: HostState, zone: number, pages: number): number {
  const recent = take(host.touchedFree, zone, pages);
  const swapped = take(host.swappedFree, zone, pages - recent);
  put(host.untouched, zone, recent + swapped);
  return recent + swapped;
}

/** What the host of a QEMU process does when the guest uses, frees, gives up or reports pages. */
export function linuxBacking(host: HostState): Backing {
  return {
    use(zone, pages, fresh) {
      takeFree(host, zone, pages, fresh, true);
      host.usedBacked += pages;
    },
    release(zone, pages) {
      const backed = Math.min(pages, host.usedBacked);
      host.usedBacked -= backed;
      host.swappedUsed -= pages - backed;
      put(host.untouched, zone, take(host.deflated, zone, Infinity));
      put(host.touchedFree, zone, backed);
      put(host.swappedFree, zone, pages - backed);
    },
    inflate(zone, pages, fresh) {
      takeFree(host, zone, pages, fresh, false);
      host.ballooned += pages;
    },
    deflate(zone, pages) {
      host.ballooned -= pages;
      put(host.deflated, zone, pages);
    },
    report: (zone, pages) => report(host, zone, pages),
    touch(pages) {
      const back = Math.min(pages, host.swappedUsed);
      host.swappedUsed -= back;
      host.usedBacked += back;
      host.swapIns += back;
    }
  };
}
