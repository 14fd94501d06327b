import {describe, expect, test} from "vitest";
import {cached, imbalance, listedPages, memAvailable, memFree, memTotal} from "../../src/guest/accounts.ts";
import {commitLimit, mapRefused} from "../../src/guest/overcommit.ts";
import {kib} from "../../src/units.ts";
import {fakeGuest, twoZones} from "./fixture.ts";

describe("the lines of /proc/meminfo", () => {
  test("MemTotal, MemFree, Cached", () => {
    const guest = fakeGuest();
    guest.file.active = 30;
    guest.file.inactive = 20;
    expect([memTotal(guest), memFree(guest), cached(guest)]).toEqual([260000, 250000, 850]);
  });

  test("pages on the lists are in MemTotal and not in MemFree", () => {
    expect(listedPages(fakeGuest({}, twoZones, 250000, 77))).toBe(77);
  });

  test("MemAvailable is free less reserve, plus half of what could be dropped", () => {
    const guest = fakeGuest();
    const reserve = 1000 + 120 + 1500;
    expect(memAvailable(guest)).toBe(250000 - reserve + 1000);
    guest.file.active = 600;
    guest.file.inactive = 400;
    expect(memAvailable(guest)).toBe(250000 - reserve + 500 + 1000);
  });

  test("MemAvailable keeps at most the low watermarks of files and slab", () => {
    const guest = fakeGuest();
    guest.file.inactive = 10000;
    guest.slabReclaimable = 20000;
    expect(memAvailable(guest)).toBe(250000 - 2620 + (10000 - 1350) + (20000 - 1350));
  });

  test("MemAvailable rounds down and is never negative", () => {
    const guest = fakeGuest();
    guest.slabReclaimable = 1;
    expect(memAvailable(guest)).toBe(250000 - 2620);
    guest.zones.free.fill(0);
    expect(memAvailable(guest)).toBe(0);
  });
});

describe("the balance", () => {
  test("is off by what is missing", () => {
    const guest = fakeGuest();
    expect(imbalance(guest)).toBe(0);
    for (const key of ["anon", "shmem", "slabReclaimable", "slabUnreclaimable", "pageTables", "kernelStack", "percpu", "kernel"] as const) {
      guest[key] -= 5;
      expect(imbalance(guest)).toBe(5);
      guest[key] += 5;
    }
    guest.file.active = 3;
    expect(imbalance(guest)).toBe(-3);
    guest.file.active = 0;
    guest.perCpu.other[0] = 2;
    expect(imbalance(guest)).toBe(-2);
  });

  test("counts the balloon only where MemTotal does", () => {
    const guest = fakeGuest();
    guest.balloon = 9;
    expect(imbalance(guest)).toBe(0);
    guest.balloonInTotal = true;
    expect(imbalance(guest)).toBe(-9);
  });
});

describe("overcommit", () => {
  test("CommitLimit is half of MemTotal and all swap", () => {
    expect(commitLimit(fakeGuest())).toBe(130000);
    expect(commitLimit(fakeGuest({swap: kib(4000)}))).toBe(131000);
    const odd = fakeGuest();
    odd.zones.managed[1] = 256001;
    expect(commitLimit(odd)).toBe(130000);
  });

  test("mode 0 refuses only what exceeds MemTotal and swap", () => {
    const guest = fakeGuest({swap: kib(4000)});
    guest.committed = 1e9;
    expect(mapRefused(guest, 261000)).toBe(false);
    expect(mapRefused(guest, 261001)).toBe(true);
  });

  test("mode 1 refuses nothing", () => {
    expect(mapRefused(fakeGuest({overcommit: 1}), 1e12)).toBe(false);
  });

  test("mode 2 counts every mapping", () => {
    const guest = fakeGuest({overcommit: 2});
    guest.committed = 100000;
    expect(mapRefused(guest, 30000)).toBe(false);
    expect(mapRefused(guest, 30001)).toBe(true);
  });
});
