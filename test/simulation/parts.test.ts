import {describe, expect, test} from "vitest";
import {columnNames, createColumns, qemuColumnNames} from "../../src/simulation/columns.ts";
import {copyData, restoreData} from "../../src/simulation/copy.ts";
import {createLog} from "../../src/simulation/log.ts";
import {repeatRow, rowAt} from "../../src/simulation/sample.ts";
import {resolveScenario} from "../../src/simulation/scenario.ts";
import {createTimeline, stepCount, timelineColumns} from "../../src/simulation/timeline.ts";
import {kib, seconds} from "../../src/units.ts";

describe("columns", () => {
  test("have the names the site reads", () => {
    expect(columnNames).toEqual([
      "configured", "target", "actual", "memTotal", "memFree", "memAvailable", "anon", "cached", "slab", "guestKernel", "guestSwapUsed", "balloon", "resident", "hostSwapped", "processRss", "neverTouched", "hostFree"
    ]);
    expect(qemuColumnNames).toEqual([...columnNames, "cgroupCurrent", "cgroupSwap", "hostSwapIn", "hostSwapOut"]);
    expect(timelineColumns).toBe(qemuColumnNames);
  });

  test("are zero and of one length", () => {
    const columns = createColumns(3);
    expect(Object.keys(columns)).toEqual([...qemuColumnNames]);
    for (const name of qemuColumnNames) expect([...columns[name]]).toEqual([0, 0, 0]);
  });

  test("a row is one object, and can be repeated", () => {
    const columns = createColumns(5);
    qemuColumnNames.forEach((name, i) => {
      columns[name][1] = i + 1;
    });
    repeatRow(columns, 1, 3);
    expect(Object.values(rowAt(columns, 3))).toEqual(qemuColumnNames.map((_, i) => i + 1));
    expect(Object.values(rowAt(columns, 4))).toEqual(qemuColumnNames.map(() => 0));
    expect(rowAt(columns, 99).actual).toBe(0);
    repeatRow(columns, 4, 4);
    expect(rowAt(columns, 4).configured).toBe(0);
  });
});

describe("copies", () => {
  const data = (): {n: number; s: string; b: boolean; none: null; typed: Float64Array; list: {a: number}[]; inner: {deep: {x: number}}} => ({
    n: 1, s: "a", b: true, none: null, typed: Float64Array.of(1, 2), list: [{a: 1}, {a: 2}], inner: {deep: {x: 5}}
  });

  test("are equal and share nothing", () => {
    const one = data();
    const two = copyData(one);
    expect(two).toEqual(one);
    one.typed[0] = 9;
    one.inner.deep.x = 9;
    const first = one.list[0];
    if (first) first.a = 9;
    expect(two).toEqual(data());
  });

  test("restoring writes into the same objects", () => {
    const target = data();
    const {typed, inner, list} = target;
    const saved = copyData(target);
    target.n = 7;
    target.typed[1] = 8;
    target.inner.deep.x = 9;
    target.list.push({a: 3});
    restoreData(target, saved);
    expect(target).toEqual(data());
    expect([target.typed === typed, target.inner === inner, target.list === list]).toEqual([true, true, true]);
    const first = target.list[0];
    if (first) first.a = 100;
    expect(saved.list[0]).toEqual({a: 1});
  });

  test("a field that changes its kind is replaced", () => {
    const target: {x: unknown; y: unknown} = {x: 1, y: {}};
    restoreData(target, {x: {a: 1}, y: null});
    expect(target).toEqual({x: {a: 1}, y: null});
    restoreData(target, {x: 3, y: [1]});
    expect(target).toEqual({x: 3, y: [1]});
  });
});

describe("the log", () => {
  test("says a repeated line once, with how often and until when", () => {
    const log = createLog();
    log.write(1, "kernel", "a");
    log.write(2, "kernel", "a");
    log.write(3, "qmp", "a");
    log.write(4, "qmp", "b");
    expect(log.entries()).toEqual([
      {at: 1, source: "kernel", text: "a", count: 2, until: 2},
      {at: 3, source: "qmp", text: "a", count: 1, until: 3},
      {at: 4, source: "qmp", text: "b", count: 1, until: 4}
    ]);
  });

  test("goes back to what it was", () => {
    const log = createLog();
    log.write(1, "kernel", "a");
    const saved = log.entries();
    log.write(2, "kernel", "a");
    log.write(2, "kernel", "b");
    log.restore(saved);
    expect(log.entries()).toEqual([{at: 1, source: "kernel", text: "a", count: 1, until: 1}]);
    log.write(5, "kernel", "a");
    expect(saved.length).toBe(1);
    expect(saved[0]?.count).toBe(1);
  });
});

describe("a timeline", () => {
  const scenario = resolveScenario({machine: {memory: kib(1048576)}, duration: seconds(1), step: seconds(0.25)});

  test("has a row at 0 and one after each step", () => {
    expect(stepCount(scenario)).toBe(4);
    expect(stepCount({...scenario, duration: seconds(0.01)})).toBe(1);
    expect(stepCount({...scenario, duration: seconds(1.1)})).toBe(4);
    const timeline = createTimeline(scenario, createColumns(5), [], 0);
    expect([...timeline.times]).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  test("knows the last row at or before a time", () => {
    const columns = createColumns(5);
    columns.actual.set([10, 20, 30, 40, 50]);
    const timeline = createTimeline(scenario, columns, [], 0);
    const at = (t: number): [number, number] => {
      const {time, actual} = timeline.stateAt(seconds(t));
      return [time, actual];
    };
    expect([-1, 0, 0.24, 0.25, 0.5 - 1e-12, 0.74, 1, 99].map(at)).toEqual([[0, 10], [0, 10], [0, 10], [0.25, 20], [0.5, 30], [0.5, 30], [1, 50], [1, 50]]);
    expect(Object.isFrozen(timeline.stateAt(seconds(0)))).toBe(true);
  });

  test("is frozen, and its log is its own", () => {
    const log = [{at: 1, source: "kernel" as const, text: "a", count: 1, until: 1}];
    const timeline = createTimeline(scenario, createColumns(5), log, 3);
    log.pop();
    expect(timeline.log.length).toBe(1);
    expect(timeline.outcome).toBe("guest-oom");
    expect([Object.isFrozen(timeline), Object.isFrozen(timeline.columns), Object.isFrozen(timeline.log)]).toEqual([true, true, true]);
    expect(timeline.scenario).toBe(scenario);
  });
});
