import {endWalker, newWalker, walkAgain, walkerUsage, walkNew, type WalkerLimits, type WalkerState} from "../host/linux/cgroup/process.ts";
import type {CgroupSpec, HostSpec} from "../simulation/scenario.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {limitWrites} from "./cgroup/acts.ts";
import {compareGroups, compareHostEvents, comparePeaks, type CgroupNumbers} from "./cgroup/compare.ts";
import {hostOf, statedCgroup} from "./cgroup/setup.ts";
import {maybeNumber} from "./read.ts";
import {compareOutcome} from "./replay-qemu.ts";
import {argumentsOf} from "./setup.ts";
import type {Collector, JsonObject, RecordedStep, Recording, Replayer} from "./types.ts";

/** A cgroup whose processes come and go; counters in pages since the first. */
interface Replay {
  readonly host: HostSpec;
  limits: CgroupSpec;
  peak: number;
  slotsPeak: number;
  swapIns: number;
  swapOuts: number;
  kills: number;
  hitMax: boolean;
}

const pagesOf = (size: number | null | undefined): number => (size === null || size === undefined ? Infinity : Math.floor(size / KIB_PER_PAGE));

/** What holds a process back: the cgroup's limits, version 1's combined one among them, and the host. */
function walkerLimits({host, limits}: Replay, inside: boolean): WalkerLimits {
  const device = pagesOf(host.swap);
  const own = inside ? limits : {};
  const swapMax = pagesOf(own.swapMax);
  const hard = Math.min(pagesOf(own.max), pagesOf(own.memswMax), pagesOf(host.ram));
  const swap = Math.min(device, swapMax, Math.max(0, pagesOf(own.memswMax) - hard));
  // Above memory.high reclaim swaps while it can; without swap the process only sleeps.
  const memory = swap > 0 ? Math.min(hard, pagesOf(own.high)) : hard;
  return {memory, swap, slotsKept: Math.floor(Math.min(device, swapMax) / 2)};
}

function runProcess(replay: Replay, act: JsonObject): WalkerState {
  const inside = act["cgroup"] !== false;
  const limits = walkerLimits(replay, inside);
  const walker = newWalker();
  walkNew(walker, ((maybeNumber(act["memoryMiB"]) ?? 0) * 1024) / KIB_PER_PAGE, limits);
  for (let pass = maybeNumber(act["passesAfterwards"]) ?? 0; pass > 0; pass--) walkAgain(walker, limits);
  replay.swapIns += walker.swapIns;
  replay.swapOuts += walker.swapOuts;
  if (!inside) return walker;
  replay.peak = Math.max(replay.peak, walker.peak);
  replay.slotsPeak = Math.max(replay.slotsPeak, walker.slotsPeak);
  replay.hitMax ||= walker.hitLimit;
  if (walker.killed) replay.kills++;
  return walker;
}

function numbersOf({host, limits, peak, swapIns, swapOuts, kills, hitMax}: Replay, walker: WalkerState): CgroupNumbers {
  return {
    current: walker.resident > 0 ? walkerUsage(walker) * KIB_PER_PAGE : 0,
    swap: walker.slots * KIB_PER_PAGE,
    peak: peak * KIB_PER_PAGE,
    max: limits.max ?? null,
    swapMax: limits.swapMax ?? null,
    hitMax: hitMax && limits.high === undefined,
    hitHigh: hitMax && limits.high !== undefined,
    belowLow: false,
    oomKills: kills,
    hostSwap: host.swap ?? 0,
    swappedInPages: swapIns,
    swappedOutPages: swapOuts,
    actual: null
  };
}

/** Limits written between two processes: nothing is charged then, so every version takes them. */
function writeLimits(replay: Replay, text: string): void {
  for (const {file, size} of limitWrites(text)) replay.limits = {...replay.limits, [file]: size};
}

function playStep(replay: Replay, step: RecordedStep, found: Collector): string | null {
  const {act} = step;
  if (act["tool"] === "host shell") {
    writeLimits(replay, typeof act["text"] === "string" ? act["text"] : "");
    compareGroups(found, step.path, step.after, numbersOf(replay, newWalker()));
    return null;
  }
  if (act["tool"] !== "guest process") {
    found.cannot(step.path, "an act that the replay does not understand");
    return null;
  }
  const walker = runProcess(replay, act);
  const {killed} = walker;
  endWalker(walker);
  compareOutcome(step, {exitCode: killed ? 137 : 0, stdout: killed ? "Killed" : ""}, found);
  compareGroups(found, step.path, step.after, numbersOf(replay, walker));
  return killed ? "killed" : "survives";
}

function play(recording: Recording, found: Collector): void {
  const host = hostOf(recording);
  const replay: Replay = {host, limits: host.cgroup ?? {}, peak: 0, slotsPeak: 0, swapIns: 0, swapOuts: 0, kills: 0, hitMax: false};
  for (const step of recording.steps) {
    const ending = playStep(replay, step, found);
    if (ending !== null) found.exact(`${step.path} (outcome)`, ending, step.raw["exitCode"] === 137 ? "killed" : "survives");
  }
  compareHostEvents(recording, replay.kills, found);
  comparePeaks(recording, {cgroupCurrentKiB: replay.peak * KIB_PER_PAGE, cgroupSwapKiB: replay.slotsPeak * KIB_PER_PAGE, cgroupEventsOomKill: replay.kills}, found);
}

/** A plain process in a cgroup, which stands in for a VM. */
export const replayCgroupProcess: Replayer = {
  name: "cgroup of a process",
  accepts: (recording) => statedCgroup(recording) !== null && argumentsOf(recording.setup).length === 0 && recording.steps.some(({act}) => act["tool"] === "guest process"),
  replay: play
};
