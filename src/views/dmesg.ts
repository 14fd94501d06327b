import type {E820Entry} from "../domain/memory-map/types.ts";
import {view, type View} from "./view.ts";

const address = (value: number): string => `0x${value.toString(16).padStart(16, "0")}`;

/**
 * The memory map as the guest's kernel logs it when it starts, without timestamps; ends are inclusive.
 * @param entries byte addresses, ends inclusive.
 * @param who a PV guest has its map from "Xen" (arch/x86/xen/setup.c xen_memory_setup; recorded in xen-dom0-*.json), every other from "BIOS-e820".
 */
export function dmesgE820(entries: readonly Pick<E820Entry, "start" | "end" | "type">[], who: "BIOS-e820" | "Xen" = "BIOS-e820"): View {
  const lines = entries.map(({start, end, type}) => `${who}: [mem ${address(start)}-${address(end)}] ${type}`);
  return view("dmesg", "Linux 6.1", "recorded in qemu-size-*.json; arch/x86/kernel/e820.c e820__print_table", lines);
}
