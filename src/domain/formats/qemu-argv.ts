import {kib, mib, type KiB, type MiB} from "../../units.ts";
import {alignForQemu} from "../libvirt/align.ts";
import {initialMemory, type DomainDef} from "../libvirt/domain-def.ts";

/** What libvirt's QEMU driver writes after `-m` and as the size of the RAM object. */
export interface QemuMemoryArguments {
  /** `-m`, MiB: memory at boot, aligned. */
  readonly memory: MiB;
  /** `maxmem=`, KiB, or null when the domain has no room for memory devices. */
  readonly maxmem: KiB | null;
  readonly slots: number;
  /** `size` of the memory backend, bytes, as text because it may exceed 2^53. */
  readonly backendBytes: string;
}

/**
 * @throws LibvirtFailure when alignment overflows.
 * Source: libvirt 9.0.0 src/qemu/qemu_command.c qemuBuildMemCommandLine, recorded in libvirt-native-formats.json.
 */
export function qemuMemoryArguments(def: DomainDef): QemuMemoryArguments {
  const aligned = alignForQemu(def);
  const initial = initialMemory(aligned);
  return {
    memory: mib(initial / 1024),
    maxmem: aligned.max > 0 ? kib(aligned.max) : null,
    slots: aligned.slots,
    backendBytes: (BigInt(initial) * 1024n).toString()
  };
}

/** The text after `-m`: a bare number of MiB, or sizes in KiB where memory devices may come. */
export function formatMemoryArgument({memory, maxmem, slots}: QemuMemoryArguments): string {
  return maxmem === null ? `${memory}` : `size=${memory * 1024}k${slots > 0 ? `,slots=${slots}` : ""},maxmem=${maxmem}k`;
}
