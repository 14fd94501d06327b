import {balloonPages, xenPvMap} from "../../domain/memory-map/xen-pv.ts";
import type {MemoryMap} from "../../domain/memory-map/types.ts";
import type {XenMachine} from "../../domain/xen/machine.ts";
import {sourced, type Source, type Sourced} from "../../source.ts";
import {kib} from "../../units.ts";
import {stateAfter} from "./boot.ts";
import {parseCommandLine, type BootParameters} from "./command-line.ts";
import {kernelProfile} from "./kernel-profile.ts";
import {createMemblock, type Range} from "./memblock.ts";
import {nothing, small, systemRam, take, takeBounceBuffer, takePageStructures, takePerCpu, takeTables, type Work} from "./reservations.ts";
import type {BootState, MemoryTerm} from "./types.ts";

const PAGE = 4096;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** Entries of a page table, and of a page of the frame table. */
const ENTRIES = 512;
/** Where the domain builder puts a kernel that does not ask for another place (CONFIG_PHYSICAL_START). */
const IMAGE_AT = 16 * MIB;

const p2m = (text: string): Source => ({text, place: "arch/x86/xen/p2m.c xen_vmalloc_p2m_tree, xen_rebuild_p2m_list, xen_inv_extra_mem, xen_build_mfn_list_list", version: "torvalds/linux b7f8f259896f", grade: "read"});

/** A PV kernel has no real mode and keeps only its first 64 KiB, not 1 MiB (arch/x86/kernel/setup.c; 15 pages in every recording). */
const LOW_KEPT: Sourced<number> = sourced(64 * 1024, {text: "15 of 3999 pages of zone DMA", place: "xen-xl-pv-*.json, xen-dom0-*.json zones", version: "Linux 6.1.192", grade: "recorded"});
/** Tables of fixed number: levels above those counted, four pages of missing and identity frames, three at the top of the list Xen reads. */
const FIXED_TABLES: Sourced<number> = sourced(11, {text: "what is left of MemTotal at maxmem=1024 once everything below is counted; 2048 and 2816 MiB and dom0 were held out and miss by 0 to 2 pages", place: "xen-xl-pv-1024-1024.json", version: "Linux 6.1.192", grade: "derived"});

/** Pages that describe `count` things `each` to a page. */
const pagesFor = (count: number, each: number): number => Math.ceil(count / each);

/** Page tables of the direct map: without large pages a table for every 2 MiB, and one above for every GiB. */
function directMapTables(end: number): number {
  return pagesFor(end, 2 * MIB) + pagesFor(end, GIB);
}

/** From guest frame to machine frame: 8 bytes for every page up to the end of the map, populated or not, its page tables and the list Xen reads. */
function frameTablePages(end: number): number {
  const leaves = pagesFor(end / PAGE, ENTRIES);
  return leaves + 2 * pagesFor(leaves, ENTRIES);
}

/** The kernel's range that is populated at the start; what lies above is only reserved. */
function populated(machine: XenMachine, ram: readonly Range[]): Range[] {
  let extra = balloonPages(machine) * PAGE;
  const kept: Range[] = [];
  for (const {start, end} of [...ram].reverse()) {
    const cut = Math.min(extra, end - start);
    extra -= cut;
    if (end - cut > start) kept.unshift({start, end: end - cut});
  }
  return kept;
}

/** Only dom0 needs a bounce buffer unless told: it has the devices (pci_iommu_alloc, Linux 6.1). */
function withBounce(machine: XenMachine, parameters: BootParameters): BootParameters {
  return parameters.bounce === "auto" ? {...parameters, bounce: machine.type === "dom0" ? "always" : "never"} : parameters;
}

interface PvWork extends Work {
  readonly machineEnd: number;
}

function begin(machine: XenMachine, map: MemoryMap): PvWork {
  const {guest} = machine;
  const parameters = withBounce(machine, parseCommandLine(guest.kernel.commandLine));
  const ram = systemRam(map, parameters);
  const machineEnd = Math.max(...ram.map(({end}) => end));
  return {machine: guest, map, parameters, profile: kernelProfile(guest.kernel.version).profile, ram, memblock: createMemblock(populated(machine, ram)), taken: nothing(), machineEnd};
}

function takeImage(work: PvWork): number {
  const {profile, memblock, taken} = work;
  const span = profile.imageSpan.value;
  const freed = profile.imageFreed.value + profile.smpAlternatives.value;
  memblock.reserve(0, LOW_KEPT.value);
  memblock.reserve(IMAGE_AT, IMAGE_AT + span + profile.brk.value);
  memblock.free(IMAGE_AT, IMAGE_AT + freed);
  taken["kernel-image"] += span - freed;
  taken["page-tables"] += profile.brk.value;
  return span - freed;
}

/** One table for every 512 pages of page structures: they are not mapped with large pages either. */
const structureTables = ({taken}: Work): number => pagesFor(taken["page-structures"], ENTRIES * PAGE);

function takeAll(work: PvWork): number {
  takeImage(work);
  // 3 pages of the buffer behind the image map the first MiB, as on a PC; the rest serve the direct map.
  const fromBuffer = work.profile.pageTableBuffer.value - 3;
  take(work, "page-tables", PAGE, PAGE, directMapTables(work.machineEnd) - fromBuffer + FIXED_TABLES.value);
  const frames = frameTablePages(work.machineEnd);
  for (let i = 0; i < frames; i += 1) work.memblock.allocate(PAGE, PAGE);
  takePageStructures(work);
  take(work, "page-tables", PAGE, PAGE, structureTables(work));
  small(work, [48, 64, 64 * (work.map.e820.length + 1), 32, 32]);
  takePerCpu(work);
  takeTables(work);
  takeBounceBuffer(work);
  return frames * PAGE;
}

const term = (key: string, label: string, size: number, source: Source): MemoryTerm => ({key, label, size: kib(size / 1024), source});

/** The terms again, with the balloon and the frame table named beside the shared ones. */
function pvTerms(state: BootState, frames: number, balloon: number): MemoryTerm[] {
  const shared = state.terms.filter(({key}) => key !== "small" && key !== "low-mib");
  const own = [
    term("never-populated", "in the balloon from the start", balloon, {text: "pages above the domain's first ones are put into the balloon's list and never were memory", place: "drivers/xen/balloon.c balloon_add_regions", version: "Linux 6.1.192", grade: "read"}),
    term("low-mib", "first 64 KiB", LOW_KEPT.value, LOW_KEPT.source),
    term("frame-table", "guest to machine frames", frames, p2m("8 bytes for every page up to the end of the map, whether it is populated or not"))
  ];
  const known = [...own, ...shared].filter(({size}) => size !== 0);
  const rest = state.usable - state.memTotal - known.reduce((sum, {size}) => sum + size, 0);
  return [...known, term("small", "small objects and part pages", rest * 1024, p2m("objects smaller than a page"))].filter(({size}) => size !== 0);
}

/** Less is used than on a PC: no ACPI, no PCI drivers, no huge pages. */
const PV_USED_LESS: Sourced<number> = sourced(1500, {text: "MemTotal - MemFree is 29.0 to 33.2 MiB in the recorded PV guests", place: "xen-xl-pv-*.json, xen-domu-500-1024.json", version: "Linux 6.1.192", grade: "derived"});

/** A PV guest or dom0 whose init has started; its balloon already holds what was never populated. */
export function bootXenPv(machine: XenMachine): BootState {
  const map = xenPvMap(machine);
  const work = begin(machine, map);
  const frames = takeAll(work);
  const lowEnd = Math.max(...populated(machine, work.ram).filter(({start}) => start < 4 * GIB).map(({end}) => end));
  const reservations = {ram: work.ram, memblock: work.memblock, taken: work.taken, imageAt: IMAGE_AT, freedLate: work.profile.imageFreed.value, wobble: 0, lowEnd};
  const state = stateAfter(machine.guest, map, reservations, false);
  const less = machine.type === "pv" ? Math.min(PV_USED_LESS.value, state.unaccounted) : 0;
  return Object.freeze({...state, terms: pvTerms(state, frames, balloonPages(machine) * PAGE), memFree: kib(state.memFree + less), unaccounted: kib(state.unaccounted - less)});
}
