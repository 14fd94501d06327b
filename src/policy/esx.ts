import {divide, IDLE_TAX} from "../host/esx/tax.ts";
import {BALANCE_PERIOD} from "../host/esx/versions.ts";
import {kib, KIB_PER_PAGE, seconds} from "../units.ts";
import type {PolicyGuest, PolicyKind} from "./policy.ts";

const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);

const column = (guests: readonly PolicyGuest[], pick: (guest: PolicyGuest) => number): Float64Array => Float64Array.from(guests, pick);

/**
 * ESX's own: what the host does not keep for itself is divided by shares, idle
 * memory taxed, between each machine's reservation and its size or limit.
 * @param tax 0 (shares alone) to less than 1; the published default is 0.75.
 */
export const esxPolicy = (tax: number = IDLE_TAX.value): PolicyKind => ({
  name: "ESX",
  period: seconds(BALANCE_PERIOD.value),
  monitor: null,
  start: () => ({
    decide({total, kept}, guests) {
      const claims = {
        shares: column(guests, ({shares}) => shares),
        active: column(guests, ({active, backed}) => inPages(active ?? backed)),
        least: column(guests, ({minimum}) => inPages(minimum)),
        most: column(guests, ({maximum}) => inPages(maximum))
      };
      return Array.from(divide(claims, Math.max(0, inPages(total - kept)), tax), (pages) => kib(pages * KIB_PER_PAGE));
    }
  })
});
