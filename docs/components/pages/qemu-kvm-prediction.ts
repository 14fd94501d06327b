import {until} from "../case/run.ts";
import {END} from "../model/qemu.ts";
import {formatMib} from "../figure/format.ts";
import {kib, seconds} from "../../../src/units.ts";
import type {TimelineData} from "../figure/timeline.tsx";
import type {PredictionDef} from "./page.ts";
import {qemu, type Computed} from "./qemu-kvm-case.ts";

/** When the target goes back up, in the default run: from there on the reader is asked. */
const ASKED_FROM = 19.1;

function timeline(c: Computed, guess: number | null, revealed: boolean): TimelineData {
  const base = qemu.timelineData(c);
  const moment = revealed ? END : ASKED_FROM;
  const host = base.series.filter((s) => s.key !== "total");
  return {
    ...base,
    series: host.map((s) => (s.key === "resident" ? {...s, points: until(s.points, moment)} : s)),
    recorded: base.recorded.filter((r) => r.key === "resident").map((r) => ({...r, points: r.points.filter(([t]) => t <= moment)})),
    now: null,
    guess
  };
}

const held = (c: Computed, t: number): string => formatMib(kib(c.run.stateAt(seconds(t)).resident));

export const prediction: PredictionDef<Computed> = {
  question: "How much host RAM does the virtual machine hold at the end?",
  min: 0,
  max: 2048,
  step: 16,
  initial: 1024,
  unit: "MiB",
  truth: (c) => Math.round(c.run.stateAt(seconds(END)).resident / 1024),
  describe: (c, revealed) =>
    revealed
      ? `Host RAM over time: ${held(c, 12)} once the guest has written to its memory, less with each lower target, and still ${held(c, END)} after the target has gone back up.`
      : `Host RAM over time, up to the moment the target goes back up: ${held(c, ASKED_FROM)} then. The rest is for you to say.`,
  timeline,
  beliefs: [
    {value: 2048, name: "a larger target gives memory", answer: "A larger target is only permission. The host spends memory again when the guest writes to it, not before."},
    {value: 1832, name: "what was once held comes back", answer: "The host does not keep ballooned pages anywhere: they are gone, and pages the guest gets back are empty until it writes to them."},
    {value: 512, name: "the lowest target is what the host holds", answer: "The target caps what the guest may use; the host holds only those pages of it that were written to and not given up."},
    {value: 0, name: "the balloon empties the machine", answer: "What the guest kept all along stays backed: its kernel and its processes do not move out."}
  ]
};
