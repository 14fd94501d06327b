import {sizeAlignment} from "../../domain/libvirt/align.ts";
import type {DomainDef, MemoryDevice} from "../../domain/libvirt/domain-def.ts";
import {fail} from "../../domain/libvirt/error.ts";
import {validateHotplug, validateMemoryDevice} from "../../domain/libvirt/validate.ts";
import {kib} from "../../units.ts";
import type {Change, DomainState} from "../types.ts";
import {addressedDefs, replaceDefs} from "./impact.ts";

/** Room under `<maxMemory>`, held against the size as written (virDomainDefCompatibleDevice). */
function checkRoom(def: DomainDef, {size}: MemoryDevice): void {
  if (def.max === 0 && def.slots === 0) {
    fail("VIR_ERR_CONFIG_UNSUPPORTED", "cannot use/hotplug a memory device when domain 'maxMemory' is not defined");
  }
  if (def.total + size > def.max) {
    fail("VIR_ERR_CONFIG_UNSUPPORTED", `Attaching memory device with size '${size}' would exceed domain's maxMemory config size '${def.max}'`);
  }
}

const insert = (def: DomainDef, device: MemoryDevice): DomainDef => ({
  ...def,
  devices: [...def.devices, device],
  total: kib(def.total + device.size)
});

/** Into the stored definition: `<currentMemory>` grows with it (qemuDomainAttachDeviceConfig). */
function attachStored(def: DomainDef, device: MemoryDevice): DomainDef {
  validateMemoryDevice(def, device);
  checkRoom(def, device);
  if (def.devices.length === def.slots) fail("VIR_ERR_CONFIG_UNSUPPORTED", "no free memory device slot available");
  return {...insert(def, device), current: kib(def.current + device.size)};
}

/** Into the running domain, aligned to whole MiB (qemuDomainAttachMemory). */
function attachLive(def: DomainDef, device: MemoryDevice): DomainDef {
  validateMemoryDevice(def, device);
  checkRoom(def, device);
  const grain = sizeAlignment(def.arch);
  const aligned = {...device, size: kib(Math.ceil(device.size / grain) * grain)};
  validateHotplug(def, aligned);
  return insert(def, aligned);
}

/**
 * virDomainAttachDeviceFlags with a memory device; the stored definition is tried first.
 * @throws LibvirtFailure CONFIG_UNSUPPORTED, XML_DETAIL
 * Source: libvirt 9.0.0 src/qemu/qemu_driver.c qemuDomainAttachDeviceLiveAndConfig, src/qemu/qemu_hotplug.c qemuDomainAttachMemory.
 */
export function attachMemory(state: DomainState, device: MemoryDevice, flags: number): Change {
  const {live, config} = addressedDefs(state, flags);
  const stored = config && attachStored(config, device);
  const running = live && attachLive(live, device);
  const size = running ? kib(running.total - state.def.total) : kib(0);
  return {state: replaceDefs(state, {config: stored, live: running}), effects: running ? [{kind: "attach-memory", size}] : []};
}
