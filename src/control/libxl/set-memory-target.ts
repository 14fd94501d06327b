import {sourced} from "../../source.ts";
import {kib, type KiB} from "../../units.ts";
import type {LibxlEffect, LibxlResult, XlDomain} from "./types.ts";

/** The least dom0 can be told to live in. */
export const MIN_DOM0 = sourced(kib(131072), {text: "LIBXL_MIN_DOM0_MEM", place: "tools/libs/light/libxl_internal.h", version: "Xen c447b7308b13 (2026-08)", grade: "read"});

/** Line numbers of the recorded build's messages. */
const place = "libxl_mem.c:278:libxl_set_memory_target";
const DOM0_PLACE = "libxl_mem.c:287:libxl_set_memory_target";

/** A line of libxl's log. */
export const libxlError = (where: string, domain: number, text: string): string => `libxl: error: ${where}: Domain ${domain}:${text}`;

/** The size a call asks for: absolute ones include the video memory. */
function wanted(domain: XlDomain, size: number, relative: boolean): number {
  if (!relative) return size - domain.videoram;
  return size < 0 && -size > domain.target ? 0 : domain.target + size;
}

function effectsOf(domain: XlDomain, target: KiB, enforce: boolean): LibxlEffect[] {
  const {id, machine, videoram} = domain;
  const margin = machine.parameters.capMargin.value;
  const effects: LibxlEffect[] = [{kind: "target", domain: id, size: target}];
  // libxl means dom0 to be left out and asks for its type; dom0 of the recordings is PV.
  if (machine.type === "pvh" || machine.type === "hvm") effects.unshift({kind: "pod-target", domain: id, size: kib(target + margin)});
  if (enforce && machine.parameters.capFollowsTarget.value) effects.unshift({kind: "cap", domain: id, size: kib(target + videoram + margin)});
  return effects;
}

/**
 * libxl_set_memory_target: the guest is asked, and with `enforce` Xen's cap follows.
 * Nothing is taken from a guest that owns more; it only cannot grow.
 * @param size KiB; a difference when `relative`.
 * Source: Xen tools/libs/light/libxl_mem.c; messages recorded in xen-xl-pv-1024-2048.json.
 */
export function setMemoryTarget(domain: XlDomain, size: number, {relative = false, enforce = true} = {}): LibxlResult {
  const target = wanted(domain, size, relative);
  if (target > domain.staticMax) return {ok: false, line: libxlError(place, domain.id, "memory_dynamic_max must be less than or equal to memory_static_max\n")};
  if (domain.id === 0 && target < MIN_DOM0.value) return {ok: false, line: libxlError(DOM0_PLACE, 0, `New target ${target} for dom0 is below the minimum threshold`)};
  return {ok: true, effects: effectsOf(domain, kib(target), enforce)};
}
