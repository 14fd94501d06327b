import {ModelError} from "../errors.ts";
import {isObject} from "./collector.ts";
import {list, malformed, numberOrNull, object, text} from "./read.ts";
import type {Json, JsonObject, RecordedRow, RecordedSeries, RecordedStep, Recording} from "./types.ts";

function parseAfter(value: Json | undefined, path: string): Record<string, JsonObject> {
  if (value === undefined || value === null) return {};
  return Object.fromEntries(Object.entries(object(value, path)).flatMap(([key, group]) => (isObject(group) ? [[key, group]] : [])));
}

function parseStep(value: Json, path: string): RecordedStep {
  const raw = object(value, path);
  const act = object(raw["act"], `${path}.act`);
  text(act["tool"], `${path}.act.tool`);
  return {path, act, raw, tSeconds: numberOrNull(raw["tSeconds"], `${path}.tSeconds`), after: parseAfter(raw["after"], `${path}.after`)};
}

function parseRow(value: Json, path: string): RecordedRow {
  const raw = object(value, path);
  return {path, raw, given: object(raw["given"], `${path}.given`), command: text(raw["command"], `${path}.command`)};
}

const parseRows = (value: Json | undefined, path: string): RecordedRow[] => list(value, path).map((row, i) => parseRow(row, `${path}[${i}]`));

function parseSequence(value: Json, path: string): Recording["sequences"][number] {
  const raw = object(value, path);
  return {title: text(raw["title"], `${path}.title`), rows: parseRows(raw["rows"], `${path}.rows`)};
}

function parseColumn(value: Json, path: string): (number | null)[] {
  return list(value, path).map((cell, i) => numberOrNull(cell, `${path}[${i}]`));
}

function parseTable(value: Json, path: string): RecordedSeries {
  const columns = Object.entries(object(value, path)).map(([name, cells]) => [name, parseColumn(cells, `${path}.${name}`)] as const);
  const lengths = new Set(columns.map(([, cells]) => cells.length));
  if (lengths.size > 1) throw malformed(path, "a table of equally long columns");
  return Object.fromEntries(columns);
}

function parseSeries(value: Json | undefined): Record<string, RecordedSeries> {
  if (value === undefined) return {};
  return Object.fromEntries(Object.entries(object(value, "series")).map(([name, table]) => [name, parseTable(table, `series.${name}`)]));
}

/**
 * Reads a recording from parsed JSON. Parts that every file of the format shares
 * are typed; the rest stays raw.
 * @param name the file's name, for reports.
 * @throws ModelError `malformed-recording`, with the path of the bad part.
 */
export function parseRecording(value: Json, name: string): Recording {
  const raw = object(value, "recording");
  const steps = list(raw["steps"], "steps").map((step, i) => parseStep(step, `steps[${i}]`));
  const rows = parseRows(raw["rows"], "rows");
  const sequences = list(raw["sequences"], "sequences").map((sequence, i) => parseSequence(sequence, `sequences[${i}]`));
  if (steps.length + rows.length + sequences.length === 0) throw malformed("recording", "a file with steps, rows or sequences");
  return {
    name,
    raw,
    steps,
    rows,
    sequences,
    about: text(raw["about"], "about"),
    recorded: object(raw["recorded"], "recorded"),
    setup: object(raw["setup"], "setup"),
    series: parseSeries(raw["series"]),
    events: list(raw["events"], "events").map((event, i) => object(event, `events[${i}]`))
  };
}

/**
 * Reads a recording from a file's text.
 * @throws ModelError `not-json` or `malformed-recording`.
 */
export function parseRecordingText(source: string, name: string): Recording {
  try {
    return parseRecording(JSON.parse(source) as Json, name);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError(`not JSON: ${name}`, {code: "not-json", path: name, expected: "a JSON file", hint: "check the file for a truncated or half-written end"});
  }
}
