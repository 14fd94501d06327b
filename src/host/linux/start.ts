import {at} from "../../domain/column.ts";
import {sourced} from "../../source.ts";
import {cgroupUsage} from "./accounts.ts";
import {cgroupFiles, newCgroup, type CgroupFile, type CgroupParent, type CgroupState} from "./cgroup/state.ts";
import type {HostState} from "./state.ts";
import type {KiB} from "../../units.ts";
import {KIB_PER_PAGE} from "../../units.ts";

/**
 * Guest RAM that the boot wrote to and freed again, outside zone DMA: the
 * compressed kernel, the initramfs archive, init code. It does not grow with the
 * memory size (25 to 31 MiB recorded from 512 MiB to 4 GiB). The first balloon
 * takes the early part of it; the late part lies in blocks of kernel pages, which
 * movable allocations enter last.
 */
export const FREED_BY_BOOT = sourced({early: (19 * 1024) / KIB_PER_PAGE, late: (9 * 1024) / KIB_PER_PAGE}, {
  text: "resident after boot less what the guest does not have free, less zone DMA's free pages; of it the first balloon of 0.5 to 1.5 GiB gave back 10 to 27 MiB",
  place: "qemu-size-*.json, qemu-balloon-*.json, qemu-oom-*.json guestRamResidentKiB, MemFree, zones",
  version: "recordings of 2026-11-22",
  grade: "derived"
});

/** RSS of a QEMU process beyond guest RAM, KiB: its own heap, code and (here) TCG's translation cache. */
export const PROCESS_OVERHEAD = sourced(100 * 1024, {
  text: "processRssKiB less guestRamResidentKiB, 98 to 106 MiB under software emulation; a parameter, not KVM's overhead",
  place: "qemu-size-*.json",
  version: "recordings of 2026-11-22",
  grade: "recorded"
});

/** What the host is given. */
export interface HostOptions {
  readonly ram: KiB;
  readonly swap: KiB;
  /** RSS of the VM's process beyond guest RAM. */
  readonly overhead: KiB;
  /** RAM other programs hold from the start. */
  readonly others: KiB;
  /** Whether the host caches the files behind the VM's disks: cache=writeback rather than none. */
  readonly diskCache: boolean;
  /** Limits of the VM's cgroup, KiB; Infinity for none. */
  readonly cgroup: CgroupLimits;
}

/** Limits of a cgroup in KiB, and its parent's, where a CgroupState has pages. */
export type CgroupLimits = Pick<CgroupState, "version" | "parent" | CgroupFile>;

/** What the host can know of a booted guest: sizes in pages. */
export interface BootFootprint {
  readonly configured: number;
  /** Free pages per guest zone, the lowest first, those on per-CPU lists among them. */
  readonly free: Float64Array;
}

const inPages = (size: KiB): number => Math.floor(size / KIB_PER_PAGE);

const parentInPages = ({min, low, siblings}: CgroupParent): CgroupParent => ({
  min: Math.floor(min / KIB_PER_PAGE),
  low: Math.floor(low / KIB_PER_PAGE),
  siblings: siblings.map((one) => ({size: Math.floor(one.size / KIB_PER_PAGE), min: Math.floor(one.min / KIB_PER_PAGE), low: Math.floor(one.low / KIB_PER_PAGE)}))
});

/** A cgroup whose limits are given in KiB; the kernel keeps whole pages. */
export function cgroupInPages(limits: CgroupLimits): CgroupState {
  const {version, parent} = limits;
  const cgroup = newCgroup(parent === undefined ? {version} : {version, parent: parentInPages(parent)});
  for (const file of cgroupFiles) cgroup[file] = Math.floor(limits[file] / KIB_PER_PAGE);
  return cgroup;
}

/**
 * A guest has just booted: everything it does not have free was written to, and
 * so was zone DMA (the kernel is unpacked across it) and what the boot freed.
 */
export function startHost(guest: BootFootprint, options: HostOptions): HostState {
  const zones = guest.free.length;
  const {free} = guest;
  const {early, late} = FREED_BY_BOOT.value;
  const touchedFree = free.map((pages, zone) => (zone === 0 ? pages : zone === 1 ? Math.min(pages, early) : 0));
  const touchedLate = free.map((pages, zone) => (zone === 1 ? Math.min(pages - at(touchedFree, zone), late) : 0));
  const state: HostState = {
    touchedFree,
    touchedLate,
    deflated: new Float64Array(zones),
    untouched: free.map((pages, zone) => pages - at(touchedFree, zone) - at(touchedLate, zone)),
    swappedFree: new Float64Array(zones),
    usedBacked: guest.configured - free.reduce((sum, pages) => sum + pages, 0),
    swappedUsed: 0,
    ballooned: 0,
    ram: inPages(options.ram),
    swap: inPages(options.swap),
    overhead: inPages(options.overhead),
    others: inPages(options.others),
    swapIns: 0,
    swapOuts: 0,
    overheadSwapped: 0,
    pageCache: 0,
    cgroup: cgroupInPages(options.cgroup)
  };
  state.cgroup.peak = Math.min(state.cgroup.max, cgroupUsage(state));
  return state;
}
