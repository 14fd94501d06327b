import {runVirsh} from "../control/virsh/run.ts";
import type {CommandResult, Host} from "../control/virsh/host.ts";
import type {DomainState, Effect} from "../control/types.ts";
import type {XenType} from "../domain/xen/machine.ts";
import {ModelError} from "../errors.ts";
import {seconds, kib, type KiB} from "../units.ts";
import {memMiB} from "../control/xl/list.ts";
import {isObject} from "./collector.ts";
import {connectionOf, driverOf, emptyHost, setupDef, stateOf} from "./libvirt-setup.ts";
import {xenBootMemTotal} from "./xen/compare.ts";
import {createXenPlayerOf, type XenPlayer} from "./xen/player.ts";
import {guestFields, xenFields, xenstoreFields} from "./xen/state.ts";
import {xenMachineSpecOf} from "./xen/setup.ts";
import type {Collector, Json, JsonObject, RecordedRow, Recording, Replayer} from "./types.ts";

/** What is carried from row to row. */
interface Progress {
  domain: DomainState | null;
  /** The running domain's guest and hypervisor, or null while it is shut off. */
  player: XenPlayer | null;
  /** First reading of MemTotal: recorded less predicted. */
  shift: number | null;
}

/** libxl takes whole MiB, rounded up, at the start (libxl_conf.c libxlMakeDomBuildInfo). */
const wholeMib = (size: KiB): KiB => kib(Math.ceil(size / 1024) * 1024);

function startPlayer(recording: Recording, memory: KiB, target: KiB): XenPlayer {
  const type: XenType = xenMachineSpecOf(recording).type;
  const player = createXenPlayerOf({machine: {...xenMachineSpecOf(recording), type, memory: wholeMib(target), maxmem: wholeMib(memory)}, duration: seconds(1)});
  player.settle();
  return player;
}

function carryOut(recording: Recording, progress: Progress, effect: Effect): void {
  const {player} = progress;
  if (effect.kind === "start") progress.player = startPlayer(recording, effect.memory, effect.target);
  else if (effect.kind === "stop") progress.player = null;
  else if (effect.kind === "balloon") player?.happen({type: "setmem", target: effect.target});
  else if (effect.kind === "maximum") player?.happen({type: "setmaxmem", size: effect.size});
  progress.player?.settle();
}

/** Fields that are still on their way when the balloon had not settled. */
const MOVING = new Set(["currentKiB", "memMiB", "MemTotalKiB"]);

function compareGroup(group: string, observed: JsonObject, predicted: Readonly<Record<string, Json>>, path: string, settled: boolean, found: Collector): void {
  for (const [key, value] of Object.entries(observed)) {
    const at = `${path}.${group}.${key}`;
    const expected = predicted[key];
    if (expected === undefined) found.cannot(at, "not a field the model knows");
    else if (!settled && MOVING.has(key)) found.cannot(at, "read while the balloon was still moving");
    else found.exact(at, expected, value);
  }
}

/** MemTotal within the boot's bar first, and by its change from then on. */
function compareMemTotal(progress: Progress, predicted: number, observed: number, path: string, settled: boolean, found: Collector): void {
  if (!settled) {
    found.cannot(path, "read while the balloon was still moving");
    return;
  }
  found.compare(path, predicted, observed, xenBootMemTotal);
  if (progress.shift === null) progress.shift = observed - predicted;
  else found.exact(`${path} (change)`, predicted + progress.shift, observed);
}

function compareRow(progress: Progress, {raw, path}: RecordedRow, found: Collector): void {
  const result = raw["result"];
  const {player} = progress;
  if (!isObject(result) || player === null) return;
  const settled = result["settled"] !== false;
  const {guest, xl, xenstore} = result;
  const at = `${path}.result`;
  if (isObject(guest)) {
    const {MemTotalKiB, ...rest} = guest;
    const fields = guestFields(player.world);
    if (typeof MemTotalKiB === "number") compareMemTotal(progress, Number(fields["MemTotalKiB"]), MemTotalKiB, `${at}.guest.MemTotalKiB`, settled, found);
    compareGroup("guest", rest, fields, at, settled, found);
  }
  if (isObject(xl)) compareGroup("xl", xl, {memMiB: memMiB({current: kib(Number(xenFields(player.world)["totKiB"]))})}, at, settled, found);
  if (isObject(xenstore)) compareGroup("xenstore", xenstore, xenstoreFields(player.world), at, settled, found);
  if (result["settled"] !== undefined) found.cannot(`${at}.settled`, "whether 3.5 s were enough depends on the recorded machine");
}

/** A command's end, or null for one the model does not know: the other replayer says so. */
function attempt(host: Host, command: string): CommandResult | null {
  try {
    return runVirsh(host, command);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

function replayRows(recording: Recording, rows: readonly RecordedRow[], uri: string, found: Collector): void {
  const fallback = setupDef(recording);
  const def = {...fallback, balloon: {...fallback.balloon, model: "xen" as const}};
  const progress: Progress = {domain: null, player: null, shift: null};
  const connection = connectionOf(uri);
  for (const row of rows) {
    const before = row.given["state"] === "not defined" ? null : stateOf(row.given, progress.domain, def, "xen", connection);
    const host = {...emptyHost(recording, uri, "xen" as const), domains: before ? [before] : []};
    if (before?.id !== null && before?.id !== undefined && progress.player === null) progress.player = startPlayer(recording, before.def.total, before.def.current);
    const result = attempt(host, row.command);
    for (const {effect} of result?.effects ?? []) carryOut(recording, progress, effect);
    progress.domain = result?.host.domains[0] ?? progress.domain;
    compareRow(progress, row, found);
  }
}

/** What libvirt's libxl driver does to the guest, to xenstore and to the hypervisor; its own replies belong to `libvirt`. */
export const replayXenLibvirt: Replayer = {
  name: "xen-libvirt",
  accepts: ({setup, rows, sequences}) => typeof setup["connection"] === "string" && driverOf(setup["connection"]) === "xen" && rows.length + sequences.length > 0,
  replay: (recording, found) => {
    const {connection} = recording.setup;
    const uri = typeof connection === "string" ? connection : "";
    replayRows(recording, recording.rows, uri, found);
    for (const {rows} of recording.sequences) replayRows(recording, rows, uri, found);
  }
};
