import {kib, type KiB} from "../../units.ts";
import {alignDevices, isPowerPC64} from "./align.ts";
import {devicesTotal, type DomainDef} from "./domain-def.ts";
import {fail} from "./error.ts";
import {atLeast, type LibvirtVersion} from "./version.ts";

export interface PostParseOptions {
  /**
   * Whether the parse may change what the guest sees: `virsh define` on QEMU
   * asks for it, the other drivers do not. With it NUMA cells override `<memory>`.
   */
  readonly abiUpdate: boolean;
  readonly version: LibvirtVersion;
  /**
   * Whether a maximum may come without slots, as for virtio-mem: newer releases
   * take it (src/conf/domain_postparse.c as of 2025), 9.0.0 does not.
   */
  readonly slotsOptional?: boolean;
}

/**
 * Releases before 1.2.16 refused a currentMemory above memory, once both were
 * rounded up to this many KiB; since then it is cut without a word.
 * Source: libvirt history of virDomainDefParseXML: 1b1402b90 and d400b8fb1 (0.9.11), 89204fca7 (1.0.1), fccc2c331 (1.2.16).
 */
function refusedAbove(version: LibvirtVersion): KiB | null {
  if (atLeast(version, [1, 2, 16])) return null;
  if (atLeast(version, [1, 0, 1])) return kib(4096);
  return atLeast(version, [0, 9, 11]) ? kib(1024) : null;
}

function settleCurrent(current: KiB, total: KiB, version: LibvirtVersion): KiB {
  if (current === 0) return total;
  if (current <= total || !atLeast(version, [0, 9, 11])) return current;
  const grain = refusedAbove(version);
  if (grain !== null && Math.ceil(current / grain) > Math.ceil(total / grain)) {
    fail("VIR_ERR_XML_ERROR", `current memory '${current}k' exceeds maximum '${total}k'`);
  }
  return total;
}

function checkSlots(max: KiB, slots: number, slotsOptional: boolean): void {
  if (slotsOptional) {
    if (max === 0 && slots > 0) fail("VIR_ERR_XML_ERROR", "maximum memory size must be specified when specifying number of memory slots");
  } else if ((max !== 0 || slots !== 0) && !(max !== 0 && slots !== 0)) {
    fail("VIR_ERR_XML_ERROR", "both maximum memory size and memory slot count must be specified");
  }
}

function checkMaximum(max: KiB, total: KiB): void {
  if (max !== 0 && max < total) fail("VIR_ERR_XML_ERROR", "maximum memory size must be equal or greater than the actual memory size");
}

/**
 * The second half: what the fields mean together. Sizes are not aligned here,
 * but for new definitions on PowerPC; the QEMU driver does that at start.
 * @throws LibvirtFailure XML_ERROR
 * Source: libvirt 9.0.0 src/conf/domain_postparse.c virDomainDefPostParseMemory.
 */
export function postParse(def: DomainDef, {abiUpdate, version, slotsOptional = false}: PostParseOptions): DomainDef {
  const inCells = def.total === 0 || abiUpdate ? def.cells.reduce((sum, size) => sum + size, 0) : 0;
  // A new definition on PowerPC is stored with its devices aligned (qemuDomainMemoryDefPostParse).
  const devices = abiUpdate && isPowerPC64(def.arch) ? alignDevices(def) : def.devices;
  const hotplugged = devicesTotal({devices});
  const total = kib(inCells > 0 ? inCells + hotplugged : def.total);
  if (hotplugged > total) fail("VIR_ERR_XML_ERROR", "Total size of memory devices exceeds the total memory size");
  if (total === hotplugged) fail("VIR_ERR_XML_ERROR", "Memory size must be specified via <memory> or in the <numa> configuration");
  const current = settleCurrent(def.current, total, version);
  checkSlots(def.max, def.slots, slotsOptional);
  checkMaximum(def.max, total);
  return {...def, devices, total, current};
}
