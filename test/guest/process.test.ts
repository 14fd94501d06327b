import {describe, expect, test} from "vitest";
import {imbalance} from "../../src/guest/accounts.ts";
import {endProcess, shrinkProcess, startProcess, tablesFor} from "../../src/guest/process.ts";
import type {ProcessState} from "../../src/guest/state.ts";
import {takePages} from "../../src/guest/zones.ts";
import {kib} from "../../src/units.ts";
import {fakeGuest, setUp, type Setup} from "./fixture.ts";

const silent = (): void => undefined;

/** A process that has written to all it asked for. */
function grown(setup: Setup, memory: number, swapped = 0): ProcessState {
  const {guest, backing} = setup;
  const process = startProcess(guest, silent, {name: "hog", memory, rate: 1});
  process.anon = memory - swapped;
  process.swapped = swapped;
  process.tables = tablesFor(process.anon);
  takePages(guest, backing, process.anon + process.tables, "used");
  guest.anon += process.anon;
  guest.swapUsed += swapped;
  guest.pageTables += process.tables;
  return process;
}

describe("page tables", () => {
  test("seven from the start, one more for each 2 MiB begun", () => {
    expect([0, 1, 512, 513, 5120].map(tablesFor)).toEqual([7, 8, 8, 9, 17]);
  });
});

describe("startProcess", () => {
  test("maps what it asks for and writes to nothing yet", () => {
    const {guest} = setUp();
    const process = startProcess(guest, silent, {name: "hog", memory: 1000, footprint: 10, files: 5, rate: 3, hold: 2, killable: false, jitter: 0.5, finish: 1});
    expect(process).toEqual({
      pid: 90, name: "hog", killable: false, mapped: 1000, anon: 0, swapped: 0, tables: 0, goal: 1010, rate: 3, jitter: 0.5, carry: 0, hold: 2, toWrite: 5, finish: 1, alive: true, exitCode: -1
    });
    expect([guest.committed, guest.anon, guest.processes.length, guest.nextPid]).toEqual([1000, 160, 1, 91]);
  });

  test("stays for ever, may be killed and ends well unless it is said otherwise", () => {
    const process = startProcess(setUp().guest, silent, {name: "a", rate: 1});
    expect(process).toMatchObject({mapped: 0, goal: 0, hold: Infinity, killable: true, toWrite: 0, finish: 0, jitter: 0});
  });

  test("a refused mapping ends it with exit code 2", () => {
    const {guest} = setUp();
    const lines: string[] = [];
    const process = startProcess(guest, (source, text) => void lines.push(`${source}: ${text}`), {name: "hog", memory: 260001, rate: 1});
    expect(process).toMatchObject({alive: false, exitCode: 2, mapped: 0, goal: 0});
    expect(guest.processes).toEqual([]);
    expect([guest.committed, lines]).toEqual([0, ["workload: hog: mmap: Cannot allocate memory"]]);
  });
});

describe("shrinkProcess", () => {
  test("gives back resident pages and the tables they needed", () => {
    const setup = setUp();
    const process = grown(setup, 2048);
    expect(process.tables).toBe(11);
    shrinkProcess(setup.guest, setup.backing, process, 1024);
    expect([process.anon, process.tables, process.goal, process.mapped]).toEqual([1024, 9, 1024, 1024]);
    expect([setup.guest.anon, setup.guest.pageTables, setup.guest.committed]).toEqual([160 + 1024, 14 + 9, 1024]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("then swapped ones", () => {
    const setup = setUp(fakeGuest({swap: kib(8000)}));
    const process = grown(setup, 1000, 400);
    shrinkProcess(setup.guest, setup.backing, process, 700);
    expect([process.anon, process.swapped, setup.guest.swapUsed]).toEqual([0, 300, 300]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("small parts go over the per-CPU lists, large ones past them and empty them", () => {
    const small = setUp();
    const process = grown(small, 1024);
    const free = small.guest.zones.free[1];
    shrinkProcess(small.guest, small.backing, process, 511);
    expect(small.guest.zones.free[1]).toBe(free);
    const large = setUp();
    const other = grown(large, 1024);
    shrinkProcess(large.guest, large.backing, other, 512);
    expect(large.guest.perCpu.movable[1]).toBe(0);
  });
});

describe("endProcess", () => {
  test("gives back all that was the process's own", () => {
    const setup = setUp(fakeGuest({swap: kib(8000)}));
    const before = {...setup.guest};
    const process = grown(setup, 3000, 500);
    process.toWrite = 40;
    endProcess(setup.guest, setup.backing, process, 137);
    expect(process).toMatchObject({alive: false, exitCode: 137, anon: 0, swapped: 0, tables: 0, mapped: 0, goal: 0, toWrite: 0});
    expect([setup.guest.anon, setup.guest.pageTables, setup.guest.swapUsed, setup.guest.committed]).toEqual([before.anon, before.pageTables, 0, 0]);
    expect(imbalance(setup.guest)).toBe(0);
  });

  test("also of one that has grown beyond its mapping, or not begun", () => {
    const setup = setUp();
    const footprint = startProcess(setup.guest, silent, {name: "dd", footprint: 253, rate: 1});
    endProcess(setup.guest, setup.backing, footprint, 0);
    expect(footprint).toMatchObject({goal: 0, exitCode: 0, anon: 0});
    expect(imbalance(setup.guest)).toBe(0);
  });
});
