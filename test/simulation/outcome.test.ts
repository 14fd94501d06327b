import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {resolveMachine} from "../../src/domain/machine.ts";
import type {EventSpec} from "../../src/simulation/events.ts";
import {outcome, type OutcomeName} from "../../src/simulation/outcome.ts";
import type {CgroupSpec, ScenarioSpec} from "../../src/simulation/scenario.ts";
import {simulate} from "../../src/simulation/simulate.ts";
import {kib, mib, mibToKib, seconds, type KiB} from "../../src/units.ts";
import {cases} from "../cases.ts";

/** By its words here; a thousand are held to their full state in fixed-point.test.ts. */
const numRuns = cases(250);
const m = (value: number): KiB => mibToKib(mib(value));
const machines = [256, 512, 1024].flatMap((size) => [false, true].map((deflateOnOom) => resolveMachine({memory: m(size), balloon: {deflateOnOom, freePageReporting: deflateOnOom}})));

const event = fc.oneof(
  fc.record({type: fc.constant("allocate" as const), size: fc.integer({min: 1, max: 900}).map(m), hold: fc.constantFrom(seconds(3), seconds(1000))}),
  fc.record({type: fc.constant("balloon" as const), target: fc.integer({min: 1, max: 1200}).map(m)}),
  fc.record({type: fc.constant("cgroup" as const), max: fc.option(fc.integer({min: 150, max: 1200}).map(m))}),
  fc.constantFrom({type: "touch" as const}, {type: "free" as const}, {type: "restart" as const}),
  fc.record({type: fc.constant("cache" as const), size: fc.integer({min: 1, max: 500}).map(m)})
);
const cell = fc.record({
  machine: fc.constantFrom(...machines),
  currentMemory: fc.integer({min: 1, max: 1024}).map(m),
  driver: fc.record({loadsAt: fc.constantFrom(null, 0, 2)}),
  workload: fc.record({swap: fc.constantFrom(m(0), m(256)), overcommit: fc.constantFrom(0 as const, 1 as const)}),
  host: fc.record({
    ram: fc.constantFrom(m(400), m(8000)),
    swap: fc.constantFrom(m(0), m(200), m(4000)),
    diskCache: fc.boolean(),
    cgroup: fc.record({max: fc.option(fc.integer({min: 200, max: 1200}).map(m)), high: fc.option(fc.integer({min: 200, max: 1200}).map(m)), low: fc.constantFrom(m(0), m(300)), swapMax: fc.option(fc.integer({min: 0, max: 500}).map(m))})
  }),
  events: fc.array(fc.tuple(fc.integer({min: 0, max: 50}), event), {maxLength: 5}).map((list): EventSpec[] => list.map(([at, one]) => ({at: seconds(at), ...one}))),
  duration: fc.constant(seconds(60))
});

/** The same from the timeline's rows, which are all computed one after the other. */
function inFull(spec: ScenarioSpec): {readonly killed: boolean; readonly swapOut: number; readonly swapIn: number; readonly current: number; readonly swap: number; readonly oom: boolean; readonly name: string} {
  const run = simulate(spec);
  const end = run.stateAt(spec.duration);
  const said = (text: string): boolean => run.log.some((line) => line.text.includes(text));
  return {name: run.outcome, killed: said("host kills"), swapOut: end.hostSwapOut, swapIn: end.hostSwapIn, current: end.cgroupCurrent, swap: end.cgroupSwap, oom: said("Killed process") || said("Cannot allocate") || said("panic")};
}

test("a cell equals its full run", () => {
  const seen = new Map<string, number>();
  let [steps, rows] = [0, 0];
  fc.assert(fc.property(cell, (spec) => {
    const short = outcome(spec);
    const full = inFull(spec);
    expect([short.name === "vm-killed", short.hostSwapOut, short.hostSwapIn, short.cgroupCurrent, short.cgroupSwap]).toEqual([full.killed, full.swapOut, full.swapIn, full.current, full.swap]);
    expect(full.name).toBe(short.name);
    if (!full.killed) expect(short.name === "guest-oom").toBe(full.oom);
    seen.set(short.name, (seen.get(short.name) ?? 0) + 1);
    steps += short.steps;
    rows += 601;
  }), {numRuns, seed: 20261123});
  expect([...seen.keys()].sort()).toEqual(["fits", "guest-oom", "guest-swaps", "host-swaps", "vm-killed"].sort());
  expect(steps).toBeLessThan(rows / 2);
});

describe("named outcomes", () => {
  const base = {machine: resolveMachine({memory: m(1024)}), duration: seconds(60), currentMemory: m(500)};
  const hog = (size: number): EventSpec => ({at: seconds(5), type: "allocate", size: m(size)});
  const cap = {cgroup: {max: m(500)}};

  test("fits", () => {
    expect(outcome({...base, host: {...cap, overhead: m(68)}, events: [hog(300)]})).toMatchObject({name: "fits", at: null, oomKills: 0, hostSwapOut: 0, throttled: 0});
  });

  test("the guest swaps; the host swaps; both is the host's", () => {
    expect(outcome({...base, workload: {swap: m(512)}, events: [hog(480)]}).name).toBe("guest-swaps");
    expect(outcome({...base, driver: {loadsAt: null}, host: {...cap, swap: m(2000)}, events: [hog(700)]})).toMatchObject({name: "host-swaps", cgroupCurrent: 512000, cgroupPeak: 512000});
  });

  test("the guest's kernel refuses or kills", () => {
    expect(outcome({...base, events: [hog(700)]})).toMatchObject({name: "guest-oom", refusals: 1, oomKills: 0});
    expect(outcome({...base, workload: {overcommit: 1}, events: [hog(700)]})).toMatchObject({name: "guest-oom", refusals: 0, oomKills: 1});
    expect(outcome({...base, events: [{at: seconds(5), type: "write-tmpfs", size: m(800)}]})).toMatchObject({name: "guest-oom", panicked: true});
  });

  test("the host kills, at once or when the limit falls", () => {
    expect(outcome({...base, driver: {loadsAt: null}, host: cap, events: [hog(700)]})).toMatchObject({name: "vm-killed", cgroupPeak: 512000});
    expect(outcome({...base, events: [hog(300), {at: seconds(20), type: "cgroup", max: m(300)}]})).toMatchObject({name: "vm-killed", at: 20});
    expect(outcome({...base, host: {ram: m(300)}, events: [hog(300)]}).name).toBe("vm-killed");
  });

  test("memory.high without swap: nobody dies, the processors sleep", () => {
    const high = outcome({...base, driver: {loadsAt: null}, host: {cgroup: {high: m(500)}}, events: [hog(700)]});
    expect([high.name, high.throttled > 50, high.cgroupCurrent > 512000, high.cgroupCurrent < 512000 * 1.2]).toEqual(["fits", true, true, true]);
    const swapping = outcome({...base, driver: {loadsAt: null}, host: {swap: m(2000), cgroup: {high: m(500)}}, events: [hog(700)]});
    expect([swapping.name, swapping.throttled, swapping.cgroupCurrent]).toEqual(["host-swaps", 0, 512000]);
  });

  test("memory.min is worth what the slice above it has", () => {
    const held = (cgroup: CgroupSpec): [OutcomeName, number] => {
      const {name, cgroupCurrent} = outcome({...base, driver: {loadsAt: null}, host: {ram: m(2000), swap: m(2000), cgroup: {min: m(500), ...cgroup}}, events: [hog(400), {at: seconds(30), type: "host-pressure", size: m(1700)}]});
      return [name, Math.floor(cgroupCurrent / 1024)];
    };
    expect(held({})).toEqual(["vm-killed", 0]);
    expect(held({parent: {}})).toEqual(["host-swaps", 300]);
    expect(held({parent: {min: m(200)}})).toEqual(["host-swaps", 300]);
    expect(held({parent: {min: m(400), siblings: [{size: m(1000), min: m(200)}]}})).toEqual(["host-swaps", 300]);
    expect(held({parent: {min: m(500)}})).toEqual(["vm-killed", 0]);
  });

  test("a few MiB in swap name nothing, the guest's or the host's: on every hypervisor the same", () => {
    const swap = {...base, driver: {loadsAt: null}, host: {...cap, overhead: m(68), swap: m(2000)}};
    const [few, more] = [320, 330].map((size) => outcome({...swap, events: [hog(size)]}));
    expect([few?.name, few?.at, few?.hostSwapOut, more?.name, more?.hostSwapOut]).toEqual(["fits", null, 3400, "host-swaps", 13660]);
    expect([few?.name, more?.name]).toEqual([320, 330].map((size) => simulate({...swap, events: [hog(size)]}).outcome));
  });

  test("a disk's cache in the cgroup goes before anything is swapped", () => {
    const cached = outcome({...base, driver: {loadsAt: null}, host: {...cap, swap: m(2000), diskCache: true}, events: [{at: seconds(5), type: "cache", size: m(150)}]});
    expect([cached.name, cached.cgroupCurrent, cached.hostSwapOut]).toEqual(["fits", 512000, 0]);
  });

  test("version 1: the shell is told, and the limit stays", () => {
    const run = simulate({...base, driver: {loadsAt: null}, host: {cgroup: {version: 1, max: m(900), memswMax: m(900)}}, events: [hog(300), {at: seconds(20), type: "cgroup", max: m(200)}, {at: seconds(21), type: "cgroup", high: m(200)}, {at: seconds(22), type: "cgroup", max: m(1000)}, {at: seconds(23), type: "cgroup", max: m(1000), memswMax: null}]});
    expect(run.log.filter(({source}) => source === "command").map(({text}) => text)).toEqual(["memory.limit_in_bytes: write error: Device or resource busy", "high: No such file or directory", "memory.limit_in_bytes: write error: Invalid argument"]);
  });

  test.each([
    [{cgroup: {version: 1 as const, high: m(5)}}, "no-such-file"],
    [{cgroup: {max: m(5), memswMax: m(5)}}, "no-such-file"],
    [{cgroup: {version: 1 as const, max: m(5), memswMax: m(4)}}, "limit-order"],
    [{cgroup: {max: kib(-1)}}, "out-of-range"],
    [{cgroup: {version: 1 as const, parent: {}}}, "no-such-file"],
    [{cgroup: {parent: {min: kib(-1)}}}, "out-of-range"],
    [{cgroup: {parent: {siblings: [{size: kib(5), low: kib(-1)}]}}}, "out-of-range"]
  ])("refuses %j", (host, code) => {
    expect(() => outcome({...base, host})).toThrow(expect.objectContaining({code}) as Error);
  });
});
