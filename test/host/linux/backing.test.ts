import {describe, expect, test} from "vitest";
import {hostFree, neverTouchedPages, processPages, residentPages, swappedPages} from "../../../src/host/linux/accounts.ts";
import {linuxBacking} from "../../../src/host/linux/backing.ts";
import {endVm, relieveHost} from "../../../src/host/linux/pressure.ts";
import {FREED_BY_BOOT, PROCESS_OVERHEAD, startHost} from "../../../src/host/linux/start.ts";
import {newCgroup} from "../../../src/host/linux/cgroup/state.ts";
import type {HostState} from "../../../src/host/linux/state.ts";
import {resolveCgroup} from "../../../src/simulation/scenario.ts";
import {kib} from "../../../src/units.ts";

/** Zone 0: 100 touched. Zone 1: 50 touched, 30 late, 1000 untouched. 500 in use. */
function host(parts: Partial<HostState> = {}): HostState {
  return {
    touchedFree: Float64Array.of(100, 50),
    touchedLate: Float64Array.of(0, 30),
    deflated: Float64Array.of(0, 0),
    untouched: Float64Array.of(0, 1000),
    swappedFree: Float64Array.of(0, 0),
    usedBacked: 500,
    swappedUsed: 0,
    ballooned: 0,
    ram: 10000,
    swap: 0,
    overhead: 25,
    others: 0,
    swapIns: 0,
    swapOuts: 0,
    overheadSwapped: 0,
    pageCache: 0,
    cgroup: newCgroup(),
    ...parts
  };
}
const total = (state: HostState): number => residentPages(state) + state.ballooned + swappedPages(state) + neverTouchedPages(state);

describe("accounts", () => {
  test("every page in one place", () => {
    const state = host({swappedUsed: 7, swappedFree: Float64Array.of(1, 2), ballooned: 11});
    expect([residentPages(state), swappedPages(state), neverTouchedPages(state), processPages(state), hostFree(state)]).toEqual([680, 10, 1000, 705, 9295]);
    expect(total(state)).toBe(680 + 11 + 10 + 1000);
    expect(hostFree(host({others: 9000}))).toBe(10000 - 705 - 9000);
  });
});

describe("use", () => {
  test("takes recently freed pages first: nothing becomes resident", () => {
    const state = host();
    linuxBacking(state).use(1, 50, 0);
    expect([residentPages(state), state.touchedFree[1], state.usedBacked]).toEqual([680, 0, 550]);
  });

  test("then untouched ones, which become resident, and last the late ones", () => {
    const state = host();
    const backing = linuxBacking(state);
    backing.use(1, 60, 0);
    expect([residentPages(state), state.untouched[1], state.touchedLate[1]]).toEqual([690, 990, 30]);
    backing.use(1, 1010, 0);
    expect([residentPages(state), state.untouched[1], state.touchedLate[1]]).toEqual([1680, 0, 10]);
    expect(total(state)).toBe(1680);
  });

  test("fresh pages are untouched whatever else is free", () => {
    const state = host();
    linuxBacking(state).use(1, 40, 25);
    expect([state.untouched[1], state.touchedFree[1], residentPages(state)]).toEqual([975, 35, 705]);
  });

  test("another zone's pages do not count", () => {
    const state = host();
    linuxBacking(state).use(0, 100, 0);
    expect([...state.touchedFree]).toEqual([0, 50]);
  });

  test("swapped ones are read back", () => {
    const state = host({swappedFree: Float64Array.of(0, 20)});
    linuxBacking(state).use(1, 60, 0);
    expect([swappedPages(state), state.swapIns, state.usedBacked]).toEqual([10, 10, 560]);
  });
});

describe("release", () => {
  test("the host does not notice", () => {
    const state = host();
    linuxBacking(state).release(1, 200);
    expect([residentPages(state), state.usedBacked, state.touchedFree[1]]).toEqual([680, 300, 250]);
  });

  test("when less is backed than freed, the rest was in swap", () => {
    const state = host({usedBacked: 100, swappedUsed: 80});
    linuxBacking(state).release(1, 150);
    expect([state.usedBacked, state.swappedUsed, state.swappedFree[1], state.touchedFree[1]]).toEqual([0, 30, 50, 150]);
  });
});

describe("the balloon", () => {
  test("inflating gives backed pages back to the host", () => {
    const state = host();
    linuxBacking(state).inflate(1, 120, 0);
    expect([residentPages(state), state.ballooned, state.untouched[1]]).toEqual([630, 120, 930]);
    expect(total(state)).toBe(1680);
  });

  test("a ballooned page that was swapped is dropped, not read", () => {
    const state = host({swappedFree: Float64Array.of(0, 20)});
    linuxBacking(state).inflate(1, 60, 0);
    expect([swappedPages(state), state.swapIns]).toEqual([10, 0]);
  });

  test("deflating backs nothing", () => {
    const state = host();
    const backing = linuxBacking(state);
    backing.inflate(1, 120, 0);
    backing.deflate(1, 100);
    expect([residentPages(state), state.ballooned, state.untouched[1], state.deflated[1], neverTouchedPages(state)]).toEqual([630, 20, 930, 100, 1030]);
  });

  test("what came out of it last is taken next, before older free pages", () => {
    const state = host({deflated: Float64Array.of(0, 40)});
    linuxBacking(state).use(1, 60, 0);
    expect([state.deflated[1], state.touchedFree[1], state.untouched[1], residentPages(state)]).toEqual([0, 30, 1000, 720]);
  });

  test("until something else is freed: then that is next", () => {
    const state = host({deflated: Float64Array.of(7, 40)});
    const backing = linuxBacking(state);
    backing.release(1, 10);
    expect([[...state.deflated], state.untouched[1], state.touchedFree[1]]).toEqual([[7, 0], 1040, 60]);
    backing.use(1, 60, 0);
    expect([state.touchedFree[1], state.untouched[1]]).toEqual([0, 1040]);
  });

  test("pages fresh on the lists are not backed even then", () => {
    const state = host({deflated: Float64Array.of(0, 10)});
    linuxBacking(state).inflate(1, 40, 30);
    expect([state.deflated[1], state.untouched[1], state.touchedFree[1]]).toEqual([0, 970, 50]);
    const few = host({deflated: Float64Array.of(0, 10)});
    linuxBacking(few).inflate(1, 15, 30);
    expect([few.deflated[1], few.untouched[1], few.touchedFree[1]]).toEqual([0, 995, 50]);
  });
});

describe("report", () => {
  test("gives back backed and swapped free pages, up to the number", () => {
    const state = host({swappedFree: Float64Array.of(0, 20)});
    const backing = linuxBacking(state);
    expect(backing.report(1, 30)).toBe(30);
    expect([state.touchedFree[1], state.untouched[1]]).toEqual([20, 1030]);
    expect(backing.report(1, 1000)).toBe(40);
    expect([state.touchedFree[1], state.swappedFree[1], state.touchedLate[1], state.untouched[1]]).toEqual([0, 0, 30, 1070]);
    expect(backing.report(1, 1000)).toBe(0);
  });
});

describe("touch", () => {
  test("reads back what is in swap, and counts it", () => {
    const state = host({swappedUsed: 30});
    const backing = linuxBacking(state);
    backing.touch(10);
    expect([state.swappedUsed, state.usedBacked, state.swapIns]).toEqual([20, 510, 10]);
    backing.touch(1000);
    expect([state.swappedUsed, state.usedBacked, state.swapIns]).toEqual([0, 530, 30]);
  });
});

describe("pressure", () => {
  test("a host with RAM left does nothing", () => {
    const state = host();
    expect(relieveHost(state)).toBe(0);
    expect(swappedPages(state)).toBe(0);
  });

  test("swaps pages free in the guest first, then used ones", () => {
    const state = host({ram: 705 - 100, swap: 1000});
    expect(relieveHost(state)).toBe(0);
    expect([...state.touchedLate, ...state.touchedFree, ...state.swappedFree]).toEqual([0, 0, 30, 50, 70, 30]);
    state.others = 200;
    expect(relieveHost(state)).toBe(0);
    expect([state.usedBacked, state.swappedUsed, swappedPages(state), hostFree(state)]).toEqual([380, 120, 300, 0]);
    expect(total(state)).toBe(1680);
  });

  test("says what finds no place", () => {
    expect(relieveHost(host({ram: 605, swap: 40}))).toBe(60);
    expect(relieveHost(host({ram: 605, swap: 0}))).toBe(100);
    expect(relieveHost(host({ram: 0, swap: 10000, overhead: 25}))).toBe(0);
    expect(relieveHost(host({ram: 605, swap: 10, swappedUsed: 20}))).toBe(100);
  });
});

describe("the end of the VM's process", () => {
  test("gives the host everything back, and the account still adds up", () => {
    const state = host({swappedUsed: 7, swappedFree: Float64Array.of(1, 2), ballooned: 11, deflated: Float64Array.of(3, 4)});
    const before = total(state);
    endVm(state);
    expect([residentPages(state), swappedPages(state), state.ballooned, processPages(state), hostFree(state)]).toEqual([0, 0, 0, 0, 10000]);
    expect([total(state), neverTouchedPages(state), state.untouched[0]]).toEqual([before, before, before]);
  });
});

describe("a host whose guest has booted", () => {
  const options = {ram: kib(400000), swap: kib(4000), overhead: kib(403), others: kib(44), diskCache: false, cgroup: resolveCgroup()};

  test("backs what the guest does not have free, zone DMA, and what the boot freed", () => {
    const state = startHost({configured: 300000, free: Float64Array.of(4000, 250100)}, options);
    expect([...state.touchedFree]).toEqual([4000, 4864]);
    expect([...state.touchedLate]).toEqual([0, 2304]);
    expect([...state.untouched]).toEqual([0, 250100 - 4864 - 2304]);
    expect([state.usedBacked, state.ballooned, state.swappedUsed, state.swapIns]).toEqual([300000 - 254100, 0, 0, 0]);
    expect([state.ram, state.swap, state.overhead, state.others]).toEqual([100000, 1000, 100, 11]);
    expect(total(state)).toBe(300000);
    expect([...state.swappedFree, ...state.deflated]).toEqual([0, 0, 0, 0]);
  });

  test("in a small zone there is only so much", () => {
    const state = startHost({configured: 10000, free: Float64Array.of(4000, 5000)}, options);
    expect([[...state.touchedFree], [...state.touchedLate], [...state.untouched]]).toEqual([[4000, 4864], [0, 136], [0, 0]]);
    const tiny = startHost({configured: 10000, free: Float64Array.of(4000, 100)}, options);
    expect([[...tiny.touchedFree], [...tiny.touchedLate]]).toEqual([[4000, 100], [0, 0]]);
  });

  test("of three zones the second holds what the boot freed", () => {
    const state = startHost({configured: 400000, free: Float64Array.of(4000, 250000, 100007)}, options);
    expect([...state.touchedFree]).toEqual([4000, 4864, 0]);
    expect([...state.untouched]).toEqual([0, 250000 - 4864 - 2304, 100007]);
  });

  test("constants", () => {
    expect(FREED_BY_BOOT.value).toEqual({early: 4864, late: 2304});
    expect(PROCESS_OVERHEAD.value).toBe(102400);
  });
});
