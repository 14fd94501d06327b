import {bytes, kibToBytes, type Bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import {isAtLeast} from "../machine-type.ts";
import type {RamSplit} from "./types.ts";

const GIB = 2 ** 30;

/**
 * End (exclusive) of the address range kept for memory devices, or null without
 * one. It starts at the next whole GiB after RAM above 4 GiB, and each slot adds
 * 1 GiB so that any device can be aligned.
 * Source: QEMU hw/i386/pc.c pc_memory_init and pc_get_device_memory_range, and
 * the SRAT entries of guests started with slots=2,maxmem=2G and 8G on 7.2.22.
 */
export function hotplugEnd(machine: Machine, split: RamSplit): Bytes | null {
  const {hotplug} = machine;
  if (hotplug === null || hotplug.maxMemory === machine.memory) return null;
  const start = Math.ceil((split.highBase + split.above4g) / GIB) * GIB;
  const alignment = isAtLeast(machine.type, 2, 2) ? hotplug.slots * GIB : 0;
  return bytes(start + kibToBytes(hotplug.maxMemory) - kibToBytes(machine.memory) + alignment);
}

/**
 * Whether the guest's kernel is told of that range at boot: the table that says
 * so (SRAT) is only made with a NUMA node, which machine types of 2.11 and later add by
 * themselves when there is room to plug (`auto_enable_numa_with_memhp`).
 * Source: q35 with slots=2 and slots=0, pc-q35-2.11 and pc-q35-2.10 started on QEMU 7.2.22.
 */
export const announcesHotplug = (machine: Machine): boolean =>
  machine.hotplug !== null && machine.acpi && machine.hotplug.maxMemory > machine.memory && isAtLeast(machine.type, 2, 11);
