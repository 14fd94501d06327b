import type {E820Entry} from "../../domain/memory-map/types.ts";
import {memoryMap} from "../../domain/memory-map/memory-map.ts";
import {isPv} from "../../domain/xen/machine.ts";
import type {BootState} from "../../guest/boot/types.ts";
import {kernelPages, layOutZones} from "../../guest/boot/zone-layout.ts";
import type {XenWorld} from "../../simulation/xen/world.ts";
import type {Collector, Json, JsonObject, Recording} from "../types.ts";
import {isObject} from "../collector.ts";
import {list} from "../read.ts";
import {freeSections} from "./resources.ts";

const PAGE = 4096;
const SECTION_PAGES = 32768;
const STRUCT = 64;

const hex = (value: number, width: number): string => value.toString(16).padStart(width, "0");
const mem = (start: number, end: number, width = 16): string => `[mem 0x${hex(start, width)}-0x${hex(end, width)}]`;

/** RAM in whole pages, without page 0; ends exclusive. */
function ramOf(boot: BootState): {readonly start: number; readonly end: number}[] {
  return boot.map.e820
    .filter(({type}) => type === "usable")
    .map(({start, end}) => ({start: Math.max(start, PAGE), end: Math.floor((end + 1) / PAGE) * PAGE}));
}

/** Pages the kernel sizes its tables by: its `Total pages`. */
function totalPages(boot: BootState): number {
  const low = boot.zones[0];
  return kernelPages(layOutZones(ramOf(boot)), STRUCT, low ? low.present - low.managed : 0);
}

/** Pages of the map that are no RAM: before each range in its zone, and from the last one to the end of its section. */
function holeLines(boot: BootState): string[] {
  const ram = ramOf(boot);
  const zoneOf = (pfn: number): string => boot.zones.find(({startPfn, spanned}) => pfn >= startPfn && pfn < startPfn + spanned)?.zone ?? "Normal";
  const before = ram.map(({start}, i) => [zoneOf(start / PAGE), (start - (ram[i - 1]?.end ?? 0)) / PAGE] as const);
  const last = (ram.at(-1)?.end ?? 0) / PAGE;
  const after = [zoneOf(last - 1), Math.ceil(last / SECTION_PAGES) * SECTION_PAGES - last] as const;
  return [...before, after].filter(([, pages]) => pages > 0).map(([zone, pages]) => `On node 0, zone ${zone}: ${pages} pages in unavailable ranges`);
}

const zoneLine = (boot: BootState, name: string): string => {
  const zone = boot.zones.find((one) => one.zone === name);
  return zone ? `  ${name.padEnd(8)} ${mem(zone.startPfn * PAGE, (zone.startPfn + zone.spanned) * PAGE - 1)}` : `  ${name.padEnd(8)} empty`;
};

const BOOTING = {pv: "Booting kernel on Xen", dom0: "Booting kernel on Xen", pvh: "Booting kernel on Xen PVH", hvm: "Booting paravirtualized kernel on Xen HVM"};

/** Every boot line whose text follows from the domain, its map and its kernel. */
function knownLines(world: XenWorld): string[] {
  const {boot, scenario} = world;
  const {machine} = scenario;
  const ram = ramOf(boot);
  const end = ram.at(-1)?.end ?? 0;
  const nosave = ram.map(({start}, i) => `PM: hibernation: Registered nosave memory: ${mem(ram[i - 1]?.end ?? 0, start - 1, 8)}`);
  const balloon = world.scenario.driver.loaded ? ["xen:balloon: Initialising balloon driver"] : [];
  return [
    ...(isPv(machine) ? ["Released 0 page(s)", "Hypervisor detected: Xen PV", "Remapped 0 page(s)"] : ["Hypervisor detected: Xen HVM"]),
    BOOTING[machine.type],
    "e820: update [mem 0x00000000-0x00000fff] usable ==> reserved",
    "e820: remove [mem 0x000a0000-0x000fffff] usable",
    `last_pfn = 0x${(end / PAGE).toString(16)} max_arch_pfn = 0x400000000`,
    `Built 1 zonelists, mobility grouping on.  Total pages: ${totalPages(boot)}`,
    ...boot.map.e820.map(({start, end: last, type}) => `Xen: ${mem(start, last)} ${type}`),
    ...boot.map.e820.map(({start, end: last, type}) => `BIOS-e820: ${mem(start, last)} ${type}`),
    ...nosave,
    "Zone ranges:",
    ...["DMA", "DMA32", "Normal"].map((name) => zoneLine(boot, name)),
    "Movable zone start for each node",
    ...ram.map(({start, end: last}) => `  node   0: ${mem(start, last - 1)}`),
    `Initmem setup node 0 ${mem(ram[0]?.start ?? 0, end - 1)}`,
    ...holeLines(boot),
    `Policy zone: ${boot.zones.at(-1)?.zone ?? ""}`,
    ...ramBuffers(boot).map(({start, end: last}) => `e820: reserve RAM buffer ${mem(start, last, 8)}`),
    ...balloon,
    ...(machine.guest.vcpus === 1 ? ["xen: PV spinlocks disabled"] : [])
  ];
}

/** From the end of RAM to a round address: kept from devices (e820__reserve_resources_late). */
function ramBuffers({map}: BootState): {readonly start: number; readonly end: number}[] {
  const round = (at: number): number => (at < 2 ** 20 ? 2 ** 16 : at < 2 ** 24 ? 2 ** 20 : 2 ** 26);
  return map.e820
    .filter(({type}) => type === "usable")
    .map(({end}) => ({start: end + 1, end: Math.ceil((end + 1) / round(end)) * round(end) - 1}))
    .filter(({start, end}) => end > start);
}

/** How a line is recognised when it is not what the model says: the text before its numbers. */
const stem = (line: string): string => line.split(/[0-9[]/)[0] ?? line;

/** Lines about time, wording or what the recording was made with. */
const NO_RULE = /^(Linux version|Command line:|node \d+ deferred|Xen version)/;

function compareLine(line: string, path: string, known: readonly string[], world: XenWorld, found: Collector): void {
  const memory = /^Memory: \d+K\/(\d+)K available/.exec(line);
  if (memory) found.exact(`${path}.presentKiB`, world.boot.zones.reduce((sum, {present}) => sum + present, 0) * 4, Number(memory[1]));
  else if (NO_RULE.test(line)) found.cannot(path, "words and times of one build and one machine");
  else if (known.includes(line)) found.exact(path, line, line);
  else {
    const alike = known.find((one) => stem(one) === stem(line));
    if (alike === undefined) found.cannot(path, "no rule for this boot line");
    else found.exact(path, alike, line);
  }
}

/** The recorded boot lines against those that follow from the domain, and those it has logged since. */
export function compareBootLog(recording: Recording, world: XenWorld, logged: readonly string[], found: Collector): void {
  const known = [...knownLines(world), ...logged];
  list(recording.raw["dmesg"], "dmesg").forEach((line, i) => {
    if (typeof line === "string") compareLine(line, `dmesg[${i}]`, known, world, found);
  });
  compareHypervisorLog(recording, world, found);
}

/** Xen's own first lines: the machine's map and the sum of its RAM in whole pages. */
function compareHypervisorLog(recording: Recording, {scenario}: XenWorld, found: Collector): void {
  const {hostMachine} = scenario.machine;
  const map = hostMachine === null ? [] : memoryMap(hostMachine).e820;
  const usable = map.filter(({type}) => type === "usable").reduce((sum, {start, end}) => sum + Math.floor((end + 1) / PAGE) - Math.ceil(start / PAGE), 0) * 4;
  const known = ["Xen-e820 RAM map:", ...map.map(({start, end, type}) => ` [${hex(start, 16)}, ${hex(end, 16)}] (${type})`), `System RAM: ${Math.floor(usable / 1024)}MB (${usable}kB)`, "PHYSICAL MEMORY ARRANGEMENT:", `Dom0 has maximum ${scenario.machine.guest.vcpus} VCPUs`];
  list(recording.raw["hypervisorLog"], "hypervisorLog").forEach((line, i) => {
    if (typeof line !== "string") return;
    const path = `hypervisorLog[${i}]`;
    if (known.includes(line)) found.exact(path, line, line);
    else if (/^ \[|^System RAM/.test(line)) found.exact(path, null, line);
    else found.cannot(path, "places in the machine that Xen chose");
  });
}

const asJson = ({start, end, type}: E820Entry): Json => ({start, end, type});

/** /proc/iomem: low reserved ranges always, high ones where there is PCI to survey them; tables have other names. */
function resources(world: XenWorld): JsonObject[] {
  const {boot, scenario} = world;
  const {type} = scenario.machine;
  const pci = type === "hvm" || type === "dom0";
  const entries = boot.map.e820.flatMap(({start, end, type: kind}): JsonObject[] => {
    if (kind === "usable") return [...(start === 0 ? [{start: 0, end: PAGE - 1, type: "Reserved"}] : []), {start: Math.max(start, PAGE), end, type: "System RAM"}];
    return kind === "reserved" && (start < 2 ** 20 || pci) ? [{start, end, type: "Reserved"}] : [];
  });
  const scratch = type === "pvh" ? [{...freeSections(boot, SECTION_PAGES * PAGE), type: "Xen scratch"}] : [];
  const buffers = type === "dom0" ? cutBuffers(boot) : [];
  return [...entries, ...scratch, ...buffers].sort((a, b) => Number(a["start"]) - Number(b["start"]));
}

/** Buffers end where the next entry of the map begins. */
function cutBuffers(boot: BootState): JsonObject[] {
  return ramBuffers(boot).map(({start, end}) => {
    const next = boot.map.e820.find((entry) => entry.start >= start)?.start ?? Infinity;
    return {start, end: Math.min(end, next - 1), type: "RAM buffer"};
  });
}

/** The map and what the kernel makes of it; recordings that keep only some kinds are held to those. */
export function compareMaps(recording: Recording, world: XenWorld, found: Collector): void {
  const {e820, iomem} = recording.raw;
  if (e820 !== undefined) found.exact("e820", world.boot.map.e820.map(asJson), e820);
  if (!Array.isArray(iomem)) return;
  const kinds = new Set((iomem as readonly Json[]).map((range) => (isObject(range) ? range["type"] : null)));
  found.exact("iomem", resources(world).filter(({type}) => kinds.has(type ?? null)), iomem);
}
