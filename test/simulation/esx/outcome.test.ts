import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {FIGURE_4} from "../../../src/host/esx/sharing.ts";
import {esxVersions} from "../../../src/host/esx/versions.ts";
import type {EsxEventSpec} from "../../../src/simulation/esx/events.ts";
import {esxOutcome} from "../../../src/simulation/esx/outcome.ts";
import type {EsxScenarioSpec, EsxVmSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";
import type {Worst} from "../../../src/simulation/worst.ts";
import {kib, mib, mibToKib, seconds, type KiB} from "../../../src/units.ts";

/** Ten thousand were tried once; with fewer than these not every outcome is among them. */
const CASES = Math.max(200, Number(process.env["SETMEM_CASES"] ?? 300));
const m = (value: number): KiB => mibToKib(mib(value));

const happening = fc.oneof(
  fc.record({type: fc.constant("allocate" as const), size: fc.integer({min: 1, max: 1200}).map(m), rate: fc.constantFrom(60 * 1024, 2 ** 20), hold: fc.constantFrom(seconds(3), seconds(Infinity)), jitter: fc.constantFrom(0, 0, 0.5)}),
  fc.record({type: fc.constant("set-limit" as const), limit: fc.option(fc.integer({min: 100, max: 1100}).map(m))}),
  fc.record({type: fc.constant("set-reservation" as const), reservation: fc.integer({min: 0, max: 900}).map(m)}),
  fc.record({type: fc.constant("setmem" as const), target: fc.integer({min: 100, max: 1100}).map(m)}),
  fc.record({type: fc.constant("activity" as const), size: fc.integer({min: 0, max: 800}).map(m)}),
  fc.record({type: fc.constant("host-pressure" as const), size: fc.integer({min: 0, max: 4096}).map(m)}),
  fc.record({type: fc.constant("set-idle-tax" as const), tax: fc.constantFrom(0, 0.75)}),
  fc.record({type: fc.constant("working-set" as const), size: fc.integer({min: 0, max: 600}).map(m)}),
  fc.constantFrom({type: "touch" as const}, {type: "free" as const}, {type: "load-driver" as const}, {type: "unload-driver" as const}, {type: "power-off" as const})
);

const machine = fc.record({
  memory: fc.constantFrom(m(512), m(1024)),
  reservation: fc.constantFrom(m(0), m(300)),
  limit: fc.option(fc.constantFrom(m(400), m(700))),
  powerOn: fc.constantFrom(seconds(0), seconds(0), seconds(7)),
  driver: fc.record({loadsAt: fc.constantFrom(null, 0, 2), throttled: fc.boolean(), rate: fc.constantFrom(20 * 1024, 2 ** 20)}),
  workload: fc.record({swap: fc.constantFrom(m(0), m(0), m(512)), overcommit: fc.constantFrom(0 as const, 1 as const, 1 as const), anon: fc.constantFrom(m(0), m(300)), active: fc.constantFrom(m(0), m(200)), zeroes: fc.boolean()}),
  sharing: fc.constantFrom(null, null, FIGURE_4)
});

/** One machine mostly: two share a host on which nothing is ever proven. */
const cell = fc.record({
  host: fc.record({ram: fc.constantFrom(m(600), m(1024), m(4096)), version: fc.constantFrom(...esxVersions), sharing: fc.constantFrom("off" as const, "within" as const, undefined), largePages: fc.boolean(), swapSpace: fc.constantFrom(undefined, m(100))}),
  vms: fc.oneof({weight: 5, arbitrary: fc.tuple(machine)}, {weight: 1, arbitrary: fc.tuple(machine, machine)}).map((list): EsxVmSpec[] => list.map((vm, i) => ({name: "ab".charAt(i), ...vm}))),
  events: fc.array(fc.tuple(fc.integer({min: 0, max: 500}), happening), {maxLength: 6}).map((list): EsxEventSpec[] => list.map(([at, one]) => ({at: seconds(at / 10), ...one}))),
  seed: fc.constantFrom(null, 0, 7),
  duration: fc.constant(seconds(60))
});

const highest = (column: Float64Array): number => column.reduce((a, b) => Math.max(a, b), 0);

/** The same from the rows of a timeline, which are all computed one after the other. */
function inFull(spec: EsxScenarioSpec): Worst {
  const {vms, log} = simulateEsx(spec);
  return {
    guestSwap: kib(Math.max(...vms.map(({columns}) => highest(columns.guestSwapUsed)))),
    hostSwap: kib(Math.max(...vms.map(({columns}) => highest(columns.hostSwapped)))),
    oomKills: log.filter(({source, text}) => source === "kernel" && text.includes("Out of memory: Killed")).length,
    ended: log.some(({text}) => /powered off|has panicked/.test(text))
  };
}

test("a cell equals its full run", () => {
  const seen = new Map<string, number>();
  let [steps, alone] = [0, 0];
  fc.assert(fc.property(cell, (spec) => {
    const short = esxOutcome(spec);
    expect(short).toMatchObject(inFull(spec));
    seen.set(short.name, (seen.get(short.name) ?? 0) + 1);
    if (spec.vms.length > 1) expect(short.steps).toBe(601);
    else [steps, alone] = [steps + short.steps, alone + 1];
  }), {numRuns: CASES, seed: 20261123});
  expect([...seen.keys()].sort()).toEqual(["fits", "guest-oom", "guest-swaps", "host-swaps", "vm-killed"]);
  expect(steps).toBeLessThan((alone * 601) / 2);
});

describe("named outcomes", () => {
  const vm: EsxVmSpec = {name: "vm", memory: m(1024)};
  const base = {host: {ram: m(4096)}, vms: [vm], duration: seconds(60)};
  const hog = (size: number): EsxEventSpec => ({at: seconds(5), type: "allocate", size: m(size)});

  test("fits: only the steps in which something happens are computed", () => {
    const quiet = esxOutcome(base);
    expect(quiet).toEqual({name: "fits", guestSwap: 0, hostSwap: 0, oomKills: 0, ended: false, steps: quiet.steps});
    expect(quiet.steps).toBeLessThan(10);
  });
  test("the guest swaps what its balloon took; without a driver the host swaps", () => {
    const limited = {...vm, limit: m(400), workload: {swap: m(1024), overcommit: 1 as const}};
    expect(esxOutcome({...base, vms: [limited], events: [hog(700)]}).name).toBe("guest-swaps");
    expect(esxOutcome({...base, vms: [{...limited, driver: {loadsAt: null}}], events: [hog(700)]})).toMatchObject({name: "host-swaps", guestSwap: 0});
  });
  test("the guest's kernel kills; a machine that is powered off has ended", () => {
    expect(esxOutcome({...base, vms: [{...vm, workload: {overcommit: 1}}], events: [hog(1200)]})).toMatchObject({name: "guest-oom", oomKills: 1});
    expect(esxOutcome({...base, events: [{at: seconds(20), type: "power-off"}]})).toMatchObject({name: "vm-killed", ended: true});
  });
  test("one that was never powered on has not ended", () => {
    const refused = esxOutcome({...base, host: {ram: m(600)}, vms: [{...vm, reservation: m(1000)}]});
    expect([refused.name, refused.steps < 10]).toEqual(["fits", true]);
  });
  test("what is yet to start is waited for", () => {
    const late = (powerOn: number, loadsAt: number): string => esxOutcome({...base, vms: [{...vm, limit: m(400), powerOn: seconds(powerOn), driver: {loadsAt}, workload: {anon: m(700), swap: m(1024)}}]}).name;
    expect([late(30, 0), late(0, 30), late(0, 100)]).toEqual(["guest-swaps", "host-swaps", "host-swaps"]);
  });
  test("a machine that the host has stopped for good is not computed further", () => {
    const starved = esxOutcome({...base, vms: [{...vm, driver: {loadsAt: null}}], events: [hog(300), {at: seconds(10), type: "host-pressure", size: m(3840)}], duration: seconds(600)});
    expect([starved.name, starved.steps < 300]).toEqual(["host-swaps", true]);
  });
});
