import {describe, expect, test} from "vitest";
import {freePages, givePages, kswapdDeficit, takeHuge, takePages, takeable} from "../../src/guest/zones.ts";
import {imbalance, memTotal} from "../../src/guest/accounts.ts";
import {fakeGuest, setUp, threeZones, twoZones} from "./fixture.ts";

/** Zone 1 of the fixture: 246096 free, floor 1250 with the low mark and 1000 with the min mark; zone 0: 3904, 1100 and 1080. */
describe("takePages", () => {
  test("takes from the highest zone", () => {
    const {guest, backing} = setUp();
    expect(takePages(guest, backing, 1000, "used")).toBe(1000);
    expect([...guest.zones.free]).toEqual([3904, 246096 - 16 * 63]);
    expect([...guest.zones.used]).toEqual([0, 1000]);
    expect(backing.calls).toEqual([["use", 1, 1000, 0]]);
  });

  test("goes on to lower zones at the low watermark, and only then to the min watermarks", () => {
    const {guest, backing} = setUp();
    const top = Math.ceil((246096 - 1250) / 63) * 63;
    const untilLow = top - 63 + 1;
    expect(takePages(guest, backing, untilLow, "used")).toBe(untilLow);
    expect(guest.zones.free[0]).toBe(3904);
    expect(takePages(guest, backing, 100, "used")).toBe(100);
    expect(guest.zones.free[0]).toBe(3904 - 100);
    expect(backing.calls.at(-1)).toEqual(["use", 0, 100, 0]);
    expect(takePages(guest, backing, 2704 + 1, "used")).toBe(2705);
    expect(backing.calls.slice(-2)).toEqual([["use", 0, 2704, 0], ["use", 1, 1, 0]]);
  });

  test("stops at the floor: the min watermarks and reserves of all zones", () => {
    const {guest, backing} = setUp();
    const taken = takePages(guest, backing, 1e9, "used");
    expect(guest.zones.free[0]).toBe(1080);
    expect(guest.zones.free[1]).toBeLessThanOrEqual(1000);
    expect(guest.zones.free[1]).toBeGreaterThan(1000 - 63);
    expect(taken + freePages(guest.zones) + (guest.perCpu.movable[1] ?? 0)).toBe(250000);
    expect(takePages(guest, backing, 1, "used")).toBe(0);
    expect(takeable(guest)).toBe(0);
  });

  test("with three zones the order is Normal, DMA32, DMA", () => {
    const {guest, backing} = setUp(fakeGuest({}, threeZones, 380000));
    takePages(guest, backing, 1e9, "used");
    const order = backing.calls.map(([, zone]) => zone);
    expect(order).toEqual([2, 1, 0, 2, 1, 0]);
    expect(guest.zones.free[0]).toBe(80 + 1500);
    expect(guest.zones.free[1]).toBeLessThanOrEqual(1000 + 500);
    expect(guest.zones.free[1]).toBeGreaterThan(1500 - 63);
  });

  test("ballooned pages leave MemTotal, unless the driver keeps them in", () => {
    const out = setUp();
    takePages(out.guest, out.backing, 100, "ballooned");
    expect([memTotal(out.guest), ...out.guest.zones.ballooned, ...out.guest.zones.managed]).toEqual([259900, 0, 100, 4000, 255900]);
    expect(out.backing.calls).toEqual([["inflate", 1, 100, 0]]);
    const kept = setUp();
    kept.guest.balloonInTotal = true;
    takePages(kept.guest, kept.backing, 100, "ballooned");
    expect(memTotal(kept.guest)).toBe(260000);
  });

  test("says how many pages are fresh from the balloon", () => {
    const {guest, backing} = setUp();
    guest.perCpu.movable[1] = 50;
    guest.perCpu.fresh[1] = 40;
    takePages(guest, backing, 60, "used");
    expect(backing.calls).toEqual([["use", 1, 60, 40]]);
  });

  test("the kernel's pages come from the other list", () => {
    const {guest, backing} = setUp(fakeGuest({}, twoZones, 250000, 1000));
    takePages(guest, backing, 60, "used", "other");
    expect([guest.perCpu.movable[1], guest.perCpu.other[1]]).toEqual([100, 840]);
  });

  test("taking nothing touches nothing", () => {
    const {guest, backing} = setUp();
    expect(takePages(guest, backing, 0, "used")).toBe(0);
    expect(backing.calls).toEqual([]);
  });
});

describe("takeHuge", () => {
  test("passes the list by", () => {
    const {guest, backing} = setUp();
    guest.perCpu.movable[1] = 500;
    expect(takeHuge(guest, backing, 1024)).toBe(1024);
    expect([guest.zones.free[1], guest.perCpu.movable[1], guest.zones.used[1]]).toEqual([246096 - 1024, 500, 1024]);
    expect(backing.calls).toEqual([["use", 1, 1024, 0]]);
  });

  test("stops at the low watermarks and leaves zone DMA alone", () => {
    const {guest, backing} = setUp();
    expect(takeHuge(guest, backing, 1e9)).toBe(246096 - 1250);
    expect([...guest.zones.free]).toEqual([3904, 1250]);
    expect(takeHuge(guest, backing, 1)).toBe(0);
  });

  test("takes from several zones, the highest first", () => {
    const {guest, backing} = setUp(fakeGuest({}, threeZones, 380000));
    expect(takeHuge(guest, backing, 122000)).toBe(122000);
    expect(backing.calls).toEqual([["use", 2, 128000 - 5928 - 625, 0], ["use", 1, 122000 - (128000 - 5928 - 625), 0]]);
  });

  test("a zone below its mark gives nothing", () => {
    const {guest, backing} = setUp();
    guest.zones.free[1] = 1000;
    expect(takeHuge(guest, backing, 10)).toBe(0);
  });
});

describe("givePages", () => {
  test("the balloon gives back the lowest zone first", () => {
    const {guest, backing} = setUp();
    takePages(guest, backing, 1e9, "ballooned");
    const before = memTotal(guest);
    backing.calls.length = 0;
    givePages(guest, backing, 3000, "ballooned", false);
    expect(backing.calls).toEqual([["deflate", 0, 2824], ["deflate", 1, 176]]);
    expect(memTotal(guest)).toBe(before + 3000);
    expect(guest.zones.free[0]).toBe(3904);
  });

  test("memory in use goes from the highest zone", () => {
    const {guest, backing} = setUp();
    takePages(guest, backing, 1e9, "used");
    backing.calls.length = 0;
    givePages(guest, backing, 100, "used", false);
    expect(backing.calls).toEqual([["release", 1, 100]]);
  });

  test("page by page it goes to the lists, in blocks past them", () => {
    const singly = setUp();
    takePages(singly.guest, singly.backing, 630, "used");
    givePages(singly.guest, singly.backing, 630, "used", true);
    expect([singly.guest.zones.free[1], singly.guest.perCpu.movable[1], singly.guest.perCpu.fresh[1]]).toEqual([246096 - 630, 630, 0]);
    const block = setUp();
    takePages(block.guest, block.backing, 630, "used");
    givePages(block.guest, block.backing, 630, "used", false);
    expect([block.guest.zones.free[1], block.guest.perCpu.movable[1]]).toEqual([246096, 0]);
  });

  test("what comes from the balloon is fresh", () => {
    const {guest, backing} = setUp();
    takePages(guest, backing, 630, "ballooned");
    givePages(guest, backing, 100, "ballooned", true);
    expect(guest.perCpu.fresh[1]).toBe(100);
  });

  test("never more than there is, and the accounts balance", () => {
    const {guest, backing} = setUp();
    takePages(guest, backing, 10, "ballooned");
    guest.balloon = 10;
    givePages(guest, backing, 50, "ballooned", false);
    guest.balloon = 0;
    expect([...guest.zones.ballooned]).toEqual([0, 0]);
    expect(imbalance(guest)).toBe(0);
  });
});

describe("sums", () => {
  test("free pages", () => {
    expect(freePages(fakeGuest().zones)).toBe(250000);
  });

  test("takeable is what takePages would take", () => {
    const {guest, backing} = setUp();
    const promised = takeable(guest);
    expect(promised).toBe(3904 - 1080 + (Math.ceil((246096 - 1000) / 63) - 1) * 63 + 1);
    const taken = takePages(guest, backing, 1e9, "used");
    expect(taken - promised).toBeGreaterThanOrEqual(0);
    expect(taken - promised).toBeLessThan(126);
  });

  test("kswapd wants the high watermarks back once every zone is at its low one", () => {
    const {zones} = fakeGuest();
    expect(kswapdDeficit(zones)).toBe(0);
    zones.free[1] = 1250;
    expect(kswapdDeficit(zones)).toBe(0);
    zones.free[0] = 1100;
    expect(kswapdDeficit(zones)).toBe(20 + 250);
    zones.free[1] = 1251;
    expect(kswapdDeficit(zones)).toBe(0);
    zones.free[0] = 5000;
    zones.free[1] = 0;
    expect(kswapdDeficit(zones)).toBe(0);
  });
});
