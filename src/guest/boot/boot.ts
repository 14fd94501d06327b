import type {Machine} from "../../domain/machine.ts";
import {memoryMap} from "../../domain/memory-map/memory-map.ts";
import type {MemoryMap} from "../../domain/memory-map/types.ts";
import {sourced, type Sourced} from "../../source.ts";
import {kib, pages, type KiB} from "../../units.ts";
import {parseCommandLine} from "./command-line.ts";
import {kernelProfile} from "./kernel-profile.ts";
import {replayReservations, type Reservations} from "./reservations.ts";
import {memoryTerms} from "./terms.ts";
import type {BootState, BootZone} from "./types.ts";
import {bootUsage} from "./usage.ts";
import {watermarks} from "./watermarks.ts";
import {layOutZones, type ZoneLayout} from "./zone-layout.ts";

const MIB = 2 ** 20;
const KIB_PER_PAGE = 4;
const SECTION_KIB = 128 * 1024;

/** The recordings' initramfs; its size was not recorded but shows in the watermarks. */
const INITRAMFS: Sourced<KiB> = sourced(kib(1500), {
  text: "watermarks of the six sizes allow 1452 to 1580 KiB",
  place: "qemu-size-*.json, minPages of the zones",
  version: "Linux 6.1.0-56-amd64 (Debian 6.1.192-2)",
  grade: "derived"
});

/** Pages of each zone when watermarks are set: what is given back later, by the image and the initramfs, is still missing. */
function earlyManaged(machine: Machine, layouts: readonly ZoneLayout[], managed: readonly number[], reservations: Reservations): number[] {
  const image = reservations.freedLate / 4096;
  const initramfs = Math.ceil((machine.userland.initramfs ?? INITRAMFS.value) / KIB_PER_PAGE);
  const holds = (layout: ZoneLayout, pfn: number): boolean => layout.startPfn <= pfn && pfn < layout.endPfn;
  const initramfsPfn = Math.floor(reservations.lowEnd / 4096) - 1;
  return layouts.map((layout, i) => (managed[i] ?? 0) - (holds(layout, reservations.imageAt / 4096) ? image : 0) - (holds(layout, initramfsPfn) ? initramfs : 0));
}

function bootZones(machine: Machine, reservations: Reservations): BootZone[] {
  const layouts = layOutZones(reservations.ram);
  const managed = layouts.map(({startPfn, endPfn}) => reservations.memblock.freePages(startPfn, endPfn));
  const marks = watermarks(earlyManaged(machine, layouts, managed, reservations));
  return layouts.map((layout, i) => ({
    zone: layout.zone,
    startPfn: layout.startPfn,
    spanned: pages(layout.endPfn - layout.startPfn),
    present: pages(layout.present),
    managed: pages(managed[i] ?? 0),
    min: pages(marks[i]?.min ?? 0),
    low: pages(marks[i]?.low ?? 0),
    high: pages(marks[i]?.high ?? 0)
  }));
}

function termsOf(map: MemoryMap, reservations: Reservations, memTotal: KiB): BootState["terms"] {
  const usable = map.e820.filter(({type}) => type === "usable");
  const low = usable.reduce((sum, {start, end}) => sum + (start < MIB ? end - start + 1 : 0), 0);
  const kept = reservations.ram.reduce((sum, {start, end}) => sum + (start >= MIB ? end - start : 0), 0);
  return memoryTerms({
    usable: map.usable,
    memTotal: memTotal * 1024,
    lowMiB: low,
    cutByLimit: map.usable - low - kept,
    taken: reservations.taken
  });
}

/**
 * Boots a guest: from what the machine is given to what its init finds in
 * /proc/meminfo and /proc/zoneinfo. Pure.
 * @throws ModelError `unknown-firmware`, `invalid-kernel-parameter`.
 */
export function bootGuest(machine: Machine): BootState {
  const map = memoryMap(machine);
  const {profile} = kernelProfile(machine.kernel.version);
  const reservations = replayReservations(machine, map, parseCommandLine(machine.kernel.commandLine), profile);
  const zones = bootZones(machine, reservations);
  const memTotal = kib(zones.reduce((sum, {managed}) => sum + managed, 0) * KIB_PER_PAGE);
  const usage = bootUsage({
    vcpus: machine.vcpus,
    sections: Math.ceil(machine.memory / SECTION_KIB),
    dentryTableKib: reservations.taken["dentry-table"] / 1024,
    lowKib: zones.reduce((sum, {low}) => sum + low, 0) * KIB_PER_PAGE,
    hasNormalZone: zones.some(({zone}) => zone === "Normal")
  });
  const {cached, anon, slab, slabReclaimable, pageTables, kernelStack, perCpu} = usage;
  const unaccounted = usage.lateTables + usage.perCpuLists + usage.other;
  const used = cached + anon + slab + pageTables + kernelStack + perCpu + unaccounted;
  return Object.freeze({
    map,
    usable: kib(map.usable / 1024),
    terms: termsOf(map, reservations, memTotal),
    memTotal,
    memTotalWobble: kib(reservations.wobble / 1024),
    zones,
    memFree: kib(memTotal - used),
    cached: kib(cached),
    anon: kib(anon),
    slab: kib(slab),
    slabReclaimable: kib(slabReclaimable),
    pageTables: kib(pageTables),
    kernelStack: kib(kernelStack),
    perCpu: kib(perCpu),
    perCpuLists: kib(usage.perCpuLists),
    unaccounted: kib(unaccounted)
  });
}
