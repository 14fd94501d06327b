import {describe, expect, test} from "vitest";
import {simulate} from "../../src/simulation/simulate.ts";
import {createSession} from "../../src/simulation/session.ts";
import {columnNames} from "../../src/simulation/columns.ts";
import type {EventSpec} from "../../src/simulation/events.ts";
import type {ScenarioSpec} from "../../src/simulation/scenario.ts";
import type {Timeline} from "../../src/simulation/timeline.ts";
import {kib, seconds} from "../../src/units.ts";
import {ModelError} from "../../src/errors.ts";

const spec: ScenarioSpec = {machine: {memory: kib(2097152)}, duration: seconds(300), events: [{at: seconds(1), type: "setmem", target: kib(1048576)}]};
const late: EventSpec = {at: seconds(200), type: "setmem", target: kib(524288)};
const early: EventSpec = {at: seconds(50), type: "allocate", size: kib(300000), hold: seconds(100)};

function same(one: Timeline, two: Timeline): void {
  for (const name of columnNames) expect([...one.columns[name]], name).toEqual([...two.columns[name]]);
  expect(one.log).toEqual(two.log);
  expect([...one.times]).toEqual([...two.times]);
  expect(one.outcome).toBe(two.outcome);
}
const withEvents = (...events: EventSpec[]): Timeline => simulate({...spec, events: [...(spec.events ?? []), ...events]});

describe("a session", () => {
  test("starts as the scenario", () => {
    const session = createSession(spec);
    same(session.timeline(), withEvents());
    expect(session.added()).toEqual([]);
    expect(session.undo()).toBe(false);
  });

  test("adds events wherever they are in time", () => {
    const session = createSession(spec);
    session.add(late);
    same(session.timeline(), withEvents(late));
    session.add(early);
    same(session.timeline(), withEvents(late, early));
    expect(session.added()).toEqual([late, early]);
  });

  test("what is undone never happened", () => {
    const session = createSession(spec);
    session.add(late);
    session.add(early);
    expect(session.undo()).toBe(true);
    same(session.timeline(), withEvents(late));
    expect(session.undo()).toBe(true);
    same(session.timeline(), withEvents());
    session.add(early);
    same(session.timeline(), withEvents(early));
    expect(session.added()).toEqual([early]);
  });

  test("also a kill, a panic and the log of them", () => {
    const session = createSession(spec);
    session.add({at: seconds(100), type: "write-tmpfs", size: kib(1500000)});
    expect(session.timeline().log.map(({text}) => text.slice(0, 12))).toEqual(["Out of memor", "Kernel panic", "the guest ha"]);
    session.undo();
    same(session.timeline(), withEvents());
  });

  test("events at the very start, at a checkpoint and at the end", () => {
    for (const t of [0, 59.9, 60, 60.1, 119.95, 299.9, 300]) {
      const session = createSession(spec);
      const event: EventSpec = {at: seconds(t), type: "setmem", target: kib(700000)};
      session.add(event);
      same(session.timeline(), withEvents(event));
      session.undo();
      same(session.timeline(), withEvents());
    }
  });

  test("a timeline once given does not change", () => {
    const session = createSession(spec);
    const before = session.timeline();
    session.add(early);
    same(before, withEvents());
  });

  test("a bad event is refused and changes nothing", () => {
    const session = createSession(spec);
    expect(() => session.add({at: seconds(-1), type: "restart"})).toThrow(ModelError);
    expect(session.added()).toEqual([]);
    same(session.timeline(), withEvents());
  });

  test("works without events of its own, and in the middle of a step", () => {
    const session = createSession({machine: spec.machine, duration: seconds(100)});
    const event: EventSpec = {at: seconds(70.07), type: "setmem", target: kib(1000000)};
    session.add(event);
    same(session.timeline(), simulate({machine: spec.machine, duration: seconds(100), events: [event]}));
  });
});
