import type {Machine} from "../../domain/machine.ts";
import {announcesHotplug} from "../../domain/memory-map/hotplug.ts";
import type {MemoryMap} from "../../domain/memory-map/types.ts";
import type {BootParameters} from "./command-line.ts";
import {allocatedTables} from "./direct-map.ts";
import {DENTRY_TABLE, hashTableBytes, INODE_TABLE} from "./hash-tables.ts";
import type {KernelProfile} from "./kernel-profile.ts";
import {createMemblock, doesNotFit, type Memblock, type Range} from "./memblock.ts";
import {imageAddress, imageStretches} from "./placement.ts";
import {kernelPages, layOutZones} from "./zone-layout.ts";

const PAGE = 4096;
const MIB = 2 ** 20;
const LINE = 64;
const FOUR_GIB = 2 ** 32;
const SECTION = 128 * MIB;
/** 64 MiB of 2 KiB slots (Linux 6.1 include/linux/swiotlb.h IO_TLB_DEFAULT_SIZE). */
const DEFAULT_SLOTS = 32768;
const SLOT = 2048;

/** What each part of the kernel took before the page allocator existed, in bytes, by term. */
export interface Reservations {
  readonly ram: readonly Range[];
  readonly memblock: Memblock;
  readonly taken: Readonly<Record<TakenKey, number>>;
  /** Where the kernel image lies. */
  readonly imageAt: number;
  /** What the image gives back once everything has started, bytes. */
  readonly freedLate: number;
  /** How far MemTotal moves from boot to boot, bytes. */
  readonly wobble: number;
  /** End of RAM below 4 GiB, where firmware puts the initramfs. */
  readonly lowEnd: number;
}

export type TakenKey = "kernel-image" | "page-tables" | "node-data" | "sections" | "page-structures" | "per-cpu" | "dentry-table" | "inode-table" | "bounce-buffer" | "bounce-slots";

/** RAM as the kernel keeps it: the map's usable ranges up to `mem=`, without page 0. */
export function systemRam(map: Pick<MemoryMap, "e820">, parameters: Pick<BootParameters, "memoryLimit">): Range[] {
  const limit = parameters.memoryLimit ?? Infinity;
  return map.e820
    .filter((entry) => entry.type === "usable" && entry.start < limit)
    .map((entry) => ({start: Math.max(entry.start, PAGE), end: Math.min(entry.end + 1, limit)}));
}

/**
 * Whether devices that only reach 4 GiB need a bounce buffer: as soon as any RAM, or
 * any address a memory device could take, lies above.
 * Source: Linux 6.1 arch/x86/kernel/pci-dma.c pci_swiotlb_detect (max_possible_pfn).
 */
export function needsBounceBuffer(machine: Machine, map: MemoryMap, ram: readonly Range[], parameters: BootParameters): boolean {
  if (parameters.bounce !== "auto") return parameters.bounce === "always";
  const plugged = announcesHotplug(machine) ? Number(map.hotplugEnd) : 0;
  return Math.max(plugged, ...ram.map((range) => range.end)) > FOUR_GIB;
}

const sectionsOf = (ram: readonly Range[]): number => {
  const numbers = new Set<number>();
  for (const {start, end} of ram) for (let n = Math.floor(start / SECTION); n < end / SECTION; n += 1) numbers.add(n);
  return numbers.size;
};

const rootsOf = (ram: readonly Range[], entryBytes: number): number => {
  const bytesARoot = (PAGE / entryBytes) * SECTION;
  const end = Math.max(...ram.map((range) => range.end));
  return Array.from({length: Math.ceil(end / bytesARoot)}, (_, i) => i).filter((i) =>
    ram.some((range) => range.start < (i + 1) * bytesARoot && range.end > i * bytesARoot)
  ).length;
};

/** A boot in progress; the parts of a kernel's start write into `memblock` and `taken`. */
export interface Work {
  readonly machine: Machine;
  readonly map: MemoryMap;
  readonly parameters: BootParameters;
  readonly profile: KernelProfile;
  readonly ram: readonly Range[];
  readonly memblock: Memblock;
  readonly taken: Record<TakenKey, number>;
}

/** Takes `count` pieces and books them under a term. */
export function take(work: Work, key: TakenKey, size: number, align = LINE, count = 1): void {
  for (let i = 0; i < count; i += 1) work.memblock.allocate(size, align);
  work.taken[key] += size * count;
}

/** Objects of less than a page, in the order of the recorded kernel's boot; they matter only for how pages fill up. */
export const small = (work: Work, sizes: readonly number[]): void => {
  for (const size of sizes) work.memblock.allocate(size, LINE);
};

type MapWork = Pick<Work, "machine" | "parameters" | "profile" | "ram">;

function tablesBesideImage({machine, parameters, profile, ram}: MapWork, at: number): number {
  // 3 tables map the first MiB; randomising the direct map's base takes one more.
  const buffer = profile.pageTableBuffer.value - (parameters.randomised ? 4 : 3);
  return allocatedTables({ram, buffer, bufferAt: at + profile.imageSpan.value, gigabytePages: machine.cpu.gigabytePages});
}

/**
 * How far MemTotal moves from boot to boot, bytes: the kernel image lies anywhere,
 * and what page tables it hinders from using their buffer take pages of RAM.
 */
export function imageWobble(work: MapWork): number {
  if (!work.parameters.randomised || work.machine.kernel.imageAddress !== null) return 0;
  const size = work.profile.imageSpan.value + work.profile.brk.value;
  const counts = imageStretches(work.ram, size).map(({range}) => tablesBesideImage(work, range.start));
  return counts.length > 0 ? (Math.max(...counts) - Math.min(...counts)) * PAGE : 0;
}

function takeImage(work: Work): number {
  const {profile, memblock, ram, machine} = work;
  const span = profile.imageSpan.value;
  const at = machine.kernel.imageAddress ?? imageAddress(ram, span + profile.brk.value, work.parameters.randomised);
  if (!ram.some((range) => range.start <= at && at + span + profile.brk.value <= range.end)) throw doesNotFit(machine.kernel.imageAddress === null ? "memory" : "kernel.imageAddress");
  memblock.reserve(0, MIB);
  memblock.reserve(at, at + span + profile.brk.value);
  take(work, "page-tables", PAGE, PAGE, tablesBesideImage(work, at));
  work.taken["page-tables"] += profile.brk.value;
  const kept = machine.maxVcpus > machine.vcpus && machine.vcpus === 1 ? 0 : profile.smpAlternatives.value;
  const freed = profile.imageFreed.value + kept;
  memblock.free(at, at + freed);
  work.taken["kernel-image"] += span - freed;
  return at;
}

/** The memory node, the section directory and the page structures of every section with RAM. */
export function takePageStructures(work: Work): void {
  const {profile, ram} = work;
  const sections = sectionsOf(ram);
  const structs = (SECTION / PAGE) * profile.pageStruct.value;
  take(work, "node-data", profile.nodeData.value, PAGE);
  take(work, "sections", profile.sectionRoots.value);
  take(work, "sections", PAGE, LINE, rootsOf(ram, profile.sectionEntry.value));
  take(work, "sections", profile.sectionUsage.value * sections);
  take(work, "page-structures", structs * sections, structs);
  // Page tables of the structures' own mapping: one table a GiB of them, and the one above.
  const tables = 1 + new Set(ram.flatMap(({start, end}) => [Math.floor(start / (64 * 1024 * MIB)), Math.floor((end - 1) / (64 * 1024 * MIB))])).size;
  take(work, "page-tables", PAGE, PAGE, tables);
}

/** A 2 MiB area for each eight processors, most of it given back. */
export function takePerCpu(work: Work): void {
  const {profile, machine, memblock} = work;
  const info = memblock.allocate(PAGE, PAGE);
  const areas = memblock.allocate(PAGE, LINE);
  const unit = profile.perCpu.value;
  for (let left = machine.maxVcpus; left > 0; left -= 8) {
    const at = memblock.allocate(2 * MIB, 2 * MIB);
    const used = Math.min(left, 8) * unit;
    memblock.free(at + used, at + 2 * MIB);
    work.taken["per-cpu"] += used;
  }
  small(work, [8, 8, 4, 8, 368, 144, 256, 264, 64, 144, 896, 904, 224]);
  for (const at of [info, areas]) memblock.free(at, at + PAGE);
  small(work, [8, 8, 8, 8, 8]);
}

/** The two hash tables whose size follows memory. */
export function takeTables(work: Work): void {
  const {profile, ram} = work;
  const layouts = layOutZones(ram);
  const reservedLow = layouts.slice(0, 1).reduce((_, low) => low.present - work.memblock.freePages(low.startPfn, low.endPfn), 0);
  const pages = kernelPages(layouts, profile.pageStruct.value, reservedLow);
  take(work, "dentry-table", hashTableBytes(DENTRY_TABLE.value, pages));
  take(work, "inode-table", hashTableBytes(INODE_TABLE.value, pages));
}

/** The bounce buffer and its table, where one is needed. */
export function takeBounceBuffer(work: Work): void {
  if (!needsBounceBuffer(work.machine, work.map, work.ram, work.parameters)) return;
  const slots = work.parameters.bounceSlots ?? DEFAULT_SLOTS;
  if (work.memblock.tryAllocate(slots * SLOT, PAGE, FOUR_GIB) === null) return;
  work.taken["bounce-buffer"] += slots * SLOT;
  take(work, "bounce-slots", Math.ceil((slots * work.profile.bounceSlot.value) / PAGE) * PAGE, PAGE);
  small(work, [16 * work.machine.maxVcpus]);
}

/** Nothing taken yet. */
export const nothing = (): Record<TakenKey, number> => ({
  "kernel-image": 0, "page-tables": 0, "node-data": 0, sections: 0, "page-structures": 0, "per-cpu": 0, "dentry-table": 0, "inode-table": 0, "bounce-buffer": 0, "bounce-slots": 0
});

/**
 * Replays what the kernel takes before its page allocator runs, in its order.
 * What is free at the end, in whole pages, is MemTotal.
 * Source: Linux 6.1 start_kernel up to mm_init, in the order of `memblock=debug`
 * of the recorded kernel.
 * @throws ModelError `kernel-does-not-fit`
 */
export function replayReservations(machine: Machine, map: MemoryMap, parameters: BootParameters, profile: KernelProfile): Reservations {
  const ram = systemRam(map, parameters);
  const work: Work = {machine, map, parameters, profile, ram, memblock: createMemblock(ram), taken: nothing()};
  const imageAt = takeImage(work);
  takePageStructures(work);
  const entries = map.e820.length;
  small(work, [73, 75, 64 * (entries + 1), ...Array<number>(entries).fill(104), 32, 32, 67, 67]);
  takePerCpu(work);
  takeTables(work);
  take(work, "page-tables", PAGE, PAGE, 3);
  takeBounceBuffer(work);
  const lowEnd = Math.max(...ram.filter(({start}) => start < FOUR_GIB).map(({end}) => end));
  return {ram, memblock: work.memblock, taken: work.taken, imageAt, freedLate: profile.imageFreed.value, wobble: imageWobble(work), lowEnd};
}
