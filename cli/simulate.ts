import {simulate as run} from "../src/simulation/simulate.ts";
import type {Timeline} from "../src/simulation/timeline.ts";
import {describeError} from "./errors.ts";
import {EXIT, type Io} from "./io.ts";
import {parseScenario} from "./scenario.ts";

/** How a timeline is printed. */
export type SimulateFormat = "text" | "json" | "csv";

function toJson({scenario, times, columns, log}: Timeline): string {
  const plain = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values]]));
  return JSON.stringify({scenario, unit: "KiB", times: [...times], columns: plain, log}, null, 2);
}

const cell = (values: Float64Array, row: number): string => values.subarray(row, row + 1).join();

function toCsv({times, columns}: Timeline): string {
  const rows = [...times].map((time, row) => [time, ...Object.values(columns).map((values) => cell(values, row))].join(","));
  return [["timeSeconds", ...Object.keys(columns).map((name) => `${name}KiB`)].join(","), ...rows].join("\n");
}

function toText({times, columns, log}: Timeline): string {
  const last = times.length - 1;
  const width = Math.max(...Object.keys(columns).map((name) => name.length));
  const state = Object.entries(columns).map(([name, values]) => `${name.padEnd(width)} ${cell(values, 0).padStart(12)} ${cell(values, last).padStart(12)}`);
  const lines = log.map(({at, source, text, count}) => `${at.toFixed(3).padStart(10)} s ${source}: ${text}${count > 1 ? ` (${count} times)` : ""}`);
  const heading = `${"KiB".padEnd(width)} ${"at 0 s".padStart(12)} ${`at ${cell(times, last)} s`.padStart(12)}`;
  return [heading, ...state, ...(lines.length > 0 ? ["", ...lines] : [])].join("\n");
}

const writers: Readonly<Record<SimulateFormat, (timeline: Timeline) => string>> = {text: toText, json: toJson, csv: toCsv};

/** `setmem simulate SCENARIO.json [--json|--csv]`. Sizes in the file and in the output are KiB. */
export function simulate(file: string, format: SimulateFormat, io: Io): number {
  try {
    io.out(writers[format](run(parseScenario(io.read(file), file))));
    return EXIT.ok;
  } catch (error) {
    io.err(`${file}: ${describeError(error)}`);
    return EXIT.unreadable;
  }
}
