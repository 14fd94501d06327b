import type {Source} from "../../source.ts";
import {bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import type {E820Type, FirmwareRange, RamSplit} from "./types.ts";

const OVMF: Source = {
  text: "UEFI firmware keeps its variables, tables and run-time code and data in RAM, most of it at fixed distances from the end of low RAM",
  place: "pc and q35 started with OVMF.fd on QEMU 7.2.22, 512 MiB to 6 GiB (e820)",
  version: "OVMF 2022.11-6 (Debian 12), no disk, no network, no display",
  grade: "recorded"
};

/** Kept at fixed addresses: [start, end) and type. */
const FIXED: readonly [start: number, end: number, type: E820Type][] = [
  [0x800000, 0x808000, "ACPI NVS"],
  [0x80b000, 0x80c000, "ACPI NVS"],
  [0x810000, 0x900000, "ACPI NVS"]
];

/** Kept below the end of low RAM: distance of start and end, and type. */
const BELOW_END: readonly [start: number, end: number, type: E820Type][] = [
  [0xb13000, 0x893000, "reserved"],
  [0x893000, 0x881000, "ACPI data"],
  [0x881000, 0x801000, "ACPI NVS"],
  [0xa8000, 0x88000, "reserved"],
  [0x88000, 0, "ACPI NVS"]
];

/** Run-time services; Q35 has 4 pages more above them. */
const RUNTIME = {pc: [0x1545000, 0x1484000], q35: [0x1549000, 0x1488000]} as const;

/** What OVMF of Debian 12 keeps on a bare machine; another build, and more devices, keep other amounts. */
export function ovmfRanges(machine: Machine, split: RamSplit): readonly FirmwareRange[] {
  const {chipset} = machine.type;
  const end = split.below4g;
  const [start, stop] = RUNTIME[chipset];
  const below = [[start, stop, "reserved"] as const, ...BELOW_END].map(([from, to, type]) => [end - from, end - to, type] as const);
  const config = chipset === "q35" ? [[0xb0000000, 0xc0000000, "reserved"] as const] : [];
  return [...FIXED, ...below, ...config].map(([from, to, type]) => ({start: bytes(from), end: bytes(to), type, source: OVMF}));
}
