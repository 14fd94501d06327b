import {describe, expect, test} from "vitest";
import {cgroupUsage, swapRoom, usedSwap} from "../../../../src/host/linux/accounts.ts";
import {enforceMax, isUnsettled, reclaimHigh} from "../../../../src/host/linux/cgroup/enforce.ts";
import {cgroupFileName, writeLimit} from "../../../../src/host/linux/cgroup/limits.ts";
import {newCgroup, type CgroupState} from "../../../../src/host/linux/cgroup/state.ts";
import {endVm, relieveHost} from "../../../../src/host/linux/pressure.ts";
import {reclaimVm} from "../../../../src/host/linux/reclaim.ts";
import type {HostState} from "../../../../src/host/linux/state.ts";

/** 500 used, 180 free and touched, 25 of QEMU's own, 40 of page cache: 745 charged. */
const host = (parts: Partial<HostState> = {}, cgroup: Partial<CgroupState> = {}): HostState => ({
  touchedFree: Float64Array.of(100, 50), touchedLate: Float64Array.of(0, 30), deflated: Float64Array.of(0, 0), untouched: Float64Array.of(0, 1000), swappedFree: Float64Array.of(0, 0),
  usedBacked: 500, swappedUsed: 0, ballooned: 0, ram: 10000, swap: 1000, overhead: 25, overheadSwapped: 0, pageCache: 40, others: 0, swapIns: 0, swapOuts: 0, cgroup: {...newCgroup(), ...cgroup}, ...parts
});

describe("what is charged", () => {
  test("guest RAM, QEMU's own memory, page cache, and the tables a balloon leaves", () => {
    expect(cgroupUsage(host())).toBe(745);
    expect(cgroupUsage(host({ballooned: 1024}))).toBe(747);
    expect(cgroupUsage(host({overheadSwapped: 5}))).toBe(740);
    expect(usedSwap(host({overheadSwapped: 5, swappedUsed: 7, swappedFree: Float64Array.of(1, 2)}))).toBe(15);
  });

  test("swap it may still use: the device and swap.max, less what it has", () => {
    expect(swapRoom(host({swappedUsed: 100}))).toBe(900);
    expect(swapRoom(host({swappedUsed: 100}, {swapMax: 300}))).toBe(200);
    expect(swapRoom(host({swappedUsed: 400}, {swapMax: 300}))).toBe(0);
  });
});

describe("reclaim", () => {
  test("page cache first, then pages free in the guest, then used ones, last QEMU's own", () => {
    const state = host();
    expect(reclaimVm(state, 30, 1000)).toBe(30);
    expect([state.pageCache, state.swapOuts]).toEqual([10, 0]);
    expect(reclaimVm(state, 10 + 180 + 500 + 20, 1000)).toBe(710);
    expect([state.pageCache, state.usedBacked, state.swappedUsed, state.overheadSwapped, state.swapOuts]).toEqual([0, 0, 500, 20, 700]);
    expect([...state.swappedFree]).toEqual([100, 80]);
    expect(reclaimVm(state, 100, 1000)).toBe(5);
  });

  test("no further than the swap there is, and never backwards", () => {
    expect(reclaimVm(host(), 100, 15)).toBe(55);
    expect(reclaimVm(host(), 100, -5)).toBe(40);
    expect(reclaimVm(host(), 0, 100)).toBe(0);
    expect(reclaimVm(host(), -3, 100)).toBe(0);
  });
});

describe("memory.max", () => {
  test("below it nothing happens but the peak", () => {
    const state = host({}, {max: 800});
    expect([enforceMax(state), state.cgroup.peak, state.cgroup.events.max]).toEqual([0, 745, 0]);
  });

  test("above it cache goes, then swap is used; the peak is the limit", () => {
    const state = host({}, {max: 600});
    expect(isUnsettled(state)).toBe(true);
    expect([enforceMax(state), cgroupUsage(state), state.cgroup.peak, state.cgroup.events]).toEqual([0, 600, 600, {low: 0, high: 0, max: 1, oom: 0, oomKill: 0}]);
    expect([state.pageCache, usedSwap(state)]).toEqual([0, 105]);
    expect(isUnsettled(state)).toBe(false);
  });

  test("without swap, or with swap.max reached, the rest is for the OOM killer", () => {
    const state = host({swap: 0}, {max: 600});
    expect([enforceMax(state), state.cgroup.events.oom]).toEqual([105, 1]);
    expect(enforceMax(host({}, {max: 600, swapMax: 5}))).toBe(100);
  });

  test("version 1: memory and swap together cannot be helped by swapping", () => {
    expect(enforceMax(host({}, {version: 1, max: 700, memswMax: 720}))).toBe(0);
    expect(enforceMax(host({}, {version: 1, max: 600, memswMax: 650}))).toBe(55);
    expect(isUnsettled(host({swappedUsed: 10}, {version: 1, peak: 745, memswMax: 754}))).toBe(true);
    expect(isUnsettled(host({swappedUsed: 10}, {version: 1, peak: 745, memswMax: 755}))).toBe(false);
  });
});

describe("memory.high", () => {
  test("is brought back as far as reclaim can", () => {
    const state = host({}, {high: 600});
    reclaimHigh(state);
    expect([cgroupUsage(state), state.cgroup.events.high]).toEqual([600, 1]);
    reclaimHigh(state);
    expect(state.cgroup.events.high).toBe(1);
    const stuck = host({swap: 0}, {high: 600});
    reclaimHigh(stuck);
    expect(cgroupUsage(stuck)).toBe(705);
  });

  test("what reclaim cannot help is an event only when something is charged, and settled until then", () => {
    const stuck = host({swap: 0, pageCache: 0}, {high: 600, peak: 745});
    reclaimHigh(stuck);
    expect([stuck.cgroup.events.high, isUnsettled(stuck)]).toEqual([0, false]);
    reclaimHigh(stuck, 5);
    expect(stuck.cgroup.events.high).toBe(1);
    stuck.swap = 10;
    expect(isUnsettled(stuck)).toBe(true);
    expect(isUnsettled(host({swap: 0}, {high: 600, peak: 745}))).toBe(true);
  });
});

describe("writing a limit", () => {
  test("each version has its own files", () => {
    expect(cgroupFileName(2, "swapMax")).toBe("memory.swap.max");
    expect(cgroupFileName(1, "memswMax")).toBe("memory.memsw.limit_in_bytes");
    expect(cgroupFileName(1, "high")).toBeNull();
    expect(writeLimit(host({}, {version: 1}), "high", 5)).toBe("no-such-file");
    expect(writeLimit(host(), "soft", 5)).toBe("no-such-file");
  });

  test("version 2 obeys at once, and kills when reclaim is not enough", () => {
    const state = host();
    expect([writeLimit(state, "max", 600), state.cgroup.max, cgroupUsage(state)]).toEqual(["ok", 600, 600]);
    const stuck = host({swap: 0});
    expect([writeLimit(stuck, "max", 600), stuck.cgroup.max, stuck.cgroup.events.max]).toEqual(["kill", 600, 1]);
    expect([writeLimit(host({swap: 0}), "high", 600), writeLimit(host({swap: 0}), "swapMax", 0), writeLimit(host(), "low", 700)]).toEqual(["ok", "ok", "ok"]);
  });

  test("version 1 is busy, and keeps the old limit", () => {
    const stuck = host({swap: 0}, {version: 1, max: 900});
    expect([writeLimit(stuck, "max", 600), stuck.cgroup.max, cgroupUsage(stuck)]).toEqual(["busy", 900, 705]);
    const state = host({}, {version: 1});
    expect([writeLimit(state, "max", 600), state.cgroup.max, usedSwap(state)]).toEqual(["ok", 600, 105]);
    expect(writeLimit(state, "memswMax", 704)).toBe("busy");
    expect(writeLimit(state, "memswMax", 705)).toBe("ok");
  });

  test("version 1 keeps memory <= memory and swap", () => {
    expect(writeLimit(host({}, {version: 1, memswMax: 800}), "max", 801)).toBe("invalid");
    expect(writeLimit(host({}, {version: 1, max: 800}), "memswMax", 799)).toBe("invalid");
    expect(writeLimit(host({}, {version: 1}), "soft", 10)).toBe("ok");
  });
});

describe("a host that is short", () => {
  test("takes above memory.low first, below it when nothing else is left, never below memory.min", () => {
    const first = host({ram: 700}, {low: 650});
    expect([relieveHost(first), cgroupUsage(first), first.cgroup.events.low]).toEqual([0, 700, 0]);
    const second = host({ram: 600}, {low: 700});
    expect([relieveHost(second), cgroupUsage(second), second.cgroup.events.low]).toEqual([0, 600, 1]);
    expect(relieveHost(host({ram: 600}, {min: 650}))).toBe(50);
  });

  test("the end of a VM leaves page cache", () => {
    const state = host({overheadSwapped: 4});
    endVm(state);
    expect([cgroupUsage(state), usedSwap(state)]).toEqual([40, 0]);
  });
});
