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
import {withWatermarks} from "./watermarks.ts";
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

/** Pages of a zone that are given back after watermarks are set: by the image and the initramfs. */
function givenBackLate(machine: Machine, {startPfn, endPfn}: ZoneLayout, reservations: Reservations): number {
  const initramfs = Math.ceil((machine.userland.initramfs ?? INITRAMFS.value) / KIB_PER_PAGE);
  const holds = (pfn: number): boolean => startPfn <= pfn && pfn < endPfn;
  const initramfsPfn = Math.floor(reservations.lowEnd / 4096) - 1;
  return (holds(reservations.imageAt / 4096) ? reservations.freedLate / 4096 : 0) + (holds(initramfsPfn) ? initramfs : 0);
}

function bootZones(machine: Machine, reservations: Reservations, hugePages: boolean): BootZone[] {
  const zones = layOutZones(reservations.ram).map((layout) => {
    const managed = reservations.memblock.freePages(layout.startPfn, layout.endPfn);
    return {...layout, managed, early: managed - givenBackLate(machine, layout, reservations)};
  });
  return withWatermarks(zones, ({early}) => early, hugePages).map((zone) => ({
    zone: zone.zone,
    startPfn: zone.startPfn,
    spanned: pages(zone.endPfn - zone.startPfn),
    present: pages(zone.present),
    managed: pages(zone.managed),
    min: pages(zone.min),
    low: pages(zone.low),
    high: pages(zone.high)
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

/** What a guest finds once the kernel has taken its part; `hugePages` as in `minFreeKib`. */
export function stateAfter(machine: Machine, map: MemoryMap, reservations: Reservations, hugePages = true): BootState {
  const zones = bootZones(machine, reservations, hugePages);
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

/**
 * Boots a guest on a given map: from what the machine is given to what its init
 * finds in /proc/meminfo and /proc/zoneinfo. Pure.
 * @throws ModelError `invalid-kernel-parameter`, `kernel-does-not-fit`.
 */
export function bootOnMap(machine: Machine, map: MemoryMap): BootState {
  const {profile} = kernelProfile(machine.kernel.version);
  return stateAfter(machine, map, replayReservations(machine, map, parseCommandLine(machine.kernel.commandLine), profile));
}

/** A machine is frozen and boots the same every time; whoever tries targets on one machine boots it once. */
const booted = new WeakMap<Machine, BootState>();
/** The latest boots by all that a kernel sees of its machine before drivers start: its balloon is not in it. */
const alike = new Map<string, BootState>();
/** More than a slider has places on its track. */
const MOST_ALIKE = 160;

function bootAlike(machine: Machine): BootState {
  const key = JSON.stringify({...machine, balloon: null});
  const boot = alike.get(key) ?? bootOnMap(machine, memoryMap(machine));
  if (alike.size >= MOST_ALIKE) alike.clear();
  alike.set(key, boot);
  return boot;
}

/**
 * Boots a QEMU guest. Pure.
 * @throws ModelError `unknown-firmware`, `invalid-kernel-parameter`, `kernel-does-not-fit`.
 */
export function bootGuest(machine: Machine): BootState {
  const known = booted.get(machine);
  if (known !== undefined) return known;
  const boot = bootAlike(machine);
  booted.set(machine, boot);
  return boot;
}
