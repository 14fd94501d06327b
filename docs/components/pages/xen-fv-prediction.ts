import {seconds} from "../../../src/units.ts";
import {points, until} from "../case/run.ts";
import {formatMib} from "../figure/format.ts";
import type {Points, Series, TimelineData} from "../figure/timeline.tsx";
import {kib} from "../../../src/units.ts";
import type {PredictionDef} from "./page.ts";
import {xenFv, type Computed} from "./xen-fv-case.ts";
import {podLevels} from "./xen-fv-pod.tsx";

/** The moment the question is about: the balloon is on its way. */
const ASKED_AT = 4;
/** By then the kernel has stopped waiting. */
const SHOWN = 10;

const shownOf = (all: Points): Points => all.filter(([t]) => t <= SHOWN);

/** What the guest calls free. */
const free = ({run}: Computed): Points => shownOf(points(run.times, run.columns.memFree));

/** What it owns and has not written to. */
const left = (c: Computed): Points =>
  shownOf(Array.from(c.run.times, (t) => {
    const {owned, populated} = podLevels(c, t);
    return [t, (owned - populated) / 1024] as const;
  }));

function timeline(c: Computed, guess: number | null, revealed: boolean): TimelineData {
  const base = xenFv.timelineData(c);
  const answer: Series = {key: "left", layer: "backing", label: "may write", style: "area", points: left(c)};
  return {
    ...base,
    duration: SHOWN,
    series: [...(revealed ? [answer] : []), {key: "free", layer: "current", label: "MemFree", style: "line", points: revealed ? free(c) : until(free(c), ASKED_AT)}, {key: "configured", layer: "configured", label: "maxmem", style: "dotted", points: [[0, 2048], [SHOWN, 2048]]}],
    ghost: [],
    recorded: [],
    events: [],
    now: revealed ? null : ASKED_AT,
    guess
  };
}

const truth = (c: Computed): number => {
  const {owned, populated} = podLevels(c, ASKED_AT);
  return Math.round((owned - populated) / 1024);
};
const freeAt = (c: Computed, t: number): string => formatMib(kib(c.run.stateAt(seconds(t)).memFree));

export const prediction: PredictionDef<Computed> = {
  question: "The kernel waits in boot and calls 1,460 MiB of its memory free. How much of that may it write to before Xen destroys the domain?",
  min: 0,
  max: 2048,
  step: 8,
  initial: 256,
  unit: "MiB",
  truth,
  describe: (c, revealed) =>
    revealed
      ? `MemFree falls from ${freeAt(c, 0)} to ${freeAt(c, SHOWN)} while the balloon inflates. What the guest may still write to is ${truth(c)} MiB throughout: the two meet when the balloon is full.`
      : `MemFree of a guest that is still in boot: ${freeAt(c, 0)} at the start, ${freeAt(c, ASKED_AT)} at ${ASKED_AT} s and falling, since its balloon inflates. The rest is for you to say.`,
  timeline,
  beliefs: [
    {value: 2048, name: "the map says what is there", answer: "The map says what the guest might get. Half of it are promises that nothing stands behind."},
    {value: 1460, name: "free memory can be written to", answer: "The guest's kernel counts promised pages as free, because it cannot tell them from real ones."},
    {value: 1024, name: "it may write to what memory= gave", answer: "Nearly: that is what the domain owns. But its kernel and the books of its pages were written first."},
    {value: 0, name: "nothing is there before the balloon is full", answer: "The domain owned all of memory= when it was built; only the rest of its map is a promise."}
  ]
};
