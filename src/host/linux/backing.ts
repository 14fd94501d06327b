import type {Backing} from "../../domain/backing.ts";
import type {HostState} from "./state.ts";

/** Moves up to `pages` out of one place of a zone; returns how many there were. */
function take(column: Float64Array, zone: number, pages: number): number {
  const part = Math.min(pages, column[zone] ?? 0);
  column[zone] = (column[zone] ?? 0) - part;
  return part;
}

const put = (column: Float64Array, zone: number, pages: number): void => {
  column[zone] = (column[zone] ?? 0) + pages;
};

/**
 * The guest takes free pages of a zone: recently freed ones first, then untouched
 * ones, then those its boot left in blocks of kernel pages.
 * @param read whether it writes to them, so that swapped ones are read back first.
 */
function takeFree(host: HostState, zone: number, pages: number, read: boolean): void {
  let left = pages - take(host.touchedFree, zone, pages);
  const swapped = take(host.swappedFree, zone, left);
  if (read) host.swapIns += swapped;
  left -= swapped;
  left -= take(host.untouched, zone, left);
  take(host.touchedLate, zone, left);
}

function report(host: HostState, zone: number, pages: number): number {
  const recent = take(host.touchedFree, zone, pages);
  const late = take(host.touchedLate, zone, pages - recent);
  const swapped = take(host.swappedFree, zone, pages - recent - late);
  put(host.untouched, zone, recent + late + swapped);
  return recent + late + swapped;
}

/** What the host of a QEMU process does when the guest uses, frees, gives up or reports pages. */
export function linuxBacking(host: HostState): Backing {
  return {
    use(zone, pages) {
      takeFree(host, zone, pages, true);
      host.usedBacked += pages;
    },
    release(zone, pages) {
      const backed = Math.min(pages, host.usedBacked);
      host.usedBacked -= backed;
      host.swappedUsed -= pages - backed;
      put(host.touchedFree, zone, backed);
      put(host.swappedFree, zone, pages - backed);
    },
    inflate(zone, pages) {
      takeFree(host, zone, pages, false);
      host.ballooned += pages;
    },
    deflate(zone, pages) {
      host.ballooned -= pages;
      put(host.untouched, zone, pages);
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
