import type {Source} from "../../source.ts";
import {bytes, type Bytes} from "../../units.ts";
import type {XenMachine} from "../xen/machine.ts";
import type {E820Entry, E820Type, MemoryMap, RamSplit} from "./types.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const FOUR_GIB = 4 * GIB;

const LIBXL: Source = {
  text: "RAM below a hole that starts at 0xF0000000 (HVM, mmio_hole only enlarges it) or at the ACPI tables at 0xFC000000 (PVH), the rest from 4 GiB on",
  place: "tools/libs/light/libxl_dom.c libxl__build_hvm; xen/include/public/arch-x86/hvm/start_info.h",
  version: "Xen c447b7308b13 (2026-08)",
  grade: "read"
};
const PVH: Source = {text: "a root pointer of 64 bytes and 32 KiB of ACPI tables at 0xFC000000, and 8 special pages below 0xFF000000", place: "xen-xl-pvh-*.json (e820)", version: "Xen 4.17.7", grade: "recorded"};
const HVMLOADER: Source = {
  text: "SeaBIOS: 1 KiB below 640 KiB, the BIOS from 0xF0000, a page at the top of low RAM; hvmloader: 44 KiB of tables at 0xFC000000 and all above reserved",
  place: "xen-xl-hvm-2048-2048.json (e820); tools/firmware/hvmloader/e820.c",
  version: "Xen 4.17.7, SeaBIOS 1.16.2",
  grade: "recorded"
};

/** hvmloader's memory for tables (RESERVED_MEMBASE), and PVH's ACPI tables. */
const RESERVED_BASE = 0xfc000000;
/** Where HVM's hole starts at the latest (HVM_BELOW_4G_MMIO_START). */
const HVM_HOLE = 0xf0000000;
/** SeaBIOS keeps a page of low RAM; without QEMU's tables it needs no more. */
const SEABIOS_TOP = 4096;

function split({type, maxmem, videoram, mmioHole}: XenMachine): RamSplit {
  const ram = (maxmem - videoram) * 1024;
  const hole = type === "pvh" ? RESERVED_BASE : Math.min(HVM_HOLE, FOUR_GIB - mmioHole * 1024);
  const below4g = Math.min(ram, hole);
  return {below4g: bytes(below4g), above4g: bytes(ram - below4g), highBase: bytes(FOUR_GIB), source: LIBXL};
}

const entry = (start: number, end: number, type: E820Type, source: Source): E820Entry[] => (end > start ? [{start: bytes(start), end: bytes(end - 1), type, source}] : []);

const pvhEntries = ({below4g, above4g}: RamSplit): E820Entry[] => [
  ...entry(0, 0xa0000, "usable", LIBXL),
  ...entry(0xa0000, MIB, "reserved", PVH),
  ...entry(MIB, below4g, "usable", LIBXL),
  ...entry(RESERVED_BASE, RESERVED_BASE + 0x8040, "ACPI data", PVH),
  ...entry(0xfeff8000, 0xff000000, "reserved", PVH),
  ...entry(FOUR_GIB, FOUR_GIB + above4g, "usable", LIBXL)
];

const hvmEntries = ({below4g, above4g}: RamSplit): E820Entry[] => [
  ...entry(0, 0x9fc00, "usable", HVMLOADER),
  ...entry(0x9fc00, 0xa0000, "reserved", HVMLOADER),
  ...entry(0xf0000, MIB, "reserved", HVMLOADER),
  ...entry(MIB, below4g - SEABIOS_TOP, "usable", LIBXL),
  ...entry(below4g - SEABIOS_TOP, below4g, "reserved", HVMLOADER),
  ...entry(RESERVED_BASE, RESERVED_BASE + 0xb000, "ACPI NVS", HVMLOADER),
  ...entry(RESERVED_BASE + 0xb000, FOUR_GIB, "reserved", HVMLOADER),
  ...entry(FOUR_GIB, FOUR_GIB + above4g, "usable", LIBXL)
];

const usable = (e820: readonly E820Entry[]): Bytes => bytes(e820.reduce((sum, {start, end, type}) => sum + (type === "usable" ? end - start + 1 : 0), 0));

/** The map of a PVH or HVM guest: its maximum, whether populated or not. */
export function xenFvMap(machine: XenMachine): MemoryMap {
  const ram = split(machine);
  const e820 = machine.type === "pvh" ? pvhEntries(ram) : hvmEntries(ram);
  return Object.freeze({split: ram, e820: Object.freeze(e820), hotplugEnd: null, usable: usable(e820)});
}
