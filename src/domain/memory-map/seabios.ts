import {sourced, type Source, type Sourced} from "../../source.ts";
import {bytes, type Bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import {isAtLeast} from "../machine-type.ts";
import {HT_HOLE_END, HT_HOLE_START, keepsHtHole} from "./split.ts";
import type {FirmwareRange, RamSplit} from "./types.ts";

const KIB = 1024;
const page = 4096;

/** What SeaBIOS keeps below 1 MiB and below 4 GiB, the same on every board. */
const SEABIOS_FIXED: Source = {
  text: "the extended BIOS data area ends at 640 KiB and takes 1 KiB; the BIOS stays in 0xF0000 to 1 MiB and in 256 KiB below 4 GiB",
  place: "qemu-size-*.json (e820); SeaBIOS src/malloc.c malloc_preinit, malloc_prepboot",
  version: "SeaBIOS 1.16.2-1 (Debian 12)",
  grade: "recorded"
};

const Q35_CONFIG_SPACE: Source = {
  text: "256 MiB of PCI Express configuration space at 0xB0000000 and 16 KiB of chipset registers at 0xFED1C000",
  place: "qemu-size-q35-2048.json, qemu-size-q35-3072.json (e820)",
  version: "SeaBIOS 1.16.2-1 (Debian 12) on QEMU 7.2.22",
  grade: "recorded"
};

/** QEMU pads its ACPI tables to this from machine type 2.1 on, so that they never move RAM's end. */
const ACPI_TABLES: Sourced<Bytes> = sourced(bytes(128 * KIB), {
  text: "SeaBIOS gives back what it does not need of 256 KiB at the top of low RAM; QEMU's ACPI tables, padded to 128 KiB, stay",
  place: "qemu-size-*.json (e820); SeaBIOS src/malloc.c malloc_prepboot; QEMU hw/i386/pc.c acpi_data_size",
  version: "SeaBIOS 1.16.2-1 (Debian 12) on QEMU 7.2.22",
  grade: "recorded"
});

/** The unpadded tables of machine types up to 2.0, one processor. */
const ACPI_TABLES_UNPADDED: Sourced<Bytes> = sourced(bytes(2 * page), {
  text: "machine types up to 2.0 round their ACPI tables to whole pages: 8 KiB with few processors",
  place: "pc-i440fx-1.4, 1.6, 1.7 and 2.0 started on QEMU 7.2.22 (e820)",
  version: "SeaBIOS 1.16.2-1 (Debian 12) on QEMU 7.2.22",
  grade: "recorded"
});

/** SeaBIOS keeps the queue of each virtio disk it found. */
const VIRTIO_QUEUE: Sourced<Bytes> = sourced(bytes(3 * page), {
  text: "3 pages for each virtio disk",
  place: "pc with 1 and 2 virtio-blk-pci disks, q35 with 1, started on QEMU 7.2.22 (e820)",
  version: "SeaBIOS 1.16.2-1 (Debian 12)",
  grade: "recorded"
});

const NO_ACPI: Source = {
  text: "without ACPI tables SeaBIOS gives all of the top of low RAM back",
  place: "pc started with -no-acpi on QEMU 7.2.22 (e820)",
  version: "SeaBIOS 1.16.2-1 (Debian 12)",
  grade: "recorded"
};

const HT_HOLE: Source = {
  text: "AMD processors with 40 or more address bits have their HyperTransport range reserved from machine type 7.1 on",
  place: "QEMU hw/i386/pc.c pc_memory_init; qemu-size-*.json (e820)",
  version: "QEMU 7.2",
  grade: "read"
};

const ONE_MIB = 0x100000;

/** What SeaBIOS keeps at the top of low RAM: QEMU's ACPI tables and the queues of disks. */
export function seabiosTop(machine: Machine): Sourced<Bytes> {
  const unpadded = machine.type.chipset === "pc" && !isAtLeast(machine.type, 2, 1);
  const tables = !machine.acpi ? sourced(bytes(0), NO_ACPI) : unpadded ? ACPI_TABLES_UNPADDED : ACPI_TABLES;
  return sourced(bytes(tables.value + machine.virtioDisks * VIRTIO_QUEUE.value), machine.virtioDisks > 0 ? VIRTIO_QUEUE.source : tables.source);
}

const reserved = (start: number, end: number, source: Source): FirmwareRange[] =>
  end > start ? [{start: bytes(start), end: bytes(end), type: "reserved", source}] : [];

function htHole(machine: Machine, split: RamSplit): FirmwareRange[] {
  const announced = keepsHtHole(machine) && (machine.cpu.physicalBits >= 40 || split.highBase === HT_HOLE_END);
  return announced ? reserved(HT_HOLE_START, HT_HOLE_END, HT_HOLE) : [];
}

/** Everything SeaBIOS reserves; `top` is what it keeps at the end of low RAM. */
export function seabiosRanges(machine: Machine, split: RamSplit, top: Sourced<Bytes> = seabiosTop(machine)): readonly FirmwareRange[] {
  const q35 = [...reserved(0xb0000000, 0xc0000000, Q35_CONFIG_SPACE), ...reserved(0xfed1c000, 0xfed20000, Q35_CONFIG_SPACE)];
  return [
    ...reserved(0x9fc00, 0xa0000, SEABIOS_FIXED),
    ...reserved(0xf0000, ONE_MIB, SEABIOS_FIXED),
    ...reserved(Math.max(split.below4g - top.value, ONE_MIB), split.below4g, top.source),
    ...(machine.type.chipset === "q35" ? q35 : []),
    ...reserved(0xfffc0000, 0x100000000, SEABIOS_FIXED),
    ...htHole(machine, split)
  ];
}
