import {kib, seconds} from "../../../src/units.ts";
import {until} from "../case/run.ts";
import {formatMib} from "../figure/format.ts";
import type {TimelineData} from "../figure/timeline.tsx";
import {END} from "../model/xen-events.ts";
import type {PredictionDef} from "./page.ts";
import {xen, type Computed} from "./xen-pv-case.ts";

/** When the first mem-set is sent: from there on the reader is asked. */
const ASKED_FROM = 12.6;

function timeline(c: Computed, guess: number | null, revealed: boolean): TimelineData {
  const base = xen.timelineData(c);
  const moment = revealed ? END : ASKED_FROM;
  return {
    ...base,
    series: base.series.filter((s) => s.key === "total" || s.key === "configured" || (revealed && s.key === "target")).map((s) => (s.key === "total" ? {...s, points: until(s.points, moment)} : s)),
    recorded: base.recorded.filter((r) => r.key === "total").map((r) => ({...r, points: r.points.filter(([t]) => t <= moment)})),
    events: base.events.slice(0, revealed ? undefined : 1),
    now: null,
    guess
  };
}

const total = (c: Computed, t: number): string => formatMib(kib(c.run.stateAt(seconds(t)).memTotal));

export const prediction: PredictionDef<Computed> = {
  question: "After xl mem-set guest 1024, what does free in the guest say is its total?",
  min: 0,
  max: 2048,
  step: 8,
  initial: 1536,
  unit: "MiB",
  truth: (c) => Math.round(c.run.stateAt(seconds(24)).memTotal / 1024),
  describe: (c, revealed) =>
    revealed
      ? `MemTotal over time: ${total(c, 0)} at boot, ${total(c, 24)} after mem-set 1024, ${total(c, 36)} after mem-set 512 and ${total(c, END)} when everything is back.`
      : `MemTotal of the guest, ${total(c, 0)} up to the moment of mem-set 1024. The rest is for you to say.`,
  timeline,
  beliefs: [
    {value: 2048, name: "free shows what the firmware offered", answer: "The map still says 2048 MiB, but free reads MemTotal, and the driver takes each page it gives up out of it."},
    {value: 1960, name: "only free memory falls, the total stays", answer: "That is so for VMware's driver and for virtio with deflate on OOM. Xen's driver corrects the total."},
    {value: 1024, name: "the total becomes the round number", answer: "Nearly: what the kernel keeps for itself was paid out of the same memory at boot, and stays paid."}
  ]
};
