import type {Backing} from "../../domain/backing.ts";
import type {HostState} from "./state.ts";

/**
 * Takes pages out of the guest's free memory: the backed ones first, as Linux
 * guests hand out recently freed pages before untouched ones.
 * @param read whether the guest writes to them, so that swapped ones are read back first.
 */
function takeFree(host: HostState, zone: number, pages: number, read: boolean): void {
  const backed = Math.min(pages, host.touchedFree[zone] ?? 0);
  host.touchedFree[zone] = (host.touchedFree[zone] ?? 0) - backed;
  const swapped = Math.min(pages - backed, host.swappedFree);
  host.swappedFree -= swapped;
  if (read) host.swapIns += swapped;
  host.neverTouched -= pages - backed - swapped;
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
      host.touchedFree[zone] = (host.touchedFree[zone] ?? 0) + backed;
      host.swappedUsed -= pages - backed;
      host.swappedFree += pages - backed;
    },
    inflate(zone, pages) {
      takeFree(host, zone, pages, false);
      host.ballooned += pages;
    },
    deflate(_zone, pages) {
      host.ballooned -= pages;
      host.neverTouched += pages;
    },
    report(zone, pages) {
      const backed = Math.min(pages, host.touchedFree[zone] ?? 0);
      host.touchedFree[zone] = (host.touchedFree[zone] ?? 0) - backed;
      host.neverTouched += backed;
      return backed;
    },
    touch(pages) {
      const back = Math.min(pages, host.swappedUsed);
      host.swappedUsed -= back;
      host.usedBacked += back;
      host.swapIns += back;
    }
  };
}
