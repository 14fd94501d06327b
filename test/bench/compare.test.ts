import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {compare, missed, ratioOf, readReference, regressions, updated, worsening, writeReference, type PageValues} from "../../scripts/bench/compare.ts";
import {barFor, meets, metrics, type Metric} from "../../scripts/bench/metrics.ts";

const metric = (id: string): Metric => {
  const found = metrics.find((m) => m.id === id);
  if (found === undefined) throw new Error(`no metric ${id}`);
  return found;
};
const page = (values: PageValues["values"], kind: PageValues["kind"] = "model"): PageValues => ({page: "p", kind, values});

describe("bars", () => {
  it("has each metric once", () => expect(new Set(metrics.map(({id}) => id)).size).toBe(metrics.length));
  it.each([
    ["lighthouse.performance", "model", "least", 95],
    ["lighthouse.accessibility", "text", "least", 100],
    ["lighthouse.practices", "model", "least", 100],
    ["lighthouse.seo", "model", "least", 100],
    ["load.requests", "model", "most", 10],
    ["load.requests", "text", "most", 8],
    ["load.kB", "model", "most", 130],
    ["load.kB", "text", "most", 60],
    ["load.foreign", "text", "most", 0],
    ["load.shift", "model", "most", 0.005],
    ["drag.shift", "model", "most", 0.005],
    ["drag.p95", "model", "most", 33],
    ["drag.fps", "model", "least", 55]
  ] as const)("%s of a %s page: at %s %s", (id, kind, at, value) => expect(barFor(metric(id), kind)).toEqual({at, value}));
  it("is none where the page bars name none", () => expect(barFor(metric("drag.p50"), "model")).toBeNull());
  it("is met by its own value, from below or from above", () => {
    expect([32.9, 33, 33.1].map((v) => meets(v, {at: "most", value: 33}))).toEqual([true, true, false]);
    expect([54.9, 55, 55.1].map((v) => meets(v, {at: "least", value: 55}))).toEqual([false, true, true]);
  });
});

describe("ratios", () => {
  it("are to the baseline of the same run", () => expect(ratioOf(metric("drag.p95"), 20, 80)).toBe(0.25));
  it("need a baseline", () => expect(ratioOf(metric("drag.p95"), 20, null)).toBeNull());
  it("stand as they are where the number is a ratio already", () => expect(ratioOf(metric("engine.relative"), 0.2, null)).toBe(0.2));
  it("are not made where there is nothing to compare with", () => expect(ratioOf(metric("engine.run"), 1, 1)).toBeNull());
  it("worsen upwards for costs and downwards for scores", () => {
    expect(worsening(metric("drag.p95"), 0.6, 0.4)).toBeCloseTo(1.5);
    expect(worsening(metric("drag.fps"), 1, 1.5)).toBeCloseTo(1.5);
  });
});

describe("the rule of CI", () => {
  const baseline = {"drag.p95": 100, "drag.fps": 30, "load.shift": 0.1};
  const reference = {p: {"drag.p95": 0.2, "drag.fps": 2, "load.shift": 0.05}};
  const failing = (values: PageValues["values"]): string[] => regressions(compare([page(values)], baseline, reference)).map((row) => row.metric.id);
  it("lets a ratio be half as bad again", () => expect(failing({"drag.p95": 30, "drag.fps": 40})).toEqual([]));
  it("fails beyond that", () => expect(failing({"drag.p95": 30.1, "drag.fps": 39.9})).toEqual(["drag.p95", "drag.fps"]));
  it("does not fail on a better ratio", () => expect(failing({"drag.p95": 1, "drag.fps": 90})).toEqual([]));
  it("does not fail on noise below the grain", () => expect(failing({"load.shift": 0.004})).toEqual([]));
  it("says nothing without a reference", () => expect(regressions(compare([page({"drag.p95": 900})], baseline, {}))).toEqual([]));
  it("leaves missed bars to --strict", () => {
    const rows = compare([page({"drag.p95": 34})], {"drag.p95": 200}, {p: {"drag.p95": 0.2}});
    expect(regressions(rows)).toEqual([]);
    expect(missed(rows).map((row) => row.metric.id)).toEqual(["drag.p95"]);
  });
  it("skips what was not measured", () => expect(compare([page({})], baseline, reference)).toEqual([]));
  it("holds text pages to their own bars", () => expect(missed(compare([page({"load.kB": 61}, "text")], {}, {}))).toHaveLength(1));
});

describe("the reference", () => {
  const rows = compare([page({"drag.p95": 12.345, "engine.run": 3})], {"drag.p95": 100}, {});
  it("takes the new ratios and keeps what was not measured", () => {
    const old = {p: {"drag.p95": 9, "load.kB": 0.5}, q: {"load.kB": 0.1}};
    expect(updated(old, rows)).toEqual({p: {"drag.p95": 0.123, "load.kB": 0.5}, q: {"load.kB": 0.1}});
    expect(old.p["drag.p95"]).toBe(9);
  });
  it("is empty where there is no file, reads back what it wrote, and does not hide a broken file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bench-"));
    try {
      const file = join(folder, "reference.json");
      expect(await readReference(file)).toEqual({});
      await writeReference(file, updated({}, rows));
      expect(await readReference(file)).toEqual({p: {"drag.p95": 0.123}});
      await expect(readReference(folder)).rejects.toThrow("EISDIR");
    } finally {
      await rm(folder, {recursive: true});
    }
  });
});
