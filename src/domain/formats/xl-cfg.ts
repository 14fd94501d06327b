import {kib, type KiB} from "../../units.ts";
import type {DomainDef} from "../libvirt/domain-def.ts";

/** `memory` and `maxmem` of an xl.cfg or xm file, MiB; undefined when they are not in it. */
export interface XlMemory {
  readonly memory?: number | undefined;
  readonly maxmem?: number | undefined;
}

/** MiB of an xl.cfg without `memory`: MIN_XEN_GUEST_SIZE * 2 (libvirt src/libxl/xen_common.c xenParseMem). */
const DEFAULT_MEMORY = 128;

/**
 * The two sizes as libvirt reads them, KiB: `maxmem` is layer 1, `memory` layer 2.
 * `memory` is not checked against `maxmem` here; post-parse cuts it.
 */
export function parseXlMemory({memory = DEFAULT_MEMORY, maxmem = memory}: XlMemory): {readonly total: KiB; readonly current: KiB} {
  return {total: kib(maxmem * 1024), current: kib(Math.min(memory, maxmem) * 1024)};
}

/** Writes both sizes in MiB, rounded up; both are always written (xenFormatMem). */
export function formatXlMemory({total, current}: Pick<DomainDef, "total" | "current">): Required<{maxmem: number; memory: number}> {
  return {maxmem: Math.ceil(total / 1024), memory: Math.ceil(current / 1024)};
}

/** Takes `memory` and `maxmem` out of an xl.cfg text: `key = number` lines or `;` between them. */
export function readXlMemory(text: string): XlMemory {
  const number = (key: string): number | undefined => {
    const found = new RegExp(`(?:^|[;\\n])\\s*${key}\\s*=\\s*["']?(\\d+)`).exec(text);
    return found ? Number(found[1]) : undefined;
  };
  return {memory: number("memory"), maxmem: number("maxmem")};
}
