import {describe, expect, test} from "vitest";
import {imbalance, memTotal} from "../../../src/guest/accounts.ts";
import {newDriverState, type DriverOptions, type DriverState} from "../../../src/guest/balloon/driver.ts";
import {vmmemctl} from "../../../src/guest/balloon/vmmemctl.ts";
import {setUp, type Setup} from "../fixture.ts";

const options: DriverOptions = {deflateOnOom: true, pagesPerSecond: 1e6};
const loaded = (): DriverState => ({...newDriverState(), loaded: true});
function world(): {setup: Setup; state: DriverState} {
  const setup = setUp();
  setup.guest.balloonInTotal = true;
  return {setup, state: loaded()};
}
const run = (setup: Setup, state: DriverState, seconds: number, dt = 0.1, given = options): void => {
  for (let t = 0; t < seconds - 1e-9; t += dt) vmmemctl.advance(setup.balloon, state, given, dt);
};

describe("VMware's balloon", () => {
  test("names itself, and leaves MemTotal alone", () => {
    expect([vmmemctl.name, vmmemctl.batch, vmmemctl.returnsOnUnload, vmmemctl.balloonInTotal(options)]).toEqual(["vmmemctl", 512, true, true]);
    expect(vmmemctl.onOom(setUp().balloon, loaded(), options)).toBe(0);
  });

  test("polls for its target once a second", () => {
    const {setup, state} = world();
    run(setup, state, 0.1);
    setup.registers.wanted = 1000;
    run(setup, state, 0.8);
    expect(setup.guest.balloon).toBe(0);
    run(setup, state, 0.3);
    expect([setup.guest.balloon, setup.registers.given, memTotal(setup.guest)]).toEqual([1000, 1000, 260000]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("works on between polls at its rate", () => {
    const {setup, state} = world();
    setup.registers.wanted = 1000;
    run(setup, state, 0.2, 0.1, {...options, pagesPerSecond: 2000});
    expect([setup.guest.balloon, state.busy]).toEqual([400, true]);
    run(setup, state, 0.4, 0.1, {...options, pagesPerSecond: 2000});
    expect([setup.guest.balloon, state.busy, state.credit]).toEqual([1000, false, 0]);
  });

  test("deflates", () => {
    const {setup, state} = world();
    setup.registers.wanted = 1000;
    run(setup, state, 2);
    setup.registers.wanted = 300;
    run(setup, state, 2);
    expect([setup.guest.balloon, setup.registers.given]).toEqual([300, 300]);
    expect(setup.guest.counters).toMatchObject({balloonInflate: 1000, balloonDeflate: 700});
  });

  test("at the guest's floor it stops until the next poll", () => {
    const {setup, state} = world();
    setup.registers.wanted = 259000;
    run(setup, state, 0.1, 0.1, {...options, pagesPerSecond: 1e8});
    expect([state.busy, state.credit]).toEqual([false, 0]);
    const floor = setup.guest.balloon;
    setup.guest.zones.free[1] = (setup.guest.zones.free[1] ?? 0) + 5000;
    setup.guest.kernel -= 5000;
    run(setup, state, 0.5);
    expect(setup.guest.balloon).toBe(floor);
    run(setup, state, 0.6);
    expect(setup.guest.balloon).toBeGreaterThan(floor + 4000);
    expect(vmmemctl.rests(setup.balloon, state)).toBe(false);
  });

  test("never rests, because it polls", () => {
    const {setup, state} = world();
    expect(vmmemctl.rests(setup.balloon, state)).toBe(false);
    run(setup, state, 0.1);
    expect([vmmemctl.rests(setup.balloon, state), state.seen]).toEqual([false, 0]);
  });
});
