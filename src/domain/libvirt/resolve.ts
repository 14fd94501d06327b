import type {DomainDef} from "./domain-def.ts";
import {parseDomain} from "./parse.ts";
import {postParse} from "./post-parse.ts";
import type {DomainSpec} from "./spec.ts";
import {assignSlots, validateMemoryDevice, validateQemuBalloon, validateQemuDomain} from "./validate.ts";
import {RECORDED_VERSION, type LibvirtVersion} from "./version.ts";

/** The drivers whose rules for a definition are known. */
export type DefiningDriver = "qemu" | "test" | "xen";

/**
 * What `virsh define` makes of a domain: spec to resolved, in libvirt's order.
 * @throws LibvirtFailure with libvirt's own code and message.
 */
export function defineDomain(spec: DomainSpec, driver: DefiningDriver, version: LibvirtVersion = RECORDED_VERSION): DomainDef {
  const isQemu = driver === "qemu";
  const parsed = parseDomain(spec, isQemu ? "virtio" : driver === "xen" ? "xen" : "none");
  // Only the QEMU driver defines with an ABI update (qemuDomainDefineXMLFlags): elsewhere NUMA cells do not override <memory>.
  const def = postParse(parsed, {abiUpdate: isQemu, version});
  if (isQemu) {
    assignSlots(def);
    validateQemuDomain(def);
    validateQemuBalloon(def);
  }
  for (const device of def.devices) validateMemoryDevice(def, device);
  return def;
}
