import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {MOST_EVENTS, isEvent} from "../../../../docs/components/state/events.ts";
import {eventTable, initialState, isSame, reduce, type Action} from "../../../../docs/components/state/page-state.ts";
import {inRange} from "../../../../docs/components/state/params.ts";
import {anyAction, spec, specs} from "./tables.ts";

const start = initialState(spec);

describe("the reducer", () => {
  test("sets a parameter and leaves the others and the old state alone", () => {
    const before = JSON.stringify(start);
    const after = reduce(spec, start, {type: "set", name: "size", value: 1000});
    expect(after.params).toEqual({...start.params, size: 1000});
    expect(JSON.stringify(start)).toBe(before);
  });

  test.each([
    ["an unknown parameter", {type: "set", name: "no such", value: 1}],
    ["a name every object has", {type: "set", name: "__proto__", value: 1}],
    ["not a number", {type: "set", name: "size", value: NaN}],
    ["no end", {type: "set", name: "size", value: Infinity}],
    ["the value it has", {type: "set", name: "size", value: 2048}],
    ["a value that snaps to the one it has", {type: "set", name: "size", value: 2048.2}],
    ["a reset at the start", {type: "reset"}]
  ] as const)("%s changes nothing: the same object", (_what, action) => {
    expect(reduce(spec, start, action)).toBe(start);
  });

  test("reset restores the default state", () => {
    const moved = reduce(spec, reduce(spec, start, {type: "set", name: "size", value: 600}), {type: "set", name: "time", value: 3});
    expect(reduce(spec, moved, {type: "reset"})).toEqual(start);
  });

  test("an event is added, moved, given another amount and deleted", () => {
    const added = reduce(spec, start, {type: "add-event", event: {type: "ask", at: 3.14159, value: 700.4}});
    expect(added.events.at(-1)).toEqual({type: "ask", at: 3.1, value: 700});
    const moved = reduce(spec, added, {type: "change-event", index: 2, at: 99});
    expect(moved.events.at(-1)).toEqual({type: "ask", at: 24, value: 700});
    const larger = reduce(spec, moved, {type: "change-event", index: 2, value: 800});
    expect(larger.events.at(-1)).toEqual({type: "ask", at: 24, value: 800});
    expect(reduce(spec, larger, {type: "delete-event", index: 2})).toEqual(start);
  });

  test("events keep their places in the list when one is moved past another, so that a drag does not lose hold of it", () => {
    const moved = reduce(spec, start, {type: "change-event", index: 0, at: 1});
    expect(moved.events.map((e) => [e.type, e.at])).toEqual([["ask", 1], ["free", 11.5]]);
  });

  test.each<[string, Action]>([
    ["of a kind the page does not have", {type: "add-event", event: {type: "no such", at: 1, value: 1}}],
    ["at no time", {type: "add-event", event: {type: "free", at: NaN, value: 0}}],
    ["changed but not there", {type: "change-event", index: 9, at: 1}],
    ["deleted but not there", {type: "delete-event", index: -1}]
  ])("an event %s changes nothing", (_what, action) => {
    expect(reduce(spec, start, action)).toBe(start);
  });

  test("more events than can be told apart are not taken", () => {
    const add: Action = {type: "add-event", event: {type: "free", at: 5, value: 0}};
    const full = Array.from({length: 60}).reduce<typeof start>((s) => reduce(spec, s, add), start);
    expect(full.events.length).toBe(MOST_EVENTS);
    expect(reduce(spec, full, add)).toBe(full);
  });

  test("pinning keeps the present setting to compare with; reset lets go of it", () => {
    const moved = reduce(spec, start, {type: "set", name: "size", value: 600});
    const pinned = reduce(spec, moved, {type: "pin"});
    const on = reduce(spec, pinned, {type: "set", name: "size", value: 900});
    expect([on.pin?.params.size, on.params.size]).toEqual([600, 900]);
    expect(reduce(spec, on, {type: "unpin"}).pin).toBeNull();
    expect(reduce(spec, on, {type: "reset"})).toEqual(start);
    expect(reduce(spec, pinned, {type: "pin"})).toBe(pinned);
  });

  test.each(specs)("any actions leave a valid state: %s", (_name, of) => {
    fc.assert(fc.property(fc.array(anyAction(of), {maxLength: 40}), (actions) => {
      const end = actions.reduce((state, action) => reduce(of, state, action), initialState(of));
      for (const setting of [end, ...(end.pin === null ? [] : [end.pin])]) {
        for (const p of of.params) expect(inRange(p, setting.params[p.name])).toBe(true);
        expect(Object.keys(setting.params)).toEqual(of.params.map((p) => p.name));
        for (const event of setting.events) expect(isEvent(eventTable(of), event)).toBe(true);
      }
    }));
  });
});

test("states are the same when every parameter is", () => {
  expect(isSame(start, {...start, params: {...start.params}})).toBe(true);
  expect(isSame(start, reduce(spec, start, {type: "set", name: "share", value: 0.6}))).toBe(false);
});
