import {hasBalloon, type DomainDef} from "../domain/libvirt/domain-def.ts";
import {domainInfo} from "../control/libvirt/stats.ts";
import type {DomainState} from "../control/types.ts";
import {shownDef} from "../control/virsh/define.ts";
import type {CommandResult, Host} from "../control/virsh/host.ts";
import {runVirsh} from "../control/virsh/run.ts";
import {ModelError} from "../errors.ts";
import {kib} from "../units.ts";
import {isObject} from "./collector.ts";
import {describeGuest, settleBalloon, type GuestReplay} from "./libvirt-guest.ts";
import {knownLines} from "./libvirt-lines.ts";
import {connectionOf, describeDef, domainOf, driverOf, emptyHost, setupDef, stateOf} from "./libvirt-setup.ts";
import type {Collector, Json, JsonObject, RecordedRow, Recording, Replayer} from "./types.ts";

const isStateRow = ({given, command}: RecordedRow): boolean => typeof given["state"] === "string" && command.startsWith("virsh ");

/** What a replay of rows carries from one to the next: what `given` does not say. */
interface Replay {
  readonly recording: Recording;
  readonly host: Host;
  readonly fallback: DomainDef;
  readonly guest: GuestReplay;
}

/** The host as it was before a row. */
function hostBefore({host, fallback, recording}: Replay, {given}: RecordedRow): Host {
  const uri = recording.setup["connection"];
  const before = host.domains.find(({def}) => def.name === fallback.name) ?? null;
  const state = given["state"] === "not defined" ? null : stateOf(given, before, fallback, host.driver, connectionOf(typeof uri === "string" ? uri : ""));
  const others = host.domains.filter((domain) => domain !== before);
  return {...host, domains: state ? [...others, state] : others};
}

function compareOutput({stdout, missing}: CommandResult, observed: Json | undefined, path: string, found: Collector): void {
  const seen = typeof observed === "string" ? observed : "";
  if (stdout === "" && seen === "") return;
  if (missing.length === 0) {
    found.exact(path, stdout, seen);
    return;
  }
  found.exact(`${path}.known`, stdout, knownLines(stdout, seen));
  found.cannot(`${path}.rest`, `not in the model: ${missing.join(", ")}`);
}

/** A domain that goes on stays what it was, running or paused. */
function stateWord(state: DomainState, before: Host, {given}: RecordedRow): Json {
  if (state.id === null) return "shut off";
  const old = before.domains.find(({def}) => def.name === state.def.name);
  return typeof old?.id === "number" ? (given["state"] ?? "running") : "running";
}

/** The domain's state after a command in the words of a recording. */
function describeState(state: DomainState | undefined, before: Host, row: RecordedRow): JsonObject {
  if (!state) return {state: "not defined"};
  const {maxMem, memory} = domainInfo(state);
  const running = state.id !== null;
  return {
    state: stateWord(state, before, row),
    ...describeDef(shownDef(state, false)),
    ...(running && state.persistent ? {inactive: describeDef(shownDef(state, true))} : {}),
    dominfo: {maxMemoryKiB: maxMem, usedMemoryKiB: memory}
  };
}

/** Keys a recorder may leave out without saying that there is nothing. */
const OPTIONAL = new Set(["dominfo", "inactive"]);
/** Groups of a Xen domain that its own replay holds against the hypervisor. */
const XENS_OWN = new Set(["xl", "xenstore", "settled"]);

function compareState(predicted: JsonObject, observed: JsonObject, path: string, unsure: ReadonlySet<string>, found: Collector): void {
  for (const key of new Set([...Object.keys(predicted), ...Object.keys(observed)])) {
    const [expected, seen] = [predicted[key], observed[key]];
    if (key === "guest" || XENS_OWN.has(key) || (seen === undefined && OPTIONAL.has(key))) continue;
    if (expected === undefined && key !== "memtune" && key !== "inactive") found.cannot(`${path}.${key}`, "not a field the model knows");
    else if (unsure.has(key)) found.cannot(`${path}.${key}`, "the guest decides, and the recording does not say whether its balloon driver runs");
    else found.exact(`${path}.${key}`, expected ?? null, seen ?? null);
  }
}

function replayRow(replay: Replay, row: RecordedRow, found: Collector): Replay {
  const {raw, path, command} = row;
  const before = hostBefore(replay, row);
  const result = runVirsh(before, command);
  found.exact(`${path}.exitCode`, result.exitCode, raw["exitCode"] ?? null);
  found.exact(`${path}.stderr`, result.stderr, raw["stderr"] ?? "");
  compareOutput(result, raw["stdout"], `${path}.stdout`, found);
  const settled = settleBalloon(replay.guest, before, result);
  const {host} = settled;
  const after = host.domains.find(({def}) => def.name === replay.fallback.name);
  const observed = raw["result"];
  if (isObject(observed)) {
    compareState(describeState(after, before, row), observed, `${path}.result`, new Set(settled.unsure ? ["currentMemoryKiB", "dominfo"] : []), found);
    const guest = observed["guest"];
    if (isObject(guest) && host.driver !== "xen") describeGuest(settled, after, guest, `${path}.result.guest`, found);
  }
  return {...replay, host, guest: settled.guest};
}

/** Files a row may define from: all of them hold the setup's domain. */
function filesOf(recording: Recording, def: DomainDef): Host["files"] {
  const names = recording.rows.flatMap(({command}) => command.match(/\S+\.xml\b/g) ?? []);
  const text = (size: number): {text: string; unit: string} => ({text: `${size}`, unit: "KiB"});
  const spec = {name: def.name, type: def.type, vcpus: def.vcpus, memory: text(def.total), currentMemory: text(def.current), balloons: [{model: def.balloon.model}]};
  return Object.fromEntries(names.map((name) => [name, {kind: "domain", spec}]));
}

function begin(recording: Recording, uri: string, driver: Host["driver"]): Replay {
  const named = setupDef(recording);
  const fallback = driver === "xen" && domainOf(recording)["memballoonModel"] === undefined ? {...named, balloon: {...named.balloon, model: "xen" as const}} : named;
  const host = {...emptyHost(recording, uri, driver), files: filesOf(recording, fallback)};
  return {recording, host, fallback, guest: {driverLoaded: null, inflated: 0, deflated: 0, baseline: kib(0), deflateOnOom: fallback.balloon.autodeflate, hasDevice: hasBalloon(fallback)}};
}

function replayRows(recording: Recording, rows: readonly RecordedRow[], uri: string, driver: Host["driver"], found: Collector): void {
  let replay = begin(recording, uri, driver);
  for (const row of rows) {
    if (!isStateRow(row)) continue;
    try {
      replay = replayRow(replay, row, found);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      found.cannot(row.path, error.message);
    }
  }
}

/** Rows of commands on one domain: what virsh answers and what the domain's sizes are then. */
export const replayLibvirt: Replayer = {
  name: "libvirt",
  accepts: ({rows, sequences}) => [...rows, ...sequences.flatMap((one) => one.rows)].some(isStateRow),
  replay: (recording, found) => {
    const uri = recording.setup["connection"];
    const driver = typeof uri === "string" ? driverOf(uri) : null;
    if (typeof uri !== "string" || driver === null) {
      found.cannot("rows", `the model has no driver for ${typeof uri === "string" ? uri : "a missing connection"}`);
      return;
    }
    replayRows(recording, recording.rows, uri, driver, found);
    for (const {rows} of recording.sequences) replayRows(recording, rows, uri, driver, found);
  }
};
