import {describe, expect, test} from "vitest";
import {dom0Autoballoon} from "../../src/policy/dom0-autoballoon.ts";
import type {PolicyGuest, PolicyHost} from "../../src/policy/policy.ts";
import {kib} from "../../src/units.ts";

const host = (free: number): PolicyHost => ({total: kib(8e6), free: kib(free), cached: kib(0), kept: kib(0)});
const guest = (name: string, target: number): PolicyGuest => ({
  name, configured: kib(4e6), minimum: kib(0), maximum: kib(4e6), shares: 0, target: kib(target), current: kib(target), backed: kib(target),
  active: null, free: null, available: null, driver: true, migrating: false
});

describe("dom0 as a policy", () => {
  const guests = [guest("Domain-0", 4e6), guest("other", 1e6)];

  test("is asked every 2 s, and keeps no notes", () => {
    const {name, period, monitor} = dom0Autoballoon(kib(1));
    expect([name, period, monitor]).toEqual(["dom0-autoballoon", 2, null]);
  });

  test("gives up what is missing, and nobody else gives anything", () => {
    expect(dom0Autoballoon(kib(1e6)).start().decide(host(4e5), guests)).toEqual([3.4e6, 1e6]);
  });

  test("is left alone while enough is free", () => {
    expect(dom0Autoballoon(kib(1e6)).start().decide(host(1e6), guests)).toEqual([4e6, 1e6]);
  });
});
