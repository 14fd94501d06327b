import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {cases} from "../../cases.ts";
import {divide, IDLE_TAX, idleCost, price, type Claims} from "../../../src/host/esx/tax.ts";

const CASES = cases(1000);
const PAGES = 256;

interface Claim {
  readonly shares: number;
  readonly active: number;
  readonly least: number;
  readonly most: number;
}

const columns = (claims: readonly Claim[]): Claims => ({
  shares: Float64Array.from(claims, ({shares}) => shares),
  active: Float64Array.from(claims, ({active}) => Math.round(active * PAGES)),
  least: Float64Array.from(claims, ({least}) => Math.round(least * PAGES)),
  most: Float64Array.from(claims, ({most}) => Math.round(most * PAGES))
});
const megabytes = (claims: readonly Claim[], capacity: number, tax: number): number[] => Array.from(divide(columns(claims), Math.round(capacity * PAGES), tax), (pages) => pages / PAGES);

/**
 * The closed form, MB: of what a machine uses it keeps the taxed part, and of the rest a slice by its
 * shares; one machine that uses all it has gets shares alone. Prices are equal where nobody is clamped.
 */
function slice({shares, active}: Claim, scale: number, tax: number): number {
  return Math.min(tax * active + scale * shares, (scale * shares) / (1 - tax));
}
function closedForm(claims: readonly Claim[], capacity: number, tax: number): number[] {
  const given = (scale: number): number[] => claims.map((claim) => Math.min(claim.most, Math.max(claim.least, slice(claim, scale, tax))));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  let [low, high] = [0, 1];
  while (sum(given(high)) < capacity && high < 1e12) high *= 2;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (sum(given(middle)) < capacity) low = middle;
    else high = middle;
  }
  return given(high);
}

const claim = fc
  .record({shares: fc.integer({min: 1, max: 4000}), most: fc.integer({min: 64, max: 4096}), active: fc.double({min: 0, max: 1, noNaN: true}), least: fc.oneof(fc.constant(0), fc.double({min: 0.05, max: 0.8, noNaN: true}), fc.double({min: 0.3, max: 0.8, noNaN: true}))})
  .map(({shares, most, active, least}): Claim => ({shares, most, active: active * most, least: Math.round(least * most)}));
const feasible = fc.record({claims: fc.array(claim, {minLength: 2, maxLength: 8}), part: fc.oneof(fc.double({min: 0.02, max: 0.98, noNaN: true}), fc.double({min: 0.02, max: 0.3, noNaN: true})), tax: fc.constantFrom(0, 0.25, 0.5, 0.75, 0.9, 0.99)}).map(({claims, part, tax}) => {
  const least = claims.reduce((sum, one) => sum + one.least, 0);
  const most = claims.reduce((sum, one) => sum + one.most, 0);
  return {claims, tax, capacity: Math.round((least + part * (most - least)) * PAGES) / PAGES};
});

describe("the idle memory tax, page by page", () => {
  test(`is within 0.1 MB of the closed form in ${CASES} feasible cases, and both clamps are hit in a tenth of them`, {timeout: 300_000}, () => {
    let [worst, atLeast, atMost, runs] = [0, 0, 0, 0];
    fc.assert(
      fc.property(feasible, ({claims, capacity, tax}) => {
        const got = megabytes(claims, capacity, tax);
        const wanted = closedForm(claims, capacity, tax);
        got.forEach((value, i) => {
          worst = Math.max(worst, Math.abs(value - (wanted[i] ?? NaN)));
          expect(Math.abs(value - (wanted[i] ?? NaN))).toBeLessThan(0.1);
        });
        expect(got.reduce((a, b) => a + b, 0)).toBeCloseTo(capacity, 9);
        runs++;
        if (got.some((value, i) => value === claims[i]?.least && value > 0)) atLeast++;
        if (got.some((value, i) => value === claims[i]?.most)) atMost++;
      }),
      {numRuns: CASES, seed: 20021209}
    );
    expect(runs).toBeGreaterThanOrEqual(CASES);
    expect(atLeast / runs).toBeGreaterThan(0.1);
    expect(atMost / runs).toBeGreaterThan(0.1);
    console.log(`idle tax: ${runs} cases, off by ${worst.toFixed(4)} MB at most; reservation hit in ${atLeast}, maximum in ${atMost}`);
  });

  test("is what single pages give, whatever the steps", () => {
    fc.assert(
      fc.property(fc.array(fc.record({shares: fc.integer({min: 1, max: 50}), active: fc.integer({min: 0, max: 40}), least: fc.integer({min: 0, max: 10}), more: fc.integer({min: 0, max: 60})}), {minLength: 1, maxLength: 5}), fc.double({min: 0, max: 1, noNaN: true}), (list, part) => {
        const claims: Claims = {
          shares: Float64Array.from(list, ({shares}) => shares),
          active: Float64Array.from(list, ({active}) => active),
          least: Float64Array.from(list, ({least}) => least),
          most: Float64Array.from(list, ({least, more}) => least + more)
        };
        const capacity = Math.floor(part * list.reduce((sum, {least, more}) => sum + least + more, 0));
        const singly = Array.from(claims.most);
        while (singly.reduce((a, b) => a + b, 0) > capacity) {
          let victim = -1;
          singly.forEach((pages, i) => {
            const cost = (at: number): number => price(claims.shares[at] ?? 0, singly[at] ?? 0, claims.active[at] ?? 0, 4);
            if (pages > (claims.least[i] ?? 0) && (victim < 0 || cost(i) < cost(victim))) victim = i;
          });
          if (victim < 0) break;
          singly[victim] = (singly[victim] ?? 0) - 1;
        }
        Array.from(divide(claims, capacity, 0.75)).forEach((pages, i) => expect(Math.abs(pages - (singly[i] ?? NaN))).toBeLessThanOrEqual(1));
      }),
      {numRuns: 300}
    );
  });

  test.each([
    [1000, 0, [[2, 100, 0, 800], [1, 600, 0, 800]], [666.67, 333.33]],
    [1000, 0.75, [[2, 100, 0, 800], [1, 600, 0, 800]], [391.67, 608.33]],
    [1000, 0.99, [[2, 100, 0, 800], [1, 600, 0, 800]], [303.67, 696.33]],
    [344.5, 0.75, [[1, 9.58, 0, 256], [1, 200.73, 0, 256]], [100.57, 243.93]],
    [900, 0.75, [[320, 15, 160, 320], [320, 188, 160, 320], [320, 60, 160, 320], [256, 120, 128, 256], [256, 60, 128, 256]], [160, 257.39, 161.39, 183.11, 138.11]]
  ] as const)("%d MB at a tax of %d", (capacity, tax, list, wanted) => {
    const got = megabytes(list.map(([shares, active, least, most]) => ({shares, active, least, most})), capacity, tax);
    got.forEach((value, i) => expect(Math.abs(value - (wanted[i] ?? NaN))).toBeLessThan(0.02));
  });

  test("two equal machines differ by the taxed part of what they use more", () => {
    const [idle = NaN, busy = NaN] = megabytes([{shares: 1, active: 40, least: 0, most: 1000}, {shares: 1, active: 240, least: 0, most: 1000}], 600, 0.75);
    expect(busy - idle).toBeCloseTo(0.75 * 200, 2);
  });

  test("gives everybody all they may have while it fits, and the reservations when nothing else fits", () => {
    const claims = [{shares: 1, active: 0, least: 10, most: 100}, {shares: 9, active: 0, least: 20, most: 50}];
    expect(megabytes(claims, 150, 0.75)).toEqual([100, 50]);
    expect(megabytes(claims, 1000, 0.75)).toEqual([100, 50]);
    expect(megabytes(claims, 5, 0.75)).toEqual([10, 20]);
    expect(megabytes(claims, 30, 0.75)).toEqual([10, 20]);
  });

  test("a machine without shares gets its reservation, also when memory is free", () => {
    expect(megabytes([{shares: 0, active: 50, least: 7, most: 100}, {shares: 1, active: 0, least: 0, most: 50}], 1000, 0.75)).toEqual([7, 50]);
  });

  test("a maximum below the reservation counts as the reservation", () => {
    expect(megabytes([{shares: 1, active: 0, least: 30, most: 20}], 1000, 0)).toEqual([30]);
    expect(divide(columns([]), 100, 0.75)).toHaveLength(0);
  });

  test("an idle page costs four active ones", () => {
    expect([IDLE_TAX.value, idleCost(0.75), idleCost(0)]).toEqual([0.75, 4, 1]);
    expect([price(100, 10, 10, 4), price(100, 10, 20, 4), price(100, 10, 0, 4), price(100, 10, 5, 4)]).toEqual([10, 10, 2.5, 4]);
  });
});
