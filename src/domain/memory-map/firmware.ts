import {ModelError} from "../../errors.ts";
import {sourced, type Source, type Sourced} from "../../source.ts";
import {bytes, kibToBytes, type Bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import {isAtLeast} from "../machine-type.ts";

/** An address range that firmware marks as its own. */
export interface FirmwareRange {
  readonly start: Bytes;
  /** Exclusive. */
  readonly end: Bytes;
  readonly source: Source;
}

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

const GIVEN: Source = {
  text: "given with the machine",
  place: "firmware.topReservation",
  version: "as given",
  grade: "illustrative"
};

/**
 * What firmware keeps at the top of low RAM.
 * @throws ModelError `unknown-firmware` for a firmware without a rule and without `topReservation`.
 */
export function topReservation(machine: Machine): Sourced<Bytes> {
  const {firmware} = machine;
  if (firmware.topReservation !== null) return sourced(kibToBytes(firmware.topReservation), GIVEN);
  if (firmware.name !== "seabios") {
    throw new ModelError(`unknown firmware: ${firmware.name}`, {
      code: "unknown-firmware",
      path: "firmware.name",
      expected: "seabios, or any firmware with topReservation",
      hint: "read the end of the last usable range below 4 GiB from the guest's dmesg and give the rest as topReservation"
    });
  }
  const unpadded = machine.type.chipset === "pc" && !isAtLeast(machine.type, 2, 1);
  const tables = !machine.acpi ? sourced(bytes(0), NO_ACPI) : unpadded ? ACPI_TABLES_UNPADDED : ACPI_TABLES;
  return sourced(bytes(tables.value + machine.virtioDisks * VIRTIO_QUEUE.value), machine.virtioDisks > 0 ? VIRTIO_QUEUE.source : tables.source);
}

const range = (start: number, end: number, source: Source): FirmwareRange => ({start: bytes(start), end: bytes(end), source});

/** Address ranges the firmware reserves wherever RAM ends. */
export function fixedRanges(machine: Machine): readonly FirmwareRange[] {
  const everywhere = [
    range(0x9fc00, 0xa0000, SEABIOS_FIXED),
    range(0xf0000, 0x100000, SEABIOS_FIXED),
    range(0xfffc0000, 0x100000000, SEABIOS_FIXED)
  ];
  const q35 = [range(0xb0000000, 0xc0000000, Q35_CONFIG_SPACE), range(0xfed1c000, 0xfed20000, Q35_CONFIG_SPACE)];
  return machine.type.chipset === "q35" ? [...everywhere, ...q35] : everywhere;
}
