import {describe, expect, test} from "vitest";
import {esxPolicy} from "../../src/policy/esx.ts";
import type {PolicyGuest, PolicyHost} from "../../src/policy/policy.ts";
import {kib} from "../../src/units.ts";

const MIB = 1024;
const host = (total: number, kept: number): PolicyHost => ({total: kib(total * MIB), free: kib(0), cached: kib(0), kept: kib(kept * MIB)});
const guest = (name: string, maximum: number, active: number | null, more: Partial<PolicyGuest> = {}): PolicyGuest => ({
  name, configured: kib(256 * MIB), minimum: kib(0), maximum: kib(maximum * MIB), shares: 1, target: kib(256 * MIB), current: kib(256 * MIB), backed: kib(100 * MIB),
  active: active === null ? null : kib(active * MIB), free: null, available: null, driver: true, migrating: false, ...more
});
const targets = (tax: number | undefined, on: PolicyHost, guests: readonly PolicyGuest[]): number[] => esxPolicy(tax).start().decide(on, guests).map((size) => Math.round(size / MIB * 10) / 10);

describe("ESX's policy", () => {
  test("decides every 15 s and keeps no notes", () => {
    const {name, period, monitor} = esxPolicy();
    expect([name, period, monitor]).toEqual(["ESX", 15, null]);
  });

  test("reproduces the paper's two machines of Figure 7 within 0.1 MB of the law", () => {
    const pair = [guest("idle", 256, 9.58), guest("dbench", 256, 200.73)];
    expect(targets(0, host(400, 42.3), pair)).toEqual([178.8, 178.9]);
    expect(targets(undefined, host(400, 55.5), pair)).toEqual([100.6, 243.9]);
  });

  test("stays between reservation and limit", () => {
    const three = [guest("limited", 40, 256), guest("reserved", 256, 0, {minimum: kib(150 * MIB)}), guest("third", 256, 256)];
    expect(targets(0.75, host(400, 100), three)).toEqual([40, 150, 110]);
  });

  test("is capped by demand, and what is not asked for flows back: 200 GB at 4 to 1, demands of 180 and 25", () => {
    // Denneman, 2013-02-28; a headroom of 2 % of the size is ours.
    const of = (name: string, shares: number, demand: number): PolicyGuest => guest(name, 200, demand, {shares, demand: kib((demand - 4) * MIB), configured: kib(200 * MIB)});
    expect(targets(0, host(200, 0), [of("a", 4, 180), of("b", 1, 25)])).toEqual([175, 25]);
  });
  test("what is left when all have what they ask for is divided too, but not among machines without shares", () => {
    const of = (name: string, shares: number, demand: number): PolicyGuest => guest(name, 256, 0, {shares, demand: kib(demand * MIB), minimum: kib(8 * MIB)});
    expect(targets(0, host(400, 0), [of("a", 1, 100), of("b", 1, 20), of("c", 0, 90)])).toEqual([196, 196, 8]);
    expect(targets(0, host(1000, 0), [of("a", 1, 100), of("c", 0, 90)])).toEqual([256, 8]);
  });

  test("where nobody measured what is active, what is backed counts", () => {
    expect(targets(0.75, host(200, 0), [guest("a", 256, null), guest("b", 256, 100)])).toEqual([100, 100]);
  });

  test("a host that keeps all it has leaves the reservations", () => {
    expect(targets(0.75, host(100, 200), [guest("a", 256, 0, {minimum: kib(8 * MIB)})])).toEqual([8]);
  });
});
