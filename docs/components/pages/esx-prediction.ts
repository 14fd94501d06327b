import {kib, seconds} from "../../../src/units.ts";
import {until} from "../case/run.ts";
import {formatMib} from "../figure/format.ts";
import type {TimelineData} from "../figure/timeline.tsx";
import {END} from "../model/esx.ts";
import {esx, type Computed} from "./esx-case.ts";
import type {PredictionDef} from "./page.ts";

/** When setmem is typed: from there on the reader is asked. */
const ASKED_FROM = 20;
const ASKED_AT = 40;

function timeline(c: Computed, guess: number | null, revealed: boolean): TimelineData {
  const base = esx.timelineData(c);
  const moment = revealed ? END : ASKED_FROM;
  const told = new Set(["total", "configured", ...(revealed ? ["resident", "limit"] : [])]);
  return {
    ...base,
    series: base.series.filter(({key}) => told.has(key)).map((s) => (s.key === "total" ? {...s, points: until(s.points, moment)} : s)),
    events: revealed ? base.events : base.events.slice(0, 2),
    now: null,
    guess
  };
}

const total = (c: Computed, t: number): string => formatMib(kib(c.run.stateAt(seconds(t)).memTotal));
const held = (c: Computed, t: number): string => formatMib(kib(c.run.stateAt(seconds(t)).resident));

export const prediction: PredictionDef<Computed> = {
  question: "After virsh setmem vm 1024M, what does free in the guest say is its total?",
  min: 0,
  max: 2048,
  step: 8,
  initial: 1536,
  unit: "MiB",
  truth: (c) => Math.round(c.run.stateAt(seconds(ASKED_AT)).memTotal / 1024),
  describe: (c, revealed) =>
    revealed
      ? `MemTotal over time: ${total(c, 0)} from beginning to end. What the host holds falls from ${held(c, 19)} to ${held(c, ASKED_AT)}.`
      : `MemTotal of the guest, ${total(c, 0)} up to the moment of setmem. The rest is for you to say.`,
  timeline,
  beliefs: [
    {value: 1024, name: "the guest's memory is set", answer: "On ESX the call writes a limit on the host's side. The guest is not told, and its total does not move."},
    {value: 960, name: "the total follows the balloon, as on Xen", answer: "There is a balloon, and it fills. But VMware's driver leaves its pages in MemTotal: free shows them as used."},
    {value: 2048, name: "free shows what was configured", answer: "Nearly: the kernel keeps some for itself at boot. That part never came back, and nothing else is taken off."}
  ]
};
