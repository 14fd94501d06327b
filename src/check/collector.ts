import {exact, isWithin, none} from "./bars.ts";
import type {Bar, Collector, Comparison, Json, JsonObject, Unpredicted} from "./types.ts";

/** Whether a JSON value is an object and no array. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Equal as JSON values; the order of an object's keys does not matter. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item: Json, i) => sameJson(item, b[i] as Json));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameJson(a[key], b[key]));
}

function judge(bar: Bar, predicted: Json, observed: Json): boolean {
  if (bar.kind === "between") return typeof predicted === "number" && isWithin(bar, predicted, NaN);
  if (typeof predicted === "number" && typeof observed === "number") return isWithin(bar, predicted, observed);
  return bar.kind === "none" || sameJson(predicted, observed);
}

/** A collector and the lists it fills. */
export interface Findings extends Collector {
  readonly comparisons: Comparison[];
  readonly unpredicted: Unpredicted[];
}

export function createFindings(): Findings {
  const comparisons: Comparison[] = [];
  const unpredicted: Unpredicted[] = [];
  const compare = (path: string, predicted: Json, observed: Json, bar: Bar): void => {
    const error = typeof predicted === "number" && typeof observed === "number" ? predicted - observed : null;
    comparisons.push({path, bar, predicted, observed, error, within: judge(bar, predicted, observed)});
  };
  return {
    comparisons,
    unpredicted,
    compare,
    exact: (path, predicted, observed) => compare(path, predicted, observed, exact),
    show: (path, predicted, observed) => compare(path, predicted, observed, none),
    cannot: (path, reason) => unpredicted.push({path, reason})
  };
}
