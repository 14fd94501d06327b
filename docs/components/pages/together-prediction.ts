import {seconds} from "../../../src/units.ts";
import {points, until} from "../case/run.ts";
import type {TimelineData} from "../figure/timeline.tsx";
import {END, WHEN} from "../together/params.ts";
import {runs, type SystemRun} from "../together/systems.ts";
import type {PredictionDef} from "./page.ts";

/** The run that is asked about: no driver, a cap, host swap, and a process that needs more than the cap. */
let made: SystemRun | null = null;
const asked = (): SystemRun => (made ??= runs.KVM({maxmem: 1024, target: 500, cap: 500, reservation: 0, load: 700, driver: false, swap: true, guestSwap: false, short: false}));

const swappedAt = (t: number): number => Math.round(asked().stateAt(seconds(t)).hostSwapped / 1024);

function timeline(guess: number | null, revealed: boolean): TimelineData {
  const run = asked();
  const moment = revealed ? END : WHEN.load;
  const level = (value: number): TimelineData["series"][number]["points"] => [[0, value], [END, value]];
  return {
    duration: END,
    max: 1024 * 1.06,
    series: [
      {key: "resident", layer: "backing", label: "host RAM", style: "area", points: until(points(run.times, run.columns.resident), moment)},
      {key: "swap", layer: "backing", label: "host swap", style: "line", points: until(points(run.times, run.columns.hostSwapped), moment)},
      {key: "cap", layer: "backing", label: "cap", style: "dashed", points: level(500)},
      {key: "configured", layer: "configured", label: "configured", style: "dotted", points: level(1024)}
    ],
    ghost: [], recorded: [], now: null, guess,
    events: [{at: WHEN.target, label: "setmem", layer: "target"}, {at: WHEN.load, label: "write 700 MiB", layer: null}, {at: WHEN.end, label: "end", layer: null}]
  };
}

export const prediction: PredictionDef<unknown> = {
  question: "How much of the machine is in the host's swap at the end?",
  min: 0,
  max: 1024,
  step: 8,
  initial: 512,
  unit: "MiB",
  truth: () => swappedAt(END),
  describe: (_c, revealed) =>
    revealed
      ? `Host swap over time: nothing until the process writes, ${swappedAt(40)} MiB while it runs, and still ${swappedAt(END)} MiB after it has ended.`
      : "Host RAM over time, up to the moment the process begins to write. The rest is for you to say.",
  timeline: (_c, guess, revealed) => timeline(guess, revealed),
  beliefs: [
    {value: 0, name: "the target keeps the guest small", answer: "Nobody in the guest listens to the target. The guest uses what it was configured with, and the host takes by force what is over the cap."},
    {value: 200, name: "only what the process needs above the cap", answer: "The cap holds the whole process: the guest's kernel and all else it ever wrote to count, and QEMU's own memory too."},
    {value: 524, name: "all that was configured above the cap", answer: "Pages that the guest never wrote to are nowhere: neither in RAM nor in swap."}
  ]
};
