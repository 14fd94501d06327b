import type {Source} from "../../source.ts";
import {bytes, kibToBytes, type Bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import {isAtLeast} from "../machine-type.ts";
import type {RamSplit} from "./types.ts";

const GIB = 2 ** 30;
/** Where RAM that does not fit below continues. */
export const FOUR_GIB: Bytes = bytes(4 * GIB);
/** AMD's HyperTransport hole: its first byte, and the first one after it. */
export const HT_HOLE_START: Bytes = bytes(1012 * GIB);
export const HT_HOLE_END: Bytes = bytes(1024 * GIB);

const PIIX: Source = {
  text: "a 3.5 GiB split, moved down to 3 GiB when RAM does not fit and the machine type is 2.0 or later; max-ram-below-4g replaces the 3.5 GiB",
  place: "QEMU hw/i386/pc_piix.c pc_init1; machine types of 1.7 and 2.0 to 7.2 started on QEMU 7.2.22",
  version: "pc_piix.c 001cb25f3fb8 (2022-09)",
  grade: "read"
};

const Q35: Source = {
  text: "all RAM below when it is under 2816 MiB, otherwise 2 GiB below; max-ram-below-4g only lowers",
  place: "QEMU hw/i386/pc_q35.c pc_q35_init",
  version: "pc_q35.c 0021c4765a6b (2021)",
  grade: "read"
};

/** First address that the i440FX board gives to devices, when RAM reaches it. */
function lowLimitPc(machine: Machine, ram: number): number {
  const asked = machine.maxRamBelow4g === null ? 3.5 * GIB : kibToBytes(machine.maxRamBelow4g);
  const aligned = ram >= asked && isAtLeast(machine.type, 2, 0);
  return aligned ? Math.min(asked, 3 * GIB) : asked;
}

/** The same on Q35, which needs 256 MiB more for PCI Express configuration space. */
function lowLimitQ35(machine: Machine, ram: number): number {
  const own = ram >= 2.75 * GIB ? 2 * GIB : 2.75 * GIB;
  return machine.maxRamBelow4g === null ? own : Math.min(own, kibToBytes(machine.maxRamBelow4g));
}

/** Whether the board of this release keeps AMD's hole free (QEMU 7.1, `enforce_amd_1tb_hole`). */
export const keepsHtHole = (machine: Machine): boolean => machine.cpu.vendor === "amd" && isAtLeast(machine.type, 7, 1);

/** How the board lays the machine's RAM around the hole below 4 GiB. Pure; exact to the byte. */
export function splitRam(machine: Machine): RamSplit {
  const ram = kibToBytes(machine.memory);
  const q35 = machine.type.chipset === "q35";
  const limit = q35 ? lowLimitQ35(machine, ram) : lowLimitPc(machine, ram);
  const below4g = bytes(Math.min(ram, limit));
  const above4g = bytes(ram - below4g);
  const reachesHole = keepsHtHole(machine) && FOUR_GIB + above4g > HT_HOLE_START;
  return {below4g, above4g, highBase: reachesHole ? HT_HOLE_END : FOUR_GIB, source: q35 ? Q35 : PIIX};
}
