import {kib, seconds} from "../../../src/units.ts";
import {formatMib} from "../figure/format.ts";
import type {TimelineData} from "../figure/timeline.tsx";
import {until} from "../case/run.ts";
import {END} from "../model/cgroups.ts";
import type {PredictionDef} from "./page.ts";
import {cgroups, type Computed} from "./cgroups-case.ts";

/** When the process starts to write, in the default run. */
const ASKED_FROM = 4.1;

/** MiB the process had written when the host killed the VM; all it wanted if it lived. */
function written(c: Computed): number {
  const at = c.run.killedAt ?? END;
  const before = c.run.stateAt(seconds(Math.max(0, at - 0.1)));
  return Math.round((before.anon - c.run.stateAt(seconds(ASKED_FROM - 0.2)).anon) / 1024);
}

/** What the host spends after the boot, in words. */
const booted = (c: Computed): string => formatMib(kib(c.run.columns.cgroupCurrent[0] ?? 0));

function timeline(c: Computed, guess: number | null, revealed: boolean): TimelineData {
  const base = cgroups.timelineData(c);
  const moment = revealed ? END : ASKED_FROM;
  return {
    ...base,
    series: base.series.filter((s) => s.key !== "total").map((s) => (s.key === "resident" ? {...s, points: until(s.points, moment)} : s)),
    recorded: base.recorded.filter((r) => r.key === "resident").map((r) => ({...r, points: r.points.filter(([t]) => t <= moment)})),
    now: null,
    guess
  };
}

export const prediction: PredictionDef<Computed> = {
  question: "How much has the process written when the host kills the virtual machine?",
  min: 0,
  max: 1024,
  step: 4,
  initial: 500,
  unit: "MiB",
  truth: written,
  describe: (c, revealed) =>
    revealed
      ? `What the host spends on the virtual machine rises from ${booted(c)} as the process writes, meets the cap of 500 MiB ${c.run.killedAt === null ? "and stays there" : `at ${c.run.killedAt.toFixed(1)} s, and falls to nothing: the host has killed it`}.`
      : `What the host spends on the virtual machine: ${booted(c)} after its boot, under a cap of 500 MiB. A process in the guest is about to write 700 MiB.`,
  timeline,
  beliefs: [
    {value: 700, name: "the guest is told 500, so it copes", answer: "Nobody in the guest hears the target: without a driver it believes in its 1024 MiB, and writes."},
    {value: 500, name: "a cap of 500 MiB leaves the guest 500 MiB", answer: "The cap holds the whole process: QEMU’s own memory and all the guest’s kernel has touched since its boot come first."},
    {value: 300, name: "what the boot has taken counts", answer: "About 200 MiB were charged before the process began: 134 MiB that the guest’s boot touched and 68 MiB of QEMU’s own."},
    {value: 0, name: "a guest larger than its cap does not start", answer: "Memory is charged when it is touched, not when it is configured: 1024 MiB under a cap of 500 MiB boot without a word."}
  ]
};
