import {readFileSync} from "node:fs";
import {divide} from "../../../src/host/esx/tax.ts";
import {advanceSampler, createSampler, estimate} from "../../../src/host/esx/sampler.ts";
import {bootStorm, figure7, TAX_AT} from "../../../src/simulation/esx/osdi02.ts";
import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";
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

/** What the machine of Figure 6 runs beside the toucher, MB. */
const BACKGROUND = 11;
/** Its size as its steps tell, MB. */
const SIZE = 320;

/** Figure 6: an estimate that jumps when memory is touched and falls off slowly when it is not. */
export function figure6(): PaperFigureData {
  const {fig6} = published();
  const sampler = createSampler(6);
  const own: (readonly [number, number])[] = [];
  columnOf(fig6, "toucher").forEach((toucher, i) => {
    own.push([i * fig6.dt, SIZE * estimate(sampler)]);
    for (let second = 0; second < fig6.dt * 60; second++) advanceSampler(sampler, ((toucher ?? 0) + BACKGROUND) / SIZE, 1, 30);
  });
  return {
    from: 0,
    to: 40,
    max: 320,
    series: [
      {key: "estimate", layer: "backing", label: "estimate", published: read(fig6, "max"), own},
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

/** The start of Figure 8b: five machines boot at once, and all of them zero all their memory. */
export function figure8Boot(): PaperFigureData {
  const {fig8b} = published();
  const run = simulateEsx(bootStorm());
  const own = (name: "resident" | "balloon" | "shared" | "hostSwapped"): PaperPoints =>
    Array.from(run.times, (t, row): readonly [number, number] => [t / 60, run.vms.reduce((sum, {columns}) => sum + (columns[name][row] ?? 0) / 1024, 0)]);
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

const PAGES = 256;
/** Least and most of the two machines of Figure 8 that are shown, MB. */
const [LEAST, MOST] = [160, 320];

/** What the law gives the two machines of Figure 8, given what they used, shared and had together. */
function divided(at: number, {fig8c, fig8d}: Published): readonly [number, number] | null {
  const value = (curves: Curves, name: string): number | null => columnOf(curves, name)[at] ?? null;
  const names = ["alloc", "active", "shared"] as const;
  const [citrix, sql] = [fig8c, fig8d].map((curves) => names.map((name) => value(curves, name)));
  if (citrix === undefined || sql === undefined || [...citrix, ...sql].includes(null)) return null;
  const of = (list: readonly (number | null)[]): readonly [number, number, number] => [list[0] ?? 0, list[1] ?? 0, list[2] ?? 0];
  const [[allocC, activeC, sharedC], [allocS, activeS, sharedS]] = [of(citrix), of(sql)];
  const column = (a: number, b: number): Float64Array => Float64Array.of(a * PAGES, b * PAGES);
  const claims = {shares: Float64Array.of(1, 1), active: column(activeC, activeS), least: column(LEAST - sharedC, LEAST - sharedS), most: column(MOST - sharedC, MOST - sharedS)};
  const [c = 0, s = 0] = divide(claims, Math.round((allocC + allocS - sharedC - sharedS) * PAGES), 0.75);
  return [c / PAGES + sharedC, s / PAGES + sharedS];
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
