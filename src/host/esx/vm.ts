import {createSampler, type SamplerState} from "./sampler.ts";
import {references, shareable, type SharingProfile} from "./sharing.ts";

/** What an administrator has set for a machine, in pages. */
export interface EsxSettings {
  readonly configured: number;
  /** Never reclaimed once the guest has touched it. */
  reservation: number;
  /** The most host memory it gets; Infinity: no limit. */
  limit: number;
  shares: number;
  /** The largest balloon that the administrator or the version allows; what is reserved bounds it further. */
  readonly balloonCap: number;
  /** Without shares it gets its reservation and no more, however much is free. */
  readonly leastWithoutShares: boolean;
  /** What the host keeps for the machine beside its memory. */
  readonly overhead: number;
}

/**
 * A virtual machine as the host sees it, in pages. Every page of its memory is in
 * one place:
 *   configured = backed + ballooned + swapped + compressed + never touched.
 * The host does not know which pages the guest has free; this account does,
 * because what the guest touches next depends on it.
 */
export interface EsxVm {
  readonly settings: EsxSettings;
  /** In use by the guest: in host RAM, in the swap file, in the compression cache. */
  usedBacked: number;
  usedSwapped: number;
  usedZipped: number;
  /** Free in the guest, and the host does not know. */
  freeBacked: number;
  freeSwapped: number;
  freeZipped: number;
  /** Of `freeBacked`, pages that hold zeroes. */
  zero: number;
  /** Out of the balloon since the guest last freed anything: the next it takes; not backed. */
  deflated: number;
  /** Not backed since it was last given to the guest. */
  untouched: number;
  ballooned: number;
  /** Pages its programs use again and again, and of them those that are swapped or compressed. */
  active: number;
  activeOut: number;
  /** Pages of `usedBacked` on shared frames, and of `zero` on the one frame of zeroes; not whole. */
  shared: number;
  zeroShared: number;
  /** Of the used pages, how many could be shared, and how many use one frame: change with the number of machines. */
  shareablePart: number;
  references: number;
  readonly profile: SharingProfile | null;
  /** Of pages about to be swapped, the part that compresses to half a page. */
  readonly compressible: number;
  /** Large pages back it, 512 pages at a time. */
  readonly largePages: boolean;
  /** Of a machine on large pages, pages broken up, which alone can be shared. */
  broken: number;
  /** Pages it is taken to ask for; not whole. */
  demanded: number;
  /** Layer 2: what the policy said last. */
  target: number;
  /** Pages the host wants in the swap file or the compression cache. */
  swapTarget: number;
  /** Seconds for which it was above its goal and its balloon did not grow. */
  stuck: number;
  /** The balloon when `stuck` was last looked at. */
  lastBalloon: number;
  readonly sampler: SamplerState;
  readonly counters: {swapIn: number; swapOut: number; zipped: number; unzipped: number; stall: number};
}

/** Pages of a large page. */
export const LARGE_PAGE = 512;

/** What a machine is started with. */
export interface EsxVmOptions {
  readonly settings: EsxSettings;
  readonly profile: SharingProfile | null;
  readonly compressible: number;
  readonly largePages: boolean;
  readonly seed: number | null;
  /** Guest pages that its boot leaves free. */
  readonly free: number;
  /** Whether the boot writes zeroes to all of them, as Windows does. */
  readonly zeroes: boolean;
}

/** A machine whose guest has just booted; its used pages and, if it zeroes, all others are backed. */
export function createVm({settings, profile, compressible, largePages, seed, free, zeroes}: EsxVmOptions): EsxVm {
  return {
    settings,
    usedBacked: settings.configured - free,
    usedSwapped: 0,
    usedZipped: 0,
    freeBacked: zeroes ? free : 0,
    freeSwapped: 0,
    freeZipped: 0,
    zero: zeroes ? free : 0,
    deflated: 0,
    untouched: zeroes ? 0 : free,
    ballooned: 0,
    active: 0,
    activeOut: 0,
    shared: 0,
    zeroShared: 0,
    shareablePart: 0,
    references: 1,
    profile,
    compressible,
    largePages,
    broken: 0,
    demanded: 0,
    target: settings.configured,
    swapTarget: 0,
    stuck: 0,
    lastBalloon: 0,
    sampler: createSampler(seed),
    counters: {swapIn: 0, swapOut: 0, zipped: 0, unzipped: 0, stall: 0}
  };
}

/** How many machines of its image run now, itself among them. */
export function setCompany(vm: EsxVm, machines: number): void {
  if (vm.profile === null) return;
  vm.shareablePart = shareable(vm.profile, machines);
  vm.references = references(vm.profile, machines);
  vm.shared = Math.min(vm.shared, vm.shareablePart * vm.usedBacked);
}
