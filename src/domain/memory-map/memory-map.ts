import type {Source} from "../../source.ts";
import {bytes, type Bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import {fixedRanges, topReservation} from "./firmware.ts";
import {hotplugEnd} from "./hotplug.ts";
import {HT_HOLE_END, HT_HOLE_START, keepsHtHole, splitRam} from "./split.ts";
import type {E820Entry, E820Type, MemoryMap, RamSplit} from "./types.ts";

/** End of the RAM that a PC can address before its BIOS area. */
const LOW_RAM_END = 0x9fc00;
const ONE_MIB = 0x100000;

const HT_HOLE: Source = {
  text: "AMD processors with 40 or more address bits have their HyperTransport range reserved from machine type 7.1 on",
  place: "QEMU hw/i386/pc.c pc_memory_init; qemu-size-*.json (e820)",
  version: "QEMU 7.2",
  grade: "read"
};

/** An entry, or nothing for an empty range. `end` is exclusive here and inclusive in the entry. */
const entry = (start: number, end: number, type: E820Type, source: Source): E820Entry[] =>
  end > start ? [{start: bytes(start), end: bytes(end - 1), type, source}] : [];

function htHole(machine: Machine, split: RamSplit): E820Entry[] {
  const announced = keepsHtHole(machine) && (machine.cpu.physicalBits >= 40 || split.highBase === HT_HOLE_END);
  return announced ? entry(HT_HOLE_START, HT_HOLE_END, "reserved", HT_HOLE) : [];
}

function ramEntries(machine: Machine, split: RamSplit): E820Entry[] {
  const kept = topReservation(machine);
  const lowEnd = Math.max(split.below4g - kept.value, ONE_MIB);
  return [
    ...entry(0, Math.min(LOW_RAM_END, split.below4g), "usable", split.source),
    ...entry(ONE_MIB, Math.min(lowEnd, split.below4g), "usable", split.source),
    ...entry(lowEnd, split.below4g, "reserved", kept.source),
    ...entry(split.highBase, split.highBase + split.above4g, "usable", split.source)
  ];
}

const sumUsable = (entries: readonly E820Entry[]): Bytes =>
  bytes(entries.reduce((sum, {start, end, type}) => sum + (type === "usable" ? end - start + 1 : 0), 0));

/**
 * The memory map a guest boots with: RAM laid out by the board, less what the
 * firmware keeps. Entries are sorted and do not overlap.
 * @throws ModelError `unknown-firmware` (see `topReservation`).
 */
export function memoryMap(machine: Machine): MemoryMap {
  const split = splitRam(machine);
  const firmware = fixedRanges(machine).flatMap((r) => entry(r.start, r.end, "reserved", r.source));
  const e820 = [...ramEntries(machine, split), ...firmware, ...htHole(machine, split)].sort((a, b) => a.start - b.start);
  return Object.freeze({split, e820: Object.freeze(e820), hotplugEnd: hotplugEnd(machine, split), usable: sumUsable(e820)});
}
