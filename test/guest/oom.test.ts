import {describe, expect, test} from "vitest";
import {imbalance} from "../../src/guest/accounts.ts";
import {allocateUser} from "../../src/guest/allocate.ts";
import {outOfMemory} from "../../src/guest/oom.ts";
import {startProcess} from "../../src/guest/process.ts";
import type {ProcessState} from "../../src/guest/state.ts";
import {givePages, takePages} from "../../src/guest/zones.ts";
import {fakeGuest, setUp, twoZones, type Setup} from "./fixture.ts";

function withProcess(setup: Setup, name: string, anon: number, killable = true): ProcessState {
  const process = startProcess(setup.guest, () => undefined, {name, memory: anon, rate: 1, killable});
  takePages(setup.guest, setup.backing, anon, "used");
  process.anon = anon;
  setup.guest.anon += anon;
  return process;
}

/** A tmpfs file takes all that is left, so that nothing but a kill can help. */
function exhaust({guest, backing}: Setup): void {
  guest.shmem += takePages(guest, backing, 1e9, "used");
}

describe("outOfMemory", () => {
  test("asks the notifiers first; if they gave anything nobody dies", () => {
    const setup = setUp(fakeGuest(), () => 1);
    const process = withProcess(setup, "a", 1000);
    expect(outOfMemory(setup.oom)).toBe(true);
    expect([process.alive, setup.guest.counters.oomKills, setup.lines]).toEqual([true, 0, []]);
  });

  test("kills the process that holds the most, resident and swapped", () => {
    const setup = setUp();
    const small = withProcess(setup, "small", 900);
    const large = withProcess(setup, "large", 1000);
    small.swapped = 200;
    exhaust(setup);
    expect(outOfMemory(setup.oom)).toBe(true);
    expect([small.alive, large.alive, small.exitCode, setup.guest.counters.oomKills]).toEqual([false, true, 137, 1]);
    expect(setup.lines).toEqual(["kernel: Out of memory: Killed process 90 (small) total-vm:3600kB, anon-rss:3600kB"]);
  });

  test("of equals the last started dies", () => {
    const setup = setUp();
    const first = withProcess(setup, "first", 700);
    const last = withProcess(setup, "last", 700);
    exhaust(setup);
    outOfMemory(setup.oom);
    expect([first.alive, last.alive]).toEqual([true, false]);
  });

  test("init is never killed: without a victim the kernel panics", () => {
    const setup = setUp();
    withProcess(setup, "init", 1000, false);
    expect(outOfMemory(setup.oom)).toBe(false);
    expect([setup.guest.panicked, setup.lines]).toEqual([true, ["kernel: Kernel panic - not syncing: System is deadlocked on memory"]]);
  });

  test("a small victim's pages stay on the lists, out of sight of the watermarks, and the next one dies", () => {
    const setup = setUp();
    withProcess(setup, "sh", 1);
    withProcess(setup, "dd", 253);
    exhaust(setup);
    expect(outOfMemory(setup.oom)).toBe(false);
    expect(setup.guest.counters.oomKills).toBe(2);
    expect(setup.lines.map((line) => /\((\w+)\)|panic/.exec(line)?.[0])).toEqual(["(dd)", "(sh)", "panic"]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("the dead are not killed again", () => {
    const setup = setUp();
    withProcess(setup, "a", 1000);
    expect(outOfMemory(setup.oom)).toBe(true);
    expect(outOfMemory(setup.oom)).toBe(false);
    expect(setup.guest.counters.oomKills).toBe(1);
  });
});

describe("allocateUser", () => {
  const taker = (booked: number[], alive = true): {take: (pages: number) => void; alive: () => boolean} => ({take: (pages) => void booked.push(pages), alive: () => alive});

  test("takes free pages at once", () => {
    const {oom} = setUp();
    const booked: number[] = [];
    expect(allocateUser(oom, 500, taker(booked))).toBe(500);
    expect(booked).toEqual([500]);
  });

  test("reclaims when free pages do not suffice", () => {
    const setup = setUp();
    takePages(setup.guest, setup.backing, 5000, "used");
    setup.guest.file.inactive = 5000;
    exhaust(setup);
    const booked: number[] = [];
    expect(allocateUser(setup.oom, 1000, taker(booked))).toBe(1000);
    expect(booked.reduce((sum, pages) => sum + pages, 0)).toBe(1000);
    expect(setup.guest.counters.oomKills).toBe(0);
    expect(setup.guest.file.inactive).toBe(4000);
  });

  test("then lets the balloon give, as often as it takes", () => {
    let rounds = 0;
    const setup: Setup = setUp(fakeGuest(), () => {
      rounds++;
      givePages(setup.guest, setup.backing, 256, "ballooned", false);
      return 256;
    });
    takePages(setup.guest, setup.backing, 5120, "ballooned");
    exhaust(setup);
    const booked: number[] = [];
    expect(allocateUser(setup.oom, 1000, taker(booked))).toBe(1000);
    expect(rounds).toBe(4);
    expect(setup.lines).toEqual([]);
  });

  test("stops when the taker was the one killed, with what it had until then", () => {
    const setup = setUp();
    const process = withProcess(setup, "hog", 1000);
    const room = takePages(setup.guest, setup.backing, 1e9, "used");
    givePages(setup.guest, setup.backing, 630, "used", false);
    setup.guest.shmem += room - 630;
    const booked: number[] = [];
    const taken = allocateUser(setup.oom, 5000, {take: (pages) => void booked.push(pages), alive: () => process.alive});
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(5000);
    expect(process.exitCode).toBe(137);
  });

  test("stops in a panic", () => {
    const setup = setUp();
    exhaust(setup);
    expect(allocateUser(setup.oom, 10, taker([]))).toBe(0);
    expect(setup.guest.panicked).toBe(true);
  });

  test("takes from the list it names", () => {
    const {oom, guest} = setUp(fakeGuest({}, twoZones, 250000, 1000));
    allocateUser(oom, 10, {...taker([]), kind: "other"});
    expect(guest.perCpu.other[1]).toBe(890);
  });
});
