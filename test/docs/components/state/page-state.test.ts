import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {initialState, isSame, reduce} from "../../../../docs/components/state/page-state.ts";
import {inRange} from "../../../../docs/components/state/params.ts";
import {setAction, table, tables} from "./tables.ts";

const start = initialState(table);

describe("the reducer", () => {
  test("sets a parameter and leaves the others and the old state alone", () => {
    const before = JSON.stringify(start);
    const after = reduce(table, start, {type: "set", name: "size", value: 1000});
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
    expect(reduce(table, start, action)).toBe(start);
  });

  test("reset restores the default state", () => {
    const moved = reduce(table, reduce(table, start, {type: "set", name: "size", value: 600}), {type: "set", name: "time", value: 3});
    expect(reduce(table, moved, {type: "reset"})).toEqual(start);
  });

  test.each(tables)("any actions leave a valid state: %s", (_name, params) => {
    fc.assert(fc.property(fc.array(setAction(params), {maxLength: 30}), (actions) => {
      const end = actions.reduce((state, action) => reduce(params, state, action), initialState(params));
      for (const p of params) expect(inRange(p, end.params[p.name])).toBe(true);
      expect(Object.keys(end.params)).toEqual(params.map((p) => p.name));
    }));
  });
});

test("states are the same when every parameter is", () => {
  expect(isSame(start, {...start, params: {...start.params}})).toBe(true);
  expect(isSame(start, reduce(table, start, {type: "set", name: "share", value: 0.6}))).toBe(false);
});
