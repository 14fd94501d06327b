import fc from "fast-check";
import {afterAll, describe, expect, test} from "vitest";
import {imbalance, memTotal} from "../../src/guest/accounts.ts";
import {columnNames, type QemuColumn} from "../../src/simulation/columns.ts";
import type {EventSpec} from "../../src/simulation/events.ts";
import {createLog} from "../../src/simulation/log.ts";
import {apply} from "../../src/simulation/apply.ts";
import {stepTo, worldOf} from "../../src/simulation/run.ts";
import {resolveScenario, type ScenarioSpec} from "../../src/simulation/scenario.ts";
import {createSession} from "../../src/simulation/session.ts";
import {simulate} from "../../src/simulation/simulate.ts";
import type {Timeline} from "../../src/simulation/timeline.ts";
import {advance, isIdle, type World} from "../../src/simulation/world.ts";
import {neverTouchedPages, residentPages, swappedPages} from "../../src/host/linux/accounts.ts";
import {kib, seconds} from "../../src/units.ts";
import {cases} from "../cases.ts";

const CASES = cases(10_000);
/** A class below this part of the cases would mean that the property was not tested there. */
const LEAST = 0.01;

const MIB = 1024;
const mebi = (low: number, high: number): fc.Arbitrary<number> => fc.integer({min: low, max: high}).map((n) => n * MIB);
/** Sizes around the splits of both boards, small ones and odd ones. */
const memory = fc.oneof(mebi(256, 1024), mebi(1024, 5120), fc.constantFrom(2815, 2816, 3072, 3584, 4096).map((n) => n * MIB), fc.integer({min: 65536, max: 1e6}).map((n) => n * 4));

const happening = (size: number): fc.Arbitrary<Record<string, unknown>> => {
  const part = (low: number, high: number): fc.Arbitrary<number> => fc.integer({min: low, max: high}).map((percent) => Math.floor((size * percent) / 100));
  return fc.oneof(
    {weight: 4, arbitrary: part(1, 160).map((target) => ({type: "setmem", target}))},
    {weight: 2, arbitrary: fc.constantFrom({type: "setmem", target: 1}, {type: "balloon", target: 0}, {type: "balloon", target: -5})},
    {weight: 3, arbitrary: fc.record({type: fc.constant("allocate"), size: part(1, 120), rate: part(10, 300), hold: fc.constantFrom(0, 1, 1000), jitter: fc.constantFrom(0, 0.5)})},
    {weight: 1, arbitrary: fc.record({type: fc.constant("write-tmpfs"), size: part(1, 90), limit: part(1, 90)})},
    {weight: 1, arbitrary: fc.record({type: fc.constantFrom("cache", "working-set"), size: part(1, 100)})},
    {weight: 2, arbitrary: fc.constantFrom({type: "free"}, {type: "touch"}, {type: "drop-caches"}, {type: "load-driver"}, {type: "unload-driver"}, {type: "restart"})},
    {weight: 1, arbitrary: fc.constantFrom(0, 1, 2).map((mode) => ({type: "set-overcommit", mode}))},
    // No more than the smaller of the hosts has, below.
    {weight: 1, arbitrary: fc.record({type: fc.constant("host-pressure"), size: part(0, 110)})},
    {weight: 1, arbitrary: fc.integer({min: 0, max: 200}).map((value) => ({type: "set-swappiness", value}))}
  );
};

const scenario: fc.Arbitrary<ScenarioSpec> = memory.chain((size) =>
  fc.record({
    machine: fc.record({
      memory: fc.constant(kib(size)),
      machine: fc.constantFrom("pc", "q35"),
      balloon: fc.oneof({weight: 9, arbitrary: fc.record({deflateOnOom: fc.boolean(), freePageReporting: fc.boolean()})}, {weight: 1, arbitrary: fc.constant(null)})
    }),
    driver: fc.record({loadsAt: fc.constantFrom(0, 0, 0, 1, null), kind: fc.constantFrom("virtio" as const, "virtio" as const, "xen" as const, "vmmemctl" as const), rate: fc.constantFrom(size, size / 8)}),
    workload: fc.record({swap: fc.constantFrom(kib(0), kib(0), kib(200 * MIB)), overcommit: fc.constantFrom(0 as const, 1 as const)}),
    host: fc.record({ram: fc.constantFrom(kib(4 * size), kib(Math.floor(size * 1.1) + 200 * MIB)), swap: fc.constantFrom(kib(0), kib(size))}),
    duration: fc.constant(seconds(8)),
    step: fc.constantFrom(seconds(0.25), seconds(0.5)),
    seed: fc.integer({min: 0, max: 5}),
    events: fc.array(fc.tuple(fc.integer({min: 0, max: 16}), happening(size)).map(([half, what]) => ({at: half / 2, ...what}) as unknown as EventSpec), {maxLength: 6})
  })
);

/** Classes a case belongs to, counted over a property's whole run. */
const classes = ["hole present", "at the floor", "OOM", "above maximum", "no driver"] as const;
type Class = (typeof classes)[number];

interface Seen {
  cases: number;
  readonly of: Record<Class, number>;
}
const newSeen = (): Seen => ({cases: 0, of: {"hole present": 0, "at the floor": 0, OOM: 0, "above maximum": 0, "no driver": 0}});

function classify(seen: Seen, spec: ScenarioSpec, world: World, atFloor: boolean): void {
  seen.cases++;
  const {memory: size} = world.options.machine;
  if (world.options.boot.map.split.above4g > 0) seen.of["hole present"]++;
  if (atFloor) seen.of["at the floor"]++;
  if (world.state.guest.counters.oomKills > 0) seen.of.OOM++;
  if ((spec.events ?? []).some((event) => "target" in event && event.target > size)) seen.of["above maximum"]++;
  if (spec.machine.balloon === null || spec.driver?.loadsAt === null) seen.of["no driver"]++;
}

function expectClasses(name: string, seen: Seen): void {
  const shares = Object.fromEntries(classes.map((one) => [one, seen.of[one] / seen.cases]));
  // The report the page of evidence shows.
  process.stdout.write(`${name}: ${seen.cases} cases; ${classes.map((one) => `${one} ${(100 * (shares[one] ?? 0)).toFixed(1)} %`).join(", ")}\n`);
  for (const one of classes) expect(shares[one], one).toBeGreaterThanOrEqual(LEAST);
}

/** Steps through a scenario as `run` does, but shows every state. */
function walk(spec: ScenarioSpec, each: (world: World) => void): {world: World; atFloor: boolean} {
  const resolved = resolveScenario(spec);
  const world = worldOf(resolved, createLog());
  let [event, atFloor] = [0, false];
  for (let row = 0; row <= resolved.duration / resolved.step; row++) {
    stepTo(world, resolved, row);
    for (let next = resolved.events[event]; next && next.at <= row * resolved.step + 1e-9; next = resolved.events[++event]) apply(world, next);
    atFloor ||= world.state.driver.failures > 0;
    each(world);
  }
  return {world, atFloor};
}

/** Many checks a step: a plain throw costs a hundredth of an expect. */
function equal(actual: number, wanted: number, what: string): void {
  if (actual !== wanted) throw new Error(`${what}: ${actual} instead of ${wanted}`);
}
function atLeast(least: number, values: Iterable<number>, what: string): void {
  for (const value of values) if (!(value >= least)) throw new Error(`${what}: ${value} is below ${least}`);
}
/** In every row, those after the machine's end among them, each page is in one place, and nobody holds more than there is. */
function whole({columns}: Timeline): void {
  const value = (name: QemuColumn, row: number): number => columns[name][row] ?? NaN;
  columns.configured.forEach((configured, row) => {
    equal(value("resident", row) + value("balloon", row) + value("hostSwapped", row) + value("neverTouched", row), configured, `configured of row ${row}`);
    atLeast(0, [value("hostFree", row)], `free host RAM of row ${row}`);
    if (value("processRss", row) === 0) equal(value("memTotal", row) + value("memFree", row) + value("anon", row) + value("actual", row) + value("balloon", row), 0, `a guest that is gone, row ${row}`);
  });
}
function sameTimelines(one: Timeline, two: Timeline): void {
  for (const name of columnNames) {
    const [a, b] = [one.columns[name], two.columns[name]];
    equal(a.length, b.length, name);
    a.forEach((value, row) => equal(value, b[row] ?? NaN, `${name}[${row}]`));
  }
  if (JSON.stringify(one.log) !== JSON.stringify(two.log)) throw new Error("the logs differ");
}

const options = {numRuns: CASES, seed: 20261123};

describe("for every scenario", () => {
  const seen = {guest: newSeen(), host: newSeen(), bounds: newSeen(), determinism: newSeen(), undo: newSeen()};
  afterAll(() => {
    expectClasses("balance of the guest", seen.guest);
    expectClasses("balance of the host", seen.host);
    expectClasses("bounds", seen.bounds);
    expectClasses("determinism", seen.determinism);
    expectClasses("undo", seen.undo);
  });

  test("the guest's account balances after every step", {timeout: 600_000}, () => {
    fc.assert(
      fc.property(scenario, (spec) => {
        const {world, atFloor} = walk(spec, ({state: {guest}}) => {
          equal(imbalance(guest), 0, "imbalance");
          for (const {anon, swapped, tables, mapped} of guest.processes) atLeast(0, [anon, swapped, tables, mapped], "a process");
          atLeast(0, [guest.anon, guest.shmem, guest.file.active, guest.file.inactive, guest.swapUsed, guest.shmemSwapped, guest.pageTables, guest.committed, guest.balloon], "an account");
          for (const column of [guest.zones.free, guest.zones.used, guest.perCpu.movable, guest.perCpu.other, guest.perCpu.fresh]) atLeast(0, column, "a zone");
          atLeast(0, [guest.swapTotal - guest.swapUsed - guest.shmemSwapped], "room in swap");
        });
        classify(seen.guest, spec, world, atFloor);
      }),
      options
    );
  });

  test("the host's account balances after every step, zone by zone", {timeout: 600_000}, () => {
    fc.assert(
      fc.property(scenario, (spec) => {
        const {world, atFloor} = walk(spec, ({state: {guest, host, running}, options: {machine}}) => {
          equal(residentPages(host) + host.ballooned + swappedPages(host) + neverTouchedPages(host), machine.memory / 4, "configured");
          atLeast(0, [host.usedBacked, host.swappedUsed, host.ballooned], "an account");
          for (const column of [host.touchedFree, host.touchedLate, host.deflated, host.untouched, host.swappedFree]) atLeast(0, column, "a zone");
          if (!running) return;
          equal(host.ballooned, guest.balloon, "ballooned");
          for (let zone = 0; zone < guest.zones.count; zone++) {
            const free = (guest.zones.free[zone] ?? 0) + (guest.perCpu.movable[zone] ?? 0) + (guest.perCpu.other[zone] ?? 0);
            const known = (host.touchedFree[zone] ?? 0) + (host.touchedLate[zone] ?? 0) + (host.deflated[zone] ?? 0) + (host.untouched[zone] ?? 0) + (host.swappedFree[zone] ?? 0);
            equal(known, free, `free pages of zone ${zone}`);
          }
        });
        classify(seen.host, spec, world, atFloor);
      }),
      options
    );
  });

  test("the balloon never exceeds what is configured, nor MemTotal the usable map", {timeout: 600_000}, () => {
    fc.assert(
      fc.property(scenario, (spec) => {
        const {world, atFloor} = walk(spec, ({state: {guest, registers, driver}, options: {machine, boot}}) => {
          atLeast(0, [machine.memory / 4 - guest.balloon, machine.memory / 4 - registers.wanted, boot.usable - memTotal(guest) * 4], "a bound");
          equal(memTotal(guest) + (guest.balloonInTotal ? 0 : guest.balloon), boot.memTotal / 4, "MemTotal and balloon");
          if (driver.loaded) equal(registers.given, guest.balloon, "given");
        });
        classify(seen.bounds, spec, world, atFloor);
      }),
      options
    );
  });

  // Two properties, one run of each scenario: running is what takes the time.
  test("the same input gives the same bytes, whether idle time is stepped through or not; what is undone never happened", {timeout: 900_000}, () => {
    fc.assert(
      fc.property(scenario, fc.integer({min: 0, max: 16}), memory, (spec, half, target) => {
        const one = simulate(spec);
        let row = 0;
        const {world, atFloor} = walk(spec, ({state: {guest, host, running}}) => {
          // Of a guest that is gone nothing is written down.
          const seenInside = (pages: number): number => (running ? pages * 4 : 0);
          equal(seenInside(memTotal(guest)), one.columns.memTotal[row] ?? NaN, `MemTotal of row ${row}`);
          equal(residentPages(host) * 4, one.columns.resident[row] ?? NaN, `resident of row ${row}`);
          equal(seenInside(guest.anon), one.columns.anon[row] ?? NaN, `anonymous memory of row ${row}`);
          row++;
        });
        whole(one);
        classify(seen.determinism, spec, world, atFloor);
        const extra = {at: seconds(half / 2), type: "setmem", target: kib(target)} as const;
        const session = createSession(spec, 5);
        sameTimelines(one, session.timeline());
        session.add(extra);
        sameTimelines(session.timeline(), simulate({...spec, events: [...(spec.events ?? []), extra]}));
        session.undo();
        sameTimelines(session.timeline(), one);
        classify(seen.undo, spec, world, atFloor);
      }),
      options
    );
  });

  test("a world that says it is idle does not change", () => {
    fc.assert(
      fc.property(scenario, (spec) => {
        walk(spec, (world) => {
          if (!isIdle(world)) return;
          const {guest, host} = world.state;
          const before = JSON.stringify([guest, host]);
          advance(world, 0.5);
          world.state.time -= 0.5;
          expect(JSON.stringify([guest, host])).toBe(before);
        });
      }),
      {numRuns: Math.min(CASES, 200), seed: 20261123}
    );
  });
});
