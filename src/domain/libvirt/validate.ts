import {devicesTotal, initialMemory, type DomainDef, type MemoryDevice} from "./domain-def.ts";
import {fail} from "./error.ts";

const isPowerPC64 = ({arch}: DomainDef): boolean => arch === "ppc64" || arch === "ppc64le";
const hasHotplug = ({max, slots}: DomainDef): boolean => max > 0 || slots > 0;

/** Rules of the QEMU driver for one memory device (qemuDomainDefValidateMemoryHotplugDevice). */
function validateForQemu(def: DomainDef, device: MemoryDevice): void {
  if (device.model === "sgx-epc") fail("VIR_ERR_CONFIG_UNSUPPORTED", `hotplug is not supported for the ${device.model} device`);
  if (device.model !== "virtio-pmem" && def.cells.length > 0 && device.node === null) {
    fail("VIR_ERR_CONFIG_UNSUPPORTED", "target NUMA node needs to be specified for memory device");
  }
}

/**
 * Room for memory devices: those the domain has, or those and `added`.
 * @throws LibvirtFailure CONFIG_UNSUPPORTED
 * Source: libvirt 9.0.0 src/qemu/qemu_domain.c qemuDomainDefValidateMemoryHotplug.
 */
export function validateHotplug(def: DomainDef, added: MemoryDevice | null = null): void {
  if (added) validateForQemu(def, added);
  const devices = added ? [...def.devices, added] : def.devices;
  if (!hasHotplug(def)) {
    if (devices.length > 0) fail("VIR_ERR_CONFIG_UNSUPPORTED", "cannot use/hotplug a memory device when domain 'maxMemory' is not defined");
    return;
  }
  if (def.cells.length === 0 && !isPowerPC64(def)) {
    fail("VIR_ERR_CONFIG_UNSUPPORTED", "At least one numa node has to be configured when enabling memory hotplug");
  }
  if (devices.length > def.slots) fail("VIR_ERR_CONFIG_UNSUPPORTED", `memory device count '${devices.length}' exceeds slots count '${def.slots}'`);
  if (!added) for (const device of def.devices) if (device.model !== "sgx-epc") validateForQemu(def, device);
  if (devicesTotal({devices}) > def.max - initialMemory(def)) fail("VIR_ERR_CONFIG_UNSUPPORTED", "memory device total size exceeds hotplug space");
}

/** What the QEMU driver refuses of a domain (qemuValidateDomainDef of 9.0.0, the part about memory). */
export function validateQemuDomain(def: DomainDef): void {
  if (def.limits.minGuarantee > 0) fail("VIR_ERR_CONFIG_UNSUPPORTED", "Parameter 'min_guarantee' not supported by QEMU.");
  validateHotplug(def);
}

/** The QEMU driver knows virtio balloons only (qemuValidateDomainDeviceDefMemballoon). */
export function validateQemuBalloon({balloon: {model}}: DomainDef): void {
  if (model === "xen") fail("VIR_ERR_CONFIG_UNSUPPORTED", `Memory balloon device type '${model}' is not supported by this version of qemu`);
}

/** Each DIMM needs a slot of its own when addresses are given out (qemuDomainAssignDIMMSlots). */
export function assignSlots(def: DomainDef): void {
  const inSlots = def.devices.filter(({model}) => model === "dimm" || model === "nvdimm").length;
  if (hasHotplug(def) && inSlots > def.slots) fail("VIR_ERR_INTERNAL_ERROR", "failed to find an empty memory slot");
}

/** Largest block a host with transparent huge pages demands at least, KiB: 2 MiB on x86. */
const THP_SIZE = 2048;

function validateVirtioMem({size, block, requested}: MemoryDevice): void {
  if (requested > size) fail("VIR_ERR_XML_DETAIL", `requested size must be smaller than or equal to @size (${size}KiB)`);
  const blocks = BigInt(block);
  if (blocks === 0n || (blocks & (blocks - 1n)) !== 0n) fail("VIR_ERR_XML_DETAIL", "block size must be a power of two");
  if (block < THP_SIZE) fail("VIR_ERR_XML_DETAIL", `block size too small, must be at least ${THP_SIZE}KiB`);
  if (requested % block !== 0) fail("VIR_ERR_XML_DETAIL", "requested size must be an integer multiple of block size");
}

/**
 * Rules for a memory device under every driver.
 * @throws LibvirtFailure XML_DETAIL
 * Source: libvirt 9.0.0 src/conf/domain_validate.c virDomainMemoryDefValidate.
 */
export function validateMemoryDevice(def: DomainDef, device: MemoryDevice): void {
  const {node, model} = device;
  const nodes = def.cells.length;
  if (node !== null && nodes === 0) fail("VIR_ERR_XML_DETAIL", "can't add memory backend as guest has no NUMA nodes configured");
  if (node !== null && node >= nodes) {
    fail("VIR_ERR_XML_DETAIL", `can't add memory backend for guest node '${node}' as the guest has only '${nodes}' NUMA nodes configured`);
  }
  if (model === "virtio-mem") validateVirtioMem(device);
}
