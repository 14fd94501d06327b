import {describe, expect, test} from "vitest";
import {imbalance, memTotal} from "../../../src/guest/accounts.ts";
import {startXenBalloon} from "../../../src/guest/balloon/xen-linux.ts";
import {newDriverState, type DriverOptions, type DriverState} from "../../../src/guest/balloon/driver.ts";
import {VIRTIO_BATCH, VIRTIO_OOM_BATCH, VIRTIO_RETRY, virtio} from "../../../src/guest/balloon/virtio.ts";
import {takePages} from "../../../src/guest/zones.ts";
import {fakeGuest, setUp, twoZones, type Setup} from "../fixture.ts";

const options: DriverOptions = {deflateOnOom: false, pagesPerSecond: 2560};
const loaded = (): DriverState => ({...newDriverState(), loaded: true});
function ask({registers}: Setup, wanted: number): void {
  registers.wanted = wanted;
  registers.requests++;
}
const run = (setup: Setup, state: DriverState, seconds: number, dt = 0.1, given = options): void => {
  for (let t = 0; t < seconds - 1e-9; t += dt) virtio.advance(setup.balloon, state, given, dt);
};

describe("the driver's table", () => {
  test("names itself, its batch and what it does with MemTotal", () => {
    expect([virtio.name, virtio.batch, virtio.returnsOnUnload]).toEqual(["virtio", 256, true]);
    expect([VIRTIO_BATCH.value, VIRTIO_RETRY.value, VIRTIO_OOM_BATCH.value]).toEqual([256, 0.2, 256]);
    expect(virtio.balloonInTotal(options)).toBe(false);
    expect(virtio.balloonInTotal({...options, deflateOnOom: true})).toBe(true);
    expect(newDriverState()).toEqual({loaded: false, seen: 0, busy: false, wait: 0, failures: 0, credit: 0, allocRate: 0, slowPolls: 0, clock: 0, thread: startXenBalloon(0, 0)});
  });
});

describe("inflating", () => {
  test("moves whole batches at its rate, and reports after each step", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 1000);
    run(setup, state, 0.1);
    expect([setup.guest.balloon, setup.registers.given, setup.guest.counters.balloonInflate]).toEqual([256, 256, 256]);
    run(setup, state, 0.2);
    expect(setup.guest.balloon).toBe(768);
    run(setup, state, 0.1);
    expect([setup.guest.balloon, setup.registers.given, state.busy, state.credit]).toEqual([1000, 1000, false, 0]);
    expect(memTotal(setup.guest)).toBe(259000);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("a slow driver saves up for a batch, and moves part of it when that is all it may", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 1000);
    run(setup, state, 0.1, 0.1, {...options, pagesPerSecond: 100});
    expect(setup.guest.balloon).toBe(10);
  });

  test("does nothing without a request, and rests then", () => {
    const setup = setUp();
    const state = loaded();
    setup.registers.wanted = 500;
    run(setup, state, 1);
    expect(setup.guest.balloon).toBe(0);
    expect(virtio.rests(setup.balloon, state)).toBe(true);
    ask(setup, 500);
    expect(virtio.rests(setup.balloon, state)).toBe(false);
    run(setup, state, 0.1);
    expect(virtio.rests(setup.balloon, state)).toBe(false);
    run(setup, state, 1);
    expect(virtio.rests(setup.balloon, state)).toBe(true);
  });

  test("the same request again is a request", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 500);
    run(setup, state, 1);
    setup.guest.balloon -= 100;
    run(setup, state, 1);
    expect(setup.guest.balloon).toBe(400);
    ask(setup, 500);
    run(setup, state, 1);
    expect(setup.guest.balloon).toBe(500);
  });

  test("drops files for it, but kills nobody", () => {
    const setup = setUp();
    const {guest, backing} = setup;
    takePages(guest, backing, 5000, "used");
    guest.file.inactive = 5000;
    guest.shmem += takePages(guest, backing, 1e9, "used");
    ask(setup, 1000);
    run(setup, loaded(), 1);
    expect([guest.balloon, guest.counters.oomKills]).toEqual([1000, 0]);
    expect(guest.file.inactive).toBeLessThanOrEqual(4000);
    expect(imbalance(guest)).toBe(0);
  });
});

describe("out of puff", () => {
  const stall = (): {setup: Setup; state: DriverState} => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 255000);
    run(setup, state, 0.1, 0.1, {...options, pagesPerSecond: 1e8});
    return {setup, state};
  };

  test("it keeps what it got, says so, and sleeps 200 ms", () => {
    const {setup, state} = stall();
    expect(setup.guest.balloon).toBeLessThan(250000 - 1080 - 900);
    expect(setup.guest.balloon).toBeGreaterThan(250000 - 1080 - 1000 - 63);
    expect(setup.registers.given).toBe(setup.guest.balloon);
    expect(setup.lines).toEqual(["kernel: virtio_balloon virtio0: Out of puff! Can't get 1 pages"]);
    expect([state.wait, state.failures, state.credit, state.busy]).toEqual([0.2, 1, 0, true]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("tries again without end, every 200 ms", () => {
    const {setup, state} = stall();
    run(setup, state, 2);
    expect(setup.lines.length).toBe(11);
    expect(state.failures).toBe(11);
    expect(virtio.rests(setup.balloon, state)).toBe(false);
  });

  test("goes on when memory becomes free", () => {
    const {setup, state} = stall();
    setup.guest.zones.free[1] = (setup.guest.zones.free[1] ?? 0) + 1000;
    setup.guest.kernel -= 1000;
    const before = setup.guest.balloon;
    run(setup, state, 1);
    expect(setup.guest.balloon - before).toBeGreaterThan(900);
  });

  test("the first stall loosens pages of the kernel's lists, later ones do not", () => {
    const setup = setUp(fakeGuest({}, twoZones, 250000, 2475));
    const state = loaded();
    ask(setup, 258000);
    run(setup, state, 0.1, 0.1, {...options, pagesPerSecond: 1e8});
    expect(setup.guest.perCpu.other[1]).toBe(2058 - 700);
    run(setup, state, 2, 0.1, {...options, pagesPerSecond: 1e8});
    expect(setup.guest.perCpu.other[1]).toBe(2058 - 700);
  });

  test("a new target ends the wait at once", () => {
    const {setup, state} = stall();
    ask(setup, 1000);
    run(setup, state, 0.1, 0.1, {...options, pagesPerSecond: 1e8});
    expect([setup.guest.balloon, state.busy, state.failures]).toEqual([1000, false, 0]);
  });
});

describe("deflating", () => {
  test("gives back batch by batch, and MemTotal comes back", () => {
    const setup = setUp();
    const state = loaded();
    ask(setup, 2560);
    run(setup, state, 2);
    ask(setup, 1000);
    run(setup, state, 0.1);
    expect([setup.guest.balloon, setup.registers.given]).toEqual([2304, 2304]);
    run(setup, state, 2);
    expect([setup.guest.balloon, setup.registers.given, memTotal(setup.guest)]).toEqual([1000, 1000, 259000]);
    expect(setup.guest.counters).toMatchObject({balloonInflate: 2560, balloonDeflate: 1560});
    expect(imbalance(setup.guest)).toBe(0);
  });
});

describe("deflate on OOM", () => {
  const on = {...options, deflateOnOom: true};
  const full = (): {setup: Setup; state: DriverState} => {
    const setup = setUp();
    setup.guest.balloonInTotal = true;
    const state = loaded();
    ask(setup, 2560);
    run(setup, state, 2, 0.1, on);
    return {setup, state};
  };

  test("gives one batch a round and tells the host", () => {
    const {setup, state} = full();
    expect(virtio.onOom(setup.balloon, state, on)).toBe(256);
    expect([setup.guest.balloon, setup.registers.given, memTotal(setup.guest)]).toEqual([2304, 2304, 260000]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("does not inflate again until a target is sent, even the same one", () => {
    const {setup, state} = full();
    virtio.onOom(setup.balloon, state, on);
    run(setup, state, 5, 0.1, on);
    expect(setup.guest.balloon).toBe(2304);
    ask(setup, 2560);
    run(setup, state, 5, 0.1, on);
    expect(setup.guest.balloon).toBe(2560);
  });

  test("gives what is left, and then nothing", () => {
    const {setup, state} = full();
    for (let i = 0; i < 9; i++) virtio.onOom(setup.balloon, state, on);
    expect(virtio.onOom(setup.balloon, state, on)).toBe(256);
    expect(virtio.onOom(setup.balloon, state, on)).toBe(0);
  });

  test("gives nothing without the feature, or unloaded", () => {
    const {setup, state} = full();
    expect(virtio.onOom(setup.balloon, state, options)).toBe(0);
    expect(virtio.onOom(setup.balloon, {...state, loaded: false}, on)).toBe(0);
    expect(setup.guest.balloon).toBe(2560);
  });
});
