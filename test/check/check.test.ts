import {readFileSync, readdirSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {checkRecording} from "../../src/check/check.ts";
import {unclaimed} from "../../src/check/coverage.ts";
import {parseRecording, parseRecordingText} from "../../src/check/parse.ts";
import {barText, counts, reportText, summaryLine} from "../../src/check/report.ts";
import {malformed} from "../../src/check/read.ts";
import type {CheckReport, Comparison, JsonObject, Replayer} from "../../src/check/types.ts";
import {ModelError} from "../../src/errors.ts";

const recording = (more: JsonObject = {}): ReturnType<typeof parseRecording> => parseRecording({about: "a test", recorded: {x: 1}, setup: {y: 2}, steps: [{act: {tool: "t"}, after: {guest: {a: 1, b: 2}}, tSeconds: 1}], ...more}, "x.json");
const replayer = (name: string, replay: Replayer["replay"], accepts = true): Replayer => ({name, accepts: () => accepts, replay});
const ok = replayer("ok", (_, found) => found.exact("steps[0].after.guest.a", 1, 1));

describe("checking a recording", () => {
  test("runs every replayer that accepts it and lists what none has spoken of", () => {
    const report = checkRecording(recording(), [ok, replayer("other", () => expect.unreachable(), false)]);
    expect(report).toEqual({
      recording: "x.json",
      about: "a test",
      replayers: ["ok"],
      comparisons: [{path: "steps[0].after.guest.a", bar: {kind: "exact"}, predicted: 1, observed: 1, error: 0, within: true}],
      unpredicted: [{path: "steps[0].after.guest.b", reason: "no replayer has a rule for it"}],
      ok: true
    });
    expect(Object.isFrozen(report)).toBe(true);
  });

  test("one field out of its bar fails it", () => {
    expect(checkRecording(recording(), [ok, replayer("bad", (_, found) => found.exact("steps[0].after.guest.b", 1, 2))]).ok).toBe(false);
  });

  test("nothing held to a bar is no success", () => {
    expect(checkRecording(recording(), []).ok).toBe(false);
    expect(checkRecording(recording(), [replayer("shows", (_, found) => found.show("steps[0].after.guest.a", 1, 2))]).ok).toBe(false);
  });

  test("the first word on a path counts, and a comparison before a reason why not", () => {
    const report = checkRecording(recording(), [
      replayer("first", (_, found) => {
        found.exact("p", 1, 1);
        found.cannot("q", "first");
      }),
      replayer("second", (_, found) => {
        found.exact("p", 1, 2);
        found.cannot("p", "no");
        found.cannot("q", "second");
      })
    ]);
    expect(report.comparisons.map(({path, within}) => [path, within])).toEqual([["p", true]]);
    expect(report.unpredicted.slice(0, 1)).toEqual([{path: "q", reason: "first"}]);
    expect(report.unpredicted.some(({path}) => path === "p")).toBe(false);
  });

  test("what one replayer gives up as a whole and another compares in part is listed by its other parts", () => {
    const report = checkRecording(recording(), [replayer("gives up", (_, found) => found.cannot("steps[0].after", "not mine")), ok]);
    expect(report.unpredicted).toEqual([{path: "steps[0].after.guest.b", reason: "no replayer has a rule for it"}]);
  });

  test("a machine the model cannot build is said to be one", () => {
    const report = checkRecording(recording(), [
      replayer("boot", () => {
        throw new ModelError("unknown firmware: x", {code: "unknown-firmware", path: "firmware.name", expected: "seabios", hint: "h"});
      })
    ]);
    expect(report.unpredicted[0]).toEqual({path: "boot replay", reason: "unknown firmware: x: expected seabios at firmware.name"});
    expect(report.ok).toBe(false);
  });

  test("a malformed part, and any other error, goes to the caller", () => {
    const thrower = (error: Error): (() => CheckReport) => () => checkRecording(recording(), [replayer("r", () => { throw error; })]);
    expect(thrower(malformed("p", "x"))).toThrow("not a recording");
    expect(thrower(new TypeError("bug"))).toThrow("bug");
  });
});

describe("what nobody spoke of", () => {
  const paths = (more: JsonObject, said: string[] = []): string[] => unclaimed(recording(more), said.map((path): Comparison => ({path, bar: {kind: "none"}, predicted: 1, observed: 1, error: 0, within: true})), []).map(({path}) => path);

  test("inputs, clocks and words about the file are nothing to predict", () => {
    expect(paths({units: ["u"], repeat: {runs: 1}, steps: [{act: {tool: "t", json: {}}, tSeconds: 1, startedAtSeconds: 0, stateSeconds: 1, note: "n", exitCode: 0, after: {atSeconds: 1, guest: {}}}]})).toEqual(["steps[0].exitCode"]);
    expect(paths({steps: [], rows: [{given: {a: 1}, command: "c", exitCode: 0, title: "t"}]}, ["steps"])).toEqual(["rows[0].exitCode"]);
  });

  test("a column, a list of numbers and a text are one thing each; boot lines count one by one", () => {
    expect(paths({series: {guest: {a: [1, 2], b: [3, 4]}}, dmesg: ["x", "y"], events: [{text: "e"}], e820: [{start: 1, end: 2}], empty: []}, ["steps[0].after.guest"])).toEqual([
      "series.guest.a",
      "series.guest.b",
      "dmesg[0]",
      "dmesg[1]",
      "events[0].text",
      "e820[0].start",
      "e820[0].end",
      "empty"
    ]);
  });

  test("speaking of a part, or of something inside it, is enough", () => {
    expect(paths({}, ["steps[0]"])).toEqual([]);
    expect(paths({}, ["steps"])).toEqual([]);
    expect(paths({}, ["steps[0].after.guest.a.x"])).toEqual(["steps[0].after.guest.b"]);
    expect(paths({}, ["steps[0].after.guest.aa"])).toEqual(["steps[0].after.guest.a", "steps[0].after.guest.b"]);
    expect(paths({}, ["steps[0].after.gues"])).toEqual(["steps[0].after.guest.a", "steps[0].after.guest.b"]);
    expect(unclaimed(recording(), [], [{path: "steps[0].after", reason: "r"}])).toEqual([]);
  });
});

describe("the report", () => {
  const report: CheckReport = {
    recording: "x.json",
    about: "a test",
    replayers: ["boot", "qemu"],
    comparisons: [
      {path: "a", bar: {kind: "exact"}, predicted: 1, observed: 1, error: 0, within: true},
      {path: "b", bar: {kind: "relative", fraction: 0.005}, predicted: 2, observed: 1, error: 1, within: false},
      {path: "c", bar: {kind: "none"}, predicted: "x", observed: "y".repeat(80), error: null, within: true}
    ],
    unpredicted: [{path: "d", reason: "why"}],
    ok: false
  };

  test("bars in words", () => {
    expect([{kind: "exact"} as const, {kind: "relative", fraction: 0.005} as const, {kind: "relative-or-absolute", fraction: 0.05, absolute: 16384} as const, {kind: "none"} as const].map(barText)).toEqual(["exact", "0.5 %", "5 % or 16384", "no bar"]);
    expect([{kind: "between", least: 1, most: 8} as const, {kind: "between", least: 0, most: 15} as const].map(barText)).toEqual(["1 to 8", "at most 15"]);
  });

  test("as text", () => {
    expect(reportText(report)).toBe(
      [
        "x.json: a test",
        "replayed by: boot, qemu",
        "ok   a: 1 error 0 (exact)",
        "FAIL b: predicted 2 observed 1 error 1 (0.5 %)",
        `     c: predicted "x" observed "${"y".repeat(58)}… (no bar)`,
        "not predicted:",
        "   - d: why",
        "FAIL x.json: 2 fields held to a bar, 1 out of it, 1 shown, 1 not predicted"
      ].join("\n")
    );
  });

  test("with nothing in it", () => {
    const empty = {...report, replayers: [], comparisons: [], unpredicted: []};
    expect(reportText(empty)).toBe(["x.json: a test", "replayed by: nothing", summaryLine(empty)].join("\n"));
    expect(summaryLine(empty)).toBe("none x.json: 0 fields held to a bar, 0 out of it, 0 shown, 0 not predicted: nothing that has a bar could be predicted");
  });

  test("a success", () => {
    expect(summaryLine({...report, ok: true})).toMatch(/^ok {3}x\.json: /);
    expect(counts(report)).toEqual({judged: 2, failed: 1, shown: 1, unpredicted: 1});
  });
});

describe("the boots of the recordings", () => {
  const folder = new URL("../../data/recordings/", import.meta.url);
  const read = (name: string): CheckReport => checkRecording(parseRecordingText(readFileSync(new URL(name, folder), "utf8"), name));
  const error = (report: CheckReport, path: string): number | null | undefined => report.comparisons.find((one) => one.path === path)?.error;

  test.each(readdirSync(folder).filter((name) => name.startsWith("qemu-size-")))("%s: MemTotal to the KiB, every zone and watermark to the page, e820 to the byte", (name) => {
    const report = read(name);
    expect(report.ok).toBe(true);
    expect(report.comparisons.filter(({path}) => path === "e820" || path === "iomem").map(({within}) => within)).toEqual([true, true]);
    expect(error(report, "steps[0].after.guest.MemTotalKiB")).toBe(0);
    const zones = report.comparisons.filter(({path}) => path.includes(".zones["));
    expect(zones.length).toBeGreaterThanOrEqual(12);
    expect(zones.filter((one) => one.error !== 0)).toEqual(zones.filter(({path}) => path.endsWith("freePages") && error(report, path) !== 0));
    expect(Math.abs(error(report, "steps[0].after.guest.MemFreeKiB") ?? Infinity)).toBeLessThanOrEqual(512);
  });
});
