import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {effectiveProtection, protectionOf, protectTree} from "../../../../src/host/linux/cgroup/protection.ts";
import {endWalker, newWalker, walkAgain, walkerUsage, walkNew} from "../../../../src/host/linux/cgroup/process.ts";
import {highDelay, highSleep} from "../../../../src/host/linux/cgroup/throttle.ts";

const numRuns = Number(process.env["SETMEM_CASES"] ?? 1000);

describe("effective protection", () => {
  test("siblings that ask for too much share by what they ask for", () => {
    expect(effectiveProtection({usage: 600, setting: 500}, {effective: 400, usage: 1000}, 700)).toBe(285);
  });

  test("what nobody asked for is shared by unprotected use", () => {
    expect(effectiveProtection({usage: 200, setting: 100}, {effective: 400, usage: 800}, 200)).toBe(133);
    expect(effectiveProtection({usage: 200, setting: 100}, {effective: 400, usage: 800}, 200, false)).toBe(100);
    expect(effectiveProtection({usage: 100, setting: 100}, {effective: 400, usage: 800}, 200)).toBe(100);
    expect(effectiveProtection({usage: 200, setting: 100}, {effective: 400, usage: 200}, 200)).toBe(100);
    expect(effectiveProtection({usage: 200, setting: 100}, {effective: 200, usage: 800}, 200)).toBe(100);
  });

  test("over a tree, from the top", () => {
    const [slice] = protectTree([{usage: 1000, setting: 400, children: [{usage: 600, setting: 500}, {usage: 400, setting: 200}]}]);
    expect(slice).toEqual({usage: 1000, effective: 400, children: [{usage: 600, effective: 285, children: []}, {usage: 400, effective: 114, children: []}]});
    expect(protectTree([{usage: 800, setting: 400, children: [{usage: 200, setting: 100}, {usage: 600, setting: 0}]}], false)[0]?.children.map(({effective}) => effective)).toEqual([100, 0]);
  });

  test("of one cgroup among siblings, below a slice with and without protection", () => {
    const own = {min: 500, low: 0};
    const beside = [{size: 400, min: 200, low: 400}];
    expect([protectionOf(own, "min", 600), protectionOf(own, "min", 100)]).toEqual([500, 500]);
    expect(protectionOf({...own, parent: {min: 0, low: 0, siblings: []}}, "min", 600)).toBe(0);
    expect(protectionOf({...own, parent: {min: 400, low: 0, siblings: beside}}, "min", 600)).toBe(285);
    expect(protectionOf({...own, parent: {min: 700, low: 0, siblings: beside}}, "min", 600)).toBe(500);
    // A slice's protection reaches a cgroup that asks for none, by what it uses.
    expect(protectionOf({...own, parent: {min: 0, low: 1000, siblings: beside}}, "low", 600)).toBe(600);
    expect(protectionOf({...own, parent: {min: 0, low: 700, siblings: beside}}, "low", 600)).toBe(300);
  });

  test("children never have more than their parent", () => {
    const child = fc.record({usage: fc.integer({min: 0, max: 1e6}), setting: fc.integer({min: 0, max: 1e6})});
    fc.assert(fc.property(fc.array(child, {minLength: 1, maxLength: 6}), fc.integer({min: 0, max: 1e6}), (children, setting) => {
      const usage = children.reduce((sum, one) => sum + one.usage, 0);
      // A protection larger than the use protects the use.
      const [top] = protectTree([{usage, setting: Math.min(setting, usage), children}]);
      const sum = top?.children.reduce((total, {effective}) => total + effective, 0) ?? 0;
      expect(sum).toBeLessThanOrEqual(setting);
      top?.children.forEach((one) => expect(one.effective).toBeLessThanOrEqual(one.usage));
    }), {numRuns});
  });
});

describe("the delay of memory.high", () => {
  const M = 256;

  test("is the kernel's own table for 100 MiB at 1000 ticks a second", () => {
    const table = [100, 101, 102, 105, 110, 118, 200].map((usage) => Math.round(highDelay(usage * M, 100 * M, 64, 1000) * 1000));
    expect(table).toEqual([0, 6, 25, 159, 639, 2000, 2000]);
  });

  test("is no sleep while it is 10 ms or less", () => {
    const sleeps = (hz: number): number[] => [101, 102, 105, 110].map((usage) => Math.round(highSleep(usage * M, 100 * M, 64, hz) * 1000));
    expect(sleeps(1000)).toEqual([0, 25, 159, 639]);
    expect(sleeps(250)).toEqual([0, 24, 156, 636]);
    // The largest that is let go, and the smallest that is not, in ticks of 1 ms.
    expect([25930, 25940].map((usage) => [highDelay(usage, 25600, 64, 1000), highSleep(usage, 25600, 64, 1000)])).toEqual([[0.01, 0], [0.011, 0.011]]);
    // Of 250 ticks a second two are let go.
    expect([25950, 25960].map((usage) => [highDelay(usage, 25600, 64), highSleep(usage, 25600, 64)])).toEqual([[0.008, 0], [0.012, 0.012]]);
  });

  test("is in whole ticks, and goes with the pages charged", () => {
    expect(highDelay(105 * M, 100 * M, 64)).toBe(0.156);
    expect(highDelay(105 * M, 100 * M, 32)).toBe(0.076);
    expect(highDelay(10, 0, 64)).toBe(2);
  });
});

describe("a process that walks over its memory", () => {
  const limits = {memory: 128000, swap: 786431, slotsKept: 393215};

  test("below the limit it pays nothing", () => {
    const state = newWalker();
    walkNew(state, 100000, limits);
    walkAgain(state, limits);
    expect([state.swapIns, state.swapOuts, state.hitLimit, state.killed, walkerUsage(state), state.peak]).toEqual([0, 0, false, false, 100000 + 196 + 61, 100257]);
  });

  test("above it every page of every walk comes back and goes out", () => {
    const state = newWalker();
    walkNew(state, 256000, limits);
    const room = 128000 - 500 - 61;
    expect([state.resident, state.swapped, state.peak]).toEqual([room, 256000 - room, 128000]);
    walkAgain(state, limits);
    walkAgain(state, limits);
    expect([state.swapIns, state.swapOuts, state.slots]).toEqual([512000, 3 * 256000 - room, 256000]);
    expect([state.resident, state.swapped]).toEqual([room, 256000 - room]);
    endWalker(state);
    expect([state.resident, state.swapped, state.slots, walkerUsage(state)]).toEqual([0, 0, 0, 61]);
  });

  test("slots are freed once swap is half full", () => {
    const state = newWalker();
    walkNew(state, 256000, {...limits, swap: 200000, slotsKept: 100000});
    walkAgain(state, {...limits, swap: 200000, slotsKept: 100000});
    expect([state.slots, state.slotsPeak]).toEqual([state.swapped, 128561]);
  });

  test("with room again only what was out comes back", () => {
    const state = newWalker();
    walkNew(state, 130000, limits);
    const out = state.swapped;
    walkAgain(state, {...limits, memory: 200000});
    expect([state.swapIns, state.swapOuts, state.swapped]).toEqual([out, out, 0]);
  });

  test("without swap for what does not fit it is killed, and stays so", () => {
    const state = newWalker();
    walkNew(state, 256000, {...limits, swap: 128560});
    expect([state.killed, state.peak, walkerUsage(state), state.swapped, state.hitLimit]).toEqual([true, 128000, 0, 0, true]);
    walkNew(state, 5, limits);
    walkAgain(state, limits);
    expect([state.resident, state.swapIns]).toEqual([0, 0]);
  });
});
