import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {admit, type Demand} from "../../../src/host/esx/admission.ts";
import {overhead, OVERHEAD_40, OVERHEAD_60} from "../../../src/host/esx/overhead.ts";
import {POOL_SHARES, SCALABLE_RATIO, scalableShares, sharesOf} from "../../../src/host/esx/shares.ts";
import {createStateMachine, currentRule, currentState, minFree, updateState} from "../../../src/host/esx/states.ts";
import {BALANCE_PERIOD, esxVersions, memoryStates, rulesOf} from "../../../src/host/esx/versions.ts";

describe("overhead", () => {
  test("is the vendor's at every point of the tables", () => {
    for (const {vcpus, points} of OVERHEAD_60.value) for (const [memory, mb] of points) expect([memory, vcpus, overhead("6.0", memory, vcpus)]).toEqual([memory, vcpus, mb]);
    for (const [memory, mb] of OVERHEAD_40.value[0]?.points ?? []) {
      for (const version of ["4.0", "4.1", "5.0"] as const) expect([memory, overhead(version, memory, 1), overhead(version, memory, 8)]).toEqual([memory, mb, mb]);
    }
  });
  test("is on a line between points, and on its end beyond them", () => {
    expect(overhead("4.0", 640, 1)).toBeCloseTo((113.17 + 123.73) / 2, 9);
    expect(overhead("6.0", 4096, 3)).toBeCloseTo((52.72 + 60.67) / 2, 9);
    expect(overhead("6.0", 4096, 12)).toBeCloseTo(76.78 + 76.78 - 60.67, 9);
    expect(overhead("4.0", 131072, 1)).toBeCloseTo(1011.21 + ((1011.21 - 334.96) * 65536) / 49152, 9);
    expect([overhead("4.0", 64, 1), overhead("6.0", 100, 2)]).toEqual([113.17, 24.28]);
  });
  test("of ESX Server 2 is 54 or 64 MB, and 32 MB for each GB above 512 MB", () => {
    expect([overhead("2002", 256, 1), overhead("2002", 512, 2), overhead("2002", 2048, 1), overhead("2002", 1536, 2)]).toEqual([54, 64, 102, 96]);
  });
  test("grows with the size", () => {
    fc.assert(fc.property(fc.constantFrom(...esxVersions), fc.integer({min: 1, max: 200000}), fc.integer({min: 1, max: 100000}), fc.integer({min: 1, max: 32}), (version, memory, more, vcpus) => overhead(version, memory + more, vcpus) >= overhead(version, memory, vcpus)));
  });
});

describe("minFree", () => {
  test.each([[28672, 901.12], [98304, 1597.44], [131072, 1925.12], [4096, 245.76], [12288, 573.44], [1000, 60]])("of %d MB is %d", (managed, wanted) => {
    expect(minFree(managed, "sliding")).toBeCloseTo(wanted, 9);
  });
  test("is what esxtop showed for 130607 MB", () => {
    expect(Math.round(minFree(130607, "sliding"))).toBe(1920);
  });
  test("was 6 % before", () => {
    expect([minFree(1000, "six-percent"), minFree(131072, "six-percent")]).toEqual([60, 7864.32]);
  });
});

describe("states", () => {
  const machine = (version: (typeof esxVersions)[number], wanted = 600): ReturnType<typeof createStateMachine> => createStateMachine(rulesOf[version].states.value, wanted, 0.1);
  const walk = (version: (typeof esxVersions)[number], frees: readonly number[]): string[] => {
    const states = machine(version);
    return frees.map((free) => `${updateState(states, free) ? "*" : ""}${currentState(states)}`);
  };

  test("of 2002 change below 4, 2 and 1 %, and back well above the next higher threshold", () => {
    expect(walk("2002", [600, 400, 399, 201, 199, 101, 99, 200, 219, 221, 441, 660, 661])).toEqual(["high", "high", "*soft", "soft", "*hard", "hard", "*low", "low", "low", "*hard", "*soft", "soft", "*high"]);
  });
  test("fall over several at once", () => {
    expect(walk("2002", [50, 5000])).toEqual(["*low", "*high"]);
    expect(walk("6.0", [0, 9999])).toEqual(["*low", "*high"]);
  });
  test("of 6.0 have one more, clear", () => {
    expect(walk("6.0", [601, 599, 384, 383, 191, 95, 300, 425, 700, 2641])).toEqual(["high", "*clear", "clear", "*soft", "*hard", "*low", "*hard", "*soft", "*clear", "*high"]);
  });
  test("of 4.1 and 5.0 are at 64, 32 and 16 %", () => {
    for (const version of ["4.1", "5.0"] as const) expect(walk(version, [384, 383, 192, 191, 96, 95])).toEqual(["high", "*soft", "soft", "*hard", "hard", "*low"]);
  });
  test("say what is done in them", () => {
    const acts = (version: (typeof esxVersions)[number]): unknown[] => rulesOf[version].states.value.map(({state, actions: {balloon, compress, swap, block}}) => [state, balloon, compress, swap, block]);
    const large = (version: (typeof esxVersions)[number]): unknown[] => rulesOf[version].states.value.map(({actions: {breakLarge, share}}) => [breakLarge, share]);
    expect(acts("2002")).toEqual([["high", false, false, "no", false], ["soft", true, false, "rest", false], ["hard", true, false, "force", false], ["low", true, false, "force", true]]);
    expect(acts("4.0")).toEqual(acts("2002"));
    expect(acts("4.1")).toEqual([["high", false, false, "no", false], ["soft", true, false, "rest", false], ["hard", true, true, "force", false], ["low", true, true, "force", true]]);
    expect(acts("5.0")).toEqual([["high", false, false, "no", false], ["soft", true, false, "rest", false], ["hard", true, true, "rest", false], ["low", true, true, "force", true]]);
    expect(acts("6.0")).toEqual([["high", false, false, "no", false], ["clear", false, false, "no", false], ["soft", true, false, "rest", false], ["hard", false, true, "force", false], ["low", false, true, "force", true]]);
    expect(large("6.0")).toEqual([["below", "background"], ["yes", "now"], ["no", "now"], ["no", "now"], ["no", "background"]]);
    expect([large("4.1"), large("5.0")]).toEqual(Array.from({length: 2}, () => [["below", "background"], ["yes", "background"], ["yes", "background"], ["yes", "background"]]));
    expect([large("2002"), large("4.0")]).toEqual(Array.from({length: 2}, () => Array.from({length: 4}, () => ["no", "background"])));
    expect(memoryStates).toEqual(["high", "clear", "soft", "hard", "low"]);
    expect(currentRule(createStateMachine([], 1, 0)).state).toBe("high");
    expect(currentRule(createStateMachine([], 1, 0)).actions).toEqual({breakLarge: "no", share: "background", balloon: false, compress: false, swap: "no", block: false});
  });
  test("come with each version's caps and periods", () => {
    expect(esxVersions.map((version) => [rulesOf[version].balloonCap.value, rulesOf[version].samplePeriod.value, rulesOf[version].minFree, rulesOf[version].compression.value, rulesOf[version].activeFloor.value, rulesOf[version].leastWithoutShares.value])).toEqual([
      [0.5, 30, "six-percent", false, 0, true],
      [0.65, 60, "six-percent", false, 0, false],
      [0.65, 60, "sliding", true, 0, false],
      [0.65, 60, "sliding", true, 0, false],
      [0.65, 60, "sliding", true, 0.01, false]
    ]);
    expect(BALANCE_PERIOD.value).toBe(15);
  });
});

describe("admission", () => {
  const demand = (configured: number, reservation: number, own = 10): Demand => ({configured, reservation, overhead: own});
  test("asks for reservation and overhead, and for a swap file", () => {
    const room = {memory: 1000, swap: 500};
    expect(admit(demand(1000, 500), [], room)).toBeNull();
    expect(admit(demand(1000, 990), [], room)).toBeNull();
    expect(admit(demand(1000, 991), [], room)).toBe("memory");
    expect(admit(demand(1000, 499), [], room)).toBe("swap");
  });
  test("counts what runs", () => {
    const running = [demand(600, 400), demand(300, 200)];
    expect(admit(demand(300, 200), running, {memory: 830, swap: 400})).toBeNull();
    expect(admit(demand(300, 200), running, {memory: 829, swap: 400})).toBe("memory");
    expect(admit(demand(300, 200), running, {memory: 830, swap: 399})).toBe("swap");
  });
});

describe("shares", () => {
  test("are 5, 10 or 20 a MB", () => {
    expect([sharesOf("low", 1024), sharesOf("normal", 1024), sharesOf("high", 1024)]).toEqual([5120, 10240, 20480]);
  });
  test("of a pool are those of 16 GB, or scale with what is in it", () => {
    expect(POOL_SHARES.value).toEqual({low: sharesOf("low", 16384), normal: sharesOf("normal", 16384), high: sharesOf("high", 16384)});
    expect(scalableShares("low", [10, 20])).toBe(30 * SCALABLE_RATIO.value.low);
  });
});
