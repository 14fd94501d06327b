import {ModelError} from "../errors.ts";
import {createFindings} from "./collector.ts";
import {prefixes, unclaimed} from "./coverage.ts";
import {replayers as all} from "./registry.ts";
import type {CheckReport, Collector, Recording, Replayer} from "./types.ts";

/** Keeps the first entry of each path: an earlier replayer owns what it reported. */
function firstOfEach<T extends {readonly path: string}>(entries: readonly T[], taken: ReadonlySet<string> = new Set()): T[] {
  const seen = new Set(taken);
  return entries.filter(({path}) => !seen.has(path) && seen.add(path));
}

/** A machine that the model cannot build is reported as not predicted, and why; it is not an unreadable file. */
function replay(replayer: Replayer, recording: Recording, found: Collector): void {
  try {
    replayer.replay(recording, found);
  } catch (error) {
    if (!(error instanceof ModelError) || error.code === "malformed-recording") throw error;
    found.cannot(`${replayer.name} replay`, `${error.message}: expected ${error.expected} at ${error.path}`);
  }
}

/**
 * Replays one recording with every replayer that knows its kind.
 * Pure: the same recording gives the same report.
 * @throws ModelError `malformed-recording` when a part a replayer needs is missing or not what the format says.
 */
export function checkRecording(recording: Recording, replayers: readonly Replayer[] = all): CheckReport {
  const found = createFindings();
  const used = replayers.filter((replayer) => replayer.accepts(recording));
  for (const replayer of used) replay(replayer, recording, found);
  const comparisons = firstOfEach(found.comparisons);
  const judged = new Set(comparisons.flatMap(({path}) => prefixes(path)));
  // What one replayer gives up as a whole another may have compared in part: then its other parts are listed one by one.
  const unpredicted = firstOfEach(found.unpredicted).filter(({path}) => !judged.has(path));
  return Object.freeze({
    recording: recording.name,
    about: recording.about,
    replayers: used.map(({name}) => name),
    comparisons,
    unpredicted: [...unpredicted, ...unclaimed(recording, comparisons, unpredicted)],
    ok: comparisons.some(({bar}) => bar.kind !== "none") && comparisons.every(({within}) => within)
  });
}
