import {actualMemory, NO_DEVICE, NOT_A_SIZE} from "../../host/qemu/balloon-device.ts";
import {endProcess, startProcess} from "../../guest/process.ts";
import {dropTmpfs} from "../../guest/reclaim.ts";
import type {ProcessState} from "../../guest/state.ts";
import {kib, KIB_PER_PAGE, kibToBytes, seconds} from "../../units.ts";
import type {Json} from "../types.ts";
import type {Act} from "./acts.ts";
import type {Player} from "./player.ts";

/** What an act answers, for each field a recording may have; a missing key is not predicted. */
export type Outcome = Readonly<Record<string, Json>>;

/** Seconds a program of the recordings takes when the recording does not say. */
const DEFAULT_SECONDS = 5;
/** Pages of a shell that waits for its command, and of dd with its 1 MiB buffer, as an OOM kill listed them. */
const SHELL_PAGES = 1;
const DD_PAGES = 253;
/** Pages/s of a program that only touches what it has at once. */
const AT_ONCE = 1e9;

const error = (class_: string, desc: string): Outcome => ({reply: {error: {class: class_, desc}}});
const done: Outcome = {reply: {return: {}}};

function performBalloon(player: Player, value: Json | undefined): Outcome {
  const {options} = player.world;
  if (typeof value !== "number") return {};
  if (options.machine.balloon === null) return error("DeviceNotActive", NO_DEVICE);
  if (value <= 0) return error("GenericError", NOT_A_SIZE);
  player.happen({type: "balloon", target: kib(value / 1024)});
  return done;
}

function queryBalloon({world}: Player): Outcome {
  const {machine} = world.options;
  if (machine.balloon === null) return error("DeviceNotActive", NO_DEVICE);
  return {reply: {return: {actual: kibToBytes(actualMemory(world.state.registers, machine.memory))}}};
}

function performQmp(player: Player, act: Extract<Act, {kind: "qmp"}>): Outcome | null {
  const {value, property} = act.arguments;
  if (act.execute === "balloon") return performBalloon(player, value);
  if (act.execute === "query-balloon") return queryBalloon(player);
  if (act.execute === "system_reset") {
    player.happen({type: "restart"});
    return done;
  }
  if (act.execute !== "qom-set" || property !== "guest-stats-polling-interval" || typeof value !== "number") return null;
  player.happen({type: "poll-stats", interval: seconds(value)});
  return done;
}

/** How a process of the recorder's ended, as its exit code, output and complaint. */
function ended(process: ProcessState, memoryMiB: number): Outcome {
  const killed = process.exitCode === 137 ? "Killed" : "";
  const failure = process.exitCode === 2 ? {failure: {call: "mmap", error: "Cannot allocate memory", memoryMiB}} : {};
  return {exitCode: process.exitCode, stdout: killed, ...failure};
}

/** A process that touches its memory within the recorded time, and exits at its end. */
function performHog(player: Player, act: Extract<Act, {kind: "hog"}>, duration: number): Outcome {
  const {world} = player;
  const pages = (act.memoryMiB * 1024) / KIB_PER_PAGE;
  const busy = Math.max(0.05, (duration - act.holdSeconds) * 0.8);
  const process = startProcess(world.state.guest, world.log, {name: "hog", memory: pages, rate: pages / busy});
  const until = world.state.time + duration;
  player.settle();
  player.runFor(until - world.state.time);
  if (process.alive) endProcess(world.state.guest, world.backing, process, 0);
  return ended(process, act.memoryMiB);
}

/** dd, started by a shell, writes a file into a tmpfs; the file stays. */
function performFill(player: Player, act: Extract<Act, {kind: "fill"}>, duration: number): Outcome {
  const {world} = player;
  const {guest} = world.state;
  const wanted = act.blockKiB * act.count;
  const fits = Math.min(wanted, act.limitKiB);
  const pages = Math.ceil(fits / KIB_PER_PAGE);
  const shell = startProcess(guest, world.log, {name: "sh", footprint: SHELL_PAGES, rate: AT_ONCE});
  player.settle();
  const dd = startProcess(guest, world.log, {name: "dd", footprint: DD_PAGES, files: pages, rate: pages / Math.max(0.05, duration * 0.8), hold: 0, finish: fits < wanted ? 1 : 0});
  player.settle();
  const code = dd.exitCode;
  if (shell.alive) endProcess(guest, world.backing, shell, code);
  return code === 137 ? {exitCode: code, stdout: "Killed"} : {exitCode: code};
}

const known: Readonly<Record<string, (player: Player, value: number) => void>> = {
  overcommit_memory: (player, value) => player.happen({type: "set-overcommit", mode: value === 1 ? 1 : value === 2 ? 2 : 0}),
  swappiness: (player, value) => player.happen({type: "set-swappiness", value}),
  drop_caches: (player) => player.happen({type: "drop-caches"}),
  compact_memory: () => undefined
};

function performSysctl(player: Player, settings: Readonly<Record<string, number>>): Outcome | null {
  const entries = Object.entries(settings);
  if (entries.some(([name]) => !(name in known))) return null;
  for (const [name, value] of entries) known[name]?.(player, value);
  return {exitCode: 0, stdout: ""};
}

function performDriver(player: Player, act: Extract<Act, {kind: "load" | "unload"}>): Outcome | null {
  const {loaded} = player.world.state.driver;
  if (!act.modules) return {exitCode: 0, stdout: ""};
  if (act.kind === "load" ? loaded : !loaded) return null;
  player.happen({type: act.kind === "load" ? "load-driver" : "unload-driver"});
  return {exitCode: 0, stdout: ""};
}

/** tmpfs files that a workload wrote go; what was there at boot stays. */
function removeFiles({world}: Player): Outcome {
  dropTmpfs(world.state.guest, world.backing);
  return {exitCode: 0, stdout: ""};
}

/**
 * Makes an act happen.
 * @param duration seconds it took when recorded, or null.
 * @returns what it answers, or null when the replay cannot tell.
 */
export function perform(player: Player, act: Act, duration: number | null): Outcome | null {
  switch (act.kind) {
    case "qmp":
      return performQmp(player, act);
    case "load":
    case "unload":
      return performDriver(player, act);
    case "sysctl":
      return performSysctl(player, act.settings);
    case "hog":
      return performHog(player, act, duration ?? DEFAULT_SECONDS);
    case "fill":
      return performFill(player, act, duration ?? DEFAULT_SECONDS);
    case "remove-files":
      return removeFiles(player);
    case "ended":
      return {exitCode: player.world.state.guest.panicked || !player.world.state.running ? 0 : null};
    case "start":
    case "wait":
      return {};
    case "unknown":
      return null;
  }
}
