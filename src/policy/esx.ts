import {checkTax, divide, IDLE_TAX, type Claims} from "../host/esx/tax.ts";
import {BALANCE_PERIOD} from "../host/esx/versions.ts";
import {sourced} from "../source.ts";
import {kib, KIB_PER_PAGE, seconds} from "../units.ts";
import type {PolicyGuest, PolicyKind} from "./policy.ts";

const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);

const column = (guests: readonly PolicyGuest[], pick: (guest: PolicyGuest) => number): Float64Array => Float64Array.from(guests, pick);

/**
 * Of a machine's size, what it may come to touch before targets are computed
 * again: it is demanded beside what it has touched, so that a machine that grows
 * slowly is not taken for one that has more than it deserves. Nobody has published how ESX counts demand.
 */
export const HEADROOM = sourced(0.02, {text: "chosen for the model", place: "policy/esx.ts", version: "2026", grade: "illustrative"});

/** What a machine asks for at present, between the least and the most it may have. One without shares asks for nothing more. */
function demanded({demand = kib(Infinity), configured, minimum, maximum, shares}: PolicyGuest): number {
  return shares === 0 ? minimum : Math.max(minimum, Math.min(maximum, demand + HEADROOM.value * configured));
}

/**
 * Memory is divided among what machines ask for, so that nobody loses pages to a
 * machine that has no use for them; when all have what they ask for, what is left
 * is divided too, up to what each may have.
 * Source: "unused entitlement flows back", Denneman, 2013-02-28; the two steps are ours.
 */
function divideDemand(claims: Omit<Claims, "least" | "most">, guests: readonly PolicyGuest[], capacity: number, tax: number): Float64Array {
  const asked = column(guests, (guest) => inPages(demanded(guest)));
  const least = column(guests, ({minimum}) => inPages(minimum));
  const most = column(guests, ({maximum}) => inPages(maximum));
  const short = asked.reduce((sum, pages) => sum + pages, 0) > capacity;
  return divide(short ? {...claims, least, most: asked} : {...claims, least: asked, most}, capacity, tax);
}

const policyOf = (tax: number): PolicyKind => ({
  name: "ESX",
  period: seconds(BALANCE_PERIOD.value),
  monitor: null,
  start: () => ({
    decide({total, kept}, guests) {
      const claims = {
        shares: column(guests, ({shares}) => shares),
        active: column(guests, ({active, backed}) => inPages(active ?? backed))
      };
      return Array.from(divideDemand(claims, guests, Math.max(0, inPages(total - kept)), tax), (pages) => kib(pages * KIB_PER_PAGE));
    }
  })
});

/**
 * ESX's own: what the host does not keep for itself is divided by shares, idle
 * memory taxed, between each machine's reservation and what it asks for, and then its size or limit.
 * @param tax 0 (shares alone) to less than 1; the published default is 0.75.
 * @throws ModelError `out-of-range`.
 */
export const esxPolicy = (tax: number = IDLE_TAX.value): PolicyKind => policyOf(checkTax(tax));
