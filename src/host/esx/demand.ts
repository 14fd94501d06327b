import {sourced} from "../../source.ts";
import {demand} from "./accounts.ts";
import {BALANCE_PERIOD} from "./versions.ts";
import type {EsxVm} from "./vm.ts";

/**
 * Of demand that is gone, what counts one balance period later. A machine that gets
 * pages back from its balloon has not touched them yet, and will; one that never
 * does must not keep them from others. Nobody has published how ESX counts demand:
 * this falls as slowly as its slow average of active memory.
 */
export const DEMAND_KEPT = sourced(0.75, {text: "chosen for the model, after the slow average of the estimate", place: "host/esx/demand.ts", version: "2026", grade: "illustrative"});

/** Notes what a machine asks for, `elapsed` seconds after the last look: more at once, less by and by. */
export function noteDemand(vm: EsxVm, elapsed: number): void {
  const now = demand(vm);
  vm.demanded = Math.max(now, now + (vm.demanded - now) * DEMAND_KEPT.value ** (elapsed / BALANCE_PERIOD.value));
}
