import {kib, kibToBytes, seconds, type KiB} from "../../units.ts";
import type {MonitorEffect, MonitorState, QomStats} from "./monitor.ts";

type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};

/** QMP's answer to one message, as JSON. */
export type QmpReply = {readonly return: Json} | {readonly error: {readonly class: string; readonly desc: string}};

export interface QmpResult {
  readonly reply: QmpReply;
  readonly state: MonitorState;
  readonly effects: readonly MonitorEffect[];
}

/** A 64-bit -1: how QEMU shows a statistic that was never reported. Prints as the JSON number it is. */
export const NEVER_REPORTED = 18446744073709551615n;

class QmpFailure extends Error {
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

const refuse = (message: string, kind = "GenericError"): never => {
  throw new QmpFailure(kind, message);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

function noDevice(): never {
  return refuse("No balloon device has been activated", "DeviceNotActive");
}

/** Takes known arguments out of a message; QEMU looks at each in its own order, then at what is left over. */
function checkArguments(given: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const missing = known.find((name) => given[name] === undefined);
  if (missing !== undefined) refuse(`Parameter '${missing}' is missing`);
}

function refuseOthers(given: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other !== undefined) refuse(`Parameter '${other}' is unexpected`);
}

function integer(value: unknown, name: string): number {
  return typeof value === "number" && Number.isInteger(value) ? value : refuse(`Invalid parameter type for '${name}', expected: integer`);
}

function text(value: unknown, name: string): string {
  return typeof value === "string" ? value : refuse(`Invalid parameter type for '${name}', expected: string`);
}

const done = (state: MonitorState, value: Json = {}, effects: readonly MonitorEffect[] = []): QmpResult => ({reply: {return: value}, state, effects});

/** `balloon`: accepted at once for any positive target, in bytes, whether or not a driver listens. */
function balloon(state: MonitorState, given: Readonly<Record<string, unknown>>): QmpResult {
  checkArguments(given, ["value"]);
  const value = integer(given["value"], "value");
  refuseOthers(given, ["value"]);
  if (!state.balloon) noDevice();
  if (value <= 0) refuse("Parameter 'target' expects a size");
  return done(state, {}, [{kind: "balloon", target: kib(value / 1024)}]);
}

function queryBalloon(state: MonitorState, given: Readonly<Record<string, unknown>>): QmpResult {
  refuseOthers(given, []);
  return done(state, {actual: kibToBytes((state.balloon ?? noDevice()).actual)});
}

const INTERVAL = "guest-stats-polling-interval";
/** Largest interval in seconds: what fits an unsigned 32-bit number. */
const INTERVAL_MAX = 2 ** 32 - 1;

function setInterval({balloon: device}: MonitorState, value: unknown): QmpResult {
  if (!device) noDevice();
  const interval = integer(value, INTERVAL);
  if (interval < 0) refuse("timer value must be greater than zero");
  if (interval > INTERVAL_MAX) refuse("timer value is too big");
  const period = seconds(interval);
  return done({balloon: {...device, pollingInterval: period}}, {}, [{kind: "stats-period", period}]);
}

/** The object a path names, or DeviceNotFound. */
function deviceAt(state: MonitorState, path: unknown): void {
  const named = text(path, "path");
  if (state.balloon?.path !== named) refuse(`Device '${named}' not found`, "DeviceNotFound");
}

function qomSet(state: MonitorState, given: Readonly<Record<string, unknown>>): QmpResult {
  checkArguments(given, ["path", "property", "value"]);
  deviceAt(state, given["path"]);
  const property = text(given["property"], "property");
  refuseOthers(given, ["path", "property", "value"]);
  if (property === "guest-stats") refuse("Property 'virtio-balloon-device.guest-stats' is not writable");
  return property === INTERVAL ? setInterval(state, given["value"]) : refuse(`Property 'virtio-balloon-pci.${property}' not found`);
}

/** Statistics by QEMU's names; null for what was never reported, which QEMU prints as 2^64-1. */
export function qomStats(stats: QomStats): Readonly<Record<string, number | null>> {
  return {
    "stat-swap-in": stats.swapIn ?? null,
    "stat-swap-out": stats.swapOut ?? null,
    "stat-major-faults": stats.majorFaults ?? null,
    "stat-minor-faults": stats.minorFaults ?? null,
    "stat-free-memory": stats.freeMemory ?? null,
    "stat-total-memory": stats.totalMemory ?? null,
    "stat-available-memory": stats.availableMemory ?? null,
    "stat-disk-caches": stats.diskCaches ?? null,
    "stat-htlb-pgalloc": stats.hugetlbPageAllocations ?? null,
    "stat-htlb-pgfail": stats.hugetlbPageFailures ?? null
  };
}

function qomGet(state: MonitorState, given: Readonly<Record<string, unknown>>): QmpResult {
  checkArguments(given, ["path", "property"]);
  deviceAt(state, given["path"]);
  const property = text(given["property"], "property");
  refuseOthers(given, ["path", "property"]);
  const device = state.balloon ?? noDevice();
  if (property === INTERVAL) return done(state, device.pollingInterval);
  if (property === "guest-stats") return done(state, {stats: qomStats(device.stats), "last-update": device.stats.lastUpdate});
  return refuse(`Property 'virtio-balloon-pci.${property}' not found`);
}

const handlers: Readonly<Record<string, typeof balloon>> = {balloon, "query-balloon": queryBalloon, "qom-set": qomSet, "qom-get": qomGet};

function dispatch(state: MonitorState, message: unknown): QmpResult {
  if (!isRecord(message)) return refuse("QMP input must be a JSON object");
  const other = Object.keys(message).find((key) => !["execute", "arguments", "id"].includes(key));
  if (other !== undefined) refuse(`QMP input member '${other}' is unexpected`);
  const {execute, arguments: given = {}} = message;
  if (execute === undefined) refuse("QMP input lacks member 'execute'");
  if (typeof execute !== "string") return refuse("QMP input member 'execute' must be a string");
  if (!isRecord(given)) return refuse("QMP input member 'arguments' must be an object");
  const handler = handlers[execute];
  return handler ? handler(state, given) : refuse(`The command ${execute} has not been found`, "CommandNotFound");
}

/**
 * Answers one QMP message about memory, as QEMU 7.2 does.
 * @param message parsed JSON.
 * Source: QEMU 7.2.22, recorded in qemu-balloon-limits.json and qemu-no-balloon-device.json and asked directly.
 */
export function executeQmp(state: MonitorState, message: unknown): QmpResult {
  try {
    return dispatch(state, message);
  } catch (thrown) {
    if (!(thrown instanceof QmpFailure)) throw thrown;
    return {reply: {error: {class: thrown.kind, desc: thrown.message}}, state, effects: []};
  }
}

/** A target in bytes as a message. */
export const balloonMessage = (target: KiB): {readonly execute: "balloon"; readonly arguments: {readonly value: number}} => ({
  execute: "balloon",
  arguments: {value: kibToBytes(target)}
});
