import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {resolveXenMachine} from "../../../src/domain/xen/machine.ts";
import {applyXen} from "../../../src/simulation/xen/apply.ts";
import {xenOutcome} from "../../../src/simulation/xen/outcome.ts";
import {resolveXenScenario, type XenEventSpec, type XenScenarioSpec} from "../../../src/simulation/xen/scenario.ts";
import {advanceXen, createXenWorld} from "../../../src/simulation/xen/world.ts";
import type {Worst} from "../../../src/simulation/worst.ts";
import {kib, mib, mibToKib, seconds, type KiB} from "../../../src/units.ts";

/** Ten thousand were tried once; with fewer than these not every outcome is among them. */
const CASES = Math.max(150, Number(process.env["SETMEM_CASES"] ?? 300));
const m = (value: number): KiB => mibToKib(mib(value));
const machines = [512, 1024].flatMap((size) => (["pv", "hvm"] as const).flatMap((type) => [1, 0.5].map((part) => resolveXenMachine({type, memory: m(size * part), maxmem: m(size)}))));

const happening = fc.oneof(
  fc.record({type: fc.constant("allocate" as const), size: fc.integer({min: 1, max: 1200}).map(m), rate: fc.constantFrom(60 * 1024, 2 ** 20), hold: fc.constantFrom(seconds(3), seconds(Infinity)), jitter: fc.constantFrom(0, 0, 0.5)}),
  fc.record({type: fc.constant("setmem" as const), target: fc.integer({min: 1, max: 1100}).map(m)}),
  fc.record({type: fc.constant("guest-target" as const), target: fc.integer({min: 50, max: 1100}).map(m)}),
  fc.record({type: fc.constant("xl" as const), command: fc.constantFrom("xl mem-set guest 300", "xl mem-max guest 400", "xl destroy guest")}),
  fc.record({type: fc.constant("host-free" as const), size: fc.constantFrom(m(0), m(4096))}),
  fc.record({type: fc.constant("working-set" as const), size: fc.integer({min: 0, max: 600}).map(m)}),
  fc.constantFrom({type: "touch" as const}, {type: "free" as const}, {type: "touch-all" as const})
);
const cell = fc.record({
  machine: fc.constantFrom(...machines),
  driver: fc.record({loaded: fc.boolean(), inflateRate: fc.constantFrom(30_000, 2 ** 18), limitedByAvailable: fc.boolean()}),
  workload: fc.record({swap: fc.constantFrom(m(0), m(512)), overcommit: fc.constantFrom(0 as const, 1 as const)}),
  events: fc.array(fc.tuple(fc.integer({min: 0, max: 500}), happening), {maxLength: 6}).map((list): XenEventSpec[] => list.map(([at, one]) => ({at: seconds(at / 10), ...one}))),
  duration: fc.constant(seconds(60))
});

/** The same with every step computed; `simulateXen` passes over some itself. */
function inFull(spec: XenScenarioSpec): Worst {
  const scenario = resolveXenScenario(spec);
  const world = createXenWorld(scenario, () => undefined);
  let [guestSwap, next] = [0, 0];
  for (let row = 0; row <= 600; row++) {
    if (row > 0) advanceXen(world, scenario.step);
    for (let event = scenario.events[next]; event !== undefined && event.at <= row * scenario.step + 1e-9; event = scenario.events[next]) {
      applyXen(world, event);
      next++;
    }
    const {guest} = world.state;
    guestSwap = Math.max(guestSwap, guest.swapUsed + guest.shmemSwapped);
  }
  return {guestSwap: kib(guestSwap * 4), hostSwap: kib(0), oomKills: world.state.guest.counters.oomKills, ended: !world.state.running};
}

test("a cell equals its full run", () => {
  const seen = new Map<string, number>();
  let steps = 0;
  fc.assert(fc.property(cell, (spec) => {
    const short = xenOutcome(spec);
    expect(short).toMatchObject(inFull(spec));
    seen.set(short.name, (seen.get(short.name) ?? 0) + 1);
    steps += short.steps;
  }), {numRuns: CASES, seed: 20261123});
  expect([...seen.keys()].sort()).toEqual(["fits", "guest-oom", "guest-swaps", "vm-killed"]);
  expect(steps).toBeLessThan((CASES * 601) / 2);
});

describe("named outcomes", () => {
  const base = {machine: resolveXenMachine({type: "pv", memory: m(1024), maxmem: m(1024)}), duration: seconds(60)};
  const hog = (size: number): XenEventSpec => ({at: seconds(5), type: "allocate", size: m(size)});

  test("fits: only the steps in which something happens are computed", () => {
    const quiet = xenOutcome(base);
    expect(quiet).toEqual({name: "fits", guestSwap: 0, hostSwap: 0, oomKills: 0, ended: false, steps: quiet.steps});
    expect(quiet.steps).toBeLessThan(20);
  });
  test("the guest swaps, or its kernel kills", () => {
    expect(xenOutcome({...base, workload: {swap: m(1024)}, events: [hog(1200)]}).name).toBe("guest-swaps");
    expect(xenOutcome({...base, workload: {overcommit: 1}, events: [hog(1200)]})).toMatchObject({name: "guest-oom", oomKills: 1});
  });
  test("a domain that is gone stays gone, and nothing of it is computed any more", () => {
    const gone = xenOutcome({...base, events: [{at: seconds(1), type: "xl", command: "xl destroy guest"}, hog(900)]});
    expect([gone.name, gone.steps < 20]).toEqual(["vm-killed", true]);
  });
});
