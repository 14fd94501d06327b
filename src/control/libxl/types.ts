import type {XenMachine} from "../../domain/xen/machine.ts";
import type {KiB} from "../../units.ts";

/** A running domain as xl finds it: xenstore's numbers and the hypervisor's. */
export interface XlDomain {
  readonly name: string;
  readonly id: number;
  readonly machine: XenMachine;
  /** xenstore memory/target. */
  readonly target: KiB;
  /** xenstore memory/static-max. */
  readonly staticMax: KiB;
  /** xenstore memory/videoram. */
  readonly videoram: KiB;
  /** Pages it owns, KiB. */
  readonly current: KiB;
  readonly vcpus: number;
  /** Seconds of processor time; not a memory number, and 0 unless known. */
  readonly time?: number;
}

/** What a libxl call does; the simulation carries it out. */
export type LibxlEffect =
  /** Layer 4: the hypervisor's cap, margin included. */
  | {readonly kind: "cap"; readonly domain: number; readonly size: KiB}
  /** Populate on demand: what the domain may own, margin included. */
  | {readonly kind: "pod-target"; readonly domain: number; readonly size: KiB}
  /** Layer 2: xenstore's memory/target, which the guest watches. */
  | {readonly kind: "target"; readonly domain: number; readonly size: KiB}
  | {readonly kind: "static-max"; readonly domain: number; readonly size: KiB}
  | {readonly kind: "destroy"; readonly domain: number}
  | {readonly kind: "unpause"; readonly domain: number};

/** A libxl call's end: effects, or the line it writes to the error log. */
export type LibxlResult = {readonly ok: true; readonly effects: readonly LibxlEffect[]} | {readonly ok: false; readonly line: string};
