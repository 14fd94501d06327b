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

describe("the slack on deflation", () => {
  const full = (): {setup: Setup; state: DriverState} => {
    const {setup, state} = world();
    setup.registers.wanted = 2000;
    run(setup, state, 2);
    return {setup, state};
  };

  test("leaves a balloon alone that is too large by less than a huge page", () => {
    const {setup, state} = full();
    setup.registers.wanted = 1489;
    run(setup, state, 2);
    expect([setup.guest.balloon, state.busy]).toEqual([2000, false]);
    setup.registers.wanted = 1488;
    run(setup, state, 2);
    expect(setup.guest.balloon).toBe(1488);
  });

  test("does not keep one from being emptied", () => {
    const {setup, state} = full();
    setup.registers.wanted = 400;
    run(setup, state, 2);
    setup.registers.wanted = 0;
    run(setup, state, 2);
    expect(setup.guest.balloon).toBe(0);
  });
});

describe("the driver with a throttle", () => {
  const given: DriverOptions = {...options, throttled: true};
  const polls = (setup: Setup, state: DriverState, count: number): void => run(setup, state, count, 1, given);

  test("takes 16384 free pages a poll, and nothing between polls", () => {
    const {setup, state} = world();
    setup.registers.wanted = 40000;
    run(setup, state, 0.9, 0.1, given);
    expect([setup.guest.balloon, setup.registers.given]).toEqual([16384, 16384]);
    polls(setup, state, 2);
    expect([setup.guest.balloon, state.allocRate, state.slowPolls, state.busy]).toEqual([40000, 2048, 0, false]);
  });

  test("gives back 16384 a poll, without slack", () => {
    const {setup, state} = world();
    setup.registers.wanted = 16384;
    polls(setup, state, 1);
    setup.registers.wanted = 16284;
    polls(setup, state, 1);
    expect(setup.guest.balloon).toBe(16284);
    setup.registers.wanted = 0;
    polls(setup, state, 1);
    expect(setup.guest.balloon).toBe(0);
  });

  /** A guest with 3000 free pages above its floor and the rest in files. */
  function short(files: number): {setup: Setup; state: DriverState} {
    const {setup, state} = world();
    const spare = setup.guest.zones.free[1] ?? 0;
    const taken = spare - 6000;
    setup.guest.zones.free[1] = 6000;
    setup.guest.zones.used[1] = taken;
    setup.guest.file.inactive = Math.min(files, taken);
    setup.guest.anon += taken - setup.guest.file.inactive;
    return {setup, state};
  }

  test("reclaims at its slow rate when free pages run out, and stays slow for four polls", () => {
    const {setup, state} = short(100000);
    setup.registers.wanted = 60000;
    polls(setup, state, 1);
    const first = setup.guest.balloon;
    expect(first).toBeGreaterThan(2048);
    expect(state.slowPolls).toBe(4);
    polls(setup, state, 1);
    expect([setup.guest.balloon - first, state.slowPolls, state.allocRate]).toEqual([2048, 4, 2048]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("halves its rate down to 512 while the guest has nothing to give, and raises it by 16 when it has", () => {
    const {setup, state} = short(0);
    setup.registers.wanted = 60000;
    polls(setup, state, 1);
    const floor = setup.guest.balloon;
    const rates: number[] = [];
    for (let i = 0; i < 4; i++) {
      polls(setup, state, 1);
      rates.push(state.allocRate);
    }
    expect([rates, setup.guest.balloon]).toEqual([[1024, 512, 512, 512], floor]);
    setup.guest.anon -= 20000;
    setup.guest.file.inactive += 20000;
    polls(setup, state, 3);
    expect([setup.guest.balloon - floor, state.allocRate, state.slowPolls]).toEqual([512 + 528 + 544, 560, 4]);
  });

  test("is fast again four polls after the last page it had to wait for", () => {
    const {setup, state} = short(100000);
    setup.registers.wanted = 10000;
    polls(setup, state, 4);
    expect([setup.guest.balloon, state.slowPolls]).toEqual([10000, 3]);
    polls(setup, state, 3);
    expect(state.slowPolls).toBe(0);
    polls(setup, state, 2);
    expect(state.slowPolls).toBe(0);
  });
});
