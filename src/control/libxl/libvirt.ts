import {kib} from "../../units.ts";
import type {CallResult, Effect} from "../types.ts";
import {setMaxMemory} from "./set-max-memory.ts";
import {setMemoryTarget} from "./set-memory-target.ts";
import type {LibxlEffect, XlDomain} from "./types.ts";

/** What libvirt's libxl driver gets back from libxl for one of its live calls. */
export type LibvirtOnLibxl = {readonly ok: true; readonly effects: readonly LibxlEffect[]} | {readonly ok: false; readonly message: string; readonly line: string};

/**
 * A live effect of libvirt's libxl driver, carried out: libvirt has checked against
 * `<memory>`, libxl checks against xenstore, and its refusal is an internal error.
 * @returns null for an effect libxl has no call for.
 * Source: libvirt src/libxl/libxl_driver.c libxlDomainSetMemoryFlags (4.10 and 9.0).
 */
export function onLibxl(domain: XlDomain, effect: Effect): LibvirtOnLibxl | null {
  if (effect.kind !== "balloon" && effect.kind !== "maximum") return null;
  const target = effect.kind === "balloon";
  const result = target ? setMemoryTarget(domain, effect.target) : setMaxMemory(domain, kib(effect.size));
  if (result.ok) return result;
  return {ok: false, line: result.line, message: `internal error: Failed to set ${target ? "memory" : "maximum memory"} for domain '${domain.id}' with libxenlight`};
}

/**
 * A call of libvirt's libxl driver with what libxl says to it: where libxl refuses,
 * so does the call, and nothing has changed.
 */
export function settleOnLibxl<T>(result: CallResult<T>, domain: XlDomain): CallResult<T> {
  if (!result.ok) return result;
  const refused = result.value.effects.map((effect) => onLibxl(domain, effect)).find((done) => done?.ok === false);
  return refused?.ok === false ? {ok: false, error: {code: "VIR_ERR_INTERNAL_ERROR", message: refused.message}} : result;
}
