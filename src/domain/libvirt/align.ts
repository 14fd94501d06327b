import {kib, type KiB} from "../../units.ts";
import {devicesTotal, initialMemory, type DomainDef, type MemoryDevice} from "./domain-def.ts";
import {fail} from "./error.ts";

/** Largest size in KiB that libvirt lets pass: LLONG_MAX bytes, rounded down (virMemoryMaxValue). */
const MEMORY_MAX = 2 ** 53 - 1;

const isPowerPC64 = (arch: string): boolean => arch === "ppc64" || arch === "ppc64le";

/** Memory at boot is aligned to 1 MiB, on 64-bit PowerPC to 256 MiB (qemuDomainGetMemorySizeAlignment), KiB. */
export const sizeAlignment = (arch: string): KiB => kib(isPowerPC64(arch) ? 256 * 1024 : 1024);
/** Memory devices are aligned to 2 MiB, on 64-bit PowerPC to 256 MiB (qemuDomainGetMemoryModuleSizeAlignment), KiB. */
export const deviceAlignment = (arch: string): KiB => kib(isPowerPC64(arch) ? 256 * 1024 : 2048);

/** Rounds up without losing a KiB near 2^53. */
function roundUp(size: KiB, grain: KiB, message: string): KiB {
  const rounded = ((BigInt(size) + BigInt(grain) - 1n) / BigInt(grain)) * BigInt(grain);
  return rounded > BigInt(MEMORY_MAX) ? fail("VIR_ERR_CONFIG_UNSUPPORTED", message) : kib(Number(rounded));
}

function alignDevices(devices: readonly MemoryDevice[], grain: KiB): readonly MemoryDevice[] {
  return devices.map((device, i) => ({...device, size: roundUp(device.size, grain, `size of memory module '${i}' overflowed after alignment`)}));
}

/**
 * What the QEMU driver makes of a definition at start; the stored definition
 * keeps its own numbers. `current` is not aligned.
 * @throws LibvirtFailure CONFIG_UNSUPPORTED
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
  const devices = alignDevices(def.devices, deviceAlignment(def.arch));
  return {...def, cells, max, devices, total: kib(initial + devicesTotal({devices}))};
}
