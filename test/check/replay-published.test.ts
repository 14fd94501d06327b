import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {checkRecording} from "../../src/check/check.ts";
import {parseRecording, parseRecordingText} from "../../src/check/parse.ts";
import {replayPublished} from "../../src/check/replay-published.ts";
import {barText} from "../../src/check/report.ts";
import type {CheckReport, Json} from "../../src/check/types.ts";

const path = "data/published/esx.json";
const parsed = parseRecordingText(readFileSync(path, "utf8"), "esx.json");
const report = checkRecording(parsed);
const of = (rows: readonly Json[], notPredicted?: Json): CheckReport =>
  checkRecording(parseRecording({about: "a", recorded: {}, setup: {kind: "published"}, rows, ...(notPredicted === undefined ? {} : {notPredicted})}, "x.json"), [replayPublished]);
const row = (command: string, given: Json, published: Json): Json => ({command, given, published, note: "n"});

describe("published numbers of ESX", () => {
  test("are within their tolerance, but for what is paged out while five machines boot, which says why", () => {
    const missed = report.comparisons.filter(({within}) => !within);
    expect(missed.map(({path: where}) => where.split(".").at(-1))).toEqual(["pagedPeakMB", "pagedLaterMB"]);
    const rows = parsed.rows.filter(({path: where}) => missed.some((comparison) => comparison.path.startsWith(`${where}.`)));
    expect(rows.map(({raw}) => typeof raw["missed"])).toEqual(["string", "string"]);
    expect(report.comparisons.length).toBeGreaterThanOrEqual(90);
  });
  test("say in words what each is and where it is from", () => {
    for (const {raw} of parsed.rows) expect([typeof raw["what"], typeof raw["note"]]).toEqual(["string", "string"]);
  });
  test("the exact ones are exact: tables, minFree, shares, states, pools", () => {
    expect(report.comparisons.filter(({bar}) => bar.kind === "exact").length).toBeGreaterThanOrEqual(30);
  });
  test("what cannot be predicted is said with the reason, and nothing else is left over", () => {
    expect(report.unpredicted.map(({path: where}) => where)).toEqual(Array.from({length: 8}, (_, i) => `notPredicted[${i}]`));
  });
  test("Figure 6's averages and estimate are within 15 MB, with expected counts and with pages drawn", () => {
    const errors = report.comparisons.filter(({path: where}) => where.includes("Rmse"));
    expect(errors.map(({bar, within}) => [barText(bar), within])).toEqual(Array.from({length: 6}, () => ["at most 15", true]));
  });
  test.each([
    ["MBperSecond", "1 to 8"],
    ["differenceMB", "± 5"],
    ["overcommittedPct", "59 to 64"],
    ["grantedPeakMB", "25 %"],
    ["sharedMB", "25 %"],
    ["pagedPeakMB", "25 %"],
    ["pagedLaterMB", "at most 20"],
    ["lowestState", "exact"],
    ["sql", "exact"],
    ["peakMB", "10 %"]
  ])("%s is held to %s", (name, bar) => {
    expect(report.comparisons.filter(({path: where}) => where.endsWith(`.${name}`)).map((comparison) => barText(comparison.bar))).toEqual([bar]);
  });
});

describe("a row", () => {
  test("without tolerance has to agree to its printed digits", () => {
    expect(of([row("minFree", {managedMB: 130607, digits: 0}, {minFreeMB: 1920})]).ok).toBe(true);
    expect(of([row("minFree", {managedMB: 130607}, {minFreeMB: 1920})]).ok).toBe(false);
    expect(of([row("minFree", {managedMB: 130607, digits: 0}, {minFreeMB: 1921})]).ok).toBe(false);
  });
  test("with one has to be as close as it says", () => {
    const within = (tolerance: Json): boolean => of([row("minFree", {managedMB: 130607, within: tolerance}, {minFreeMB: 1900})]).ok;
    expect([within({absolute: 21}), within({absolute: 20}), within({fraction: 0.011}), within({fraction: 0.01})]).toEqual([true, false, true, false]);
    expect(of([row("minFree", {managedMB: 1, within: {shown: true}}, {minFreeMB: 9999})]).comparisons[0]).toMatchObject({within: true, bar: {kind: "none"}});
  });
  test("with bounds has to lie between them, whatever was published", () => {
    const within = (least: number, most: number): boolean => of([row("minFree", {managedMB: 130607, within: {least, most}}, {minFreeMB: null})]).ok;
    expect([within(1920, 1921), within(1921, 1922), within(0, 1920)]).toEqual([true, false, false]);
    expect(of([row("state", {version: "6.0", managedMB: 65073, freeMB: [1], within: {most: 1}}, {state: "low"})]).ok).toBe(false);
  });
  test("of an unknown rule or name is listed", () => {
    expect(of([row("nothing", {}, {a: 1})]).unpredicted).toEqual([{path: "rows[0]", reason: "no rule is called nothing"}]);
    expect(of([row("minFree", {managedMB: 1}, {other: 1})]).unpredicted[0]?.reason).toBe("the rule minFree says nothing about it");
    expect(of([row("minFree", {managedMB: 1}, {minFreeMB: 1})], ["odd"]).unpredicted).toEqual([{path: "notPredicted", reason: "no replayer has a rule for it"}]);
  });
  test.each([
    ["minFree", {}],
    ["overhead", {version: "3", memoryMB: 1, vcpus: 1}],
    ["vmShares", {level: "most", memoryMB: 1}],
    ["divide", {machines: [1]}],
    ["divide", {machines: [{shares: 1, activeMB: 1, leastMB: 0, mostMB: 1}], capacityMB: 1, tax: 0}]
  ])("that is malformed is refused: %s", (command, given) => {
    expect(() => of([row(command, given, {})])).toThrow("not a recording");
  });
  test("is only taken from a file of published numbers", () => {
    expect(replayPublished.accepts(parseRecording({about: "a", recorded: {}, setup: {}, rows: []  , steps: [{act: {tool: "x"}}]}, "x"))).toBe(false);
  });
});
