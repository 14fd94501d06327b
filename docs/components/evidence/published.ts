import {barText} from "../../../src/check/report.ts";
import type {CheckReport, Comparison, Json, JsonObject, Recording} from "../../../src/check/types.ts";
import {group as thousands} from "../figure/format.ts";

/** A published number beside ours. */
export interface PublishedValue {
  readonly path: string;
  /** What it is, and its unit, in words. */
  readonly name: string;
  readonly published: string;
  readonly ours: string;
  readonly bar: string;
  readonly within: boolean;
}

/** What one row of a file of published numbers compares. */
export interface PublishedRow {
  readonly what: string;
  /** Where the numbers are from, and what they rest on. */
  readonly source: string;
  /** Why they are missed, where they are. */
  readonly missed: string | null;
  readonly values: readonly PublishedValue[];
}

/** Names of published numbers, in words with their unit. A guest's are numbered. */
const NAMES: Readonly<Record<string, string>> = {
  minFreeMB: "MB",
  state: "state",
  overheadMB: "MB",
  shares: "shares",
  first: "first, MB",
  second: "second, MB",
  demandMB: "MB",
  idle: "idle, MB",
  dbench: "busy, MB",
  sql: "MB",
  rmseMB: "mean error, MB",
  correlation: "correlation",
  sharedPct: "shared, %",
  reclaimedPct: "reclaimed, %",
  sumMB: "all parts together, MB",
  balloonMB: "balloon, MB",
  MBperSecond: "MB/s",
  slowRmseMB: "slow average, mean error, MB",
  fastRmseMB: "fast average, mean error, MB",
  estimateRmseMB: "estimate, mean error, MB",
  sharedLessReclaimedMB: "MB",
  percent: "%",
  differenceMB: "MB",
  overcommittedPct: "%",
  grantedPeakMB: "most granted, MB",
  sharedMB: "shared, MB",
  pagedPeakMB: "MB",
  pagedLaterMB: "MB",
  lowestState: "lowest",
  lastState: "at the end",
  highPct: "%",
  peakMB: "most, MB",
  targetMB: "target, MB"
};

const nameOf = (key: string): string => NAMES[key] ?? key.replace(/^guest(\d+)MB$/, "guest $1, MB");

const digitsOf = (value: number): number => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;

function number(value: number, digits: number): string {
  const [whole = "", part] = value.toFixed(digits).split(".");
  return part === undefined ? thousands(Number(whole)) : `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${part}`;
}

const words = (value: Json, digits: number): string => (typeof value === "number" ? number(value, digits) : value === null ? "" : typeof value === "string" ? value : JSON.stringify(value));

/** As many digits as were printed; an error of ours, beside which nothing was, has one, a correlation two. */
function valueOf({path, predicted, observed, bar, within}: Comparison): PublishedValue {
  const key = path.slice(path.lastIndexOf(".") + 1);
  const digits = typeof observed === "number" ? digitsOf(observed) : key === "correlation" ? 2 : 1;
  const own = typeof observed === "number" && bar.kind !== "exact" ? Math.max(1, digits) : digits;
  return {path, name: nameOf(key), published: words(observed, digits), ours: words(predicted, own), bar: barText(bar), within};
}

const numberIn = (given: JsonObject, key: string): number => (typeof given[key] === "number" ? given[key] : NaN);

/** What a row without words of its own compares: one that tests a policy by what it says to guests. */
function fromGiven(command: string, given: JsonObject): string {
  const {guests} = given;
  if (command === "proxmox" && Array.isArray(guests)) return `Proxmox: ${number(numberIn(given, "goalMB"), 0)} MB to share out among ${guests.length} guest${guests.length === 1 ? "" : "s"}, ${given["repeated"] === true ? "round after round" : "one round"}`;
  if (command === "mom") return `MOM: a guest of ${number(numberIn(given, "currentMB"), 0)} MB on a host of which ${number(100 * numberIn(given, "hostFree"), 0)} % is free`;
  return command;
}

const textOr = (value: Json | undefined, otherwise: string): string => (typeof value === "string" ? value : otherwise);

/** The rows of a file of published numbers with what was compared of each; null of a recording. */
export function publishedRows(report: CheckReport, {rows, setup}: Recording): readonly PublishedRow[] | null {
  if (setup["kind"] !== "published") return null;
  return rows.flatMap(({path, command, given, raw}) => {
    const values = report.comparisons.filter((comparison) => comparison.path.startsWith(`${path}.`)).map(valueOf);
    const missed = textOr(raw["missed"], "");
    return values.length === 0 ? [] : [{what: textOr(raw["what"], fromGiven(command, given)), source: textOr(raw["note"], ""), missed: missed === "" || values.every(({within}) => within) ? null : missed, values}];
  });
}
