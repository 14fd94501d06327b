import {kib, type KiB} from "../../units.ts";
import {devicesTotal, initialMemory, type DomainDef, type MemoryDevice} from "./domain-def.ts";
import {fail} from "./error.ts";

/** Largest size in KiB that libvirt lets pass: LLONG_MAX bytes, rounded down (virMemoryMaxValue). */
const MEMORY_MAX = 2 ** 53 - 1;

/** 64-bit PowerPC counts in 256 MiB. */
export const isPowerPC64 = (arch: string): boolean => arch === "ppc64" || arch === "ppc64le";

/** Memory at boot is aligned to 1 MiB, on 64-bit PowerPC to 256 MiB (qemuDomainGetMemorySizeAlignment), KiB. */
export const sizeAlignment = (arch: string): KiB => kib(isPowerPC64(arch) ? 256 * 1024 : 1024);
/** Memory devices are aligned to 2 MiB, on 64-bit PowerPC to 256 MiB (qemuDomainGetMemoryModuleSizeAlignment), KiB. */
export const deviceAlignment = (arch: string): KiB => kib(isPowerPC64(arch) ? 256 * 1024 : 2048);

/** Rounds up without losing a KiB near 2^53. */
function roundUp(size: KiB, grain: KiB, message: string): KiB {
  const rounded = ((BigInt(size) + BigInt(grain) - 1n) / BigInt(grain)) * BigInt(grain);
  return rounded > BigInt(MEMORY_MAX) ? fail("VIR_ERR_CONFIG_UNSUPPORTED", message) : kib(Number(rounded));
}

/** On PowerPC an NVDIMM is rounded down, its labels apart: it is a file, and must not be written beyond its end (qemuDomainNVDimmAlignSizePseries). */
function alignNvdimm({size, label = kib(0)}: MemoryDevice, grain: KiB): KiB {
  const visible = size - label;
  if (visible < grain) fail("VIR_ERR_XML_ERROR", "minimum target size for the NVDIMM must be 256MB plus the label size");
  return kib(visible - (visible % grain) + label);
}

/**
 * Memory devices as QEMU gets them.
 * @throws LibvirtFailure CONFIG_UNSUPPORTED, XML_ERROR
 */
export function alignDevices({devices, arch}: Pick<DomainDef, "devices" | "arch">): readonly MemoryDevice[] {
  const grain = deviceAlignment(arch);
  return devices.map((device, i) => {
    const isFile = device.model === "nvdimm" && isPowerPC64(arch);
    return {...device, size: isFile ? alignNvdimm(device, grain) : roundUp(device.size, grain, `size of memory module '${i}' overflowed after alignment`)};
  });
}

/**
 * What the QEMU driver makes of a definition at start; the stored definition
 * keeps its own numbers. `current` is not aligned.
 * @throws LibvirtFailure CONFIG_UNSUPPORTED, XML_ERROR
 * Source: libvirt 9.0.0 src/qemu/qemu_domain.c qemuDomainAlignMemorySizes.
 */
export function alignForQemu(def: DomainDef): DomainDef {
  const grain = sizeAlignment(def.arch);
  const cells = def.cells.map((cell, i) => roundUp(cell, grain, `memory size of NUMA node '${i}' overflowed after alignment`));
  const inCells = cells.reduce((sum, size) => sum + size, 0);
  const tooMuch = "initial memory size overflowed after alignment";
  const initial = inCells === 0 ? roundUp(initialMemory(def), grain, tooMuch) : kib(inCells);
  if (initial > MEMORY_MAX) fail("VIR_ERR_CONFIG_UNSUPPORTED", tooMuch);
  const max = roundUp(def.max, grain, "maximum memory size overflowed after alignment");
  const devices = alignDevices(def);
  return {...def, cells, max, devices, total: kib(initial + devicesTotal({devices}))};
}
