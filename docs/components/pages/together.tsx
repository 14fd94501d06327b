import {kib, seconds} from "../../../src/units.ts";
import {remember, rememberOf} from "../case/remember.ts";
import {points} from "../case/run.ts";
import {formatMib} from "../figure/format.ts";
import {steadyTop} from "../figure/layout.ts";
import {RegimeMap, type RegimeMapData} from "../figure/regime-map.tsx";
import {COMPACT, Timeline, type Series, type TimelineData} from "../figure/timeline.tsx";
import {MapHandle} from "../together/handle.tsx";
import {axes, CELL, FINE, mapKey, mapOf} from "../together/map.ts";
import type {Maps} from "../together/maps.ts";
import {outcomeOf, outcomes} from "../together/outcome.ts";
import {END, params, WHEN} from "../together/params.ts";
import {recordedLevels, recordedRuns} from "../together/recorded.ts";
import {runs, systems, type Knobs, type System, type SystemRun} from "../together/systems.ts";
import type {Grid} from "../figure/regions.ts";
import type {PageSpec, Setting} from "../state/page-state.ts";
import type {Comparison, FigureDef, PageDef, Table} from "./page.ts";
import {prediction} from "./together-prediction.ts";

export const spec: PageSpec = {params};

type Runs = Readonly<Record<System, SystemRun>>;

export interface Computed {
  readonly knobs: Knobs;
  readonly runs: Runs;
  /** The pinned setting, to compare with. */
  readonly pinned: {readonly knobs: Knobs; readonly runs: Runs} | null;
  readonly time: number;
  readonly mapped: System;
  readonly grid: Grid;
}

/** The knobs of a setting; the reservation is never more than the machine. */
export function knobsOf({params: p}: Setting): Knobs {
  const {maxmem = 1024, target = 500, cap = 500, reservation = 0, load = 300, driver = 1, swap = 0, guestSwap = 0, short = 0} = p;
  return {maxmem, target, cap, reservation: Math.min(reservation, maxmem), load, driver: driver === 1, swap: swap === 1, guestSwap: guestSwap === 1, short: short === 1};
}

const word = (run: SystemRun): string => outcomes.find(({key}) => key === outcomeOf(run))?.label ?? "";
const mib = (value: number): string => formatMib(kib(value));

/** The most the host lets a machine have: on KVM from the start, elsewhere from when it was said, and only if it was accepted. */
function cap(knobs: Knobs, system: System, {times, ceiling}: SystemRun): readonly Series[] {
  const line = (points: Series["points"]): readonly Series[] => [{key: "cap", layer: "backing", label: system === "ESX" ? "limit" : "cap", style: "dashed", points}];
  if (ceiling !== undefined) return ceiling.some((value) => value < knobs.maxmem * 1024) ? line(points(times, ceiling)) : [];
  return knobs.cap < 2048 ? line(level(Math.min(knobs.cap, knobs.maxmem * 1.02))) : [];
}

const level = (value: number): Series["points"] => [[0, value], [END, value]];

function drawn(knobs: Knobs, system: System, run: SystemRun): readonly Series[] {
  return [
    ...(run.charged === undefined ? [] : [{key: "charged", layer: "backing" as const, label: system === "ESX" ? "with cache" : "with QEMU", style: "area" as const, points: points(run.times, run.charged)}]),
    {key: "resident", layer: "backing", label: "host RAM", style: "area", points: points(run.times, run.columns.resident)},
    ...(run.columns.hostSwapped.some((v) => v > 0) ? [{key: "swap", layer: "backing" as const, label: "host swap", style: "line" as const, points: points(run.times, run.columns.hostSwapped)}] : []),
    {key: "total", layer: "current", label: "MemTotal", style: "line", points: points(run.times, run.columns.memTotal)},
    {key: "target", layer: "target", label: "target", style: "dashed", points: points(run.times, run.columns.target)},
    ...cap(knobs, system, run),
    ...(knobs.reservation > 0 && system !== "Xen" ? [{key: "reservation", layer: "backing" as const, label: "reservation", style: "dotted" as const, points: level(knobs.reservation)}] : []),
    {key: "configured", layer: "configured", label: "configured", style: "dotted", points: level(knobs.maxmem)}
  ];
}

interface Lines {
  readonly reservation: number;
  readonly lines: readonly Series[];
}

const known = new WeakMap<SystemRun, Lines>();

/** The same list for the same run, so that figures can tell that nothing changed; only a reservation may stand in it that the run does not notice. */
function series({knobs, runs: made}: {readonly knobs: Knobs; readonly runs: Runs}, system: System): readonly Series[] {
  const run = made[system];
  const kept = known.get(run);
  const reservation = system === "Xen" ? 0 : knobs.reservation;
  if (kept?.reservation === reservation) return kept.lines;
  const lines = drawn(knobs, system, run);
  known.set(run, {reservation, lines});
  return lines;
}

const marks: TimelineData["events"] = [
  {at: WHEN.target, label: "set", layer: "target"},
  {at: WHEN.load, label: "write", layer: null},
  {at: WHEN.end, label: "end", layer: null}
];

function timelineData(c: Computed, system: System): TimelineData {
  const ghost = c.pinned === null ? [] : series(c.pinned, system).filter(({key}) => key !== "configured");
  return {duration: END, max: steadyTop(c.knobs.maxmem, c.pinned?.knobs.maxmem ?? 0), series: series(c, system), ghost, recorded: recordedLevels(c.knobs, system), events: marks, now: c.time, guess: null};
}

const COLUMNS = ["target", "actual", "memTotal", "memFree", "balloon", "resident", "hostSwapped"] as const;
const HEADS = ["target", "actual", "MemTotal", "MemFree", "ballooned", "host RAM", "host swap"].map((name) => `${name} (MiB)`);

function rows(c: Computed, system: System, times: readonly number[]): Table {
  const {stateAt} = c.runs[system];
  return {columns: ["time (s)", ...HEADS], rows: times.map((t) => [Math.round(t * 10) / 10, ...COLUMNS.map((name) => Math.round(stateAt(seconds(t))[name] / 102.4) / 10)])};
}

function systemFigure(system: System): FigureDef<Computed> {
  const describe = (c: Computed): string => {
    const s = c.runs[system].stateAt(seconds(c.time));
    return `${system}: ${word(c.runs[system])}. At ${c.time.toFixed(1)} s MemTotal is ${mib(s.memTotal)}, the host holds ${mib(s.resident)} and has swapped ${mib(s.hostSwapped)}.`;
  };
  return {
    title: `${system}: the run over time`,
    responsive: false,
    describe,
    render: (c) => <Timeline data={timelineData(c, system)} size={COMPACT} title={describe(c)} />,
    moments: (c) => rows(c, system, [0, WHEN.target - 0.1, WHEN.load - 0.1, WHEN.end - 0.1, END]),
    data: (c) => rows(c, system, Array.from(c.runs[system].times))
  };
}

function mapData(c: Computed): RegimeMapData {
  return {...axes, outcomes, grid: c.grid, here: {x: c.knobs.target, y: c.knobs.load}, pinned: c.pinned === null ? null : {x: c.pinned.knobs.target, y: c.pinned.knobs.load}, recorded: c.mapped === "KVM" ? recordedRuns(c.knobs) : []};
}

const share = ({cells}: Grid, outcome: number): number => cells.reduce((sum, cell) => sum + (cell === outcome ? 1 : 0), 0) / cells.length;

/** What share of a map each outcome has, in words; the map stands while its handle is dragged. */
const shares = rememberOf((grid: Grid): string => outcomes.map(({label}, i) => `${label} in ${Math.round(100 * share(grid, i))} %`).join(", "));

const describeMap = (c: Computed): string =>
  `On ${c.mapped}, over targets of ${axes.x.min} to ${axes.x.max} MiB and loads of ${axes.y.min} to ${axes.y.max} MiB: ${shares(c.grid)}. Here: target ${c.knobs.target} MiB, load ${c.knobs.load} MiB, ${word(c.runs[c.mapped])}.`;

const map: FigureDef<Computed> = {
  title: "What every target and every load comes to",
  responsive: false,
  describe: describeMap,
  render: (c, _variant, over) => {
    const data = mapData(c);
    const move = over === undefined ? null : (to: {readonly x: number; readonly y: number}, gesture: string): void => {
      over.set("target", to.x, gesture);
      over.set("load", to.y, gesture);
    };
    return <RegimeMap id="together-map" data={data} title={describeMap(c)} over={move === null ? null : <MapHandle data={data} outcome={word(c.runs[c.mapped])} step={CELL} onMove={move} />} />;
  },
  moments: (c) => ({columns: ["outcome", "share of the map (%)"], rows: outcomes.map(({label}, i) => [label, Math.round(1000 * share(c.grid, i)) / 10])}),
  data: ({grid}) => ({
    columns: ["target (MiB)", "guest load (MiB)", "outcome"],
    rows: Array.from(grid.cells, (cell, i) => [
      Math.round(axes.x.min + ((axes.x.max - axes.x.min) * (i % grid.width)) / (grid.width - 1)),
      Math.round(axes.y.min + ((axes.y.max - axes.y.min) * Math.floor(i / grid.width)) / (grid.height - 1)),
      outcomes[cell]?.label ?? ""
    ])
  })
};

type Reading = (c: Computed) => {readonly value: number; readonly text: string};

/** What each system's run comes to, and its numbers at the moment looked at: `kvmOutcome`, `esxSwapped`... */
function readings(system: System): Record<string, Reading> {
  const name = system.toLowerCase();
  const at = (column: (typeof COLUMNS)[number]): Reading => (c) => {
    const value = c.runs[system].stateAt(seconds(c.time))[column];
    return {value: Math.round(value), text: mib(value)};
  };
  return {
    [`${name}Outcome`]: (c) => ({value: outcomes.findIndex(({key}) => key === outcomeOf(c.runs[system])), text: word(c.runs[system])}),
    [`${name}Total`]: at("memTotal"),
    [`${name}Held`]: at("resident"),
    [`${name}Swapped`]: at("hostSwapped"),
    [`${name}Balloon`]: at("balloon")
  };
}

/** The pinned setting and the present one at the same moment, system by system. */
function comparisonOf({pinned, runs: made, time}: Computed): readonly Comparison[] {
  if (pinned === null) return [];
  return systems.flatMap((system): Comparison[] => {
    const [a, b] = [pinned.runs[system], made[system]];
    const [then, now] = [a.stateAt(seconds(time)), b.stateAt(seconds(time))];
    const row = (label: string, name: (typeof COLUMNS)[number]): Comparison => ({label: `${system}: ${label}`, a: then[name] / 1024, b: now[name] / 1024, unit: "MiB"});
    return [{label: `${system}: what it came to`, a: word(a), b: word(b)}, row("MemTotal", "memTotal"), row("ballooned", "balloon"), row("host RAM", "resident"), ...(then.hostSwapped + now.hostSwapped > 0 ? [row("host swap", "hostSwapped")] : [])];
  });
}

/** All knobs at once on three systems in step, and the map of what they come to. */
export function togetherPage(maps: Maps, live?: PageDef<Computed>["live"]): PageDef<Computed> {
  const run = (knobs: Knobs): Runs => ({KVM: runs.KVM(knobs), Xen: runs.Xen(knobs), ESX: runs.ESX(knobs)});
  const [kvm, xen, esx] = systems;
  return {
    id: "together",
    spec,
    compute: (setting, pin) => {
      const knobs = knobsOf(setting);
      const pinnedKnobs = pin === null ? null : knobsOf(pin);
      const mapped = systems[setting.params.map ?? 0] ?? kvm;
      return {knobs, runs: run(knobs), pinned: pinnedKnobs === null ? null : {knobs: pinnedKnobs, runs: run(pinnedKnobs)}, time: setting.params.time ?? 0, mapped, grid: maps(mapped, knobs)};
    },
    figures: {kvm: systemFigure(kvm), xen: systemFigure(xen), esx: systemFigure(esx), map},
    numbers: {...readings(kvm), ...readings(xen), ...readings(esx)},
    prediction,
    comparison: comparisonOf,
    prepare: (setting) => systems.map((system) => () => runs[system](knobsOf(setting))),
    rehearse: (setting) => run(knobsOf(setting)),
    summary: (c) => systems.map((system) => `${system}: ${word(c.runs[system])}.`).join(" "),
    ...(live === undefined ? {} : {live})
  };
}

const built = remember(({system, knobs}: {readonly system: System; readonly knobs: Knobs}) => mapOf(system, knobs, FINE), ({system, knobs}) => mapKey(system, knobs));

/** For the build and for tests: each map is worked out once, on the spot. */
export const page = togetherPage((system, knobs) => built({system, knobs}));
