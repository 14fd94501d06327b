import {outcomeNames, type OutcomeName} from "../../../src/simulation/outcome.ts";
import {nameOf} from "../../../src/simulation/worst.ts";
import {kib} from "../../../src/units.ts";
import {rememberOf} from "../case/remember.ts";
import type {Outcome} from "../figure/regime-map.tsx";
import type {SystemRun} from "./systems.ts";

/** What a run can come to, from harmless to fatal; the order is that of the map's cells. */
const labels: Readonly<Record<OutcomeName, string>> = {fits: "fits", "guest-swaps": "guest swaps", "host-swaps": "host swaps", "guest-oom": "guest kills", "vm-killed": "VM killed"};

export const outcomes: readonly Outcome[] = outcomeNames.map((key) => ({key, label: labels[key]}));

const highest = (column: Float64Array): number => column.reduce((a, b) => Math.max(a, b), 0);

/** True once a machine that ran no longer does: then the host holds nothing of it, in RAM or swap. */
function ended({columns}: SystemRun): boolean {
  const last = (column: Float64Array): number => column.at(-1) ?? 0;
  return last(columns.resident) + last(columns.hostSwapped) === 0 && highest(columns.resident) > 0;
}

function read(run: SystemRun): OutcomeName {
  if (run.outcome !== undefined) return run.outcome;
  const oomKills = run.log.filter(({source, text}) => source === "kernel" && text.startsWith("Out of memory")).length;
  return nameOf({guestSwap: kib(highest(run.guestSwap)), hostSwap: kib(highest(run.columns.hostSwapped)), oomKills, ended: ended(run)});
}

/** The worst that happened in a run: figures, numbers and labels ask again and again. */
export const outcomeOf = rememberOf(read);

/** Its place in `outcomes`. */
export const cellOf = (name: OutcomeName): number => outcomeNames.indexOf(name);
