import {isObject} from "../collector.ts";
import {maybeNumber} from "../read.ts";
import type {JsonObject, RecordedStep} from "../types.ts";

/** What a step does, as far as the replay understands it. */
export type Act =
  | {readonly kind: "start"}
  | {readonly kind: "qmp"; readonly execute: string; readonly arguments: JsonObject}
  | {readonly kind: "load" | "unload"; readonly modules: boolean}
  | {readonly kind: "sysctl"; readonly settings: Readonly<Record<string, number>>}
  | {readonly kind: "hog"; readonly memoryMiB: number; readonly holdSeconds: number}
  | {readonly kind: "fill"; readonly limitKiB: number; readonly blockKiB: number; readonly count: number}
  | {readonly kind: "remove-files"}
  | {readonly kind: "wait"}
  | {readonly kind: "ended"}
  | {readonly kind: "unknown"; readonly reason: string};

const unknown = (reason: string): Act => ({kind: "unknown", reason});

/** A group of a match; empty when it took no part. */
const group = (match: RegExpExecArray, i: number): string => match[i] ?? "";

const SUFFIX: ReadonlyMap<string, number> = new Map([["", 1 / 1024], ["k", 1], ["m", 1024], ["g", 1024 * 1024]]);

/** A size as mount and dd write it, in KiB; null when it is not understood. */
function size(text: string): number | null {
  const match = /^(\d+)([a-z])?$/i.exec(text);
  const unit = match && SUFFIX.get(group(match, 2).toLowerCase());
  return match && unit !== undefined && unit !== null ? Number(match[1]) * unit : null;
}

const ASSIGNMENT = /^\s*(?:sysctl\s+(?:-w\s+)?)?vm\.(\w+)\s*=\s*(\d+)\s*$/;
const ECHO = /^\s*echo\s+(\d+)\s*>\s*\/proc\/sys\/vm\/(\w+)\s*$/;

/** One setting under vm, as [name, value]; null for anything else. */
function setting(text: string): [name: string, value: number] | null {
  const assigned = ASSIGNMENT.exec(text);
  if (assigned) return [group(assigned, 1), Number(assigned[2])];
  const echoed = ECHO.exec(text);
  return echoed && [group(echoed, 2), Number(echoed[1])];
}

function parseSysctl(text: string): Act | null {
  const settings = text.split(/;|&&/).map(setting);
  if (settings.includes(null)) return null;
  return {kind: "sysctl", settings: Object.fromEntries(settings.filter((one) => one !== null))};
}

/** A tmpfs mounted with a limit and filled by dd, in one line or two. */
function parseFill(text: string): Act | null {
  const dd = /\bdd\b(?=.*\bif=\/dev\/(?:zero|urandom))(?=.*\bbs=(\w+))(?=.*\bcount=(\d+))/.exec(text);
  if (!dd) return null;
  const limit = /\bmount\b.*\btmpfs\b.*\bsize=(\w+)/.exec(text);
  const blockKiB = size(group(dd, 1));
  const limitKiB = limit ? size(group(limit, 1)) : Infinity;
  if (blockKiB === null || limitKiB === null) return unknown("a dd or tmpfs size that is not understood");
  return {kind: "fill", blockKiB, limitKiB, count: Number(dd[2])};
}

function parseShell(text: string): Act {
  if (/^\s*(?:insmod|modprobe)\b/.test(text)) return {kind: "load", modules: text.includes("virtio_balloon")};
  if (/^\s*(?:rmmod|modprobe\s+-r)\b.*\bvirtio_balloon\b/.test(text)) return {kind: "unload", modules: true};
  if (/^\s*(?:rm|umount)\s+/.test(text)) return {kind: "remove-files"};
  if (/^\s*sleep\s+\S+\s*$/.test(text)) return {kind: "wait"};
  return parseFill(text) ?? parseSysctl(text) ?? unknown("a shell command the replay does not understand");
}

function parseProcess(act: JsonObject): Act {
  const memoryMiB = maybeNumber(act["memoryMiB"]);
  if (memoryMiB === undefined) return unknown("a guest process without a memory size");
  return {kind: "hog", memoryMiB, holdSeconds: maybeNumber(act["holdSeconds"]) ?? 0};
}

function parseQmp(act: JsonObject): Act {
  const json = act["json"];
  if (!isObject(json) || typeof json["execute"] !== "string") return unknown("a QMP message without a command");
  const given = json["arguments"];
  return {kind: "qmp", execute: json["execute"], arguments: isObject(given) ? given : {}};
}

function parseWait(text: string): Act {
  return /ended|panicked/.test(text) ? {kind: "ended"} : {kind: "wait"};
}

/** Reads a step's act; what is not understood says why. */
export function readAct(step: RecordedStep): Act {
  const {act} = step;
  const text = typeof act["text"] === "string" ? act["text"] : "";
  switch (act["tool"]) {
    case "qemu":
      return text.startsWith("start") ? {kind: "start"} : unknown("an act on QEMU that the replay does not understand");
    case "qmp":
      return parseQmp(act);
    case "guest shell":
      return parseShell(text);
    case "guest process":
      return parseProcess(act);
    case "none":
      return parseWait(text);
    default:
      return unknown(`the tool ${typeof act["tool"] === "string" ? act["tool"] : "(none)"} is not replayed`);
  }
}
