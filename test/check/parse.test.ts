import {describe, expect, test} from "vitest";
import {parseRecording, parseRecordingText} from "../../src/check/parse.ts";
import {list, maybeNumber, numberOrNull, object, text} from "../../src/check/read.ts";
import type {Json, JsonObject} from "../../src/check/types.ts";
import {containing} from "../matchers.ts";

const minimal: JsonObject = {about: "a", recorded: {}, setup: {}, steps: [{act: {tool: "qemu"}}]};
const refused = (value: Json, path: string, expected: string): void => {
  expect(() => parseRecording(value, "x.json")).toThrow(
    expect.objectContaining({code: "malformed-recording", path, expected, message: `not a recording: ${path} is not ${expected}`, hint: "see data/schemas/recording.schema.json"})
  );
};

describe("reading a recording", () => {
  test("the least there is", () => {
    expect(parseRecording(minimal, "x.json")).toEqual({
      name: "x.json",
      about: "a",
      recorded: {},
      setup: {},
      steps: [{path: "steps[0]", act: {tool: "qemu"}, tSeconds: null, after: {}, raw: {act: {tool: "qemu"}}}],
      rows: [],
      sequences: [],
      series: {},
      events: [],
      raw: minimal
    });
  });

  test("steps, rows, sequences, series and events", () => {
    const row = {given: {a: 1}, command: "virsh list"};
    const recording = parseRecording(
      {
        ...minimal,
        steps: [{act: {tool: "qmp", json: {}}, tSeconds: 1.5, after: {guest: {MemTotalKiB: 5}, atSeconds: 2, host: null}}, {act: {tool: "none"}, after: null}],
        rows: [row],
        sequences: [{title: "t", rows: [row, row]}],
        series: {guest: {tSeconds: [1, 2], MemTotalKiB: [3, null]}},
        events: [{text: "x"}]
      },
      "y.json"
    );
    expect(recording.steps.map(({path, tSeconds, after}) => ({path, tSeconds, after}))).toEqual([
      {path: "steps[0]", tSeconds: 1.5, after: {guest: {MemTotalKiB: 5}}},
      {path: "steps[1]", tSeconds: null, after: {}}
    ]);
    expect(recording.rows).toEqual([{path: "rows[0]", given: {a: 1}, command: "virsh list", raw: row}]);
    expect(recording.sequences[0]?.title).toBe("t");
    expect(recording.sequences[0]?.rows.map(({path}) => path)).toEqual(["sequences[0].rows[0]", "sequences[0].rows[1]"]);
    expect(recording.series).toEqual({guest: {tSeconds: [1, 2], MemTotalKiB: [3, null]}});
    expect(recording.events).toEqual([{text: "x"}]);
  });

  test("what is no recording says where", () => {
    refused([], "recording", "an object");
    refused(null, "recording", "an object");
    refused({...minimal, about: 1}, "about", "text");
    refused({...minimal, recorded: []}, "recorded", "an object");
    refused({...minimal, setup: "x"}, "setup", "an object");
    refused({...minimal, steps: {}}, "steps", "a list");
    refused({...minimal, steps: [1]}, "steps[0]", "an object");
    refused({...minimal, steps: [{act: 1}]}, "steps[0].act", "an object");
    refused({...minimal, steps: [{act: {}}]}, "steps[0].act.tool", "text");
    refused({...minimal, steps: [{act: {tool: "x"}, tSeconds: "1"}]}, "steps[0].tSeconds", "a number or null");
    refused({...minimal, steps: [{act: {tool: "x"}, after: 1}]}, "steps[0].after", "an object");
    refused({...minimal, rows: [1]}, "rows[0]", "an object");
    refused({...minimal, rows: [{command: "x"}]}, "rows[0].given", "an object");
    refused({...minimal, rows: [{given: {}}]}, "rows[0].command", "text");
    refused({...minimal, rows: {}}, "rows", "a list");
    refused({...minimal, sequences: [{rows: []}]}, "sequences[0].title", "text");
    refused({...minimal, sequences: [{title: "t", rows: [1]}]}, "sequences[0].rows[0]", "an object");
    refused({...minimal, sequences: 1}, "sequences", "a list");
    refused({...minimal, sequences: [1]}, "sequences[0]", "an object");
    refused({...minimal, series: []}, "series", "an object");
    refused({...minimal, series: {guest: 1}}, "series.guest", "an object");
    refused({...minimal, series: {guest: {a: 1}}}, "series.guest.a", "a list");
    refused({...minimal, series: {guest: {a: ["x"]}}}, "series.guest.a[0]", "a number or null");
    refused({...minimal, series: {guest: {a: [1], b: [1, 2]}}}, "series.guest", "a table of equally long columns");
    refused({...minimal, events: 1}, "events", "a list");
    refused({...minimal, events: [1]}, "events[0]", "an object");
    refused({...minimal, steps: []}, "recording", "a file with steps, rows or sequences");
  });

  test("a file's text", () => {
    expect(parseRecordingText(JSON.stringify(minimal), "x.json").about).toBe("a");
    expect(() => parseRecordingText("{", "x.json")).toThrow(expect.objectContaining({code: "not-json", path: "x.json", message: "not JSON: x.json", expected: "a JSON file", hint: containing("half-written")}));
    expect(() => parseRecordingText("{}", "x.json")).toThrow(expect.objectContaining({code: "malformed-recording"}));
  });
});

describe("reading values", () => {
  test("absent lists are empty, absent numbers null", () => {
    expect(list(undefined, "p")).toEqual([]);
    expect([numberOrNull(undefined, "p"), numberOrNull(null, "p"), numberOrNull(0, "p")]).toEqual([null, null, 0]);
    expect([maybeNumber(3), maybeNumber("3"), maybeNumber(undefined)]).toEqual([3, undefined, undefined]);
  });

  test("wrong types name their path", () => {
    expect(() => list({}, "p")).toThrow("p is not a list");
    expect(() => list(null, "p")).toThrow("p is not a list");
    expect(() => object([], "p")).toThrow("p is not an object");
    expect(() => text(1, "p")).toThrow("p is not text");
    expect(() => numberOrNull(Infinity, "p")).toThrow("p is not a number or null");
  });
});
