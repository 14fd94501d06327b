import {createCase, type Computed as CaseComputed} from "../case/case.ts";
import {points} from "../case/run.ts";
import {END, events, params, run, type EsxRun} from "../model/esx.ts";

/** Host memory that is elsewhere: in the swap file and in the compression cache. */
function outOf({columns}: EsxRun): Float64Array {
  return columns.hostSwapped.map((swapped, i) => swapped + (columns.compressed[i] ?? 0));
}

/** A machine on ESX whose limit is set below what it is configured with. Nothing of it was recorded. */
export const esx = createCase<EsxRun>({
  spec: {params, events},
  end: END,
  run,
  recorded: {total: [], resident: []},
  extra: (made) => [
    {key: "limit", layer: "backing", label: "limit", style: "dotted", points: points(made.times, made.columns.ceiling)},
    {key: "out", layer: "backing", label: "paged out", style: "dashed", points: points(made.times, outOf(made))}
  ]
});

export type Computed = CaseComputed<EsxRun>;
