import {granted} from "./accounts.ts";
import {found} from "./sharing.ts";
import type {EsxVm} from "./vm.ts";

/** Of a machine's backed pages, the part that the scanner can share: all, or what of its large pages is broken up. */
function visible(vm: EsxVm): number {
  const pages = granted(vm);
  if (!vm.largePages) return 1;
  vm.broken = Math.min(vm.broken, pages);
  return pages === 0 ? 0 : vm.broken / pages;
}

/**
 * The scanner looks at `pages` of a machine, picked at random.
 * @param breaking whether it breaks up the large pages it meets.
 */
export function scan(vm: EsxVm, pages: number, breaking: boolean): void {
  const backed = granted(vm);
  if (vm.profile === null || backed === 0) return;
  if (vm.largePages && breaking) vm.broken = Math.min(backed, vm.broken + pages);
  const part = visible(vm);
  if (part === 0) return;
  vm.shared += found(vm.usedBacked * part, vm.shared, vm.shareablePart, (pages * vm.usedBacked) / backed);
  vm.zeroShared += found(vm.zero * part, vm.zeroShared, 1, (pages * vm.zero) / backed);
}
