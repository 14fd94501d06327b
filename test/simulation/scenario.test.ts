import {describe, expect, test} from "vitest";
import {ModelError} from "../../src/errors.ts";
import {eventTypes, type EventSpec} from "../../src/simulation/events.ts";
import {resolveScenario, type ScenarioSpec} from "../../src/simulation/scenario.ts";
import {kib, seconds} from "../../src/units.ts";

const machine = {memory: kib(2097152)};
const base: ScenarioSpec = {machine, duration: seconds(10)};
const error = (spec: unknown): {code: string; path: string} | null => {
  try {
    resolveScenario(spec as ScenarioSpec);
    return null;
  } catch (caught) {
    if (caught instanceof ModelError) return {code: caught.code, path: caught.path};
    throw caught;
  }
};

describe("defaults", () => {
  test("a plain scenario is a virtio guest on a large host, its driver loaded at once", () => {
    const scenario = resolveScenario(base);
    expect(scenario.host).toEqual({ram: 2 * 2097152 + 16 * 1048576, swap: 0, overhead: 102400, others: 0, diskCache: false, cgroup: {version: 2, max: Infinity, memswMax: Infinity, high: Infinity, low: 0, min: 0, swapMax: Infinity, soft: Infinity}});
    expect(scenario.driver).toEqual({loadsAt: 0, kind: "virtio", rate: 1048576});
    expect(scenario.workload).toEqual({options: {swap: undefined, swappiness: undefined, overcommit: undefined, seed: 0}, fileRate: 204800});
    expect(scenario.events).toEqual([{at: 0, type: "load-driver"}]);
    expect([scenario.seed, scenario.duration, scenario.step, scenario.resolved]).toEqual([0, 10, 0.1, true]);
    expect(scenario.machine.memory).toBe(2097152);
    expect(Object.isFrozen(scenario)).toBe(true);
  });

  test("a resolved scenario stays as it is", () => {
    const scenario = resolveScenario(base);
    expect(resolveScenario(scenario)).toBe(scenario);
  });
});

describe("what is given", () => {
  test("host, driver and workload", () => {
    const scenario = resolveScenario({
      ...base,
      seed: 9,
      step: seconds(0.5),
      host: {ram: kib(1000), swap: kib(2000), overhead: kib(3), others: kib(4), diskCache: true, cgroup: {version: 1, max: kib(5), memswMax: kib(6), soft: kib(7)}},
      driver: {loadsAt: 3, kind: "xen", rate: 5},
      workload: {swap: kib(100), swappiness: 10, overcommit: 1, fileRate: 7}
    });
    expect(scenario.host).toEqual({ram: 1000, swap: 2000, overhead: 3, others: 4, diskCache: true, cgroup: {version: 1, max: 5, memswMax: 6, high: Infinity, low: 0, min: 0, swapMax: Infinity, soft: 7}});
    expect(scenario.driver).toEqual({loadsAt: 3, kind: "xen", rate: 5});
    expect(scenario.workload).toEqual({options: {swap: 100, swappiness: 10, overcommit: 1, seed: 9}, fileRate: 7});
    expect([scenario.seed, scenario.step]).toEqual([9, 0.5]);
    expect(scenario.events).toEqual([{at: 3, type: "load-driver"}]);
  });

  test("shorthands become events at the start", () => {
    const {events} = resolveScenario({...base, currentMemory: kib(5), workload: {anon: kib(6), workingSet: kib(7)}});
    expect(events).toEqual([
      {at: 0, type: "setmem", target: 5},
      {at: 0, type: "allocate", name: "workload", size: 6},
      {at: 0, type: "working-set", size: 7},
      {at: 0, type: "load-driver"}
    ]);
  });

  test("a driver that never loads has no event", () => {
    expect(resolveScenario({...base, driver: {loadsAt: null}}).events).toEqual([]);
    expect(resolveScenario({...base, driver: {}}).events).toEqual([{at: 0, type: "load-driver"}]);
  });

  test("events are put in order; those of one instant keep theirs", () => {
    const events: EventSpec[] = [
      {at: seconds(5), type: "restart"},
      {at: seconds(0), type: "drop-caches"},
      {at: seconds(5), type: "unload-driver"}
    ];
    expect(resolveScenario({...base, events}).events.map(({at, type}) => [at, type])).toEqual([[0, "load-driver"], [0, "drop-caches"], [5, "restart"], [5, "unload-driver"]]);
    expect(events[0]?.type).toBe("restart");
  });

  test("every type of event is accepted, and a target may be anything", () => {
    for (const type of eventTypes) expect(error({...base, events: [{at: 1, type, target: -1, size: 1, interval: 1, mode: 1, value: 1}]})).toBe(null);
    expect(eventTypes.length).toBe(17);
  });
});

describe("errors name the field", () => {
  test.each([
    [{...base, duration: 0}, "out-of-range", "duration"],
    [{...base, duration: NaN}, "out-of-range", "duration"],
    [{...base, duration: Infinity}, "out-of-range", "duration"],
    [{...base, step: 0}, "out-of-range", "step"],
    [{...base, step: -1}, "out-of-range", "step"],
    [{...base, duration: 1e6 + 1, step: 0.1}, "out-of-range", "step"],
    [{...base, host: {ram: 0}}, "out-of-range", "host.ram"],
    [{...base, host: {swap: -1}}, "out-of-range", "host.swap"],
    [{...base, host: {overhead: -1}}, "out-of-range", "host.overhead"],
    [{...base, host: {others: NaN}}, "out-of-range", "host.others"],
    [{...base, host: {ram: 1000, others: 1001}}, "out-of-range", "host.others"],
    [{...base, host: {ram: 1000}, events: [{at: 1, type: "host-pressure", size: 1001}]}, "out-of-range", "events[0].size"],
    [{...base, driver: {rate: 0}}, "out-of-range", "driver.rate"],
    [{...base, workload: {fileRate: 0}}, "out-of-range", "workload.fileRate"],
    [{...base, machine: {memory: 0}}, "out-of-range", "memory"],
    [{...base, events: [{at: -1, type: "restart"}]}, "out-of-range", "events[0].at"],
    [{...base, events: [{at: 1, type: "restart"}, {at: 1, type: "nothing"}]}, "unknown-event", "events[1].type"],
    [{...base, events: [{at: 1, type: "cache", size: -1}]}, "out-of-range", "events[0].size"],
    [{...base, events: [{at: 1, type: "allocate", size: 1, rate: 0}]}, "out-of-range", "events[0].rate"],
    [{...base, events: [{at: 1, type: "allocate", size: 1, jitter: -1}]}, "out-of-range", "events[0].jitter"],
    [{...base, events: [{at: 1, type: "allocate", size: 1, hold: -1}]}, "out-of-range", "events[0].hold"],
    [{...base, events: [{at: 1, type: "write-tmpfs", size: 1, limit: -1}]}, "out-of-range", "events[0].limit"],
    [{...base, events: [{at: 1, type: "poll-stats", interval: -1}]}, "out-of-range", "events[0].interval"],
    [{...base, events: [{at: 1, type: "set-swappiness", value: -1}]}, "out-of-range", "events[0].value"]
  ])("%j", (spec, code, path) => {
    expect(error(spec)).toEqual({code, path});
  });

  test("the most steps there may be", () => {
    expect(error({...base, duration: 1e6, step: 0.1})).toBe(null);
  });

  test("messages say what is wrong, what would be right and what to do", () => {
    try {
      resolveScenario({...base, duration: seconds(-2)});
      expect.unreachable();
    } catch (caught) {
      expect(caught).toMatchObject({message: "invalid duration: -2", expected: "a number above 0", hint: "give duration a value above 0"});
    }
    try {
      resolveScenario({...base, host: {swap: kib(-2)}});
      expect.unreachable();
    } catch (caught) {
      expect(caught).toMatchObject({message: "invalid host.swap: -2", expected: "a number of 0 or more", hint: "give host.swap a value of 0 or more"});
    }
    try {
      resolveScenario({...base, duration: seconds(2e6)});
      expect.unreachable();
    } catch (caught) {
      expect(caught).toMatchObject({message: "too many steps: 20000000", expected: "at most 10000000 steps", hint: "make the step longer or the duration shorter"});
    }
    try {
      resolveScenario({...base, events: JSON.parse(`[{"at": 0, "type": "x"}]`) as readonly EventSpec[]});
      expect.unreachable();
    } catch (caught) {
      expect(caught).toMatchObject({message: "unknown event: x", hint: "use one of the listed types", expected: eventTypes.join(", ")});
    }
  });
});
