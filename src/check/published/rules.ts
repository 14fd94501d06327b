import {drsDemand} from "../../host/esx/drs.ts";
import {overhead} from "../../host/esx/overhead.ts";
import {advanceSampler, createSampler, estimate} from "../../host/esx/sampler.ts";
import {FIGURE_4, shareable, sharedFrames} from "../../host/esx/sharing.ts";
import {scalableShares, sharesOf, type ShareLevel} from "../../host/esx/shares.ts";
import {createStateMachine, currentState, minFree, updateState} from "../../host/esx/states.ts";
import {divide} from "../../host/esx/tax.ts";
import {esxVersions, rulesOf, type EsxVersion} from "../../host/esx/versions.ts";
import {figure7, limitTrap, TAX_AT} from "../../simulation/esx/osdi02.ts";
import {simulateEsx} from "../../simulation/esx/simulate-esx.ts";
import {seconds} from "../../units.ts";
import {list, malformed, object, text} from "../read.ts";
import type {Json, JsonObject} from "../types.ts";

/** What a rule gives for a row's `given`, by the names under which the row publishes it. */
export type Rule = (given: JsonObject) => Readonly<Record<string, number | string>>;

/** A number. @throws ModelError `malformed-recording` */
function number(given: JsonObject, key: string): number {
  const value = given[key];
  if (typeof value !== "number") throw malformed(`given.${key}`, "a number");
  return value;
}

const numbers = (value: Json | undefined, path: string): readonly (number | null)[] => list(value, path).map((cell) => (typeof cell === "number" ? cell : null));

function version(given: JsonObject): EsxVersion {
  const found = esxVersions.find((one) => one === given["version"]);
  if (found === undefined) throw malformed("given.version", esxVersions.join(", "));
  return found;
}

function level(given: JsonObject): ShareLevel {
  const {level: one} = given;
  if (one !== "low" && one !== "normal" && one !== "high") throw malformed("given.level", "low, normal or high");
  return one;
}

/** Megabytes are 2^20 bytes, as ESX counts them. */
const PAGES_PER_MB = 256;

function divided(given: JsonObject): Record<string, number> {
  const machines = list(given["machines"], "given.machines").map((one, i) => object(one, `given.machines[${i}]`));
  const column = (key: string, scale = PAGES_PER_MB): Float64Array => Float64Array.from(machines, (one) => number(one, key) * scale);
  const claims = {shares: column("shares", 1), active: column("activeMB"), least: column("leastMB"), most: column("mostMB")};
  const pages = divide(claims, Math.round(number(given, "capacityMB") * PAGES_PER_MB), number(given, "tax"));
  return Object.fromEntries(machines.map((one, i) => [text(one["name"], "given.machines[].name"), (pages[i] ?? 0) / PAGES_PER_MB]));
}

function stateOf(given: JsonObject): Record<string, string> {
  const rules = rulesOf[version(given)];
  const states = createStateMachine(rules.states.value, minFree(number(given, "managedMB"), rules.minFree), 0.1);
  for (const free of numbers(given["freeMB"], "given.freeMB")) updateState(states, free ?? 0);
  return {state: currentState(states)};
}

function sharing(given: JsonObject): Record<string, number> {
  const machines = number(given, "machines");
  const shared = shareable(FIGURE_4, machines);
  return {sharedPct: 100 * shared, reclaimedPct: 100 * (shared - sharedFrames(FIGURE_4, machines) / machines)};
}

const rootMeanSquare = (errors: readonly number[]): number => Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);

/** The estimator over the toucher's sizes of Figure 6, and how far its averages are from the curves. */
function estimator(given: JsonObject): Record<string, number> {
  const memory = number(given, "memoryMB");
  const step = number(given, "stepMinutes");
  const [from = 0, to = 0] = numbers(given["leaveOutMinutes"], "given.leaveOutMinutes");
  const curves = {slow: numbers(given["slowMB"], "given.slowMB"), fast: numbers(given["fastMB"], "given.fastMB"), max: numbers(given["maxMB"], "given.maxMB")};
  const sampler = createSampler(6);
  const errors: Record<keyof typeof curves, number[]> = {slow: [], fast: [], max: []};
  numbers(given["toucherMB"], "given.toucherMB").forEach((toucher, i) => {
    const minutes = i * step;
    const own = {slow: sampler.slow, fast: sampler.fast, max: estimate(sampler)};
    for (const key of ["slow", "fast", "max"] as const) {
      const published = curves[key][i];
      if (typeof published === "number" && !(minutes >= (from ?? 0) && minutes <= (to ?? 0))) errors[key].push(memory * own[key] - published);
    }
    const part = ((toucher ?? 0) + number(given, "backgroundMB")) / memory;
    for (let second = 0; second < step * 60; second++) advanceSampler(sampler, part, 1, number(given, "periodSeconds"));
  });
  return {slowRmseMB: rootMeanSquare(errors.slow), fastRmseMB: rootMeanSquare(errors.fast), estimateRmseMB: rootMeanSquare(errors.max)};
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[], mx: number, my: number): number => x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0);
  return product(a, b, meanA, meanB) / Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
}

/** Two machines with equal shares and no bound: what one has more is the taxed part of what it uses more, and what it shares more. */
function taxedDifference(given: JsonObject): Record<string, number> {
  const columns = ["activeMB", "sharedMB", "allocatedMB"].map((key) => numbers(given[key], `given.${key}`).map((value) => value ?? 0));
  const [active = [], shared = [], allocated = []] = columns;
  const predicted = active.map((value, i) => number(given, "tax") * value + (shared[i] ?? 0));
  return {rmseMB: rootMeanSquare(predicted.map((value, i) => value - (allocated[i] ?? 0))), correlation: correlation(predicted, allocated)};
}

function trapped(given: JsonObject): Record<string, number> {
  const run = simulateEsx(limitTrap(number(given, "configuredMB"), number(given, "limitMB")));
  const end = run.vms[0]?.stateAt(run.scenario.duration);
  if (end === undefined) return {};
  return {sumMB: (end.resident + end.balloon + end.hostSwapped + end.compressed + end.neverTouched) / 1024, balloonMB: end.balloon / 1024};
}

/** How fast the idle machine of Figure 7 loses memory while it does. */
function reclaimSpeed(): Record<string, number> {
  const idle = simulateEsx({...figure7(), every: seconds(1)}).vms[0];
  if (idle === undefined) return {};
  const [before, after] = [idle.stateAt(seconds(TAX_AT - 5)).consumed, idle.stateAt(seconds(TAX_AT + 60)).consumed];
  const row = idle.times.findIndex((t, i) => t > TAX_AT && (idle.columns.consumed[i] ?? 0) <= after + 0.05 * (before - after));
  return {MBperSecond: (0.95 * (before - after)) / 1024 / ((idle.times[row] ?? Infinity) - TAX_AT)};
}

/** The rules by the word in a row's `command`. */
export const rules: Readonly<Record<string, Rule>> = {
  minFree: (given) => ({minFreeMB: minFree(number(given, "managedMB"), "sliding")}),
  state: stateOf,
  overhead: (given) => ({overheadMB: overhead(version(given), number(given, "memoryMB"), number(given, "vcpus"))}),
  vmShares: (given) => ({shares: sharesOf(level(given), number(given, "memoryMB"))}),
  poolShares: (given) => ({shares: scalableShares(level(given), Array.from({length: number(given, "machinesOf32GB")}, () => sharesOf("normal", 32768)))}),
  divide: divided,
  drsDemand: (given) => ({demandMB: drsDemand(number(given, "activeMB"), number(given, "consumedMB"), number(given, "overheadMB"))}),
  sharing,
  estimator,
  taxedDifference,
  limitTrap: trapped,
  reclaimSpeed
};
