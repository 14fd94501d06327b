import {readFileSync} from "node:fs";
import {dividePair, estimatesOf, type Half} from "../../../src/check/published/osdi02.ts";
import {memoryStates} from "../../../src/host/esx/versions.ts";
import {FIFTH_AT, fiveAlike} from "../../../src/simulation/esx/alike.ts";
import {bootStorm, figure7, TAX_AT} from "../../../src/simulation/esx/osdi02.ts";
import {simulateEsx, type EsxTimeline} from "../../../src/simulation/esx/simulate-esx.ts";
import {seconds} from "../../../src/units.ts";
import type {PaperFigureData, PaperPoints} from "../figure/paper-figure.tsx";

type Column = readonly (number | null)[];
interface Curves {
  readonly t0: number;
  readonly dt: number;
  readonly [name: string]: number | Column;
}
interface Published {
  readonly fig6: Curves;
  readonly fig7: Curves;
  readonly fig8a: {readonly transitionsMinState: readonly (readonly [number, string])[]};
  readonly fig8b: Curves;
  readonly fig8c: Curves;
  readonly fig8d: Curves;
}

const FILE = "data/published/osdi02-figures.json";
const published = (): Published => JSON.parse(readFileSync(FILE, "utf8")) as Published;
const columnOf = (curves: Curves, name: string): Column => {
  const column = curves[name];
  return Array.isArray(column) ? (column as Column) : [];
};

/** Every `every`th value that is there, against minutes. */
function read(curves: Curves, name: string, every = 2): PaperPoints {
  return columnOf(curves, name).flatMap((value, i) => (value === null || i % every !== 0 ? [] : [[curves.t0 + i * curves.dt, value] as const]));
}

/** The machine of Figure 6 as its steps tell, what runs beside the toucher, and where a period begins: as in data/published/esx.json. */
const SAMPLING = {memory: 320, background: 11, period: 30.1, phase: 15} as const;

/** Figure 6: an estimate that jumps when memory is touched and falls off slowly when it is not, and the two averages in it. */
export function figure6(): PaperFigureData {
  const {fig6} = published();
  const toucher = columnOf(fig6, "toucher");
  const {slow, fast, estimate} = estimatesOf(toucher, {...SAMPLING, step: fig6.dt});
  const own = (curve: readonly number[]): PaperPoints => curve.map((value, i) => [i * fig6.dt, value] as const);
  return {
    from: 0,
    to: 40,
    max: 320,
    series: [
      {key: "slow", layer: "target", label: "slow", published: read(fig6, "slow", 4), own: own(slow), thin: true},
      {key: "fast", layer: "configured", label: "fast", published: read(fig6, "fast", 4), own: own(fast), thin: true},
      {key: "estimate", layer: "backing", label: "estimate", published: read(fig6, "max"), own: own(estimate)},
      {key: "toucher", layer: "current", label: "touched", published: [], own: read(fig6, "toucher", 1), dashed: true}
    ],
    marks: []
  };
}

/** Figure 7: two machines with equal shares, one idle; the tax is turned on after half an hour. */
export function figure7Data(): PaperFigureData {
  const {fig7} = published();
  const run = simulateEsx({...figure7(), every: seconds(15)});
  const own = (index: number): PaperPoints => Array.from(run.times, (t, row): readonly [number, number] => [t / 60, (run.vms[index]?.columns.consumed[row] ?? 0) / 1024]);
  return {
    from: 0,
    to: 60,
    max: 270,
    series: [
      {key: "dbench", layer: "backing", label: "dbench", published: read(fig7, "vm2alloc", 3), own: own(1)},
      {key: "idle", layer: "target", label: "idle", published: read(fig7, "vm1alloc", 3), own: own(0)}
    ],
    marks: [{at: TAX_AT / 60, label: "tax 75 %"}]
  };
}

/** Minutes shown of Figure 8b: until all five have booted. */
const BOOTED = 5;

/** States by height, the lowest first. */
const HEIGHTS = ["low", "hard", "soft", "high"] as const;
const heightOf = (state: string | undefined): number => Math.max(0, HEIGHTS.findIndex((name) => name === state));

/** The start of Figure 8a: the states of the host while five machines boot at once. */
export function figure8States(): PaperFigureData {
  const {transitionsMinState} = published().fig8a;
  const run = simulateEsx({...bootStorm(), every: seconds(0.5)});
  const shown = Array.from({length: BOOTED * 12 + 1}, (_, i) => i / 12);
  const own = Array.from(run.times).flatMap((t, row): (readonly [number, number])[] => {
    const height = (at: number): number => heightOf(memoryStates[run.host.state[at] ?? 0]);
    // A step: the state before and after it, at one time.
    return row > 0 && height(row) === height(row - 1) && row < run.times.length - 1 ? [] : [[t / 60, height(Math.max(0, row - 1))], [t / 60, height(row)]];
  });
  return {
    from: 0,
    to: BOOTED,
    max: HEIGHTS.length - 1,
    levels: HEIGHTS,
    series: [{key: "state", layer: "backing", label: "state", published: shown.map((t) => [t, heightOf(transitionsMinState.findLast(([from]) => from <= t + 1e-9)?.[1])] as const), own}],
    marks: []
  };
}

type Summed = "resident" | "consumed" | "balloon" | "shared" | "hostSwapped";

/** A counter of all machines together, MB against minutes. */
const allOf = ({times, vms}: EsxTimeline) => (name: Summed): PaperPoints =>
  Array.from(times, (t, row): readonly [number, number] => [t / 60, vms.reduce((sum, {columns}) => sum + (columns[name][row] ?? 0) / 1024, 0)]);

/** The start of Figure 8b: five machines boot at once, and all of them zero all their memory. */
export function figure8Boot(): PaperFigureData {
  const {fig8b} = published();
  const run = simulateEsx(bootStorm());
  const own = allOf(run);
  const shown = (name: string): PaperPoints => read(fig8b, name, 1).filter(([t]) => t <= BOOTED);
  return {
    from: 0,
    to: BOOTED,
    max: 1500,
    series: [
      {key: "alloc", layer: "backing", label: "granted", published: shown("alloc"), own: own("resident")},
      {key: "shared", layer: "backing", label: "shared", published: shown("shared"), own: own("shared")},
      {key: "balloon", layer: "current", label: "ballooned", published: shown("balloon"), own: own("balloon")},
      {key: "paged", layer: "backing", label: "paged out", published: [], own: own("hostSwapped"), dashed: true}
    ],
    marks: []
  };
}

/** Minutes around the start of the fifth machine, in which much happens; else a point every five is enough. */
const BUSY = [FIFTH_AT / 60 - 2, FIFTH_AT / 60 + 12] as const;

/** Machines alike, on small pages or on large ones: what they were granted, and what that costs the host. */
export function pages(largePages: boolean): PaperFigureData {
  const run = simulateEsx(fiveAlike(largePages));
  const all = allOf(run);
  const own = (name: Summed): PaperPoints => all(name).filter(([minute]) => minute < 5 || minute % 5 === 0 || (minute >= BUSY[0] && minute <= BUSY[1]));
  const swapped = own("hostSwapped");
  return {
    from: 0,
    to: 180,
    max: 5000,
    series: [
      {key: "granted", layer: "current", label: "granted", published: [], own: own("resident")},
      {key: "consumed", layer: "backing", label: "consumed", published: [], own: own("consumed")},
      {key: "shared", layer: "backing", label: "shared", published: [], own: own("shared"), thin: true},
      ...(swapped.some(([, mb]) => mb > 0) ? [{key: "paged", layer: "backing" as const, label: "paged out", published: [], own: swapped, dashed: true}] : [])
    ],
    marks: [{at: FIFTH_AT / 60, label: "a fifth starts"}]
  };
}

/** Least and most of the two machines of Figure 8 that are shown, MB. */
const BOUNDS = [160, 320] as const;

/** What the law gives the two machines of Figure 8, given what they used, shared and had together. */
function divided(at: number, {fig8c, fig8d}: Published): readonly [number, number] | null {
  const half = (curves: Curves): Half | null => {
    const [allocated, active, shared] = ["alloc", "active", "shared"].map((name) => columnOf(curves, name)[at] ?? null);
    return typeof allocated === "number" && typeof active === "number" && typeof shared === "number" ? {allocated, active, shared} : null;
  };
  const [citrix, sql] = [half(fig8c), half(fig8d)];
  return citrix === null || sql === null ? null : dividePair(citrix, sql, BOUNDS, 0.75);
}

/** Figure 8c and 8d: how Citrix and SQL Server share what the two have, as the law would. */
export function figure8(): PaperFigureData {
  const data = published();
  const rows = columnOf(data.fig8c, "alloc").map((_, i) => ({minutes: data.fig8c.t0 + i * data.fig8c.dt, pair: divided(i, data)}));
  const own = (index: 0 | 1): PaperPoints => rows.flatMap(({minutes, pair}) => (pair === null || minutes < 20 ? [] : [[minutes, pair[index]] as const]));
  const shown = (curves: Curves): PaperPoints => read(curves, "alloc").filter(([t]) => t >= 20);
  return {
    from: 20,
    to: 90,
    max: 330,
    series: [
      {key: "citrix", layer: "backing", label: "Citrix", published: shown(data.fig8c), own: own(0)},
      {key: "sql", layer: "target", label: "SQL", published: shown(data.fig8d), own: own(1)}
    ],
    marks: [{at: 65, label: "long query"}]
  };
}
