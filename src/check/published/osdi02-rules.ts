import {memoryStates} from "../../host/esx/versions.ts";
import {resolveEsxScenario} from "../../simulation/esx/scenario.ts";
import {bootStorm, figure7, TAX_AT} from "../../simulation/esx/osdi02.ts";
import {simulateEsx, type EsxTimeline} from "../../simulation/esx/simulate-esx.ts";
import type {EsxColumn} from "../../simulation/esx/columns.ts";
import {seconds} from "../../units.ts";
import {isObject} from "../collector.ts";
import type {JsonObject} from "../types.ts";
import {number, numbers, type Rule} from "./given.ts";
import {dividePair, estimatesOf, type Half} from "./osdi02.ts";

/** What our runs, or our rules, make of what the figures of the 2002 paper show. */

const rootMeanSquare = (errors: readonly number[]): number => Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** How far the averages and the estimate of Figure 6 are from its curves; without `seed` expected numbers are counted. */
function estimator(given: JsonObject): Record<string, number> {
  const [from, to] = numbers(given, "leaveOutMinutes");
  const step = number(given, "stepMinutes");
  const sampling = {memory: number(given, "memoryMB"), background: number(given, "backgroundMB"), period: number(given, "periodSeconds"), phase: number(given, "phaseSeconds"), step};
  const own = estimatesOf(numbers(given, "toucherMB"), sampling, given["seed"] === undefined ? null : number(given, "seed"));
  const isLeftOut = (minutes: number): boolean => minutes >= (from ?? Infinity) && minutes <= (to ?? Infinity);
  const far = (curve: readonly number[], key: string): number =>
    rootMeanSquare(numbers(given, key).flatMap((value, i) => (value === null || isLeftOut(i * step) ? [] : [(curve[i] ?? 0) - value])));
  return {slowRmseMB: far(own.slow, "slowMB"), fastRmseMB: far(own.fast, "fastMB"), estimateRmseMB: far(own.estimate, "maxMB")};
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[], mx: number, my: number): number => x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0);
  return product(a, b, meanA, meanB) / Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
}

/** Two machines with equal shares and no bound: what one has more is the taxed part of what it uses more, and what it shares more. */
function taxedDifference(given: JsonObject): Record<string, number> {
  const [active = [], shared = [], allocated = []] = ["activeMB", "sharedMB", "allocatedMB"].map((key) => numbers(given, key).map((value) => value ?? 0));
  const predicted = active.map((value, i) => number(given, "tax") * value + (shared[i] ?? 0));
  return {rmseMB: rootMeanSquare(predicted.map((value, i) => value - (allocated[i] ?? 0))), correlation: correlation(predicted, allocated)};
}

const KIB_PER_MB = 1024;

/** A machine's mean over some minutes of a run, MB. */
function meanOf(run: EsxTimeline, machine: string, column: EsxColumn, [from, to]: readonly [number, number]): number {
  const values = run.vms.find(({name}) => name === machine)?.columns[column] ?? [];
  return mean(Array.from(run.times).flatMap((t, row) => (t >= from * 60 && t <= to * 60 ? [(values[row] ?? 0) / KIB_PER_MB] : [])));
}

/** Our run of Figure 7 with the tax on: what the two machines have, and by how much that differs. */
function taxedRun(given: JsonObject): Record<string, number> {
  const run = simulateEsx({...figure7(), every: seconds(15)});
  const minutes = [number(given, "fromMinute"), number(given, "toMinute")] as const;
  const [idle, dbench] = [meanOf(run, "idle", "consumed", minutes), meanOf(run, "dbench", "consumed", minutes)];
  return {idle, dbench, differenceMB: dbench - idle};
}

/** How fast the idle machine of Figure 7 loses memory while it does. */
function reclaimSpeed(): Record<string, number> {
  const idle = simulateEsx({...figure7(), every: seconds(1)}).vms[0];
  if (idle === undefined) return {};
  const [before, after] = [idle.stateAt(seconds(TAX_AT - 5)).consumed, idle.stateAt(seconds(TAX_AT + 60)).consumed];
  const row = idle.times.findIndex((t, i) => t > TAX_AT && (idle.columns.consumed[i] ?? 0) <= after + 0.05 * (before - after));
  return {MBperSecond: (0.95 * (before - after)) / KIB_PER_MB / ((idle.times[row] ?? Infinity) - TAX_AT)};
}

/** What the five machines of Figure 8 and their overhead come to, of what the host has. */
function overcommitment(): Record<string, number> {
  const {host, vms} = resolveEsxScenario(bootStorm());
  const wanted = vms.reduce((sum, {machine, overhead}) => sum + machine.memory + overhead, 0);
  return {overcommittedPct: 100 * (wanted / host.ram - 1)};
}

/** Our run of Figure 8's first minutes: all five together, MB. */
function booted(given: JsonObject): Record<string, number | string> {
  const run = simulateEsx(bootStorm());
  const sums = (name: EsxColumn): readonly number[] => Array.from(run.times, (_, row) => run.vms.reduce((sum, {columns}) => sum + (columns[name][row] ?? 0) / KIB_PER_MB, 0));
  const paged = sums("hostSwapped");
  const row = Math.round((number(given, "atMinute") * 60) / (run.scenario.step * run.scenario.stride));
  const states = Array.from(run.host.state);
  return {
    grantedPeakMB: Math.max(...sums("resident")),
    sharedMB: sums("shared")[row] ?? 0,
    balloonMB: sums("balloon")[row] ?? 0,
    pagedPeakMB: Math.max(...paged),
    pagedLaterMB: paged.at(-1) ?? 0,
    lowestState: memoryStates[Math.max(...states)] ?? "",
    lastState: memoryStates[states.at(-1) ?? 0] ?? "",
    highPct: (100 * states.filter((state) => memoryStates[state] === "high").length) / states.length
  };
}

function half(given: JsonObject, key: string, row: number): Half {
  const columns = given[key];
  const value = (name: string): number => (isObject(columns) ? (numbers(columns, name)[row] ?? 0) : 0);
  return {allocated: value("allocatedMB"), active: value("activeMB"), shared: value("sharedMB")};
}

/** The law over a stretch of Figures 8c and 8d, fed with what both used, shared and had together: the second machine's highest point. */
function dividedStretch(given: JsonObject): Record<string, number> {
  const minutes = numbers(given, "minutes");
  const own = minutes.map((_, i) => dividePair(half(given, "citrix", i), half(given, "sql", i), [number(given, "leastMB"), number(given, "mostMB")], number(given, "tax"))[1]);
  const peak = Math.max(...own);
  return {peakMB: peak, minutesToPeak: (minutes[own.indexOf(peak)] ?? NaN) - (minutes[0] ?? NaN)};
}

/** The rules by the word in a row's `command`. */
export const osdi02Rules: Readonly<Record<string, Rule>> = {estimator, taxedDifference, taxedRun, reclaimSpeed, overcommitment, bootStorm: booted, dividedStretch};
