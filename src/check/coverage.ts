import {isObject} from "./collector.ts";
import type {Comparison, Json, Recording, Unpredicted} from "./types.ts";

/** Parts of a file that say how it was made: inputs of the prediction or words, nothing to predict. */
const NOT_OBSERVED = new Set(["about", "recorded", "setup", "units", "repeat"]);
/** Keys of a step or row that are inputs or clock readings. */
const INPUTS = new Set(["act", "given", "command", "tSeconds", "startedAtSeconds", "atSeconds", "stateSeconds", "title", "note", "what", "missed"]);

/** Paths of everything a file observes: leaves, but a whole table column, list of numbers or text counts as one. */
function leaves(value: Json, path: string, into: string[]): void {
  if (Array.isArray(value)) {
    if (value.some((item: Json) => isObject(item))) value.forEach((item: Json, i) => leaves(item, `${path}[${i}]`, into));
    else if (path.startsWith("dmesg")) value.forEach((_, i) => into.push(`${path}[${i}]`));
    else into.push(path);
    return;
  }
  if (!isObject(value)) {
    into.push(path);
    return;
  }
  for (const [key, child] of Object.entries(value)) if (!INPUTS.has(key)) leaves(child, `${path}.${key}`, into);
}

/** The part of a path before each dot or bracket, longest first, and the path itself. */
export function prefixes(path: string): string[] {
  const cuts = [...path.matchAll(/[.[]/g)].map(({index}) => path.slice(0, index));
  return [path, ...cuts.reverse()];
}

/**
 * What a file observes and no replayer has said anything about, so that the list
 * of what is not predicted is complete without any replayer's care.
 */
export function unclaimed(recording: Recording, comparisons: readonly Comparison[], unpredicted: readonly Unpredicted[]): Unpredicted[] {
  const said = new Set([...comparisons, ...unpredicted].map(({path}) => path));
  const parts = [...said].flatMap(prefixes);
  const within = new Set(parts);
  const observed: string[] = [];
  for (const [key, part] of Object.entries(recording.raw)) if (!NOT_OBSERVED.has(key)) leaves(part, key, observed);
  return observed
    .filter((path) => !within.has(path) && !prefixes(path).some((prefix) => said.has(prefix)))
    .map((path) => ({path, reason: "no replayer has a rule for it"}));
}
