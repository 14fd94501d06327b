import {kib, type KiB} from "../../units.ts";
import {libxlError} from "./set-memory-target.ts";
import type {LibxlEffect, LibxlResult, XlDomain} from "./types.ts";

const PLACE = "libxl_mem.c:59:libxl_domain_setmaxmem";

/**
 * libxl_domain_setmaxmem: Xen's cap, and static-max, which later targets are held
 * against; nothing the guest could notice. The next target sets the cap anew. The
 * message goes on with whatever errno says at that moment, which is left out here.
 * @param size KiB.
 * Source: Xen 4.17.5 tools/libs/light/libxl_mem.c.
 */
export function setMaxMemory(domain: XlDomain, size: KiB): LibxlResult {
  if (size < domain.target) return {ok: false, line: libxlError(PLACE, domain.id, "memory_static_max must be greater than or or equal to memory_dynamic_max")};
  const {capMargin, maxMemWritesStaticMax} = domain.machine.parameters;
  const cap: LibxlEffect = {kind: "cap", domain: domain.id, size: kib(size + capMargin.value)};
  return {ok: true, effects: maxMemWritesStaticMax.value ? [cap, {kind: "static-max", domain: domain.id, size}] : [cap]};
}
