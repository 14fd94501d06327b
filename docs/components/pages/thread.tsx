import {kib, seconds} from "../../../src/units.ts";
import {highest, lowest} from "../case/run.ts";
import {formatMib} from "../figure/format.ts";
import {NARROW, Timeline, WIDE} from "../figure/timeline.tsx";
import type {ParamTable} from "../state/params.ts";
import type {FigureDef, PageDef} from "./page.ts";
import {words, type Shown, type Words} from "./thread-words.ts";

/** The figure of the mails: whatever words in them speak about, one after the other in the same place. */
export interface Computed extends Shown {
  readonly words: Words;
}

const params: ParamTable = [{
  name: "words", label: "the figure shows", layer: null, initial: 0,
  options: words.map(({label}, value) => ({value, label})),
  help: "Words in the claims below set it too; undo, or the way back, returns."
}];

const mib = (value: number): string => formatMib(kib(value));
const number = (value: number): {value: number; text: string} => ({value: Math.round(value), text: mib(value)});

function describe({words: {label, about}, run, end}: Computed): string {
  const last = run.stateAt(seconds(end));
  return `${label}. ${about} Over ${end} s: MemTotal starts at ${mib(run.stateAt(seconds(0)).memTotal)}, is ${mib(lowest(run, "memTotal"))} at the lowest and ${mib(last.memTotal)} at the end; the host holds ${mib(highest(run, "resident"))} at most and ${mib(last.resident)} at the end.`;
}

const timeline: FigureDef<Computed> = {
  title: "What the words speak about",
  responsive: true,
  describe,
  render: (c, variant) => <Timeline data={c.timeline} size={variant === "wide" ? WIDE : NARROW} title={describe(c)} />,
  moments: (c) => c.moments(),
  data: (c) => c.rows()
};

export const page: PageDef<Computed> = {
  id: "thread",
  spec: {params},
  compute: ({params: {words: chosen = 0}}) => {
    const found = words[chosen] ?? words[0];
    if (found === undefined) throw new Error("no words");
    return {...found.show(), words: found};
  },
  figures: {timeline},
  numbers: {
    totalAtBoot: (c) => number(c.run.stateAt(seconds(0)).memTotal),
    totalLow: (c) => number(lowest(c.run, "memTotal")),
    residentPeak: (c) => number(highest(c.run, "resident")),
    residentEnd: (c) => number(c.run.stateAt(seconds(c.end)).resident)
  },
  summary: describe
};
