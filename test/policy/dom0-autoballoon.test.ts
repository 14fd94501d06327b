import {describe, expect, test} from "vitest";
import {dom0Autoballoon, roomMaker, type RoomLook} from "../../src/policy/dom0-autoballoon.ts";
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

describe("making room, a look every 2 s", () => {
  const look = (free: number, current: number, target: number): RoomLook => ({free: kib(free), current: kib(current), target: kib(target)});

  test("dom0 is asked once and waited for while it comes closer, however long that takes", () => {
    const answer = roomMaker(kib(1000));
    expect(answer(look(0, 5000, 5000))).toEqual({kind: "ask", change: -1000});
    for (let gone = 10; gone < 1000; gone += 10) expect(answer(look(gone, 5000 - gone, 4000))).toEqual({kind: "wait"});
    expect(answer(look(1000, 4000, 4000))).toEqual({kind: "enough"});
    expect(answer(look(0, 4000, 4000))).toEqual({kind: "enough"});
  });

  test("ten seconds in all without progress, and it gives up; so it does when dom0 grows", () => {
    const answer = roomMaker(kib(1000));
    answer(look(0, 5000, 5000));
    const looks = [4900, 4900, 4900, 4800, 4800, 4800].map((current) => answer(look(5000 - current, current, 4000)).kind);
    expect([...looks, answer(look(200, 4800, 4000)).kind, answer(look(1000, 4000, 4000)).kind]).toEqual(["wait", "wait", "wait", "wait", "wait", "wait", "failed", "failed"]);
    const other = roomMaker(kib(1000));
    other(look(0, 5000, 5000));
    expect([other(look(100, 4900, 4000)).kind, other(look(50, 4950, 4000)).kind]).toEqual(["wait", "failed"]);
  });

  test("somebody else takes it: xl asks again for 30 s, libvirt three times and does not look after the third", () => {
    const asks = (tool: "xl" | "libvirt", last: number): string[] => {
      const answer = roomMaker(kib(1000), tool);
      const kinds: string[] = [];
      for (let i = 0; i < 20; i++) kinds.push(answer(look(i === last ? 1000 : 900, 5000, 5000)).kind);
      return kinds.slice(0, kinds.findIndex((kind) => kind === "failed" || kind === "enough") + 1);
    };
    expect(asks("libvirt", -1)).toEqual(["ask", "ask", "ask", "failed"]);
    expect(asks("libvirt", 3)).toEqual(["ask", "ask", "ask", "failed"]);
    expect(asks("libvirt", 2)).toEqual(["ask", "ask", "enough"]);
    expect(asks("xl", -1)).toEqual([...Array.from({length: 15}, () => "ask"), "failed"]);
    expect(asks("xl", 15).at(-1)).toBe("enough");
  });
});

describe("the policy on a host", () => {
  const dom0 = (parts: Partial<PolicyGuest>): PolicyGuest => ({...guest("Domain-0", 4e6), ...parts});

  test("leaves dom0 alone while it is on its way", () => {
    const policy = dom0Autoballoon(kib(1e6)).start();
    expect(policy.decide(host(0), [dom0({})])).toEqual([3e6]);
    expect(policy.decide(host(2e5), [dom0({target: kib(3e6), current: kib(3.8e6)})])).toEqual([3e6]);
    expect(policy.decide(host(1e6), [dom0({target: kib(3e6), current: kib(3e6)})])).toEqual([3e6]);
    expect(policy.decide(host(0), [dom0({target: kib(3e6), current: kib(3e6)})])).toEqual([3e6]);
  });

  test("asks nobody once libxl has refused, nor another guest once dom0 has gone", () => {
    const refused = dom0Autoballoon(kib(1e6)).start();
    expect(refused.decide(host(0), [dom0({minimum: kib(3.5e6)})])).toEqual([4e6]);
    expect(refused.decide(host(9e5), [dom0({minimum: kib(3.5e6)})])).toEqual([4e6]);
    const gone = dom0Autoballoon(kib(1e6), "libvirt").start();
    expect([gone.decide(host(1e5), [dom0({})]), gone.decide(host(1e5), [guest("other", 1e6)]), gone.decide(host(1e5), [])]).toEqual([[3.1e6], [1e6], []]);
    expect(dom0Autoballoon(kib(1), "libvirt").name).toBe("dom0-autoballoon (libvirt)");
  });
});
