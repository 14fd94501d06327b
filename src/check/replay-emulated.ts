import {bootFlat} from "../guest/boot/flat-boot.ts";
import {cgroupOutcome, processOutcome, totalAfterBalloon, type BeforeAct} from "../guest/flat-acts.ts";
import {KIB_PER_PAGE, kib, mib, mibToKib, type KiB} from "../units.ts";
import {malformed, maybeNumber} from "./read.ts";
import type {Collector, JsonObject, RecordedStep, Recording, Replayer} from "./types.ts";

const PAGES_PER_MIB = 1024 / KIB_PER_PAGE;
/** The kernel lies at 16 MiB, and the firmware keeps as much at the top: less has never booted. */
const LEAST_MIB = 68;
/** mkswap keeps the first page of the device for its header. */
const SWAP_HEADER = KIB_PER_PAGE;

/** What the model holds of the guest between two acts; pages and KiB. */
interface Replay {
  readonly booted: KiB;
  readonly deflateOnOom: boolean;
  asked: number;
  /** Null once a process took pages back: how many follows from what it touched. Known again when all came back. */
  balloon: number | null;
  /** Pages in and out since boot; null once they could not be followed. */
  moved: {readonly inflated: number; readonly deflated: number} | null;
  kills: number;
  swap: number;
}

const word = (text: string, pattern: RegExp): number[] | null => pattern.exec(text)?.slice(1).map(Number) ?? null;

/** What the guest said before an act: the outcome of a process depends on what is free. */
function before(replay: Replay, after: RecordedStep["after"]): BeforeAct {
  const {guest = {}, host = {}} = after;
  const read = (key: string): KiB => kib(maybeNumber(guest[key]) ?? 0);
  return {
    memTotal: read("MemTotalKiB"), memFree: read("MemFreeKiB"), reclaimable: read("BuffersKiB"), swapFree: read("SwapFreeKiB"),
    balloon: kib((maybeNumber(host["balloonPages"]) ?? 0) * KIB_PER_PAGE), deflateOnOom: replay.deflateOnOom
  };
}

/** A target beyond what the guest can spare ends where its driver gives up: that is not predicted here. */
function balloonTo(replay: Replay, size: number, {memFree, reclaimable}: BeforeAct): void {
  const from = replay.balloon;
  replay.asked = size * PAGES_PER_MIB;
  const change = replay.asked - (from ?? Infinity);
  if (replay.asked === 0) replay.balloon = 0;
  else if (from === null || change * KIB_PER_PAGE > memFree + reclaimable) replay.balloon = null;
  else replay.balloon = replay.asked;
  if (from === null || replay.balloon === null || replay.moved === null) replay.moved = null;
  else replay.moved = {inflated: replay.moved.inflated + Math.max(0, change), deflated: replay.moved.deflated + Math.max(0, -change)};
}

function runProcess(replay: Replay, size: number, was: BeforeAct): void {
  const {lives} = processOutcome(was, mibToKib(mib(size)));
  if (!lives) replay.kills += 1;
  if (!replay.deflateOnOom || was.balloon === 0) return;
  replay.balloon = null;
  replay.moved = null;
}

function runInCgroup(replay: Replay, [limit = 0, need = 0]: readonly number[], was: BeforeAct, step: RecordedStep, found: Collector): void {
  const {peak, killed} = cgroupOutcome({limit: mibToKib(mib(limit)), need: mibToKib(mib(need)), swapFree: was.swapFree});
  if (killed) replay.kills += 1;
  const group: JsonObject = step.after["cgroup"] ?? {};
  const compare = (key: string, predicted: number | null): void => {
    const observed = group[key];
    if (observed === undefined) return;
    if (predicted === null) found.cannot(`${step.path}.after.cgroup.${key}`, "charges are taken in batches: below the limit the peak is not predicted");
    else found.exact(`${step.path}.after.cgroup.${key}`, predicted, observed);
  };
  compare("limitBytes", limit * 2 ** 20);
  compare("peakBytes", peak === null ? null : peak * 1024);
  compare("oomKills", killed ? 1 : 0);
}

/** Plays one act; false when it is none that the guest's page knows. */
function play(replay: Replay, step: RecordedStep, was: BeforeAct, found: Collector): boolean {
  const text = typeof step.act["text"] === "string" ? step.act["text"] : "";
  const balloon = word(text, /^balloon: hold (\d+) MiB$/);
  const process = word(text, /^hog (\d+) 0$/);
  const cgroup = word(text, /^limit (\d+) hog (\d+) 0$/);
  const swap = word(text, /^swap (\d+)$/);
  if (balloon !== null) balloonTo(replay, balloon[0] ?? 0, was);
  else if (process !== null) runProcess(replay, process[0] ?? 0, was);
  else if (cgroup !== null) runInCgroup(replay, cgroup, was, step, found);
  else if (swap !== null) replay.swap = mibToKib(mib(swap[0] ?? 0)) - SWAP_HEADER;
  else return /^(?:boot with \d+ MiB|readdisk \d+|drop)$/.test(text);
  return true;
}

function compareState(replay: Replay, {path, after}: RecordedStep, found: Collector, given = false): void {
  const {asked, balloon, moved, kills, swap, booted, deflateOnOom} = replay;
  const taken = "a process took pages back from the balloon, or it could not fill: how many is not predicted";
  const total = balloon === null && !deflateOnOom ? null : totalAfterBalloon({memTotal: booted, balloon: kib(0), deflateOnOom}, kib((balloon ?? 0) * KIB_PER_PAGE));
  const predicted: Readonly<Record<string, Readonly<Record<string, number | null>>>> = {
    guest: {
      MemTotalKiB: total, SwapTotalKiB: swap, oomKills: kills,
      balloonInflatePages: moved?.inflated ?? null, balloonDeflatePages: moved?.deflated ?? null
    },
    host: {targetBalloonPages: asked, balloonPages: balloon}
  };
  for (const [group, fields] of Object.entries(predicted)) {
    for (const [key, value] of Object.entries(fields)) {
      const observed = after[group]?.[key];
      if (observed === undefined || (given && key !== "MemTotalKiB")) continue;
      if (value === null) found.cannot(`${path}.after.${group}.${key}`, taken);
      else found.exact(`${path}.after.${group}.${key}`, value, observed);
    }
  }
  for (const key of Object.keys(after["guest"] ?? {})) {
    if (!(key in (predicted["guest"] ?? {}))) found.cannot(`${path}.after.guest.${key}`, "depends on what the guest's programs hold and read");
  }
}

const GIVEN = "where the run begins: given";

/** A run may begin on a guest that was used before: its counters, its swap and its balloon are given, MemTotal follows from them. */
function begin(recording: Recording, first: RecordedStep, found: Collector): Replay {
  const memory = maybeNumber(recording.setup["memoryMiB"]);
  if (memory === undefined || !Number.isInteger(memory) || memory < LEAST_MIB) throw malformed("setup.memoryMiB", `a whole number of MiB from ${LEAST_MIB}`);
  const {guest = {}, host = {}} = first.after;
  const read = (group: string, of: JsonObject, key: string): number => {
    if (of[key] !== undefined) found.cannot(`${first.path}.after.${group}.${key}`, GIVEN);
    return maybeNumber(of[key]) ?? 0;
  };
  const balloon = read("host", host, "balloonPages");
  const asked = read("host", host, "targetBalloonPages");
  return {
    booted: bootFlat(mib(memory)).memTotal, deflateOnOom: recording.setup["deflateOnOom"] === true, asked, balloon: balloon === asked ? balloon : null,
    moved: {inflated: read("guest", guest, "balloonInflatePages"), deflated: read("guest", guest, "balloonDeflatePages")},
    kills: read("guest", guest, "oomKills"), swap: read("guest", guest, "SwapTotalKiB")
  };
}

function replay(recording: Recording, found: Collector): void {
  const [first, ...rest] = recording.steps;
  if (first === undefined) return;
  const state = begin(recording, first, found);
  compareState(state, first, found, true);
  let was = first;
  for (const step of rest) {
    const known = play(state, step, before(state, was.after), found);
    if (known) compareState(state, step, found);
    else found.cannot(step.path, "an act that the replay does not understand");
    was = step;
  }
}

/** Runs of the guest that a browser boots (`guest/`): its own kernel, its acts, its balloon device. */
export const replayEmulated: Replayer = {
  name: "emulated guest",
  accepts: ({recorded, steps}) => typeof recorded["hypervisor"] === "string" && recorded["hypervisor"].startsWith("v86 ") && steps.length > 0,
  replay
};
