import {describe, expect, test} from "vitest";
import {drainAfterExit, drainLists, giveToList, loosenLists, obtainable, takeFromList} from "../../src/guest/per-cpu.ts";
import type {GuestState} from "../../src/guest/state.ts";
import {fakeGuest, twoZones} from "./fixture.ts";

const lists = ({perCpu, zones}: GuestState): Record<string, number | undefined> => ({movable: perCpu.movable[1], other: perCpu.other[1], fresh: perCpu.fresh[1], factor: perCpu.factor[1], free: zones.free[1]});
const set = (guest: GuestState, values: {movable?: number; other?: number; fresh?: number; free?: number; high?: number}): GuestState => {
  guest.perCpu.movable[1] = values.movable ?? 0;
  guest.perCpu.other[1] = values.other ?? 0;
  guest.perCpu.fresh[1] = values.fresh ?? 0;
  if (values.free !== undefined) guest.zones.free[1] = values.free;
  if (values.high !== undefined) guest.perCpu.high[1] = values.high;
  return guest;
};

describe("obtainable", () => {
  test("is nothing at or below the floor, whatever lies on the list", () => {
    const guest = set(fakeGuest(), {movable: 500, free: 1000});
    expect(obtainable(guest, 1, 1000, "movable")).toBe(0);
    expect(obtainable(guest, 1, 1001, "movable")).toBe(0);
  });

  test("is the list and, as the last refill may pass the floor, one page of that refill", () => {
    const guest = set(fakeGuest(), {movable: 500, other: 7, free: 1000});
    expect(obtainable(guest, 1, 999, "movable")).toBe(501);
    expect(obtainable(guest, 1, 937, "movable")).toBe(501);
    expect(obtainable(guest, 1, 936, "movable")).toBe(500 + 63 + 1);
    expect(obtainable(guest, 1, 936, "other")).toBe(7 + 63 + 1);
  });

  test("zone DMA refills page by page, down to its floor exactly", () => {
    const guest = fakeGuest();
    expect(obtainable(guest, 0, 1080, "movable")).toBe(3904 - 1080);
  });
});

describe("takeFromList", () => {
  test("uses the list first and leaves the free pages alone", () => {
    const guest = set(fakeGuest(), {movable: 100, free: 5000});
    expect(takeFromList(guest, 1, 40, "movable")).toBe(0);
    expect(lists(guest)).toEqual({movable: 60, other: 0, fresh: 0, factor: 0, free: 5000});
  });

  test("refills whole batches", () => {
    const guest = set(fakeGuest(), {movable: 10, free: 5000});
    takeFromList(guest, 1, 11, "movable");
    expect(lists(guest)).toEqual({movable: 62, other: 0, fresh: 0, factor: 0, free: 4937});
    takeFromList(guest, 1, 62 + 63, "movable");
    expect(lists(guest)).toEqual({movable: 0, other: 0, fresh: 0, factor: 0, free: 4874});
  });

  test("kernel pages come from their own list and are never fresh", () => {
    const guest = set(fakeGuest(), {movable: 10, other: 20, fresh: 10, free: 5000});
    expect(takeFromList(guest, 1, 25, "other")).toBe(0);
    expect(lists(guest)).toEqual({movable: 10, other: 58, fresh: 10, factor: 0, free: 4937});
  });

  test("hands out what came from the balloon first, and says how much", () => {
    const guest = set(fakeGuest(), {movable: 100, fresh: 30, free: 5000});
    expect(takeFromList(guest, 1, 20, "movable")).toBe(20);
    expect(takeFromList(guest, 1, 20, "movable")).toBe(10);
    expect(takeFromList(guest, 1, 20, "movable")).toBe(0);
    expect(guest.perCpu.fresh[1]).toBe(0);
  });

  test("ends a run of frees", () => {
    const guest = set(fakeGuest(), {movable: 100});
    guest.perCpu.factor[1] = 5;
    takeFromList(guest, 1, 1, "movable");
    expect(guest.perCpu.factor[1]).toBe(0);
  });
});

describe("giveToList", () => {
  test("below the limit everything stays on the list", () => {
    const guest = set(fakeGuest(), {movable: 100, free: 5000});
    giveToList(guest, 1, 200, false);
    expect(lists(guest)).toEqual({movable: 300, other: 0, fresh: 0, factor: 0, free: 5000});
    giveToList(guest, 1, 200, true);
    expect(lists(guest)).toEqual({movable: 500, other: 0, fresh: 200, factor: 0, free: 5000});
  });

  test("at the limit a batch goes, and twice as much each further time", () => {
    const guest = set(fakeGuest(), {free: 5000});
    giveToList(guest, 1, 1250, false);
    expect(lists(guest)).toEqual({movable: 1187, other: 0, fresh: 0, factor: 1, free: 5063});
    giveToList(guest, 1, 63, false);
    expect(lists(guest)).toEqual({movable: 1250 - 126, other: 0, fresh: 0, factor: 2, free: 5189});
    giveToList(guest, 1, 126 + 252, false);
    expect(lists(guest)).toEqual({movable: 1250 - 504, other: 0, fresh: 0, factor: 4, free: 5189 + 252 + 504});
  });

  test("no cut leaves less than a batch, or is larger than 32 batches", () => {
    const small = set(fakeGuest(), {high: 150, free: 0});
    small.perCpu.factor[1] = 5;
    giveToList(small, 1, 150, false);
    expect(lists(small)).toEqual({movable: 63, other: 0, fresh: 0, factor: 5, free: 87});
    const tiny = set(fakeGuest(), {high: 70, free: 0});
    giveToList(tiny, 1, 70, false);
    expect(tiny.perCpu.movable[1]).toBe(7);
    const large = set(fakeGuest(), {high: 10000, free: 0});
    large.perCpu.factor[1] = 5;
    giveToList(large, 1, 10000, false);
    expect(lists(large)).toEqual({movable: 10000 - 2016, other: 0, fresh: 0, factor: 5, free: 2016});
  });

  test("user pages are cut before kernel pages, and fresh ones with them", () => {
    const guest = set(fakeGuest(), {movable: 0, other: 1240, free: 0});
    giveToList(guest, 1, 10, true);
    expect(lists(guest)).toEqual({movable: 0, other: 1187, fresh: 0, factor: 1, free: 63});
  });

  test("a list over its limit is cut at the next page", () => {
    const guest = set(fakeGuest(), {movable: 2000, free: 0});
    giveToList(guest, 1, 1, false);
    expect(lists(guest)).toEqual({movable: 2001 - 63, other: 0, fresh: 0, factor: 1, free: 63});
  });

  test("the recorded deflations end where they were recorded to the page", () => {
    const after = (held: number, freed: number): number => {
      const guest = set(fakeGuest(), {movable: held, high: 13971, free: 0});
      giveToList(guest, 1, freed, true);
      return guest.perCpu.movable[1] ?? 0;
    };
    expect(after(2020, 131072)).toBe(12195);
    expect(after(35, 393216)).toBe(12290);
    expect(Math.abs(after(2082, 393216) - 12332)).toBeLessThan(12);
  });

  test("no page is lost", () => {
    for (const pages of [1, 63, 1249, 1250, 5000, 100000]) {
      const guest = set(fakeGuest(), {movable: 5, other: 11, free: 100});
      giveToList(guest, 1, pages, false);
      const {movable, other, free} = lists(guest);
      expect((movable ?? 0) + (other ?? 0) + (free ?? 0)).toBe(116 + pages);
      expect((movable ?? 0) + (other ?? 0)).toBeLessThan(1250);
    }
  });
});

describe("draining", () => {
  test("empties every zone's lists into its free pages", () => {
    const guest = set(fakeGuest(), {movable: 30, other: 12, fresh: 20, free: 100});
    guest.perCpu.movable[0] = 3;
    drainLists(guest);
    expect(lists(guest)).toEqual({movable: 0, other: 0, fresh: 0, factor: 0, free: 142});
    expect([guest.perCpu.movable[0], guest.zones.free[0]]).toEqual([0, 3907]);
  });

  test("after an exit only lists less than half full are emptied", () => {
    const empty = set(fakeGuest(), {movable: 600, other: 24, free: 100});
    drainAfterExit(empty);
    expect(lists(empty)).toEqual({movable: 0, other: 0, fresh: 0, factor: 0, free: 724});
    const full = set(fakeGuest(), {movable: 600, other: 25, free: 100});
    drainAfterExit(full);
    expect(lists(full)).toEqual({movable: 600, other: 25, fresh: 0, factor: 0, free: 100});
  });

  test("a stall loosens at most 700 kernel pages of the top zone", () => {
    const many = set(fakeGuest({}, twoZones), {movable: 5, other: 2000, free: 100});
    loosenLists(many);
    expect(lists(many)).toEqual({movable: 5, other: 1300, fresh: 0, factor: 0, free: 800});
    const few = set(fakeGuest(), {other: 590, free: 100});
    loosenLists(few);
    expect(lists(few)).toEqual({movable: 0, other: 0, fresh: 0, factor: 0, free: 690});
  });
});
