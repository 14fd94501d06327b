import {describe, expect, test} from "vitest";
import {bootMemTotal, exact, isWithin, none, residentKiB, stallFloor} from "../../src/check/bars.ts";
import {createFindings, isObject, sameJson} from "../../src/check/collector.ts";

describe("bars", () => {
  test("are those of the project", () => {
    expect([exact, none, bootMemTotal, residentKiB, stallFloor]).toEqual([
      {kind: "exact"},
      {kind: "none"},
      {kind: "relative", fraction: 0.005},
      {kind: "relative-or-absolute", fraction: 0.05, absolute: 16384},
      {kind: "relative", fraction: 0.05}
    ]);
  });

  test.each([
    [exact, 5, 5, true],
    [exact, 5, 6, false],
    [exact, 6, 5, false],
    [bootMemTotal, 1005, 1000, true],
    [bootMemTotal, 995, 1000, true],
    [bootMemTotal, 1006, 1000, false],
    [bootMemTotal, 994, 1000, false],
    [bootMemTotal, -995, -1000, true],
    [bootMemTotal, 1, 0, false],
    [residentKiB, 16384, 0, true],
    [residentKiB, 16385, 0, false],
    [residentKiB, 1050000, 1000000, true],
    [residentKiB, 1050001, 1000000, false],
    [residentKiB, -1050000, -1000000, true],
    [none, 0, 1e9, true],
    [{kind: "between", least: 1, most: 8} as const, 8, 2.2, true],
    [{kind: "between", least: 1, most: 8} as const, 1, 2.2, true],
    [{kind: "between", least: 1, most: 8} as const, 8.1, 8.2, false],
    [{kind: "between", least: 1, most: 8} as const, 0.9, 0.8, false]
  ])("%j: %i for %i is within: %s", (bar, predicted, observed, within) => {
    expect(isWithin(bar, predicted, observed)).toBe(within);
  });
});

describe("JSON", () => {
  test.each([
    [1, 1, true],
    [1, "1", false],
    [null, null, true],
    [null, {}, false],
    [{}, null, false],
    [undefined, null, false],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [{}, [], false],
    [{a: 1, b: [2]}, {b: [2], a: 1}, true],
    [{a: 1}, {a: 1, b: 2}, false],
    [{a: 1, b: 2}, {a: 1}, false],
    [{a: 1}, {b: 1}, false],
    [{a: 1}, {a: 2}, false]
  ] as const)("%j and %j are the same: %s", (a, b, same) => {
    expect(sameJson(a, b)).toBe(same);
  });

  test("an object is neither null, nor a list, nor missing", () => {
    expect([{}, [], null, undefined, "a", 1].map((value) => isObject(value))).toEqual([true, false, false, false, false, false]);
  });
});

describe("findings", () => {
  test("keep what was compared, with its error, and what could not be", () => {
    const found = createFindings();
    found.exact("a", 1, 1);
    found.exact("b", "x", "y");
    found.compare("c", 1004, 1000, bootMemTotal);
    found.compare("d", 1006, 1000, bootMemTotal);
    found.show("e", 5, 7);
    found.show("f", "x", "y");
    found.compare("g", null, 1000, bootMemTotal);
    found.compare("h", [1], [1], bootMemTotal);
    found.cannot("i", "why");
    expect(found.comparisons).toEqual([
      {path: "a", bar: exact, predicted: 1, observed: 1, error: 0, within: true},
      {path: "b", bar: exact, predicted: "x", observed: "y", error: null, within: false},
      {path: "c", bar: bootMemTotal, predicted: 1004, observed: 1000, error: 4, within: true},
      {path: "d", bar: bootMemTotal, predicted: 1006, observed: 1000, error: 6, within: false},
      {path: "e", bar: none, predicted: 5, observed: 7, error: -2, within: true},
      {path: "f", bar: none, predicted: "x", observed: "y", error: null, within: true},
      {path: "g", bar: bootMemTotal, predicted: null, observed: 1000, error: null, within: false},
      {path: "h", bar: bootMemTotal, predicted: [1], observed: [1], error: null, within: true}
    ]);
    expect(found.unpredicted).toEqual([{path: "i", reason: "why"}]);
  });
});
