import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {balloonMax, cache, ceiling, charged, consumed, demand, granted, out, sampledPages, saved, swapFile, swapped, takeable, zipped} from "../../../src/host/esx/accounts.ts";
import {balloonTarget, pageOut, PATIENCE, reclaim, type Means} from "../../../src/host/esx/reclaim.ts";
import {noteDemand} from "../../../src/host/esx/demand.ts";
import {scan} from "../../../src/host/esx/scan.ts";
import {rulesOf, type Actions} from "../../../src/host/esx/versions.ts";
import {setCompany, type EsxVm} from "../../../src/host/esx/vm.ts";
import {busyVm, profile, vmOf, wrong} from "./fixture.ts";

const high: Actions = {breakLarge: "no", share: "background", balloon: false, compress: false, swap: "no", block: false};
const soft: Actions = {...high, balloon: true, swap: "rest"};
const hard: Actions = {...soft, compress: true, swap: "force"};
const hard5: Actions = {...soft, compress: true};
const means = (actions: Actions, more: Partial<Means> = {}): Means => ({actions, compression: false, budget: 1e9, ...more});

describe("accounts", () => {
  test("charge what is backed less what is shared, and the cache at half", () => {
    const vm = busyVm({profile});
    Object.assign(vm, {usedBacked: 7000, usedZipped: 601, usedSwapped: 399, shared: 1000, references: 4, zero: 500, zeroShared: 200.5});
    expect([granted(vm), swapped(vm), zipped(vm), out(vm), saved(vm), cache(vm), consumed(vm), charged(vm), demand(vm)]).toEqual([8000, 399, 601, 1000, 950, 301, 7050, 7351, 8050]);
  });
  test("bound a machine by size, limit and reservation", () => {
    expect([balloonMax(busyVm()), balloonMax(busyVm({}, {reservation: 4000})), balloonMax(busyVm({}, {reservation: 2000}))]).toEqual([6500, 6000, 6500]);
    expect([takeable(busyVm()), takeable(busyVm({}, {reservation: 4000})), takeable(busyVm({}, {reservation: 9500}))]).toEqual([9000, 5000, 0]);
    expect([ceiling(busyVm()), ceiling(busyVm({}, {limit: 3000})), ceiling(busyVm({}, {limit: 99999}))]).toEqual([10000, 3000, 10000]);
    expect([swapFile(busyVm()), swapFile(busyVm({}, {reservation: 4000}))]).toEqual([10000, 6000]);
    const vm = busyVm();
    vm.ballooned = 600;
    expect(sampledPages(vm)).toBe(9400);
  });
});

describe("what a machine asks for", () => {
  test("rises at once, and falls by a quarter of the gap in a balance period", () => {
    const vm = busyVm();
    noteDemand(vm, 0);
    expect(vm.demanded).toBe(9000);
    Object.assign(vm, {usedBacked: 4000, deflated: 4000});
    noteDemand(vm, 15);
    expect(vm.demanded).toBe(8000);
    noteDemand(vm, 30);
    expect(vm.demanded).toBe(5000 + 3000 * 0.75 ** 2);
    vm.usedBacked = 7900;
    vm.deflated = 100;
    noteDemand(vm, 1);
    expect(vm.demanded).toBe(8900);
  });
});

describe("the balloon's target", () => {
  test("never takes what is reserved and touched", () => {
    const vm = busyVm({}, {reservation: 8000});
    vm.target = 8000;
    expect(balloonTarget(vm, soft, 0)).toBe(1000);
    // Half a page of cache each is charged, and no reason to take what is reserved.
    Object.assign(vm, {usedZipped: 1000, usedBacked: 7000});
    expect([charged(vm), balloonTarget(vm, soft, 0)]).toEqual([8500, 0]);
  });
  test("goes when the machine gets all it asks for, whatever it has never touched", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 5000, ballooned: 3000, target: 9000});
    expect([balloonTarget(vm, high, 3000), balloonTarget(vm, soft, 3000)]).toEqual([0, 0]);
  });
  test("in soft is what is held beyond the target", () => {
    const vm = busyVm();
    vm.target = 7000;
    expect([balloonTarget(vm, soft, 0), balloonTarget(vm, high, 0)]).toEqual([2000, 0]);
    vm.target = 1000;
    expect(balloonTarget(vm, soft, 0)).toBe(6500);
    vm.target = 9500;
    expect(balloonTarget(vm, soft, 0)).toBe(0);
  });
  test("of a machine above its own limit counts in every state", () => {
    const vm = busyVm({}, {limit: 6000});
    expect([balloonTarget(vm, high, 0), balloonTarget(vm, soft, 0)]).toEqual([3000, 3000]);
  });
  test("stays while the target leaves the guest no more than it has", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 5000, ballooned: 3000, target: 6500});
    expect([balloonTarget(vm, high, 3000), balloonTarget(vm, soft, 3000)]).toEqual([3000, 3000]);
    vm.target = 7500;
    expect([balloonTarget(vm, high, 3000), balloonTarget(vm, soft, 3000)]).toEqual([2500, 2500]);
    vm.target = 10000;
    expect(balloonTarget(vm, high, 3000)).toBe(0);
  });
  test("counts what is swapped as given up already", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 5000, freeBacked: 0, usedSwapped: 1000, ballooned: 3000, target: 7000});
    expect(balloonTarget(vm, high, 3000)).toBe(2000);
  });
});

describe("paging out", () => {
  test("takes pages at random, in use or free, and part of them is used again and again", () => {
    const vm = busyVm();
    vm.active = 4000;
    expect(pageOut(vm, 900, false, true)).toBe(900);
    expect([vm.usedSwapped, vm.freeSwapped, vm.activeOut, vm.counters.swapOut, wrong(vm)]).toEqual([800, 100, 400, 900, ""]);
  });
  test("compresses first what can be, up to a tenth of the size", () => {
    const vm = busyVm({compressible: 0.5});
    expect(pageOut(vm, 1000, true, true)).toBe(1000);
    expect([zipped(vm), swapped(vm), vm.counters.zipped]).toEqual([500, 500, 500]);
    pageOut(vm, 4000, true, true);
    expect([zipped(vm), cache(vm), swapped(vm), wrong(vm)]).toEqual([2000, 1000, 3000, ""]);
    pageOut(vm, 500, true, true);
    expect([zipped(vm), swapped(vm)]).toEqual([2000, 3500]);
  });
  test("leaves what does not compress where swapping is not allowed", () => {
    const vm = busyVm({compressible: 0.25});
    expect(pageOut(vm, 1000, true, false)).toBe(250);
    expect([zipped(vm), swapped(vm)]).toEqual([250, 0]);
    expect(pageOut(vm, 1000, false, false)).toBe(0);
  });
  test("stops at what is reserved and touched, which is before the swap file's end", () => {
    const vm = busyVm({}, {reservation: 8500});
    expect([pageOut(vm, 4000, false, true), swapped(vm), pageOut(vm, 10, false, true)]).toEqual([500, 500, 0]);
    expect(pageOut(busyVm({}, {reservation: 9500}), 4000, false, true)).toBe(0);
  });
  test("counts what is compressed towards the same bound", () => {
    const vm = busyVm({compressible: 1}, {reservation: 8000});
    expect([pageOut(vm, 600, true, true), pageOut(vm, 4000, true, true), zipped(vm), swapped(vm), granted(vm)]).toEqual([600, 400, 1000, 0, 8000]);
    const raised = busyVm({}, {reservation: 7000});
    Object.assign(raised, {usedBacked: 5000, usedSwapped: 2000, freeBacked: 3000, untouched: 0});
    expect([pageOut(raised, 2000, true, true), swapped(raised)]).toEqual([1000, 3000]);
  });
  test("shares twins instead", () => {
    const vm = busyVm({profile});
    setCompany(vm, 2);
    expect([vm.shareablePart, vm.references]).toEqual([0.35, expect.closeTo(0.7 / 0.15, 9)]);
    expect(pageOut(vm, 900, false, true)).toBe(900);
    expect([vm.shared, swapped(vm)]).toEqual([280, 620]);
  });
  test("shares zeroes too", () => {
    const vm = vmOf({profile: {...profile, duplicate: 0, common: 0}, zeroes: true});
    expect(pageOut(vm, 1000, false, true)).toBe(1000);
    expect([swapped(vm), Math.round(vm.zeroShared), wrong(vm)]).toEqual([400, 600, ""]);
  });
  test("takes no page that is shared as long as there is another: it would free nothing", () => {
    const vm = busyVm({profile});
    setCompany(vm, 2);
    pageOut(vm, 900, false, true);
    const before = vm.shared;
    pageOut(vm, 900, false, true);
    expect(vm.shared).toBeGreaterThan(before);
  });
  test("is not misled by more zeroes shared than there are, by a rounding error", () => {
    const vm = vmOf({profile: {...profile, duplicate: 0, common: 0}, zeroes: true});
    vm.zeroShared = vm.zero + 1e-9;
    expect(pageOut(vm, 10, false, false)).toBe(0);
  });
  test("finds nothing in a machine that has nothing", () => {
    const vm = vmOf({profile, free: 10000});
    expect([pageOut(vm, 100, true, true), wrong(vm)]).toEqual([0, ""]);
  });
  test("accounts balance", () => {
    fc.assert(
      fc.property(fc.array(fc.record({pages: fc.integer({min: 0, max: 9000}), compress: fc.boolean(), swap: fc.boolean(), scanned: fc.integer({min: 0, max: 5000})}), {maxLength: 12}), fc.boolean(), fc.double({min: 0, max: 1, noNaN: true}), (acts, zeroes, compressible) => {
        const vm = zeroes ? vmOf({profile, zeroes, compressible}) : busyVm({profile, compressible});
        vm.active = 3000;
        setCompany(vm, 3);
        for (const {pages, compress, swap, scanned} of acts) {
          const before = granted(vm);
          const gone = pageOut(vm, pages, compress, swap);
          scan(vm, scanned, false);
          expect(gone).toBeLessThanOrEqual(pages);
          expect(before - granted(vm)).toBeLessThanOrEqual(gone);
          expect(wrong(vm)).toBe("");
        }
      })
    );
  });
});

describe("reclaim without a balloon", () => {
  const step = (vm: EsxVm, actions: Actions, driver: boolean, more: Partial<Means> = {}): number => reclaim(vm, means(actions, more), driver, 1);

  test("does nothing to a machine at its goal", () => {
    const vm = busyVm();
    vm.target = 9000;
    expect([step(vm, hard, false), vm.swapTarget, vm.stuck]).toEqual([0, 0, 0]);
  });
  test("in high looks at the limit alone, in other states at the target", () => {
    const vm = busyVm();
    vm.target = 5000;
    expect([step(vm, high, false), step(vm, soft, false), vm.swapTarget]).toEqual([0, 4000, 4000]);
    const limited = busyVm({}, {limit: 7000});
    expect([step(limited, high, false), granted(limited)]).toEqual([2000, 7000]);
  });
  test("leaves a machine with a driver to its balloon, but for what no balloon can hold", () => {
    const vm = busyVm();
    vm.target = 5000;
    expect(step(vm, soft, true)).toBe(0);
    const capped = busyVm({}, {balloonCap: 3000});
    capped.target = 5000;
    expect(step(capped, soft, true)).toBe(1000);
  });
  test("loses patience with a balloon that makes no headway", () => {
    const vm = busyVm();
    vm.target = 5000;
    for (let second = 1; second < PATIENCE.value; second++) expect(step(vm, soft, true)).toBe(0);
    expect([vm.stuck, step(vm, soft, true)]).toEqual([4, 4000]);
    vm.usedSwapped = 0;
    vm.usedBacked = 7000;
    vm.ballooned = 1000 + vm.freeBacked;
    vm.freeBacked = 0;
    step(vm, soft, true);
    expect(vm.stuck).toBe(0);
  });
  test("in hard waits for nobody", () => {
    const vm = busyVm();
    vm.target = 5000;
    expect(step(vm, hard, true)).toBe(4000);
  });
  test("in 5.0's hard compresses all that compresses, and swaps only what no balloon takes", () => {
    const vm = busyVm({compressible: 0.5});
    vm.target = 7000;
    expect([reclaim(vm, means(hard5, {compression: true}), true, 1), zipped(vm), swapped(vm)]).toEqual([0, 1000, 0]);
  });
  test("where the state does not balloon, a driver helps only a machine above its limit", () => {
    const rules = rulesOf["6.0"].states.value[3]?.actions ?? high;
    const vm = busyVm();
    vm.target = 5000;
    expect(step(vm, rules, true)).toBe(4000);
    const limited = busyVm({}, {limit: 7000});
    expect(step(limited, high, true)).toBe(0);
  });
  test("evicts the compression cache where it alone is above the limit, or nothing else may be taken", () => {
    const vm = busyVm({compressible: 1}, {limit: 400});
    Object.assign(vm, {usedBacked: 0, freeBacked: 0, usedZipped: 1500, freeZipped: 500, usedSwapped: 7000});
    expect([step(vm, high, false), cache(vm), charged(vm), swapped(vm), wrong(vm)]).toEqual([1200, 400, 400, 8200, ""]);
    const kept = busyVm({compressible: 1}, {reservation: 7000, limit: 7000});
    Object.assign(kept, {usedBacked: 6500, freeBacked: 500, usedZipped: 2000});
    expect([step(kept, high, false), charged(kept), swapped(kept), wrong(kept)]).toEqual([2000, 7000, 2000, ""]);
    const none = busyVm({compressible: 1}, {limit: 0});
    for (let i = 0; i < 3; i++) reclaim(none, means(high, {compression: true}), false, 1);
    expect([charged(none), zipped(none)]).toEqual([0, 0]);
  });
  test("writes no more of the cache than the disk takes", () => {
    const vm = busyVm({}, {limit: 400});
    Object.assign(vm, {usedBacked: 0, freeBacked: 0, usedZipped: 2000, usedSwapped: 7000});
    expect([step(vm, high, false, {budget: 70}), zipped(vm)]).toEqual([70, 1930]);
  });
  test("of a machine without shares, where the version says so, in every state", () => {
    const vm = busyVm({}, {shares: 0, leastWithoutShares: true, reservation: 3000});
    expect([ceiling(vm), step(vm, high, false), charged(vm)]).toEqual([3000, 6000, 3000]);
    expect(ceiling(busyVm({}, {shares: 0}))).toBe(10000);
  });
  test("writes no more than the disk takes", () => {
    const vm = busyVm();
    vm.target = 5000;
    expect([step(vm, hard, false, {budget: 300}), vm.swapTarget, swapped(vm)]).toEqual([300, 4000, 300]);
  });
});

describe("the scanner", () => {
  test("shares what has a twin, little by little", () => {
    const vm = busyVm({profile});
    setCompany(vm, 1);
    scan(vm, 900, false);
    expect([vm.shared, vm.zeroShared]).toEqual([200, 0]);
    for (let i = 0; i < 1000; i++) scan(vm, 900, false);
    expect(vm.shared).toBeCloseTo(2000, 6);
    setCompany(vm, 1);
    expect(vm.shared).toBeCloseTo(2000, 6);
  });
  test("shares pages of zeroes with everybody", () => {
    const vm = vmOf({profile: {...profile, duplicate: 0, common: 0}, zeroes: true});
    scan(vm, 1000, false);
    expect([vm.zeroShared, vm.shared]).toEqual([600, 0]);
  });
  test("finds large pages broken of which some was written out", () => {
    const vm = busyVm({profile: {...profile, duplicate: 0, common: 0}, largePages: true});
    pageOut(vm, 1, false, true);
    expect(vm.broken).toBe(511);
    pageOut(vm, 999, false, true);
    expect(vm.broken).toBe(granted(vm));
    expect(wrong(vm)).toBe("");
  });
  test("sees nothing of large pages until they are broken", () => {
    const vm = busyVm({profile, largePages: true});
    setCompany(vm, 1);
    scan(vm, 900, false);
    expect(vm.shared).toBe(0);
    scan(vm, 900, true);
    expect([vm.broken, vm.shared]).toEqual([900, expect.closeTo(200, 9)]);
    for (let i = 0; i < 100; i++) scan(vm, 900, true);
    expect([vm.broken, vm.shared]).toEqual([9000, expect.closeTo(2000, 0)]);
    vm.usedBacked = 0;
    vm.freeBacked = 10;
    scan(vm, 10, false);
    expect(vm.broken).toBe(10);
  });
  test("leaves a machine alone that has nothing in common, or nothing at all", () => {
    const vm = busyVm();
    setCompany(vm, 5);
    scan(vm, 900, true);
    expect([vm.shared, vm.broken, vm.references]).toEqual([0, 0, 1]);
    const empty = vmOf({profile, free: 10000, largePages: true});
    scan(empty, 900, true);
    expect(empty.shared).toBe(0);
  });
});
