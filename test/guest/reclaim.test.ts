import {describe, expect, test} from "vitest";
import {imbalance} from "../../src/guest/accounts.ts";
import {startProcess} from "../../src/guest/process.ts";
import {dropCaches, dropTmpfs, kswapd, reclaim} from "../../src/guest/reclaim.ts";
import type {GuestState} from "../../src/guest/state.ts";
import {takePages} from "../../src/guest/zones.ts";
import {kib} from "../../src/units.ts";
import {fakeGuest, setUp, type Setup} from "./fixture.ts";

function withFiles(setup: Setup, inactive: number, active: number): Setup {
  takePages(setup.guest, setup.backing, inactive + active, "used");
  setup.guest.file.inactive += inactive;
  setup.guest.file.active += active;
  return setup;
}

function withProcess(setup: Setup, name: string, anon: number): Setup {
  const process = startProcess(setup.guest, () => undefined, {name, memory: anon, rate: 1});
  takePages(setup.guest, setup.backing, anon, "used");
  process.anon = anon;
  setup.guest.anon += anon;
  return setup;
}

function withTmpfs(setup: Setup, pages: number): Setup {
  takePages(setup.guest, setup.backing, pages, "used");
  setup.guest.shmem += pages;
  return setup;
}

const swapping = (swap: number, swappiness = 60): GuestState => fakeGuest({swap: kib(swap * 4), swappiness});

describe("reclaim without swap", () => {
  test("drops clean files, the inactive first", () => {
    const {guest, backing} = withFiles(setUp(), 100, 200);
    expect(reclaim(guest, backing, 150)).toBe(150);
    expect([guest.file.inactive, guest.file.active]).toEqual([0, 150]);
    expect(reclaim(guest, backing, 1000)).toBe(150);
    expect([guest.file.inactive, guest.file.active]).toEqual([0, 0]);
    expect(imbalance(guest)).toBe(0);
  });

  test("finds nothing in anonymous memory and tmpfs", () => {
    const {guest, backing} = withTmpfs(withProcess(setUp(), "a", 500), 500);
    backing.calls.length = 0;
    expect(reclaim(guest, backing, 100)).toBe(0);
    expect(backing.calls).toEqual([]);
  });

  test("progress empties the per-CPU lists, no progress leaves them", () => {
    const {guest, backing} = withFiles(setUp(), 0, 1);
    guest.perCpu.movable[1] = 40;
    const listed = guest.zones.free[1] ?? 0;
    expect(reclaim(guest, backing, 1)).toBe(1);
    expect([guest.perCpu.movable[1], guest.zones.free[1]]).toEqual([0, listed + 41]);
    guest.perCpu.movable[1] = 40;
    expect(reclaim(guest, backing, 1)).toBe(0);
    expect(guest.perCpu.movable[1]).toBe(40);
  });
});

describe("reclaim with swap", () => {
  test("takes files and anonymous memory in the proportion of swappiness", () => {
    const {guest, backing} = withProcess(withFiles(setUp(swapping(10000)), 5000, 0), "a", 5000);
    expect(reclaim(guest, backing, 1000)).toBe(1000);
    expect([guest.file.inactive, guest.swapUsed, guest.counters.swappedOut]).toEqual([4300, 300, 300]);
    expect([guest.anon, guest.processes[0]?.anon, guest.processes[0]?.swapped]).toEqual([160 + 4700, 4700, 300]);
    expect(imbalance(guest)).toBe(0);
  });

  test("swappiness 0 drops files only, 200 swaps only", () => {
    const files = withProcess(withFiles(setUp(swapping(10000, 0)), 5000, 0), "a", 5000);
    reclaim(files.guest, files.backing, 1000);
    expect([files.guest.file.inactive, files.guest.swapUsed]).toEqual([4000, 0]);
    const swap = withProcess(withFiles(setUp(swapping(10000, 200)), 5000, 0), "a", 5000);
    reclaim(swap.guest, swap.backing, 1000);
    expect([swap.guest.file.inactive, swap.guest.swapUsed]).toEqual([5000, 1000]);
  });

  test("makes up from files for what cannot be swapped, and the other way round", () => {
    const few = withProcess(withFiles(setUp(swapping(10000)), 5000, 0), "a", 100);
    expect(reclaim(few.guest, few.backing, 1000)).toBe(1000);
    expect([few.guest.file.inactive, few.guest.swapUsed]).toEqual([4100, 100]);
    const bare = withProcess(setUp(swapping(10000)), "a", 5000);
    expect(reclaim(bare.guest, bare.backing, 1000)).toBe(1000);
    expect(bare.guest.swapUsed).toBe(1000);
  });

  test("stops when swap is full", () => {
    const {guest, backing} = withProcess(setUp(swapping(300)), "a", 5000);
    expect(reclaim(guest, backing, 1000)).toBe(300);
    expect(guest.swapUsed).toBe(300);
    expect(reclaim(guest, backing, 1000)).toBe(0);
  });

  test("the largest process is swapped first; the dead are not", () => {
    const {guest, backing} = withProcess(withProcess(setUp(swapping(10000, 200)), "small", 100), "large", 900);
    reclaim(guest, backing, 950);
    expect(guest.processes.map(({name, swapped}) => [name, swapped])).toEqual([["small", 50], ["large", 900]]);
    const dead = withProcess(setUp(swapping(10000, 200)), "dead", 100);
    for (const process of dead.guest.processes) process.alive = false;
    expect(reclaim(dead.guest, dead.backing, 50)).toBe(0);
  });

  test("tmpfs is swapped after processes, but never the root file system's", () => {
    const {guest, backing} = withTmpfs(withProcess(setUp(swapping(10000, 200)), "a", 100), 400);
    expect(reclaim(guest, backing, 1000)).toBe(500);
    expect([guest.shmem, guest.shmemSwapped, guest.swapUsed, guest.counters.swappedOut]).toEqual([800, 400, 100, 500]);
    expect(imbalance(guest)).toBe(0);
  });

  test("what is swapped of tmpfs takes room in the swap, too", () => {
    const {guest, backing} = withTmpfs(setUp(swapping(100, 200)), 300);
    expect(reclaim(guest, backing, 80)).toBe(80);
    expect(reclaim(guest, backing, 50)).toBe(20);
    expect([guest.shmemSwapped, guest.swapUsed]).toEqual([100, 0]);
    expect(reclaim(guest, backing, 50)).toBe(0);
  });

  test("with the swap full, of tmpfs or not, files go at once and whole", () => {
    const full = withTmpfs(setUp(swapping(100, 60)), 300);
    full.guest.shmemSwapped = 100;
    withFiles(full, 30, 0);
    expect(reclaim(full.guest, full.backing, 30)).toBe(30);
    expect([full.guest.file.inactive, full.guest.counters.swappedOut]).toEqual([0, 0]);
    const room = withFiles(withTmpfs(setUp(swapping(100, 60)), 300), 100, 0);
    reclaim(room.guest, room.backing, 30);
    expect([room.guest.file.inactive, room.guest.counters.swappedOut]).toEqual([79, 9]);
  });
});

describe("kswapd", () => {
  test("leaves a guest above its low watermarks alone", () => {
    const {guest, backing} = withFiles(setUp(), 1000, 0);
    kswapd(guest, backing);
    expect(guest.file.inactive).toBe(1000);
  });

  test("reclaims up to the high watermarks", () => {
    const {guest, backing} = withFiles(setUp(), 1000, 0);
    guest.zones.free[0] = 1090;
    guest.zones.free[1] = 1240;
    kswapd(guest, backing);
    expect(guest.file.inactive).toBe(1000 - (1120 - 1090) - (1500 - 1240));
  });
});

describe("dropping on demand", () => {
  test("drop_caches takes all files and nothing else", () => {
    const {guest, backing} = withTmpfs(withFiles(setUp(), 100, 50), 10);
    dropCaches(guest, backing);
    expect([guest.file.inactive, guest.file.active, guest.shmem, guest.slabReclaimable]).toEqual([0, 0, 810, 2000]);
    expect(imbalance(guest)).toBe(0);
  });

  test("removing tmpfs files leaves what was kept, and frees their swap", () => {
    const {guest, backing} = withTmpfs(setUp(), 1000);
    guest.shmemSwapped = 5;
    const free = guest.zones.free[1] ?? 0;
    dropTmpfs(guest, backing);
    expect([guest.shmem, guest.shmemSwapped, guest.zones.free[1]]).toEqual([800, 0, free + 1000]);
    expect(imbalance(guest)).toBe(0);
    dropTmpfs(guest, backing);
    expect(guest.shmem).toBe(800);
  });

  test("a small file goes over the per-CPU lists", () => {
    const {guest, backing} = withTmpfs(setUp(), 511);
    const free = guest.zones.free[1];
    dropTmpfs(guest, backing);
    expect(guest.zones.free[1]).toBe(free);
    const block = withTmpfs(setUp(), 512);
    const before = block.guest.zones.free[1] ?? 0;
    dropTmpfs(block.guest, block.backing);
    expect(block.guest.zones.free[1]).toBe(before + 512);
  });
});
