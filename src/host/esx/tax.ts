import {at} from "../../domain/column.ts";
import {ModelError} from "../../errors.ts";
import {amount, refuse} from "../../input.ts";
import {sourced} from "../../source.ts";

/**
 * How ESX divides memory: by shares, with a tax on memory that lies idle, as
 * published in 2002. A machine pays `shares / (pages it uses + k x pages it does
 * not)`; the page of whoever pays least is taken first (min-funding revocation).
 * ESXi's later progressive tax is unpublished, and not modelled.
 */

/** The part of its idle pages that a machine can lose at most. */
export const IDLE_TAX = sourced(0.75, {text: "tax rate 75 %: an idle page costs four times an active one", place: "section 5.2", version: "Waldspurger, OSDI 2002", grade: "read"});

/** Machines that compete for memory: one entry each, in pages. */
export interface Claims {
  readonly shares: Float64Array;
  /** Of what a machine has, what it uses. */
  readonly active: Float64Array;
  /** Never gets less: its reservation. */
  readonly least: Float64Array;
  /** Never gets more: its size, or its limit. */
  readonly most: Float64Array;
}

/** @throws ModelError `out-of-range`. */
export const checkTax = (tax: number): number => (typeof tax === "number" && tax >= 0 && tax < 1 ? tax : refuse("tax", tax, "a number from 0 to less than 1"));

/** One entry each, and all of them amounts: an endless maximum would take endless steps. */
function checkClaims(claims: Claims, capacity: number, tax: number): void {
  checkTax(tax);
  amount(capacity, "capacity");
  const {length} = claims.shares;
  for (const key of ["shares", "active", "least", "most"] as const) {
    if (claims[key].length !== length) throw new ModelError(`invalid ${key}: ${claims[key].length} entries`, {code: "length", path: key, expected: `${length} entries, as shares has`, hint: "give one entry a machine in each"});
    for (let i = 0; i < length; i++) amount(claims[key][i], `${key}[${i}]`);
  }
}

/** What an idle page costs, in active ones; the tax is 0 or more, and less than 1. */
export const idleCost = (tax: number): number => 1 / (1 - tax);

/** What a machine pays for each of its `pages`; the lowest payer loses next. */
export function price(shares: number, pages: number, active: number, cost: number): number {
  const used = Math.min(pages, active);
  return shares / (used + cost * (pages - used));
}

/** The machine that pays least among those that can lose pages; -1 when none can. */
function cheapest({shares, active, least}: Claims, pages: Float64Array, cost: number): number {
  let found = -1;
  let lowest = Infinity;
  for (let i = 0; i < pages.length; i++) {
    if (at(pages, i) <= at(least, i)) continue;
    const paid = price(at(shares, i), at(pages, i), at(active, i), cost);
    if (paid >= lowest && found >= 0) continue;
    lowest = paid;
    found = i;
  }
  return found;
}

/** Takes `step` pages at a time until no more than `capacity` are out; notes the last bite of each. */
function revoke(claims: Claims, pages: Float64Array, bitten: Float64Array, excess: number, step: number, cost: number): number {
  let left = excess;
  while (left >= step) {
    const victim = cheapest(claims, pages, cost);
    if (victim < 0) break;
    const bite = Math.min(step, at(pages, victim) - at(claims.least, victim));
    pages[victim] = at(pages, victim) - bite;
    bitten[victim] = bite;
    left -= bite;
  }
  return left;
}

/** Gives each machine its last bite back: a coarse step may have taken too much, but never more than that. */
function giveBack(pages: Float64Array, bitten: Float64Array): number {
  let given = 0;
  for (let i = 0; i < pages.length; i++) {
    pages[i] = at(pages, i) + at(bitten, i);
    given += at(bitten, i);
    bitten[i] = 0;
  }
  return given;
}

/**
 * Starts from everybody's maximum and revokes page by page until `capacity`
 * pages are left. Taken in steps that halve down to one page, with the last bite
 * of each step undone, which ends where single pages would have, in fewer moves
 * (proximity scaling, D. S. Hochbaum 1994).
 * @param tax 0 or more, less than 1.
 * @returns pages each; their sum is `capacity` unless all maxima fit or the minima do not.
 * @throws ModelError `out-of-range`, `length`.
 */
export function divide(claims: Claims, capacity: number, tax: number): Float64Array {
  checkClaims(claims, capacity, tax);
  const {shares, least, most} = claims;
  const pages = most.map((limit, i) => (at(shares, i) > 0 ? Math.max(limit, at(least, i)) : at(least, i)));
  const bitten = new Float64Array(pages.length);
  const cost = idleCost(tax);
  let excess = pages.reduce((sum, n) => sum + n, 0) - capacity;
  if (excess <= 0) return pages;
  for (let step = 2 ** Math.floor(Math.log2(Math.max(1, excess))); step >= 1; step /= 2) {
    excess = revoke(claims, pages, bitten, excess, step, cost);
    if (step > 1) excess += giveBack(pages, bitten);
  }
  return pages;
}
