import {ModelError} from "../errors.ts";
import {kib, mib, mibToKib, type Bytes, type KiB} from "../units.ts";
import {parseMachineType, type MachineType} from "./machine-type.ts";

/**
 * What a virtual machine is given at its start: everything the memory map and
 * the guest's accounting at boot depend on, and nothing that changes later.
 * Unset fields take the defaults of a plain `qemu-system-x86_64` start, with the
 * guest of the recordings in it.
 */
export interface MachineSpec {
  /** Layer 1, configured: QEMU's `-m`. Positive; QEMU rounds it up to 8 KiB. */
  readonly memory: KiB;
  /** QEMU machine type name; defaults to "pc". */
  readonly machine?: string | undefined;
  /** `-machine max-ram-below-4g=`; up to 4 GiB; defaults to the board's own split. */
  readonly maxRamBelow4g?: KiB | null | undefined;
  readonly firmware?: FirmwareSpec | undefined;
  /** virtio disks the firmware could boot from: SeaBIOS keeps a queue for each; defaults to 0. */
  readonly virtioDisks?: number | undefined;
  /** Processors; defaults to 1. */
  readonly vcpus?: number | undefined;
  /** Processors that could be plugged in later, `-smp maxcpus=`; defaults to `vcpus`. */
  readonly maxVcpus?: number | undefined;
  /** Whether there are ACPI tables (`-no-acpi` and libvirt domains without `<acpi/>` have none); defaults to true. */
  readonly acpi?: boolean | undefined;
  readonly cpu?: Partial<Cpu> | undefined;
  /** A virtio balloon, or null for none; defaults to one with every feature off. */
  readonly balloon?: Partial<BalloonDevice> | null | undefined;
  /** `-m slots=,maxmem=`; defaults to null, no room for memory devices. */
  readonly hotplug?: Hotplug | null | undefined;
  readonly kernel?: Partial<GuestKernel> | undefined;
  readonly userland?: Partial<Userland> | undefined;
}

export interface FirmwareSpec {
  /** "seabios" and "ovmf" are those whose reservations are modelled; others need `topReservation`. */
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** What it keeps of the top of low RAM, where it is known to differ (more devices, other builds). */
  readonly topReservation?: KiB | null | undefined;
}

/** Firmware by name and version: what it keeps for itself differs between builds. */
export interface Firmware {
  readonly name: string;
  readonly version: string;
  /** Overrides the rule for this firmware; null: use the rule. */
  readonly topReservation: KiB | null;
}

/** Of the processor only what the memory map asks for. */
export interface Cpu {
  /** QEMU 7.1 and later keep AMD's HyperTransport hole below 1 TiB; its own CPU model says AMD under emulation. */
  readonly vendor: "amd" | "intel";
  /** Physical address bits, 36 to 52. */
  readonly physicalBits: number;
  /** 1 GiB pages in the guest's own page tables; QEMU's default model has none. */
  readonly gigabytePages: boolean;
}

export interface BalloonDevice {
  /** `deflate-on-oom=on`: the guest's MemTotal then no longer follows the balloon. */
  readonly deflateOnOom: boolean;
  /** `free-page-reporting=on`: freed pages go back to the host without a target. */
  readonly freePageReporting: boolean;
}

export interface Hotplug {
  /** `maxmem=`: memory at start plus room for memory devices. */
  readonly maxMemory: KiB;
  /** `slots=`: 0 to 256. */
  readonly slots: number;
}

export interface GuestKernel {
  /** `uname -r`. Sizes of the kernel's own parts are known for the recorded one only. */
  readonly version: string;
  /** The kernel command line; only parameters that change memory at boot are read. */
  readonly commandLine: string;
  /** Where the kernel put itself, when that is known (root sees it in /proc/iomem); null: anywhere, as it does. */
  readonly imageAddress: Bytes | null;
}

/** What runs in the guest before any workload. */
export interface Userland {
  readonly name: string;
  /** The compressed initramfs as loaded by the firmware, or null when unknown. */
  readonly initramfs: KiB | null;
}

export interface Machine {
  readonly memory: KiB;
  readonly type: MachineType;
  readonly maxRamBelow4g: KiB | null;
  readonly firmware: Firmware;
  readonly virtioDisks: number;
  readonly vcpus: number;
  readonly maxVcpus: number;
  readonly acpi: boolean;
  readonly cpu: Cpu;
  readonly balloon: BalloonDevice | null;
  readonly hotplug: Hotplug | null;
  readonly kernel: GuestKernel;
  readonly userland: Userland;
}

/** Largest memory the model takes: 1 PiB, beyond every machine type's address bits. */
const MEMORY_LIMIT = mibToKib(mib(1024 ** 3));
const FOUR_GIB = mibToKib(mib(4096));
/** QEMU rounds `-m` up to this (hw/core/machine.c `machine_set_mem`, read at 7.2). */
const MEMORY_GRANULE = 8;
/** ACPI_MAX_RAM_SLOTS of include/hw/acpi/acpi.h. */
const SLOTS_LIMIT = 256;
/** SeaBIOS has 256 KiB for all it keeps (BUILD_MAX_HIGHTABLE), 128 KiB of them ACPI tables. */
const DISKS_LIMIT = 10;
/** CONFIG_NR_CPUS of the recorded kernel. */
const VCPUS_LIMIT = 8192;

function wholeNumber(value: number, path: string, low: number, high: number, unit: string): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new ModelError(`invalid ${path}: ${value}`, {
    code: "out-of-range",
    path,
    expected: `a whole number of ${unit} from ${low} to ${high}`,
    hint: `give ${path} as a whole number of ${unit}`
  });
}

function resolveHotplug(spec: Hotplug | null | undefined, memory: KiB): Hotplug | null {
  if (!spec) return null;
  const maxMemory = kib(wholeNumber(spec.maxMemory, "hotplug.maxMemory", memory, MEMORY_LIMIT, "KiB"));
  return {maxMemory, slots: wholeNumber(spec.slots, "hotplug.slots", 0, SLOTS_LIMIT, "slots")};
}

function resolveMaxRamBelow4g(value: KiB | null | undefined): KiB | null {
  return value === null || value === undefined ? null : kib(wholeNumber(value, "maxRamBelow4g", 1, FOUR_GIB, "KiB"));
}

/** Machines that came out of `resolveMachine`: frozen, and so the same for ever. */
const resolved = new WeakSet<object>();

const isResolved = (spec: MachineSpec | Machine): spec is Machine => resolved.has(spec);

/**
 * Fills in the defaults and checks every field once; inside the model only
 * the result is used. A machine that was resolved before is returned as it is.
 * @throws ModelError `out-of-range` or `unknown-machine-type`, with the path of the field.
 */
export function resolveMachine(spec: MachineSpec | Machine): Machine {
  if (isResolved(spec)) return spec;
  const given = wholeNumber(spec.memory, "memory", 1, MEMORY_LIMIT, "KiB");
  const memory = kib(Math.ceil(given / MEMORY_GRANULE) * MEMORY_GRANULE);
  const vcpus = wholeNumber(spec.vcpus ?? 1, "vcpus", 1, VCPUS_LIMIT, "processors");
  const machine: Machine = Object.freeze({
    memory,
    type: parseMachineType(spec.machine ?? "pc"),
    maxRamBelow4g: resolveMaxRamBelow4g(spec.maxRamBelow4g),
    firmware: {
      name: spec.firmware?.name ?? "seabios",
      version: spec.firmware?.version ?? (spec.firmware?.name === "ovmf" ? "2022.11" : "1.16.2"),
      topReservation: spec.firmware?.topReservation ?? null
    },
    virtioDisks: wholeNumber(spec.virtioDisks ?? 0, "virtioDisks", 0, DISKS_LIMIT, "disks"),
    vcpus,
    maxVcpus: wholeNumber(spec.maxVcpus ?? vcpus, "maxVcpus", vcpus, VCPUS_LIMIT, "processors"),
    acpi: spec.acpi ?? true,
    cpu: {
      vendor: spec.cpu?.vendor ?? "amd",
      physicalBits: wholeNumber(spec.cpu?.physicalBits ?? 40, "cpu.physicalBits", 36, 52, "bits"),
      gigabytePages: spec.cpu?.gigabytePages ?? false
    },
    balloon: spec.balloon === null ? null : {deflateOnOom: false, freePageReporting: false, ...spec.balloon},
    hotplug: resolveHotplug(spec.hotplug, memory),
    kernel: {version: "6.1.0-56-amd64", commandLine: "", imageAddress: null, ...spec.kernel},
    userland: {name: "busybox initramfs of the recordings", initramfs: null, ...spec.userland}
  });
  resolved.add(machine);
  return machine;
}
