import {kib, type KiB} from "../../units.ts";

/** A memory device as resolved; sizes as post-parse leaves them, not yet aligned. */
export interface MemoryDevice {
  readonly model: "dimm" | "nvdimm" | "virtio-pmem" | "virtio-mem" | "sgx-epc";
  readonly size: KiB;
  /** Guest NUMA node, or null for none given. */
  readonly node: number | null;
  readonly block: KiB;
  readonly requested: KiB;
  /** Part of an NVDIMM's size that holds its labels; absent for none. */
  readonly label?: KiB | undefined;
}

/** `<memtune>`: limits of the host on the whole process, layer 4. */
export interface MemoryLimits {
  readonly hard: KiB;
  readonly soft: KiB;
  readonly swapHard: KiB;
  readonly minGuarantee: KiB;
}

export type BalloonModel = "virtio" | "virtio-transitional" | "virtio-non-transitional" | "xen" | "none";

export interface BalloonDef {
  readonly model: BalloonModel;
  readonly autodeflate: boolean;
  readonly freePageReporting: boolean;
  /** Seconds between two statistics; 0 is off. */
  readonly period: number;
}

/** The memory part of a domain definition after parse and post-parse (libvirt's `virDomainDef`). */
export interface DomainDef {
  readonly name: string;
  readonly type: string;
  readonly arch: string;
  readonly vcpus: number;
  /** `<memory>`, layer 1: memory at boot plus memory devices. */
  readonly total: KiB;
  /** `<currentMemory>`, layer 2 in a stored definition, layer 3 in a running one. */
  readonly current: KiB;
  /** `<maxMemory>`, or 0 for none. */
  readonly max: KiB;
  /** Slots of `<maxMemory>`, or 0 for none. */
  readonly slots: number;
  readonly limits: MemoryLimits;
  /** Memory of each guest NUMA cell, by id. */
  readonly cells: readonly KiB[];
  readonly devices: readonly MemoryDevice[];
  readonly balloon: BalloonDef;
}

/** VIR_DOMAIN_MEMORY_PARAM_UNLIMITED: a limit that is not set (include/libvirt/libvirt-domain.h, 9.0.0). */
export const UNLIMITED = kib(9007199254740991);

export const noLimits: MemoryLimits = {hard: UNLIMITED, soft: UNLIMITED, swapHard: UNLIMITED, minGuarantee: kib(0)};

/** KiB in all memory devices. */
export const devicesTotal = (def: Pick<DomainDef, "devices">): KiB => kib(def.devices.reduce((sum, {size}) => sum + size, 0));

/** Memory at boot: everything but the devices. */
export const initialMemory = (def: Pick<DomainDef, "total" | "devices">): KiB => kib(def.total - devicesTotal(def));

/** Whether the domain has a balloon device at all. */
export const hasBalloon = (def: Pick<DomainDef, "balloon">): boolean => def.balloon.model !== "none";
