import type {MemoryState} from "../host/esx/versions.ts";
import {view, type View} from "./view.ts";

/** What esxtop's memory screen says of a host, MB. */
export interface EsxtopHost {
  readonly total: number;
  readonly vmkernel: number;
  readonly other: number;
  readonly free: number;
  readonly managed: number;
  readonly minFree: number;
  readonly reserved: number;
  readonly unreserved: number;
  readonly state: MemoryState;
  readonly shared: number;
  readonly common: number;
  readonly saving: number;
}

const right = (value: number, width: number): string => Math.round(value).toFixed(0).padStart(width);

/** The lines PMEM, VMKMEM and PSHARE of esxtop's memory screen (`m`). */
export function esxtopHost(host: EsxtopHost): View {
  const lines = [
    `PMEM  /MB: ${right(host.total, 5)}   total: ${Math.round(host.vmkernel).toFixed(0).padEnd(9)}vmk,${right(host.other, 5)} other, ${right(host.free, 4)} free`,
    `VMKMEM/MB: ${right(host.managed, 5)} managed: ${right(host.minFree, 5)} minfree, ${right(host.reserved, 5)} rsvd, ${right(host.unreserved, 6)} ursvd, ${host.state.padStart(5)} state`,
    `PSHARE/MB:${right(host.shared, 8)}  shared,${right(host.common, 8)}  (common:${right(host.saving, 8)} saving)`
  ];
  return view("esxtop, memory screen", "ESXi of April 2021, build not stated", "captures in J. Colon Feliciano, How to enable VMware TPS, 2021-04-26", lines);
}

/** What esxtop and the performance counters say of a machine, KiB. */
export interface EsxtopMachine {
  readonly name: string;
  readonly entitlement: number;
  readonly active: number;
  readonly balloon: number;
  readonly balloonTarget: number;
  readonly hostSwapped: number;
  readonly swapTarget: number;
  readonly compressed: number;
  readonly overhead: number;
  readonly resident: number;
  readonly consumed: number;
  readonly shared: number;
  readonly zero: number;
}

const mb = (kib: number): string => (kib / 1024).toFixed(2);

/**
 * Columns of esxtop's memory screen for one machine, MB: those whose meaning we could read in a source. It has more.
 * How wide they are is not known to us, so each stands in a line of its own.
 */
export function esxtopMachine(machine: EsxtopMachine): View {
  const columns: readonly (readonly [string, string])[] = [
    ["MCTLSZ", mb(machine.balloon)],
    ["MCTLTGT", mb(machine.balloonTarget)],
    ["SWCUR", mb(machine.hostSwapped)],
    ["SWTGT", mb(Math.max(0, machine.swapTarget - machine.compressed))],
    ["CACHEUSD", mb(machine.compressed / 2)]
  ];
  const lines = columns.map(([name, value]) => `${name.padEnd(9)}${value.padStart(10)}`);
  return view("esxtop, columns of one machine", "vSphere 5 and later", "names and meanings as in Broadcom KB 326270 and in the sources of the glossary; layout ours", [`NAME     ${machine.name.padStart(10)}`, ...lines]);
}

/** The performance counters `mem.*` of a machine, KB. */
export function memoryPerformance(machine: EsxtopMachine): View {
  const counters: readonly (readonly [string, number])[] = [
    ["mem.entitlement", machine.entitlement],
    ["mem.granted", machine.resident],
    ["mem.consumed", machine.consumed],
    ["mem.active", machine.active],
    ["mem.shared", machine.shared],
    ["mem.zero", machine.zero],
    ["mem.vmmemctl", machine.balloon],
    ["mem.vmmemctltarget", machine.balloonTarget],
    ["mem.swapped", machine.hostSwapped],
    ["mem.compressed", machine.compressed],
    ["mem.overhead", machine.overhead]
  ];
  return view("performance counters", "vSphere API 5 and later", "govmomi simulator/vpx/performance_manager.go at fd06160", counters.map(([name, value]) => `${name.padEnd(20)}${Math.round(value).toFixed(0).padStart(12)} KB`));
}

/** The first lines of /sys/kernel/debug/vmmemctl in a Linux guest, pages. */
export function vmmemctlDebug(target: number, current: number): View {
  const line = (name: string, pages: number): string => `${name.padEnd(19)} ${pages.toFixed(0).padStart(8)} pages`;
  return view("head of /sys/kernel/debug/vmmemctl", "driver 1.5.0.0-k", "drivers/misc/vmw_balloon.c vmballoon_debug_show, Linux at 0395be3ece11", [line("target:", target), line("current:", current)]);
}
