import type {Source} from "../../source.ts";
import {bytes, type Bytes} from "../../units.ts";
import type {XenMachine} from "../xen/machine.ts";
import {memoryMap} from "./memory-map.ts";
import type {E820Entry, E820Type, MemoryMap} from "./types.ts";

const PAGE = 4096;
const KIB_PER_PAGE = 4;
const ISA_START = 0xa0000;
const ISA_END = 0x100000;
const FOUR_GIB = 2 ** 32;

const SETUP: Source = {
  text: "RAM up to the pages the domain has, then up to 10 times as many that it could get; the ISA range is reserved in every guest",
  place: "arch/x86/xen/setup.c xen_memory_setup; xen-xl-pv-256-4096.json",
  version: "Linux 6.1.192, recorded",
  grade: "read"
};
const APICS: Source = {text: "the I/O APIC's page and 1 MiB for the local APIC", place: "xen-dom0-*.json (e820)", version: "Xen 4.17.7", grade: "recorded"};

/** What Xen hands the kernel; ends exclusive. */
interface RawRange {
  readonly start: number;
  readonly end: number;
  readonly type: E820Type;
}

/** The map as Xen gives it: one range of RAM to maxmem, or for dom0 the machine's own. */
function rawMap({type, maxmem, parameters, hostMachine}: XenMachine): RawRange[] {
  if (type !== "dom0" || hostMachine === null) return [{start: 0, end: (maxmem + parameters.pvSlack.value) * 1024, type: "usable"}];
  const apics: RawRange[] = [
    {start: 0xfec00000, end: 0xfec01000, type: "reserved"},
    {start: 0xfee00000, end: 0xfef00000, type: "reserved"}
  ];
  return [...memoryMap(hostMachine).e820.map(({start, end, type: kind}) => ({start, end: end + 1, type: kind})), ...apics].sort((a, b) => a.start - b.start);
}

/** Pages below `maxPfn` that the map does not call RAM: dom0 gets as many above (xen_count_remap_pages). */
function remapPages(map: readonly RawRange[], maxPfn: number): number {
  const ram = map.filter(({type}) => type === "usable").reduce((sum, {start, end}) => sum + Math.max(0, Math.min(maxPfn, Math.floor(end / PAGE)) - Math.min(maxPfn, Math.ceil(start / PAGE))), 0);
  return maxPfn - ram;
}

/** Pages beyond the first ones that the kernel keeps room for. */
export function extraPages(machine: XenMachine): number {
  const {type, memory, maxmem, parameters} = machine;
  const first = Math.floor(memory / KIB_PER_PAGE);
  const {ratio, ofTotal} = parameters.clamp.value;
  const allowed = (ofTotal ? ratio - 1 : ratio) * first;
  if (type === "dom0") return Math.min(allowed, Math.floor(maxmem / KIB_PER_PAGE) + remapPages(rawMap(machine), first) - first);
  return Math.min(allowed, Math.floor((maxmem + parameters.pvSlack.value) / KIB_PER_PAGE) - first);
}

/** Pages that start inside the balloon: the extra ones, less those that dom0's holes are moved to. */
export function balloonPages(machine: XenMachine): number {
  const moved = machine.type === "dom0" ? remapPages(rawMap(machine), Math.floor(machine.memory / KIB_PER_PAGE)) : 0;
  return Math.max(0, extraPages(machine) - moved);
}

/** The walk over Xen's map: RAM to the pages the domain has, then extra pages, the rest dropped. */
function keep(machine: XenMachine): RawRange[] {
  const memEnd = Math.floor(machine.memory / KIB_PER_PAGE) * PAGE;
  let left = extraPages(machine) * PAGE;
  return rawMap(machine).flatMap(({start, end, type}): RawRange[] => {
    if (type !== "usable") return [{start, end, type}];
    const normal = Math.max(start, Math.min(end, memEnd));
    const extra = Math.min(end - normal, left);
    left -= extra;
    return [{start, end: Math.floor((normal + extra) / PAGE) * PAGE, type}];
  });
}

/** Lays the ISA range over the map and joins what touches. */
function withIsa(ranges: readonly RawRange[]): RawRange[] {
  const outside = ranges.flatMap((range) => [
    {...range, end: Math.min(range.end, ISA_START)},
    {...range, start: Math.max(range.start, ISA_END)}
  ]);
  const all = [...outside, {start: ISA_START, end: ISA_END, type: "reserved" as const}].filter(({start, end}) => end > start).sort((a, b) => a.start - b.start);
  return all.reduce<RawRange[]>((joined, range) => {
    const last = joined.at(-1);
    if (last?.type === range.type && last.end === range.start) joined[joined.length - 1] = {...last, end: range.end};
    else joined.push(range);
    return joined;
  }, []);
}

const sum = (ranges: readonly RawRange[], from: number, to: number): Bytes =>
  bytes(ranges.reduce((total, {start, end, type}) => (type === "usable" ? total + Math.max(0, Math.min(end, to) - Math.max(start, from)) : total), 0));

/** The map a PV guest or dom0 prints at boot. Ballooning never changes it. */
export function xenPvMap(machine: XenMachine): MemoryMap {
  const ranges = withIsa(keep(machine));
  const e820: E820Entry[] = ranges.map(({start, end, type}) => ({start: bytes(start), end: bytes(end - 1), type, source: start === 0xfec00000 || start === 0xfee00000 ? APICS : SETUP}));
  const split = {below4g: sum(ranges, 0, FOUR_GIB), above4g: sum(ranges, FOUR_GIB, Infinity), highBase: bytes(FOUR_GIB), source: SETUP};
  return Object.freeze({split, e820: Object.freeze(e820), hotplugEnd: null, usable: sum(ranges, 0, Infinity)});
}
