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

function toCsv({times, columns}: Timeline): string {
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const rows = [...times].map((time, row) => [time, ...names.map((name) => columns[name][row] ?? 0)].join(","));
  return [["timeSeconds", ...names.map((name) => `${name}KiB`)].join(","), ...rows].join("\n");
}

function toText({times, columns, log}: Timeline): string {
  const last = times.length - 1;
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const width = Math.max(...names.map((name) => name.length));
  const state = names.map((name) => `${name.padEnd(width)} ${String(columns[name][0] ?? 0).padStart(12)} ${String(columns[name][last] ?? 0).padStart(12)}`);
  const lines = log.map(({at, source, text, count}) => `${at.toFixed(3).padStart(10)} s ${source}: ${text}${count > 1 ? ` (${count} times)` : ""}`);
  const heading = `${"KiB".padEnd(width)} ${"at 0 s".padStart(12)} ${`at ${times[last] ?? 0} s`.padStart(12)}`;
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
