import {describe, expect, it} from "vitest";
import {cgroupOutcome, processOutcome, totalAfterBalloon, type BeforeAct} from "../../src/guest/flat-acts.ts";
import {kib} from "../../src/units.ts";

const before = (change: Partial<BeforeAct> = {}): BeforeAct => ({memTotal: kib(200_000), memFree: kib(150_000), reclaimable: kib(1000), swapFree: kib(0), balloon: kib(40_000), deflateOnOom: false, ...change});

describe("a balloon in a guest", () => {
  it("leaves MemTotal page by page, and comes back", () => {
    expect(totalAfterBalloon(before(), kib(100_000))).toBe(140_000);
    expect(totalAfterBalloon(before(), kib(0))).toBe(240_000);
  });
  it("stays in MemTotal with deflate-on-oom", () => {
    expect(totalAfterBalloon(before({deflateOnOom: true}), kib(100_000))).toBe(200_000);
  });
});

describe("a process in a guest", () => {
  it("may have what is free and cached", () => {
    expect(processOutcome(before(), kib(151_000))).toEqual({lives: true, available: 151_000});
    expect(processOutcome(before(), kib(151_001)).lives).toBe(false);
  });
  it("may have swap too", () => expect(processOutcome(before({swapFree: kib(10)}), kib(0)).available).toBe(151_010));
  it("may have the balloon only with deflate-on-oom", () => expect(processOutcome(before({deflateOnOom: true}), kib(0)).available).toBe(191_000));
});

describe("a process in a cgroup", () => {
  const limit = kib(24 * 1024);
  it("reaches its limit and no more, and is killed", () => expect(cgroupOutcome({limit, need: kib(40 * 1024), swapFree: kib(0)})).toEqual({peak: limit, killed: true}));
  it("lives on swap at its limit", () => expect(cgroupOutcome({limit, need: kib(40 * 1024), swapFree: kib(16 * 1024)})).toEqual({peak: limit, killed: false}));
  it("needs all of the swap there is and a page more", () => expect(cgroupOutcome({limit, need: kib(40 * 1024 + 4), swapFree: kib(16 * 1024)}).killed).toBe(true));
  it("reaches the limit exactly", () => expect(cgroupOutcome({limit, need: limit, swapFree: kib(0)})).toEqual({peak: limit, killed: false}));
  it("says nothing of the peak below it", () => expect(cgroupOutcome({limit, need: kib(limit - 4), swapFree: kib(0)})).toEqual({peak: null, killed: false}));
});
