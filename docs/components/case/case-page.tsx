import {kib, seconds} from "../../../src/units.ts";
import {formatMib} from "../figure/format.ts";
import {MemoryColumn} from "../figure/memory-column.tsx";
import {NARROW, Timeline, WIDE} from "../figure/timeline.tsx";
import type {Setting} from "../state/page-state.ts";
import type {FigureDef, PageDef, PredictionDef, ToolOutput} from "../pages/page.ts";
import {columnData, comparisonOf, everyRow, momentsOf, type Case, type Computed} from "./case.ts";
import {highest, lowest, type CaseRun} from "./run.ts";

export interface CasePageOptions<R extends CaseRun> {
  readonly id: string;
  readonly prediction: PredictionDef<Computed<R>>;
  readonly tools: (c: Computed<R>) => readonly ToolOutput[];
  readonly cellEvents: (setting: Setting) => readonly object[];
  /** Figures beside the two that every case has. */
  readonly figures: Readonly<Record<string, FigureDef<Computed<R>>>>;
  /** Numbers in the prose beside those that every case has, KiB. */
  readonly numbers?: Readonly<Record<string, (c: Computed<R>) => number>>;
}

const mib = (value: number): string => formatMib(kib(value));
const number = (value: number): {value: number; text: string} => ({value: Math.round(value), text: mib(value)});

/** The column of a case: the same pages as guest and host see them. */
export function columnFigure<R extends CaseRun>(of: Case<R>, id: string): FigureDef<Computed<R>> {
  const describe = (c: Computed<R>): string => {
    const s = c.run.stateAt(seconds(c.time));
    return `At ${c.time.toFixed(1)} s the guest has ${mib(s.memTotal)} of MemTotal, ${mib(s.balloon)} are in the balloon, and the host holds ${mib(s.resident)}.`;
  };
  return {
    title: "The same pages, as guest and host see them",
    responsive: false,
    describe,
    render: (c) => <MemoryColumn id={`${id}-column`} data={columnData(c)} title={describe(c)} />,
    moments: momentsOf(of.model),
    data: everyRow
  };
}

function timelineFigure<R extends CaseRun>(of: Case<R>): FigureDef<Computed<R>> {
  const {end} = of.model;
  const describe = (c: Computed<R>): string => {
    const last = c.run.stateAt(seconds(end));
    return `Over ${end} s: MemTotal starts at ${mib(c.run.stateAt(seconds(0)).memTotal)}, is ${mib(lowest(c.run, "memTotal"))} at the lowest and ${mib(last.memTotal)} at the end; the host holds ${mib(highest(c.run, "resident"))} at most and ${mib(last.resident)} at the end.`;
  };
  return {
    title: "The run over time",
    responsive: true,
    describe,
    render: (c, variant, over) => {
      const data = of.timelineData(c);
      const size = variant === "wide" ? WIDE : NARROW;
      return <Timeline data={data} size={size} title={describe(c)} over={over?.(data, size) ?? null} />;
    },
    moments: momentsOf(of.model),
    data: everyRow
  };
}

/** A case page from its model: column, timeline, numbers, comparison, and what is its own. */
export function casePage<R extends CaseRun>(of: Case<R>, {id, prediction, tools, cellEvents, figures, numbers = {}}: CasePageOptions<R>): PageDef<Computed<R>> {
  const {spec, end} = of.model;
  const column = columnFigure(of, id);
  const timeline = timelineFigure(of);
  const start = (c: Computed<R>) => c.run.stateAt(seconds(0));
  return {
    id,
    spec,
    compute: of.compute,
    prediction,
    figures: {column, timeline, ...figures},
    numbers: {
      configured: (c) => number(start(c).configured),
      lowestTarget: (c) => number(lowest(c.run, "target")),
      totalAtBoot: (c) => number(start(c).memTotal),
      totalLow: (c) => number(lowest(c.run, "memTotal")),
      kernelKeeps: (c) => number(start(c).configured - start(c).memTotal),
      residentPeak: (c) => number(highest(c.run, "resident")),
      residentEnd: (c) => number(c.run.stateAt(seconds(end)).resident),
      ...Object.fromEntries(Object.entries(numbers).map(([name, read]) => [name, (c: Computed<R>) => number(read(c))]))
    },
    comparison: comparisonOf,
    tools,
    cellEvents,
    summary: (c) => `${column.describe(c)} ${timeline.describe(c)}`
  };
}
