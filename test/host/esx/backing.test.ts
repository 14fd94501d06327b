import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {bringBack, esxBacking, touchActive} from "../../../src/host/esx/backing.ts";
import type {EsxVm} from "../../../src/host/esx/vm.ts";
import {busyVm, costs, places, vmOf, wrong} from "./fixture.ts";

const of = (vm: EsxVm): ReturnType<typeof esxBacking> => esxBacking(vm, costs);

describe("a machine that has booted", () => {
  test("is backed where its boot wrote", () => {
    expect(places(vmOf())).toEqual({backed: 4000, ballooned: 0, swapped: 0, zipped: 0, never: 6000});
  });
  test("is backed everywhere when its boot writes zeroes", () => {
    const vm = vmOf({zeroes: true});
    expect([places(vm).backed, vm.zero, vm.freeBacked]).toEqual([10000, 6000, 6000]);
  });
});

describe("using and freeing", () => {
  test("backs pages at the first touch, and keeps them when they are freed", () => {
    const vm = vmOf();
    of(vm).use(1, 2500, 0);
    expect([vm.usedBacked, vm.untouched]).toEqual([6500, 3500]);
    of(vm).release(1, 2000);
    expect([vm.usedBacked, vm.freeBacked, places(vm).backed]).toEqual([4500, 2000, 6500]);
    of(vm).use(1, 2100, 0);
    expect([vm.usedBacked, vm.freeBacked, vm.untouched, wrong(vm)]).toEqual([6600, 0, 3400, ""]);
  });

  test("takes zeroed pages in proportion, and the last ones as they are", () => {
    const vm = vmOf({zeroes: true});
    vm.zeroShared = 3000;
    of(vm).use(1, 1500, 0);
    expect([vm.zero, vm.zeroShared, vm.freeBacked]).toEqual([4500, 2250, 4500]);
    of(vm).release(1, 500);
    of(vm).use(1, 1000, 0);
    expect([vm.zero, vm.freeBacked]).toEqual([3600, 4000]);
    of(vm).use(1, 4000, 0);
    expect([vm.zero, vm.zeroShared, wrong(vm)]).toEqual([0, 0, ""]);
  });

  test("brings back what was free and out, and the guest waits", () => {
    const vm = vmOf();
    Object.assign(vm, {untouched: 0, freeSwapped: 4000, freeZipped: 2000});
    of(vm).use(1, 2500, 0);
    expect([vm.freeZipped, vm.freeSwapped, vm.counters.unzipped, vm.counters.swapIn, vm.counters.stall]).toEqual([0, 3500, 2000, 500, expect.closeTo(7, 9)]);
  });

  test("frees used pages wherever they are, in proportion", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 4000, usedSwapped: 3000, usedZipped: 1000, activeOut: 4000, shared: 1000, active: 8000});
    of(vm).release(1, 800);
    expect([vm.usedBacked, vm.usedSwapped, vm.usedZipped, vm.freeBacked, vm.freeSwapped, vm.freeZipped, vm.activeOut, vm.shared]).toEqual([3600, 2700, 900, 1400, 300, 100, 3600, 900]);
    of(vm).release(1, 7200);
    expect([vm.usedBacked, vm.usedSwapped, vm.usedZipped, vm.shared, wrong(vm)]).toEqual([0, 0, 0, 0, ""]);
    of(vm).release(1, 0);
    expect(wrong(vm)).toBe("");
  });

  test("frees the last swapped pages when rounding leaves some", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 1, usedSwapped: 4000, usedZipped: 3999});
    of(vm).release(1, 7999);
    expect([vm.usedBacked + vm.usedSwapped + vm.usedZipped, wrong(vm)]).toEqual([1, ""]);
  });

  test("a large page brings its neighbours", () => {
    const vm = vmOf({largePages: true});
    of(vm).use(1, 1, 0);
    expect([vm.usedBacked, vm.freeBacked, places(vm).backed % 512]).toEqual([4001, 95, 0]);
    of(vm).use(1, 95, 0);
    expect([vm.freeBacked, places(vm).backed]).toEqual([0, 4096]);
    of(vm).use(1, 512, 0);
    expect([vm.freeBacked, places(vm).backed]).toEqual([0, 4608]);
    of(vm).use(1, 5300, 0);
    expect([places(vm).backed, vm.untouched, wrong(vm)]).toEqual([10000, 0, ""]);
  });
});

describe("the balloon", () => {
  test("takes backed pages from the host, and gives back nothing that is backed", () => {
    const vm = busyVm();
    of(vm).inflate(1, 1500, 0);
    expect(places(vm)).toEqual({backed: 8000, ballooned: 1500, swapped: 0, zipped: 0, never: 500});
    of(vm).deflate(1, 1200);
    expect([vm.deflated, places(vm).never, vm.ballooned]).toEqual([1200, 1700, 300]);
    of(vm).use(1, 200, 0);
    expect([vm.deflated, vm.untouched, vm.usedBacked]).toEqual([1000, 500, 8200]);
    of(vm).release(1, 10);
    expect([vm.deflated, vm.untouched, wrong(vm)]).toEqual([0, 1500, ""]);
  });

  test("drops what was out without reading it", () => {
    const vm = vmOf();
    Object.assign(vm, {untouched: 1000, freeSwapped: 3000, freeZipped: 2000});
    of(vm).inflate(1, 5500, 0);
    expect([places(vm), vm.counters.swapIn, vm.counters.stall]).toEqual([{backed: 4000, ballooned: 5500, swapped: 0, zipped: 0, never: 500}, 0, 0]);
  });

  test("takes pages fresh out of it before backed ones", () => {
    const vm = busyVm();
    of(vm).inflate(1, 600, 500);
    expect([vm.untouched, vm.freeBacked]).toEqual([500, 900]);
    of(vm).use(1, 300, 200);
    expect([vm.untouched, vm.freeBacked]).toEqual([300, 800]);
  });

  test("names nothing but itself", () => {
    expect(of(busyVm()).report(1, 100)).toBe(0);
  });
});

describe("what comes back", () => {
  test("comes from the cache and from disk in proportion", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 4000, usedSwapped: 3000, usedZipped: 1000, active: 8000, activeOut: 4000});
    expect(bringBack(vm, 800, costs)).toBe(800);
    expect([vm.usedBacked, vm.usedSwapped, vm.usedZipped, vm.counters.swapIn, vm.counters.unzipped, vm.counters.stall]).toEqual([4800, 2400, 800, 600, 200, expect.closeTo(6.2, 9)]);
    of(vm).touch(Infinity);
    expect([vm.usedBacked, vm.activeOut, bringBack(vm, 5, costs)]).toEqual([8000, 0, 0]);
  });

  test("of what programs use again and again, part comes back in each step", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 6000, usedSwapped: 2000, active: 4000, activeOut: 1000});
    touchActive(vm, 0.1, costs);
    expect([vm.activeOut, vm.usedSwapped]).toEqual([900, 1900]);
    touchActive(vm, 1, costs);
    expect([vm.activeOut, vm.usedSwapped]).toEqual([0, 1000]);
    touchActive(vm, 1, costs);
    expect(vm.usedSwapped).toBe(1000);
  });

  test("takes the rest from the cache when disk has too little", () => {
    const vm = busyVm();
    Object.assign(vm, {usedBacked: 7000, usedSwapped: 1, usedZipped: 999});
    expect([bringBack(vm, 1000, costs), vm.usedSwapped, vm.usedZipped]).toEqual([1000, 0, 0]);
  });
});

test("accounts balance whatever a guest does", () => {
  const act = fc.record({kind: fc.constantFrom("use", "release", "inflate", "deflate", "touch", "out"), pages: fc.integer({min: 1, max: 4000}), fresh: fc.integer({min: 0, max: 500})});
  fc.assert(
    fc.property(fc.array(act, {maxLength: 30}), fc.boolean(), fc.boolean(), (acts, zeroes, largePages) => {
      const vm = vmOf({zeroes, largePages});
      for (const {kind, pages, fresh} of acts) {
        const free = vm.freeBacked + vm.freeSwapped + vm.freeZipped + vm.deflated + vm.untouched;
        const used = vm.usedBacked + vm.usedSwapped + vm.usedZipped;
        if (kind === "use") of(vm).use(1, Math.min(free, pages), fresh);
        else if (kind === "release") of(vm).release(1, Math.min(used, pages));
        else if (kind === "inflate") of(vm).inflate(1, Math.min(free, pages), fresh);
        else if (kind === "deflate") of(vm).deflate(1, Math.min(vm.ballooned, pages));
        else if (kind === "touch") of(vm).touch(pages);
        else {
          const swap = Math.min(vm.usedBacked, pages);
          vm.shared *= vm.usedBacked === 0 ? 0 : 1 - swap / vm.usedBacked;
          vm.usedBacked -= swap;
          vm.usedSwapped += Math.floor(swap / 2);
          vm.usedZipped += swap - Math.floor(swap / 2);
        }
        expect(wrong(vm)).toBe("");
      }
    })
  );
});
