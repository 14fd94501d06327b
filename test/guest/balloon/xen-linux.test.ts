import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {Backing} from "../../../src/domain/backing.ts";
import {resolveXenMachine} from "../../../src/domain/xen/machine.ts";
import {imbalance, memAvailable, memTotal, totalReserve} from "../../../src/guest/accounts.ts";
import {
  advanceXenBalloon,
  ballooned,
  isSettled,
  readXenstoreTarget,
  setXenTarget,
  startXenBalloon,
  type XenBalloonContext,
  type XenBalloonOptions,
  type XenBalloonState
} from "../../../src/guest/balloon/xen-linux.ts";
import {bootXen} from "../../../src/guest/boot/xen-boot.ts";
import {startGuest} from "../../../src/guest/start.ts";
import {takePages} from "../../../src/guest/zones.ts";
import {kib} from "../../../src/units.ts";

const MIB = 256;
const none = (): void => undefined;
const backing: Backing = {use: none, release: none, inflate: none, deflate: none, touch: none, report: () => 0};
const options: XenBalloonOptions = {inflateRate: 512, deflateRate: 1024, maxRetryCount: 4, maxScheduleDelay: 20, limitedByAvailable: true, hotplug: true, section: 32768};

interface Rig {
  readonly context: XenBalloonContext;
  readonly state: XenBalloonState;
  /** Pages the hypervisor still gives. */
  readonly host: {free: number; asked: number[]};
}

/** A PV guest with an empty balloon, and a hypervisor with pages to give. */
function rig(changes: Partial<XenBalloonOptions> = {}, free = Infinity, mebibytes = 256): Rig {
  const guest = startGuest(bootXen(resolveXenMachine({type: "pv", memory: kib(mebibytes * 1024)})), 1);
  const host = {free, asked: [] as number[]};
  const populate = (pages: number): number => {
    host.asked.push(pages);
    const given = Math.min(pages, host.free);
    host.free -= given;
    return given;
  };
  return {context: {guest, backing, populate, log: none, options: {...options, ...changes}}, state: startXenBalloon(mebibytes * MIB, 0), host};
}

const start = 256 * MIB;

describe("a target that can be reached", () => {
  test("is approached in batches of 512 frames, MemTotal with it, at the rate of the direction", () => {
    const {context, state} = rig();
    const total = memTotal(context.guest);
    setXenTarget(state, start - 2048, 0);
    advanceXenBalloon(context, state, 0);
    expect([state.current, state.nextAt]).toEqual([start - 512, 1]);
    advanceXenBalloon(context, state, 2.5);
    expect(state.current).toBe(start - 1536);
    advanceXenBalloon(context, state, 3);
    expect(state.current).toBe(start - 2048);
    expect(memTotal(context.guest)).toBe(total - 2048);
    expect(ballooned(context.guest)).toBe(2048);
    expect(isSettled(state)).toBe(true);
    expect(state.nextAt).toBe(3604);
    expect(imbalance(context.guest)).toBe(0);
  });

  test("back up: half the time, and the last batch is what is left", () => {
    const {context, state, host} = rig();
    setXenTarget(state, start - 700, 0);
    advanceXenBalloon(context, state, 10);
    setXenTarget(state, start, 10);
    advanceXenBalloon(context, state, 10.4);
    expect(state.current).toBe(start - 188);
    advanceXenBalloon(context, state, 11);
    expect(state.current).toBe(start);
    expect(host.asked).toEqual([512, 188]);
    expect(ballooned(context.guest)).toBe(0);
  });

  test("the same target wakes nobody", () => {
    const {context, state, host} = rig();
    setXenTarget(state, start, 5);
    expect(state.nextAt).toBe(3600);
    advanceXenBalloon(context, state, 3600);
    expect([state.nextAt, host.asked.length, state.phase]).toEqual([7200, 0, "done"]);
  });
});

describe("a hypervisor that refuses", () => {
  test("gives part of a batch, then nothing: tries at 0, 2, 6 and 14 s, then no more", () => {
    const {context, state, host} = rig({}, 256);
    setXenTarget(state, start - 2048, 0);
    advanceXenBalloon(context, state, 10);
    setXenTarget(state, start, 10);
    advanceXenBalloon(context, state, 10);
    expect([state.current, state.phase]).toEqual([start - 2048 + 256, "done"]);
    advanceXenBalloon(context, state, 60);
    expect(state.phase).toBe("cancelled");
    expect(state.failures.map(({at}) => at - 10.25)).toEqual([0, 2, 6, 14]);
    expect(host.asked).toEqual([512, 512, 512, 512, 512]);
    expect([state.delay, state.retries]).toEqual([1, 1]);
  });

  test("memory that becomes free does not wake it; another target does, the same one does not", () => {
    const {context, state, host} = rig({}, 0);
    setXenTarget(state, start - 512, 0);
    advanceXenBalloon(context, state, 5);
    setXenTarget(state, start, 5);
    advanceXenBalloon(context, state, 60);
    host.free = 10_000;
    advanceXenBalloon(context, state, 600);
    setXenTarget(state, start, 600);
    advanceXenBalloon(context, state, 1000);
    expect(state.current).toBe(start - 512);
    setXenTarget(state, start - 1, 1000);
    advanceXenBalloon(context, state, 1001);
    expect(state.current).toBe(start - 1);
  });

  test("after an hour it looks again by itself", () => {
    const {context, state, host} = rig({}, 0);
    setXenTarget(state, start - 512, 0);
    advanceXenBalloon(context, state, 5);
    setXenTarget(state, start, 5);
    advanceXenBalloon(context, state, 60);
    host.free = 512;
    advanceXenBalloon(context, state, 19 + 3599.9);
    expect(state.current).toBe(start - 512);
    advanceXenBalloon(context, state, 19 + 3600);
    expect(state.current).toBe(start);
  });

  test("without a limit of retries the waits double up to the longest", () => {
    const {context, state} = rig({maxRetryCount: 0, maxScheduleDelay: 32}, 0);
    setXenTarget(state, start - 512, 0);
    advanceXenBalloon(context, state, 5);
    setXenTarget(state, start, 5);
    advanceXenBalloon(context, state, 130);
    expect(state.failures.map(({at}) => at - 5)).toEqual([0, 2, 6, 14, 30, 62, 94]);
    advanceXenBalloon(context, state, 5000);
    expect(state.failures).toHaveLength(16);
    expect(isSettled(state)).toBe(false);
  });
});

describe("a guest that has no more to give", () => {
  test("fails once less is available than asked for and than the reserve, and each try still takes a batch", () => {
    const {context, state} = rig({}, 0, 2048);
    const {guest} = context;
    takePages(guest, backing, Math.floor(memAvailable(guest) * 0.8), "used");
    setXenTarget(state, 1, 0);
    advanceXenBalloon(context, state, 500);
    const reserve = totalReserve(guest);
    expect(state.failures).toHaveLength(4);
    const [first, ...later] = state.failures;
    expect(later.map(({current}) => (first?.current ?? 0) - current)).toEqual([512, 1024, 1536]);
    expect(memAvailable(guest) + 3 * 512).toBeLessThan(reserve);
    expect(memAvailable(guest) + 5 * 512).toBeGreaterThanOrEqual(reserve);
    expect(state.phase).toBe("cancelled");
  });

  test("the driver of 2011 does not ask: it takes until an allocation fails", () => {
    const [limited, greedy] = [rig({}, 0, 2048), rig({limitedByAvailable: false}, 0, 2048)];
    for (const {context, state} of [limited, greedy]) {
      setXenTarget(state, 1, 0);
      advanceXenBalloon(context, state, 3000);
      expect(isSettled(state)).toBe(true);
    }
    expect(greedy.state.current).toBeLessThan(limited.state.current);
    expect(greedy.context.guest.counters.oomKills).toBe(0);
  });
});

describe("a target beyond the map", () => {
  test("adds whole sections, offline, once; what is there is not asked for again", () => {
    const {context, state, host} = rig();
    setXenTarget(state, start + 40_000, 0);
    advanceXenBalloon(context, state, 10);
    expect(state).toMatchObject({current: start, offline: 65536, total: start + 65536, phase: "wait"});
    expect(host.asked).toEqual([]);
    expect(isSettled(state)).toBe(true);
    expect(state.nextAt).toBe(11);
  });

  test("a target that what was added can meet adds no more", () => {
    const {context, state} = rig();
    setXenTarget(state, start + 40_000, 0);
    advanceXenBalloon(context, state, 10);
    setXenTarget(state, start + 20_000, 20);
    advanceXenBalloon(context, state, 10);
    expect(state).toMatchObject({offline: 65536, total: start + 65536});
  });

  test("without hot-add nothing happens", () => {
    const {context, state} = rig({hotplug: false});
    setXenTarget(state, start + 40_000, 0);
    advanceXenBalloon(context, state, 10);
    expect(state).toMatchObject({current: start, offline: 0, total: start, phase: "cancelled"});
  });
});

describe("xenstore's target", () => {
  test("is cut down to pages", () => {
    const {state} = rig();
    readXenstoreTarget(state, 511999, 1048576, false, 0);
    expect(state).toMatchObject({target: 127999, correction: 0, watchFired: true});
  });

  test("a guest with firmware learns once what of its maximum is no RAM", () => {
    const {state} = rig();
    readXenstoreTarget(state, 262144, 262144 + 400, true, 0);
    expect(state).toMatchObject({correction: 100, target: start - 100});
    readXenstoreTarget(state, 131072, 999999, true, 1);
    expect(state).toMatchObject({correction: 100, target: start / 2 - 100});
  });
});

test("whatever targets come, RAM and balloon add up and the guest's accounts balance", () => {
  fc.assert(
    fc.property(fc.array(fc.record({target: fc.integer({min: 1, max: start}), wait: fc.double({min: 0, max: 40, noNaN: true})}), {maxLength: 8}), fc.integer({min: 0, max: 4000}), (acts, free) => {
      const {context, state} = rig({inflateRate: 30000, deflateRate: 180000}, free);
      let now = 0;
      for (const {target, wait} of acts) {
        setXenTarget(state, target, now);
        now += wait;
        advanceXenBalloon(context, state, now);
        expect(state.current + ballooned(context.guest)).toBe(start);
        expect(imbalance(context.guest)).toBe(0);
        expect(state.nextAt).toBeGreaterThan(now);
      }
    }),
    {numRuns: 40}
  );
});
