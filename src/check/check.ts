import {createFindings} from "./collector.ts";
import {unclaimed} from "./coverage.ts";
import {replayers as all} from "./registry.ts";
import type {CheckReport, Recording, Replayer} from "./types.ts";

/** Keeps the first entry of each path: an earlier replayer owns what it reported. */
function firstOfEach<T extends {readonly path: string}>(entries: readonly T[], taken: ReadonlySet<string> = new Set()): T[] {
  const seen = new Set(taken);
  return entries.filter(({path}) => !seen.has(path) && seen.add(path));
}

/**
 * Replays one recording with every replayer that knows its kind.
 * Pure: the same recording gives the same report.
 * @throws ModelError when the recording's setup is none the model can build.
 */
export function checkRecording(recording: Recording, replayers: readonly Replayer[] = all): CheckReport {
  const found = createFindings();
  const used = replayers.filter((replayer) => replayer.accepts(recording));
  for (const replayer of used) replayer.replay(recording, found);
  const comparisons = firstOfEach(found.comparisons);
  const unpredicted = firstOfEach(found.unpredicted, new Set(comparisons.map(({path}) => path)));
  return Object.freeze({
    recording: recording.name,
    about: recording.about,
    replayers: used.map(({name}) => name),
    comparisons,
    unpredicted: [...unpredicted, ...unclaimed(recording, comparisons, unpredicted)],
    ok: comparisons.some(({bar}) => bar.kind !== "none") && comparisons.every(({within}) => within)
  });
}
