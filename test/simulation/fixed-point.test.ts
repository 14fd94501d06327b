import fc from "fast-check";
import {afterAll, describe, expect, test} from "vitest";
import {resolveMachine} from "../../src/domain/machine.ts";
import {createColumns, qemuColumnNames} from "../../src/simulation/columns.ts";
import type {EventSpec} from "../../src/simulation/events.ts";
import {createLog} from "../../src/simulation/log.ts";
import {finish} from "../../src/simulation/outcome.ts";
import {applyDue, stepTo, worldOf, type Cursor} from "../../src/simulation/run.ts";
import {sample} from "../../src/simulation/sample.ts";
import {resolveScenario, type Scenario, type ScenarioSpec} from "../../src/simulation/scenario.ts";
import {simulate} from "../../src/simulation/simulate.ts";
import {createTimeline, stepCount, type Timeline} from "../../src/simulation/timeline.ts";
import type {World} from "../../src/simulation/world.ts";
import {outcomeNames, worstOf} from "../../src/simulation/worst.ts";
import {mib, mibToKib, seconds, type KiB} from "../../src/units.ts";
import {cases} from "../cases.ts";

const numRuns = cases(1000);
const m = (value: number): KiB => mibToKib(mib(value));
const size = (min: number, max: number): fc.Arbitrary<KiB> => fc.integer({min, max}).map(m);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary);
const machines = [256, 512, 1024].flatMap((memory) => [false, true].map((deflateOnOom) => resolveMachine({memory: m(memory), balloon: {deflateOnOom, freePageReporting: deflateOnOom}})));
/** Seconds of a run, and the last moment at which something happens. */
const [END, LAST] = [15, 9];
const RAM = [m(400), m(4000)] as const;

type Limits = Readonly<Record<string, KiB | null>>;
const version2 = fc.record({max: maybe(size(150, 1200)), high: maybe(size(150, 1200)), low: maybe(size(0, 600)), min: maybe(size(0, 400)), swapMax: maybe(size(0, 500))});
const version1 = fc.record({max: maybe(size(150, 900)), memswMax: maybe(size(900, 1500)), soft: maybe(size(100, 900))})
  // The kernel takes a limit of both only above one of memory.
  .map((own) => ({...own, memswMax: own.max === null ? null : own.memswMax}));

const happening = (limits: fc.Arbitrary<Limits>): fc.Arbitrary<Record<string, unknown>> => fc.oneof(
  {weight: 4, arbitrary: fc.record({type: fc.constant("allocate"), size: size(1, 900), rate: fc.constantFrom(m(60), m(1024)), hold: fc.constantFrom(2, 1000, undefined, undefined, undefined), jitter: fc.constantFrom(0, 0, 0.5)})},
  {weight: 2, arbitrary: fc.record({type: fc.constant("balloon"), target: size(1, 1200)})},
  {weight: 3, arbitrary: fc.tuple(limits, fc.nat()).map(([all, pick]) => ({type: "cgroup", ...Object.fromEntries(Object.entries(all).filter((_, i) => (pick >> i) % 2 === 1))}))},
  {weight: 1, arbitrary: fc.record({type: fc.constant("host-pressure"), size: size(0, 400)})},
  {weight: 1, arbitrary: fc.record({type: fc.constantFrom("cache", "working-set", "write-tmpfs"), size: size(1, 500)})},
  {weight: 3, arbitrary: fc.constantFrom("touch", "free", "restart", "load-driver", "unload-driver", "drop-caches").map((type) => ({type}))},
  {weight: 1, arbitrary: fc.constantFrom({type: "poll-stats", interval: 0}, {type: "poll-stats", interval: 3}, {type: "set-overcommit", mode: 1}, {type: "set-swappiness", value: 0})}
);

const cell = fc.constantFrom(1 as const, 2 as const).chain((version): fc.Arbitrary<ScenarioSpec> => {
  const limits: fc.Arbitrary<Limits> = version === 1 ? version1 : version2;
  return fc.record({
    machine: fc.constantFrom(...machines),
    currentMemory: size(1, 1024),
    driver: fc.record({loadsAt: fc.constantFrom(null, 0, 0, 2), kind: fc.constantFrom("virtio" as const, "virtio" as const, "virtio" as const, "xen" as const, "vmmemctl" as const)}),
    workload: fc.record({swap: fc.constantFrom(m(0), m(0), m(256)), overcommit: fc.constantFrom(0 as const, 1 as const)}),
    host: fc.record({ram: fc.constantFrom(...RAM), swap: fc.constantFrom(m(0), m(200), m(4000)), others: size(0, 250), diskCache: fc.boolean(), cgroup: limits.map((own) => ({version, ...own}))}),
    events: fc.array(fc.tuple(fc.integer({min: 0, max: 2 * LAST}), happening(limits)).map(([half, what]) => ({at: half / 2, ...what}) as unknown as EventSpec), {maxLength: 5}),
    step: fc.constantFrom(seconds(0.1), seconds(0.2)),
    duration: fc.constant(seconds(END))
  });
});

/** The same run with every step computed: nothing is passed over, so nothing has to be proven. */
function stepped(scenario: Scenario): {readonly world: World; readonly timeline: Timeline} {
  const log = createLog();
  const world = worldOf(scenario, log);
  const last = stepCount(scenario);
  const columns = createColumns(last + 1);
  const cursor: Cursor = {row: 0, event: 0};
  let worst = 0;
  for (; cursor.row <= last; cursor.row++) {
    stepTo(world, scenario, cursor.row);
    applyDue(world, scenario, cursor);
    sample(world, columns, cursor.row);
    worst = Math.max(worst, worstOf(world));
  }
  return {world, timeline: createTimeline(scenario, columns, log.entries(), worst)};
}

/**
 * All that an outcome or what happens next could be told from: not the pages that a
 * program at rest was allowed and did not take, a process that is only still to
 * be buried, nor the last answer to a poll.
 */
function stateOf({state: {guest, host, registers, reporting, running}}: World): string {
  const processes = guest.processes.filter(({alive}) => alive).map((process) => ({...process, carry: 0}));
  return JSON.stringify([{...guest, processes}, host, registers, reporting, running]);
}

/** A plain throw costs a hundredth of an expect. */
function same(short: Timeline, full: Timeline): void {
  for (const name of qemuColumnNames) {
    const [a, b] = [short.columns[name], full.columns[name]];
    for (let row = 0; row < b.length; row++) if (a[row] !== b[row]) throw new Error(`${name}[${row}]: ${a[row]} instead of ${b[row]}`);
  }
  if (JSON.stringify(short.log) !== JSON.stringify(full.log)) throw new Error("the logs differ");
  if (short.outcome !== full.outcome) throw new Error(`${short.outcome} instead of ${full.outcome}`);
}

describe("a run that passes time over", () => {
  const seen = new Map<string, number>();
  let [computed, rows] = [0, 0];
  const note = (what: string): void => {
    seen.set(what, (seen.get(what) ?? 0) + 1);
  };
  afterAll(() => {
    process.stdout.write(`cells equal to their full run: ${Math.round((100 * computed) / rows)} % of the steps computed; ${[...seen].map(([name, count]) => `${name} ${count}`).join(", ")}\n`);
  });

  test("is the full run, in every row, in its log and in the state it ends with", {timeout: 120_000}, () => {
    fc.assert(fc.property(cell, (spec) => {
      const scenario = resolveScenario(spec);
      const full = stepped(scenario);
      same(simulate(scenario), full.timeline);
      const {world, steps} = finish(scenario);
      if (stateOf(world) !== stateOf(full.world)) expect(JSON.parse(stateOf(world))).toEqual(JSON.parse(stateOf(full.world)));
      computed += steps;
      rows += stepCount(scenario) + 1;
      note(full.timeline.outcome);
      if (world.state.host.cgroup.throttled > 0) note("throttled");
      if (steps <= stepCount(scenario) && world.state.driver.failures > 0) note("stalled, and passed over");
    }), {numRuns, seed: 7});
    if (numRuns === 1000) for (const name of [...outcomeNames, "throttled", "stalled, and passed over"]) expect([name, (seen.get(name) ?? 0) >= 5]).toEqual([name, true]);
    expect(computed).toBeLessThan(rows / 2);
  });
});
