import {describe, expect, test} from "vitest";
import {imbalance, memTotal} from "../../../src/guest/accounts.ts";
import {newDriverState, type DriverOptions, type DriverState} from "../../../src/guest/balloon/driver.ts";
import {XEN_BATCH, XEN_MAX_DELAY, XEN_MAX_RETRIES} from "../../../src/guest/balloon/xen-linux.ts";
import {xen} from "../../../src/guest/balloon/xen.ts";
import {setUp, type Setup} from "../fixture.ts";

const options: DriverOptions = {deflateOnOom: true, pagesPerSecond: 1e6};
const loaded = (): DriverState => ({...newDriverState(), loaded: true});
function ask({registers}: Setup, wanted: number): void {
  registers.wanted = wanted;
  registers.requests++;
}
const run = (setup: Setup, state: DriverState, seconds: number, dt = 0.1, given = options): void => {
  for (let t = 0; t < seconds - 1e-9; t += dt) xen.advance(setup.balloon, state, given, dt);
};

describe("Xen's balloon", () => {
  test("names itself", () => {
    expect([xen.name, xen.batch, xen.returnsOnUnload, xen.balloonInTotal(options)]).toEqual(["xen", 512, false, false]);
    expect([XEN_BATCH.value, XEN_MAX_RETRIES.value, XEN_MAX_DELAY.value]).toEqual([512, 4, 32]);
  });

  test("moves at its rate, a batch at a time, and MemTotal follows both ways", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 1000);
    run(setup, state, 0.1, 0.1, {...options, pagesPerSecond: 5000});
    expect([setup.guest.balloon, setup.registers.given, memTotal(setup.guest), state.busy, state.clock]).toEqual([512, 512, 259488, true, 0.1]);
    run(setup, state, 1);
    expect([setup.guest.balloon, state.busy, xen.rests(setup.balloon, state)]).toEqual([1000, false, true]);
    ask(setup, 200);
    run(setup, state, 1);
    expect([setup.guest.balloon, setup.registers.given, memTotal(setup.guest)]).toEqual([200, 200, 259800]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("without a request it rests", () => {
    const setup = setUp();
    const state = loaded();
    setup.registers.wanted = 100;
    run(setup, state, 5);
    expect([setup.guest.balloon, state.busy, xen.rests(setup.balloon, state)]).toEqual([0, false, true]);
    setup.registers.requests++;
    expect(xen.rests(setup.balloon, state)).toBe(false);
  });

  test("a request that is withdrawn before it is looked at moves nothing", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 1000);
    ask(setup, 0);
    run(setup, state, 5);
    expect([setup.guest.balloon, state.busy, state.seen]).toEqual([0, false, 2]);
  });

  test("after failures it waits 2, 4, 8 s, then gives up until the target changes", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 259000);
    const times: number[] = [];
    for (let tenth = 1; tenth <= 400; tenth++) {
      const before = state.thread.failures.length;
      xen.advance(setup.balloon, state, options, 0.1);
      if (state.thread.failures.length > before) times.push(tenth / 10);
    }
    expect(times.map((time) => Math.round(time))).toEqual([0, 2, 6, 14]);
    expect([state.busy, state.thread.phase, state.thread.delay, state.thread.retries]).toEqual([false, "cancelled", 1, 1]);
    expect(imbalance(setup.guest)).toBe(0);
    const stalledAt = setup.guest.balloon;
    setup.guest.zones.free[1] = (setup.guest.zones.free[1] ?? 0) + 5000;
    setup.guest.kernel -= 5000;
    run(setup, state, 20);
    expect(setup.guest.balloon).toBe(stalledAt);
    ask(setup, stalledAt + 4000);
    run(setup, state, 1);
    expect([setup.guest.balloon, state.thread.phase, state.busy]).toEqual([stalledAt + 4000, "done", false]);
  });

  test("never gives memory back on OOM", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 1000);
    run(setup, state, 1);
    expect(xen.onOom(setup.balloon, state, options)).toBe(0);
  });
});
