import {drsDemand} from "../../host/esx/drs.ts";
import {overhead} from "../../host/esx/overhead.ts";
import {FIGURE_4, shareable, sharedFrames} from "../../host/esx/sharing.ts";
import {scalableShares, sharesOf, type ShareLevel} from "../../host/esx/shares.ts";
import {createStateMachine, currentState, minFree, updateState} from "../../host/esx/states.ts";
import {divide} from "../../host/esx/tax.ts";
import {esxVersions, rulesOf, type EsxVersion} from "../../host/esx/versions.ts";
import {limitTrap} from "../../simulation/esx/osdi02.ts";
import {simulateEsx} from "../../simulation/esx/simulate-esx.ts";
import {list, malformed, object, text} from "../read.ts";
import type {JsonObject} from "../types.ts";
import {number, numbers, type Rule} from "./given.ts";
import {osdi02Rules} from "./osdi02-rules.ts";

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
  for (const free of numbers(given, "freeMB")) updateState(states, free ?? 0);
  return {state: currentState(states)};
}

/** Of all memory of so many machines; `memoryMB` is what they have together. */
function sharing(given: JsonObject): Record<string, number> {
  const machines = number(given, "machines");
  const shared = shareable(FIGURE_4, machines);
  const frames = sharedFrames(FIGURE_4, machines) / machines;
  return {sharedPct: 100 * shared, reclaimedPct: 100 * (shared - frames), sharedLessReclaimedMB: frames * number(given, "memoryMB")};
}

/** A part in percent of a whole. */
const part = (given: JsonObject): Record<string, number> => ({percent: (100 * number(given, "partMB")) / number(given, "wholeMB")});

function trapped(given: JsonObject): Record<string, number> {
  const run = simulateEsx(limitTrap(number(given, "configuredMB"), number(given, "limitMB")));
  const end = run.vms[0]?.stateAt(run.scenario.duration);
  if (end === undefined) return {};
  return {sumMB: (end.resident + end.balloon + end.hostSwapped + end.compressed + end.neverTouched) / 1024, balloonMB: end.balloon / 1024};
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
  part,
  limitTrap: trapped,
  ...osdi02Rules
};
