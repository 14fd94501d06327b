import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {EsxEventSpec} from "../../../src/simulation/esx/events.ts";
import type {EsxScenarioSpec, EsxVmSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx, type EsxTimeline} from "../../../src/simulation/esx/simulate-esx.ts";
import {kib, seconds, type KiB} from "../../../src/units.ts";

const mib = (n: number): KiB => kib(Math.round(n * 1024));
const inMib = (size: number): number => Math.round(size / 1024);
const busy = (name: string, anon: number, more: Partial<EsxVmSpec> = {}): EsxVmSpec => ({name, memory: mib(1024), workload: {anon: mib(anon), active: mib(anon), swap: mib(1024)}, ...more});
const last = (timeline: EsxTimeline, index: number) => {
  const found = timeline.vms[index]?.stateAt(timeline.scenario.duration);
  if (found === undefined) throw new Error("no such machine");
  return found;
};

describe("what a machine has no use for goes to others", () => {
  const pair = simulateEsx({host: {ram: mib(1050), version: "2002"}, vms: [{name: "small", memory: mib(1024), workload: {active: mib(20), swap: mib(1024)}}, busy("busy", 700)], duration: seconds(300), every: seconds(10)});

  test("a machine of 91 MiB is not entitled to twice that while another is short", () => {
    expect([inMib(last(pair, 0).consumed), inMib(last(pair, 0).entitlement)]).toEqual([91, 112]);
  });
  test("the host keeps just over 6 % free, and no more than headroom and hysteresis beside it", () => {
    const part = (pair.host.free.at(-1) ?? NaN) / mib(1050);
    expect([part > 0.06, part < 0.06 * 1.1 + 0.02]).toEqual([true, true]);
  });
  test("the balloon goes when the memory is there again", () => {
    const events: EsxEventSpec[] = [{at: seconds(100), type: "power-off", vm: "c"}];
    const run = simulateEsx({host: {ram: mib(1800), version: "2002"}, vms: [busy("a", 600), busy("b", 600), busy("c", 600)], events, duration: seconds(160), every: seconds(1)});
    expect(run.vms[0]?.stateAt(seconds(99)).balloon).toBeGreaterThan(0);
    expect([last(run, 0).balloon, last(run, 1).balloon]).toEqual([0, 0]);
  });
});

describe("any host at rest", () => {
  const machine = fc.record({memory: fc.integer({min: 256, max: 1024}), anon: fc.double({min: 0.4, max: 0.75, noNaN: true}), active: fc.double({min: 0, max: 0.75, noNaN: true}), shares: fc.constantFrom("low" as const, "normal" as const, "high" as const), reserved: fc.constantFrom(0, 0.25)});
  const scenario = fc.record({version: fc.constantFrom("2002" as const, "4.0" as const, "5.0" as const), part: fc.double({min: 0.4, max: 0.8, noNaN: true}), machines: fc.array(machine, {minLength: 1, maxLength: 4})}).map(({version, part, machines}): EsxScenarioSpec => ({
    host: {version, ram: mib(Math.max(300, part * machines.reduce((sum, {memory}) => sum + memory + 60, 0))), largePages: false},
    vms: machines.map(({memory, anon, active, shares, reserved}, i) => ({name: `vm${i}`, memory: mib(memory), shares, reservation: mib(Math.round(reserved * memory)), overhead: mib(40), workload: {anon: mib(anon * memory), active: mib(active * memory), swap: mib(memory), overcommit: 1}})),
    duration: seconds(240),
    step: seconds(0.5),
    every: seconds(1)
  }));

  test("no balloon stays while free memory is well above the high threshold", {timeout: 300_000}, () => {
    let ballooned = 0;
    fc.assert(
      fc.property(scenario, (spec) => {
        const run = simulateEsx(spec);
        const headroom = spec.vms.reduce((sum, {memory}) => sum + 0.02 * memory, 0);
        // What lies in swap files is asked for, and comes back only when it is touched.
        const swapped = Math.max(...Array.from(run.times, (_, row) => run.vms.reduce((sum, {columns}) => sum + (columns.hostSwapped[row] ?? 0), 0)).slice(-60));
        const enough = 1.1 * 0.06 * spec.host.ram + headroom + swapped + mib(32);
        const stays = run.vms.some(({columns}) => columns.balloon.slice(-60).every((size) => size > mib(4)));
        if (stays) ballooned++;
        if (stays) expect(run.host.free.slice(-60).every((free) => free > enough)).toBe(false);
      }),
      {numRuns: 60, seed: 2611}
    );
    expect(ballooned).toBeGreaterThan(5);
  });
});
