import {describe, expect, test} from "vitest";
import {imbalance} from "../../src/guest/accounts.ts";
import {startProcess, type ProcessPlan} from "../../src/guest/process.ts";
import type {ProcessState} from "../../src/guest/state.ts";
import {advanceWorkload, swapInProcesses, touchProcesses, workloadIsIdle} from "../../src/guest/workload.ts";
import {takePages} from "../../src/guest/zones.ts";
import {kib} from "../../src/units.ts";
import {fakeGuest, setUp, type Setup} from "./fixture.ts";

const silent = (): void => undefined;
const start = ({guest}: Setup, plan: Partial<ProcessPlan>): ProcessState => startProcess(guest, silent, {name: "hog", rate: 1000, ...plan});
const run = ({oom}: Setup, seconds: number, dt = 1, fileRate = 1000): void => {
  for (let t = 0; t < seconds - 1e-9; t += dt) advanceWorkload(oom, fileRate, dt);
};

describe("a process that grows", () => {
  test("writes at its rate until it has what it wants", () => {
    const setup = setUp();
    const process = start(setup, {memory: 2500});
    run(setup, 1);
    expect([process.anon, setup.guest.anon, setup.guest.pageTables]).toEqual([1000, 1160, 14 + 9]);
    run(setup, 1);
    run(setup, 1);
    expect([process.anon, process.tables, setup.guest.counters.minorFaults]).toEqual([2500, 12, 2500]);
    run(setup, 5);
    expect(process.anon).toBe(2500);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("carries fractions of a page to the next step", () => {
    const setup = setUp();
    const process = start(setup, {memory: 100, rate: 2.5});
    run(setup, 1);
    expect([process.anon, process.carry]).toEqual([2, 0.5]);
    run(setup, 1);
    expect([process.anon, process.carry]).toEqual([5, 0]);
  });

  test("exits when it has held long enough", () => {
    const setup = setUp();
    const process = start(setup, {memory: 1000, hold: 2, finish: 7});
    run(setup, 1);
    expect([process.alive, process.hold]).toEqual([true, 1]);
    run(setup, 1);
    expect([process.alive, process.exitCode, setup.guest.anon]).toEqual([false, 7, 160]);
    expect(setup.guest.processes).toEqual([]);
  });

  test("one killed by its own growth takes nothing with it", () => {
    const setup = setUp(fakeGuest({overcommit: 1}));
    const process = start(setup, {memory: 400000, rate: 1e6});
    run(setup, 1);
    expect([process.alive, process.exitCode, setup.guest.counters.oomKills]).toEqual([false, 137, 1]);
    expect([setup.guest.anon, setup.guest.pageTables, setup.guest.committed]).toEqual([160, 14, 0]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("one killed while others grow stops there, and they go on", () => {
    const setup = setUp(fakeGuest({overcommit: 1}));
    const large = start(setup, {name: "large", memory: 200000, rate: 1e6});
    const small = start(setup, {name: "small", memory: 100000, rate: 1e6});
    run(setup, 1);
    expect([large.alive, small.alive, small.anon]).toEqual([false, true, 100000]);
    expect(setup.guest.processes).toEqual([small]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("large processes get huge pages, small ones and small guests do not", () => {
    const large = setUp();
    start(large, {memory: 1024, rate: 1024});
    run(large, 1);
    expect(large.guest.perCpu.movable[1]).toBe(0);
    const small = setUp();
    start(small, {memory: 511, rate: 1024});
    run(small, 1);
    expect(small.guest.perCpu.movable[1]).toBe(56);
    const plain = setUp(fakeGuest({}, [{managed: 4000, min: 80, low: 100, high: 120}, {managed: 100000, min: 1000, low: 1250, high: 1500}], 90000));
    start(plain, {memory: 1024, rate: 1024});
    run(plain, 1);
    expect(plain.guest.perCpu.movable[1]).toBe(30);
  });

  test("page tables come before the pages, from the kernel's lists", () => {
    const setup = setUp();
    start(setup, {memory: 100, rate: 100});
    run(setup, 1);
    expect([setup.guest.perCpu.other[1], setup.guest.perCpu.movable[1]]).toEqual([55, 26]);
    expect(setup.backing.calls).toEqual([["use", 1, 8, 0], ["use", 1, 100, 0]]);
  });

  test("jitter wanders about the rate and follows the seed", () => {
    const grow = (seed: number, jitter: number): number[] => {
      const setup = setUp(fakeGuest({seed}));
      const process = start(setup, {memory: 1e5, jitter});
      return [1, 2, 3].map(() => {
        const before = process.anon;
        run(setup, 1);
        return process.anon - before;
      });
    };
    expect(grow(1, 0)).toEqual([1000, 1000, 1000]);
    expect(grow(1, 0.5)).toEqual(grow(1, 0.5));
    expect(grow(1, 0.5)).not.toEqual(grow(2, 0.5));
    expect(grow(1, 0.5)).toEqual([1127, 502, 1028]);
    for (const pages of [...grow(3, 0.5), ...grow(4, 0.5)]) {
      expect(pages).toBeGreaterThanOrEqual(500);
      expect(pages).toBeLessThanOrEqual(1500);
    }
  });
});

describe("a process that writes files", () => {
  test("fills a tmpfs at its rate, with the tree the file needs, and leaves it behind", () => {
    const setup = setUp();
    const process = start(setup, {name: "dd", files: 2000, hold: 0});
    run(setup, 1);
    expect([process.toWrite, setup.guest.shmem, setup.guest.slabReclaimable]).toEqual([1000, 1800, 2002]);
    run(setup, 1);
    expect([process.alive, process.exitCode, setup.guest.shmem, setup.guest.slabReclaimable]).toEqual([false, 0, 2800, 2005]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("first fills its own buffer, then writes with what is left of its rate", () => {
    const setup = setUp();
    const process = start(setup, {files: 2000, footprint: 300});
    run(setup, 1);
    expect([process.anon, process.toWrite]).toEqual([300, 1300]);
  });

  test("a few pages fit into the tree there is", () => {
    const setup = setUp();
    start(setup, {name: "dd", files: 100, rate: 10});
    run(setup, 1);
    expect([setup.guest.shmem, setup.guest.slabReclaimable]).toEqual([810, 2000]);
  });

  test("a process killed over its page tables has no pages", () => {
    const setup = setUp();
    const process = start(setup, {memory: 1000});
    setup.guest.shmem += takePages(setup.guest, setup.backing, 1e9, "used");
    run(setup, 1);
    expect([process.alive, process.exitCode, setup.guest.anon, setup.guest.counters.minorFaults]).toEqual([false, 137, 160, 0]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("a writer killed over the tree writes nothing", () => {
    const setup = setUp();
    const process = start(setup, {name: "dd", files: 100000});
    setup.guest.shmem += takePages(setup.guest, setup.backing, 1e9, "used");
    const before = setup.guest.shmem;
    run(setup, 1);
    expect([process.alive, process.toWrite, setup.guest.shmem, setup.guest.panicked]).toEqual([false, 0, before, true]);
  });

  test("a file no kill can shrink ends in a panic", () => {
    const setup = setUp();
    const process = start(setup, {name: "dd", files: 400000, footprint: 253, rate: 1e6});
    run(setup, 1);
    expect([process.alive, setup.guest.panicked, setup.guest.counters.oomKills]).toEqual([false, true, 1]);
    expect(imbalance(setup.guest)).toBe(0);
    const shmem = setup.guest.shmem;
    start(setup, {memory: 100});
    run(setup, 1);
    expect([setup.guest.shmem, setup.guest.processes.at(-1)?.anon]).toEqual([shmem, 0]);
  });
});

describe("files that are read", () => {
  test("once: they stay inactive", () => {
    const setup = setUp();
    setup.guest.file.toRead = 1500;
    run(setup, 1);
    expect([setup.guest.file.inactive, setup.guest.file.toRead]).toEqual([1000, 500]);
    run(setup, 2);
    expect([setup.guest.file.inactive, setup.guest.file.toRead, setup.guest.file.active, setup.guest.counters.refaults]).toEqual([1500, 0, 0, 0]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("all the time: they become active, and count as refaults", () => {
    const setup = setUp();
    setup.guest.file.workingSet = 1500;
    run(setup, 2);
    expect([setup.guest.file.active, setup.guest.counters.refaults, setup.guest.counters.majorFaults]).toEqual([1500, 1500, 1500]);
    run(setup, 1);
    expect(setup.guest.counters.refaults).toBe(1500);
    setup.guest.file.active = 1200;
    takePages(setup.guest, setup.backing, 0, "used");
    setup.guest.shmem += 300;
    run(setup, 1);
    expect(setup.guest.counters.refaults).toBe(1800);
  });

  test("the working set comes first", () => {
    const setup = setUp();
    setup.guest.file.workingSet = 700;
    setup.guest.file.toRead = 1000;
    run(setup, 1);
    expect([setup.guest.file.active, setup.guest.file.inactive]).toEqual([700, 300]);
  });

  test("in a full guest old files make room for new ones, and nobody is killed", () => {
    const setup = setUp();
    const {guest, backing} = setup;
    takePages(guest, backing, 5000, "used");
    guest.file.inactive = 5000;
    guest.shmem += takePages(guest, backing, 1e9, "used");
    guest.file.toRead = 1000;
    run(setup, 1);
    expect(guest.file.inactive).toBeGreaterThan(4500);
    expect(guest.counters.oomKills).toBe(0);
    expect(imbalance(guest)).toBe(0);
  });

  test("without anything to drop a read gets nothing", () => {
    const setup = setUp();
    const {guest, backing} = setup;
    guest.shmem += takePages(guest, backing, 1e9, "used");
    guest.file.workingSet = 100;
    run(setup, 1);
    expect([guest.file.active, guest.counters.refaults, guest.panicked]).toEqual([0, 0, false]);
  });

  test("the rate is per second", () => {
    const setup = setUp();
    setup.guest.file.toRead = 1500;
    advanceWorkload(setup.oom, 1000, 0.25);
    expect(setup.guest.file.inactive).toBe(250);
  });
});

describe("touching", () => {
  test("brings swapped pages back and tells the host of the rest", () => {
    const setup = setUp(fakeGuest({swap: kib(8000)}));
    const process = start(setup, {memory: 1000});
    run(setup, 1);
    process.anon -= 400;
    process.swapped = 400;
    setup.guest.anon -= 400;
    setup.guest.swapUsed = 400;
    setup.guest.shmem += 400;
    touchProcesses(setup.oom, 700);
    expect([process.anon, process.swapped, setup.guest.swapUsed, setup.guest.counters.swappedIn]).toEqual([1000, 0, 0, 400]);
    expect(setup.backing.calls.at(-1)).toEqual(["touch", -1, 300]);
    expect(setup.guest.counters.majorFaults).toBe(400);
  });

  test("goes from process to process, and ends with its number of pages", () => {
    const setup = setUp();
    start(setup, {memory: 100, rate: 100});
    start(setup, {memory: 200, rate: 200});
    start(setup, {memory: 300, rate: 300});
    run(setup, 1);
    setup.backing.calls.length = 0;
    touchProcesses(setup.oom, 150);
    expect(setup.backing.calls).toEqual([["touch", -1, 100], ["touch", -1, 50]]);
    setup.backing.calls.length = 0;
    touchProcesses(setup.oom, Infinity);
    expect(setup.backing.calls.map(([, , pages]) => pages)).toEqual([100, 200, 300]);
  });

  test("passes the dead by", () => {
    const setup = setUp();
    const dead = start(setup, {memory: 100, rate: 100});
    dead.alive = false;
    touchProcesses(setup.oom, Infinity);
    expect(setup.backing.calls).toEqual([]);
  });

  test("a process too large to come back is killed", () => {
    const setup = setUp(fakeGuest({swap: kib(2e6), overcommit: 1}));
    const process = start(setup, {memory: 400000});
    process.swapped = 400000;
    setup.guest.swapUsed = 400000;
    setup.guest.swapTotal = 0;
    touchProcesses(setup.oom, Infinity);
    expect([process.alive, setup.guest.swapUsed]).toEqual([false, 0]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("with swap enough it thrashes, and lives", () => {
    const setup = setUp(fakeGuest({swap: kib(2e6), overcommit: 1}));
    const process = start(setup, {memory: 400000});
    process.swapped = 400000;
    setup.guest.swapUsed = 400000;
    touchProcesses(setup.oom, Infinity);
    expect([process.alive, process.anon + process.swapped]).toEqual([true, 400000]);
    expect(setup.guest.counters.swappedIn).toBe(400000);
    expect(imbalance(setup.guest)).toBe(0);
  });
});

describe("idleness", () => {
  test("an empty guest and one whose processes stay are idle", () => {
    const setup = setUp();
    expect(workloadIsIdle(setup.guest)).toBe(true);
    start(setup, {memory: 1000});
    expect(workloadIsIdle(setup.guest)).toBe(false);
    run(setup, 1);
    expect(workloadIsIdle(setup.guest)).toBe(true);
  });

  test("who will exit, or writes, or reads, is not", () => {
    const holding = setUp();
    start(holding, {memory: 10, hold: 100});
    run(holding, 1);
    expect(workloadIsIdle(holding.guest)).toBe(false);
    const writing = setUp();
    start(writing, {files: 2000});
    expect(workloadIsIdle(writing.guest)).toBe(false);
    const reading = setUp();
    reading.guest.file.toRead = 1;
    expect(workloadIsIdle(reading.guest)).toBe(false);
    const missing = setUp();
    missing.guest.file.workingSet = 1;
    expect(workloadIsIdle(missing.guest)).toBe(false);
  });

  test("the dead are", () => {
    const setup = setUp();
    start(setup, {memory: 10, hold: 100}).alive = false;
    expect(workloadIsIdle(setup.guest)).toBe(true);
  });
});

describe("what lies in swap", () => {
  test("comes back process by process, in proportion to what each has there", () => {
    const setup = setUp(fakeGuest({swap: kib(8000)}));
    const sizes = [100, 0, 300, 600];
    const processes = sizes.map((swapped) => {
      const process = start(setup, {memory: 1000});
      process.swapped = swapped;
      return process;
    });
    setup.guest.swapUsed = 1000;
    expect(swapInProcesses(setup.oom, 500)).toBe(500);
    expect(processes.map(({swapped}) => swapped)).toEqual([50, 0, 150, 300]);
    expect([setup.guest.swapUsed, setup.guest.counters.swappedIn]).toEqual([500, 500]);
    expect(swapInProcesses(setup.oom, Infinity)).toBe(500);
    expect(swapInProcesses(setup.oom, 10)).toBe(0);
  });

  test("stays there if its process is dead", () => {
    const setup = setUp(fakeGuest({swap: kib(8000)}));
    const process = start(setup, {memory: 1000});
    process.swapped = 100;
    process.alive = false;
    expect(swapInProcesses(setup.oom, 10)).toBe(0);
  });
});
