import {describe, expect, test} from "vitest";
import {advanceReporting, REPORTING_CAPACITY, REPORTING_DELAY, REPORTING_FRACTION, requestReporting, type ReportingState} from "../../src/guest/page-reporting.ts";
import {fakeGuest, spyBacking, threeZones} from "./fixture.ts";

const active = (wait = Infinity): ReportingState => ({active: true, wait});

describe("requests", () => {
  test("constants are the kernel's", () => {
    expect([REPORTING_DELAY.value, REPORTING_CAPACITY.value, REPORTING_FRACTION.value]).toEqual([2, 32, 16]);
  });

  test("a free asks for a pass in 2 s, once", () => {
    const state = active();
    requestReporting(state);
    expect(state.wait).toBe(2);
    state.wait = 0.5;
    requestReporting(state);
    expect(state.wait).toBe(0.5);
  });

  test("without the feature nothing is asked", () => {
    const state: ReportingState = {active: false, wait: Infinity};
    requestReporting(state);
    expect(state.wait).toBe(Infinity);
  });
});

describe("passes", () => {
  test("happen when the wait is over, not before", () => {
    const guest = fakeGuest();
    const backing = spyBacking(10);
    const state = active(2);
    advanceReporting(guest, backing, state, 1.9);
    expect(backing.calls).toEqual([]);
    advanceReporting(guest, backing, state, 0.1);
    expect(backing.calls.length).toBe(1);
    expect(state.wait).toBe(2);
  });

  test("go on every 2 s while there is something to report", () => {
    const guest = fakeGuest();
    const state = active(0.1);
    advanceReporting(guest, spyBacking(1), state, 0.1);
    expect(state.wait).toBe(2);
    advanceReporting(guest, spyBacking(0), state, 2);
    expect(state.wait).toBe(Infinity);
  });

  test("report one call more than a sixteenth of the zone needs: 256 MiB up to 2 GiB free", () => {
    const pages = (free: number): number | undefined => {
      const guest = fakeGuest();
      guest.zones.free[1] = free;
      const backing = spyBacking();
      advanceReporting(guest, backing, active(0), 0);
      return backing.calls[0]?.[2];
    };
    expect(pages(246096)).toBe(2 * 32 * 1024);
    expect(pages(512 * 1024)).toBe(2 * 32 * 1024);
    expect(pages(513 * 1024)).toBe(3 * 32 * 1024);
    expect(pages(512 * 1024 + 1023)).toBe(2 * 32 * 1024);
  });

  test("skip zones that could not keep a full call isolated", () => {
    const guest = fakeGuest();
    guest.zones.free[1] = 1250 + 32 * 512;
    const backing = spyBacking();
    advanceReporting(guest, backing, active(0), 0);
    expect(backing.calls).toEqual([]);
    guest.zones.free[1] = 1250 + 32 * 512 + 1;
    advanceReporting(guest, backing, active(0), 0);
    expect(backing.calls.map(([, zone]) => zone)).toEqual([1]);
  });

  test("go over every zone", () => {
    const backing = spyBacking();
    advanceReporting(fakeGuest({}, threeZones, 380000), backing, active(0), 0);
    expect(backing.calls.map(([name, zone]) => [name, zone])).toEqual([["report", 1], ["report", 2]]);
  });

  test("nothing happens while it is off or nothing was freed", () => {
    const backing = spyBacking(1);
    advanceReporting(fakeGuest(), backing, {active: false, wait: 0}, 5);
    advanceReporting(fakeGuest(), backing, active(), 5);
    expect(backing.calls).toEqual([]);
  });
});
