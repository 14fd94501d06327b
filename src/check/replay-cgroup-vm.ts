import {actualMemory} from "../host/qemu/balloon-device.ts";
import {cgroupUsage, usedSwap} from "../host/linux/accounts.ts";
import type {World} from "../simulation/world.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {exact, none, stallFloor} from "./bars.ts";
import {limitWrites} from "./cgroup/acts.ts";
import {compareGroups, compareHostEvents, comparePeaks, type CgroupNumbers} from "./cgroup/compare.ts";
import {hostOf, statedCgroup} from "./cgroup/setup.ts";
import {readAct} from "./qemu/acts.ts";
import {compareEvents} from "./qemu/events.ts";
import {perform, type Outcome} from "./qemu/perform.ts";
import {createPlayer, isStalled, type Player} from "./qemu/player.ts";
import {guestFields} from "./qemu/state.ts";
import {maybeNumber} from "./read.ts";
import {compareOutcome} from "./replay-qemu.ts";
import {argumentsOf} from "./setup.ts";
import type {Bar, Collector, Json, JsonObject, RecordedStep, Recording, Replayer} from "./types.ts";

/** A VM being replayed, and what has been seen of it. */
interface Replay {
  readonly player: Player;
  readonly found: Collector;
  /** Guest fields just after the boot: recordings give changes since then. */
  base: Readonly<Record<string, number>> | null;
  largestSwap: number;
  /** A guest process was refused its memory. */
  refused: boolean;
}

const limit = (pages: number): number | null => (pages === Infinity ? null : pages * KIB_PER_PAGE);

function numbersOf({state, options}: World): CgroupNumbers {
  const {host, running, registers} = state;
  const {cgroup} = host;
  const pages = (count: number): number => count * KIB_PER_PAGE;
  return {
    current: running ? pages(cgroupUsage(host)) : 0,
    swap: pages(usedSwap(host)),
    peak: pages(cgroup.peak),
    max: limit(cgroup.max),
    swapMax: limit(cgroup.swapMax),
    hitMax: cgroup.events.max > 0,
    hitHigh: cgroup.events.high > 0,
    belowLow: cgroup.events.low > 0,
    oomKills: cgroup.events.oomKill,
    hostSwap: options.host.swap,
    swappedInPages: host.swapIns,
    swappedOutPages: host.swapOuts,
    actual: running ? actualMemory(registers, options.machine.memory) : null
  };
}

/** The VM's process was killed, rather than ended by its guest's panic. */
const isKilled = ({state}: World): boolean => !state.running && !state.guest.panicked;

/** What a shell sees of QEMU's end. */
function qemuEnd(world: World): Outcome {
  if (isKilled(world)) return {qemuExitCode: 137, qemuStderr: "Killed"};
  return {qemuExitCode: world.state.running ? null : 0};
}

const EXACT = new Set(["MemTotalKiB", "managedPages", "balloonInflatePages", "balloonDeflatePages", "oomKills", "pagesSwappedIn", "pagesSwappedOut"]);

/** A field of the model, and whether the recording gives its change: `MemTotalChangeKiB`, `managedPagesChange`. */
function fieldOf(key: string): {readonly field: string; readonly changed: boolean} {
  const field = key.replace(/Change(KiB)?$/, "$1");
  return {field, changed: field !== key};
}

function guestBar(world: World, field: string): Bar {
  if (!EXACT.has(field)) return none;
  return isStalled(world) && field !== "oomKills" ? stallFloor : exact;
}

function compareGuest({player: {world}, found, base}: Replay, path: string, observed: JsonObject): void {
  const now = guestFields(world);
  for (const [key, value] of Object.entries(observed)) {
    const {field, changed} = fieldOf(key);
    const [predicted, start] = [now[field], base?.[field]];
    if (predicted === undefined || (changed && start === undefined)) found.cannot(`${path}.${key}`, "not a field the model knows");
    else found.compare(`${path}.${key}`, changed ? predicted - (start ?? 0) : predicted, value, guestBar(world, field));
  }
}

function compareAfter(replay: Replay, step: RecordedStep): void {
  const {player: {world}, found} = replay;
  const raw = step.raw["after"];
  if (typeof raw === "object" && raw !== null && "guest" in raw && raw.guest === null) found.exact(`${step.path}.after.guest`, world.state.running ? "running" : null, null);
  const {guest} = step.after;
  if (guest && world.state.running) compareGuest(replay, `${step.path}.after.guest`, guest);
  else if (guest) found.exact(`${step.path}.after.guest.running`, false, true);
  compareGroups(found, step.path, step.after, numbersOf(world));
}

/** Limits that a shell on the host writes; anything else it does is a condition of the run. */
function performHostShell({player}: Replay, text: string): Outcome {
  for (const {file, size} of limitWrites(text)) player.happen({type: "cgroup", [file]: size});
  return {};
}

function performStep(replay: Replay, step: RecordedStep): Outcome | null {
  const {player} = replay;
  const {act} = step;
  const start = maybeNumber(step.raw["startedAtSeconds"]) ?? step.tSeconds;
  if (start !== null) player.runTo(start);
  if (act["tool"] === "host shell") return performHostShell(replay, typeof act["text"] === "string" ? act["text"] : "");
  const duration = start !== null && step.tSeconds !== null ? Math.max(0.05, step.tSeconds - start) : null;
  const outcome = perform(player, readAct(step), duration);
  // A process of a guest that is gone never ended.
  return outcome !== null && isKilled(player.world) && act["tool"] === "guest process" ? {exitCode: null, stdout: ""} : outcome;
}

function playStep(replay: Replay, step: RecordedStep): void {
  const {player, found} = replay;
  const outcome = performStep(replay, step);
  if (step.act["tool"] === "qemu") {
    player.runFor(0.1);
    replay.base = guestFields(player.world);
  }
  player.settle();
  replay.largestSwap = Math.max(replay.largestSwap, usedSwap(player.world.state.host) * KIB_PER_PAGE);
  if (outcome === null) {
    const act = readAct(step);
    found.cannot(step.path, act.kind === "unknown" ? act.reason : "an act whose effect is not modelled");
    return;
  }
  if (outcome["exitCode"] === 2) replay.refused = true;
  compareOutcome(step, {...qemuEnd(player.world), ...outcome}, found);
  compareAfter(replay, step);
}

type Ending = "survives" | "guest OOM" | "VM killed";

function predictedEnding({player: {world}, refused}: Replay): Ending {
  if (isKilled(world)) return "VM killed";
  return refused || world.state.guest.panicked || world.state.guest.counters.oomKills > 0 ? "guest OOM" : "survives";
}

/** The same in the recording's words: QEMU's exit code, the guest's kills, its process's exit code. */
function observedEnding({steps}: Recording): Ending {
  const seen = (pick: (step: RecordedStep) => Json | undefined, test: (value: Json) => boolean): boolean => steps.some((step) => {
    const value = pick(step);
    return value !== undefined && test(value);
  });
  if (seen(({raw}) => raw["qemuExitCode"], (code) => code === 137)) return "VM killed";
  const kills = seen(({after}) => after["guest"]?.["oomKills"], (count) => typeof count === "number" && count > 0);
  const failed = seen(({act, raw}) => (act["tool"] === "guest process" ? raw["exitCode"] : undefined), (code) => code === 137 || code === 2);
  return kills || failed || seen(({raw}) => raw["qemuExitCode"], (code) => code === 0) ? "guest OOM" : "survives";
}

function play(recording: Recording, found: Collector): void {
  const booted = recording.steps.find(({act}) => act["tool"] === "qemu");
  const player = createPlayer(recording, {host: hostOf(recording), bootedAt: booted?.tSeconds ?? 0});
  const replay: Replay = {player, found, base: null, largestSwap: 0, refused: false};
  for (const step of recording.steps) playStep(replay, step);
  const numbers = numbersOf(player.world);
  found.exact("outcome", predictedEnding(replay), observedEnding(recording));
  compareHostEvents(recording, numbers.oomKills, found);
  if (recording.events.some(({source}) => source === "guest kernel")) compareEvents(recording, player.log.entries(), found);
  comparePeaks(recording, {cgroupCurrentKiB: numbers.peak, cgroupSwapKiB: replay.largestSwap, cgroupEventsOomKill: numbers.oomKills}, found);
}

/** A real QEMU inside a cgroup: what its guest does, and what the limit does to it. */
export const replayCgroupVm: Replayer = {
  name: "cgroup of a VM",
  accepts: (recording) => statedCgroup(recording) !== null && argumentsOf(recording.setup).length > 0 && recording.steps[0]?.act["tool"] !== "qemu",
  replay: play
};
