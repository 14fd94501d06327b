import type {Machine} from "../../domain/machine.ts";
import {memoryMap} from "../../domain/memory-map/memory-map.ts";
import type {MemoryMap} from "../../domain/memory-map/types.ts";
import {kib, pages, type KiB} from "../../units.ts";
import {parseCommandLine} from "./command-line.ts";
import {kernelProfile} from "./kernel-profile.ts";
import {replayReservations, type Reservations} from "./reservations.ts";
import {memoryTerms} from "./terms.ts";
import type {BootState, BootZone} from "./types.ts";
import {bootUsage} from "./usage.ts";
import {watermarks} from "./watermarks.ts";
import {layOutZones} from "./zone-layout.ts";

const MIB = 2 ** 20;
const KIB_PER_PAGE = 4;
const SECTION_KIB = 128 * 1024;

function bootZones({ram, memblock}: Reservations): BootZone[] {
  const layouts = layOutZones(ram);
  const managed = layouts.map(({startPfn, endPfn}) => memblock.freePages(startPfn, endPfn));
  const marks = watermarks(managed);
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

/** How far MemTotal moves with where the kernel image happens to lie: page tables that may or may not fit their buffer. */
const wobble = (map: MemoryMap): KiB => kib(map.split.above4g > 0 ? 12 : map.split.below4g > 2 ** 31 ? KIB_PER_PAGE : 0);

/**
 * Boots a guest: from what the machine is given to what its init finds in
 * /proc/meminfo and /proc/zoneinfo. Pure.
 * @throws ModelError `unknown-firmware`, `invalid-kernel-parameter`.
 */
export function bootGuest(machine: Machine): BootState {
  const map = memoryMap(machine);
  const {profile} = kernelProfile(machine.kernel.version);
  const reservations = replayReservations(machine, map, parseCommandLine(machine.kernel.commandLine), profile);
  const zones = bootZones(reservations);
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
    memTotalWobble: wobble(map),
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
