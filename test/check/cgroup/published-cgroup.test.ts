import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {checkRecording} from "../../../src/check/check.ts";
import {parseRecording, parseRecordingText} from "../../../src/check/parse.ts";
import {replayPublished} from "../../../src/check/replay-published.ts";
import type {CheckReport, Json} from "../../../src/check/types.ts";

const report = checkRecording(parseRecordingText(readFileSync("data/published/cgroup.json", "utf8"), "cgroup.json"));
const of = (command: string, given: Json, published: Json): CheckReport =>
  checkRecording(parseRecording({about: "a", recorded: {}, setup: {kind: "published"}, rows: [{command, given, published, note: "n"}]}, "x.json"), [replayPublished]);

describe("published numbers of cgroups and memtune", () => {
  test("are all what the rules give, exactly", () => {
    expect(report.comparisons.filter(({within}) => !within)).toEqual([]);
    expect([report.ok, report.comparisons.length, report.comparisons.every(({bar}) => bar.kind === "exact")]).toEqual([true, 24, true]);
  });

  test("the kernel's table of delays, effective protection and both shifts of swap are among them", () => {
    const observed = (name: string): Json[] => report.comparisons.filter(({path}) => path.endsWith(name)).map(({observed: one}) => one);
    expect(observed(".delayMs")).toEqual([6, 25, 159, 639, 2000]);
    expect(observed(".sleepMs")).toEqual([0, 156]);
    expect(observed(".effective")).toEqual([285, 133, 0]);
    expect(observed(".answer")).toEqual(["EBUSY", "OOM killer", "EINVAL"]);
    expect(observed(".swapMiB")).toEqual([1024, 2048]);
  });

  test("what is not predicted is said with its reason", () => {
    expect(report.unpredicted.map(({path}) => path)).toEqual(["notPredicted[0]"]);
  });

  test("a number that does not fit is out of its bar", () => {
    expect(of("protection", {usage: 600, setting: 500, parentEffective: 400, siblingsProtected: 700}, {effective: 286}).ok).toBe(false);
    expect(of("limit", {version: 2, usedMiB: 100, limitMiB: 512, writeMiB: 400}, {answer: "ok", limitMiB: 400}).ok).toBe(true);
  });

  test.each<[string, Json]>([
    ["high", {usageMiB: 1}],
    ["memtuneFiles", {version: 3}]
  ])("a row that is malformed is refused: %s", (command, given) => {
    expect(() => of(command, given, {})).toThrow("not a recording");
  });
});
