import {cache, granted, neverTouched, saved, swapped, zipped} from "../../../src/host/esx/accounts.ts";
import type {SharingProfile} from "../../../src/host/esx/sharing.ts";
import {createVm, type EsxSettings, type EsxVm, type EsxVmOptions} from "../../../src/host/esx/vm.ts";

/** 10,000 pages, of which the boot left 6,000 free. */
export const settings: EsxSettings = {configured: 10000, reservation: 0, limit: Infinity, shares: 1, balloonCap: 6500, leastWithoutShares: false, overhead: 100};
export const costs = {swapIn: 0.01, decompress: 0.001, guestSwapIn: 0.01};
export const profile: SharingProfile = {image: "x", duplicate: 0.25, copies: 5, common: 0.4, agreement: 0.5};

export const vmOf = (options: Partial<EsxVmOptions> = {}, changes: Partial<EsxSettings> = {}): EsxVm =>
  createVm({settings: {...settings, ...changes}, profile: null, compressible: 0, largePages: false, seed: null, free: 6000, zeroes: false, ...options});

/** A machine whose programs have used all but 1,000 pages. */
export function busyVm(options: Partial<EsxVmOptions> = {}, changes: Partial<EsxSettings> = {}): EsxVm {
  const vm = vmOf(options, changes);
  vm.usedBacked = 8000;
  vm.freeBacked = 1000;
  vm.untouched = 1000;
  vm.zero = 0;
  return vm;
}

/** Pages by place; their sum is the configured size. */
export const places = (vm: EsxVm): {backed: number; ballooned: number; swapped: number; zipped: number; never: number} => ({
  backed: granted(vm),
  ballooned: vm.ballooned,
  swapped: swapped(vm),
  zipped: zipped(vm),
  never: neverTouched(vm)
});

/** What is wrong with a machine's account; "" when nothing is. */
export function wrong(vm: EsxVm): string {
  const sum = Object.values(places(vm)).reduce((a, b) => a + b, 0);
  if (sum !== vm.settings.configured) return `sum ${sum}`;
  const counts = {usedBacked: vm.usedBacked, usedSwapped: vm.usedSwapped, usedZipped: vm.usedZipped, freeBacked: vm.freeBacked, freeSwapped: vm.freeSwapped, freeZipped: vm.freeZipped, deflated: vm.deflated, untouched: vm.untouched, ballooned: vm.ballooned, zero: vm.zero, activeOut: vm.activeOut};
  for (const [name, value] of Object.entries(counts)) if (!(Number.isInteger(value) && value >= 0)) return `${name} ${value}`;
  if (vm.zero > vm.freeBacked) return "zero";
  if (vm.zeroShared > vm.zero + 1e-6 || vm.zeroShared < 0) return `zeroShared ${vm.zeroShared} of ${vm.zero}`;
  if (vm.shared > vm.usedBacked + 1e-6 || vm.shared < 0) return "shared";
  if (vm.activeOut > vm.usedSwapped + vm.usedZipped) return "activeOut";
  if (saved(vm) > granted(vm) || cache(vm) < 0) return "saved";
  return "";
}
