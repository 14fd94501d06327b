import {readXenAct, testsMemory, type XenAct} from "./xen/acts.ts";
import {compareBootLog, compareMaps} from "./xen/boot-log.ts";
import {compareXenState, compareZones, isStalled, type XenComparer} from "./xen/compare.ts";
import {compareAttempts, compareXenEvents} from "./xen/events.ts";
import {createXenPlayer, type XenPlayer} from "./xen/player.ts";
import {compareSeries} from "./xen/series.ts";
import {isObject} from "./collector.ts";
import {list, maybeNumber} from "./read.ts";
import type {Collector, Json, Recording, RecordedStep, Replayer} from "./types.ts";

/** What an act answers, as far as it does. */
interface Answer {
  readonly exitCode: number;
  readonly stderr: string;
  readonly stdout?: string;
}

const silent: Answer = {exitCode: 0, stderr: ""};

/** Numbers of domains mean nothing, some messages end with an unrelated errno, and xl may say first which file it reads. */
const plain = (text: string): string =>
  text
    .replace(/^Parsing config from \S+\n?/, "")
    .replace(/Domain \d+:/g, "Domain <domid>:")
    .replace(/domid \d+ /g, "domid <domid> ")
    .replace(/(or or equal to memory_dynamic_max): [^\n]*/g, "$1");

function perform(player: XenPlayer, act: XenAct): Answer | null {
  switch (act.kind) {
    case "create":
    case "boot-dom0":
      if (testsMemory(player.world.scenario.machine.guest.kernel.commandLine)) player.happen({type: "touch-all"});
      return silent;
    case "unpause":
    case "wait":
      return silent;
    case "xl":
      return player.xl(act.command);
    case "event":
      player.happen(act.event);
      return silent;
    case "unknown":
      return null;
  }
}

function compareAnswer(step: RecordedStep, answer: Answer, found: Collector): void {
  const {raw, path} = step;
  if (raw["exitCode"] !== undefined) found.exact(`${path}.exitCode`, answer.exitCode, raw["exitCode"]);
  if (typeof raw["stderr"] === "string") found.exact(`${path}.stderr`, plain(answer.stderr), plain(raw["stderr"]));
  if (typeof raw["stdout"] === "string") found.exact(`${path}.stdout`, plain(answer.stdout ?? ""), plain(raw["stdout"]));
  if (raw["settleSeconds"] !== undefined) found.cannot(`${path}.settleSeconds`, "durations are of the recorded machine");
}

const isPaused = (act: XenAct): boolean => act.kind === "create" && act.paused;

/** Acts happen at their recorded times where there are some, because a back-off runs on a clock. */
function playStep(player: XenPlayer, step: RecordedStep, act: XenAct): Answer | null {
  if (step.tSeconds !== null && act.kind !== "boot-dom0") player.runTo(step.tSeconds);
  const answer = perform(player, act);
  const read = maybeNumber(step.raw["stateSeconds"]);
  if (read !== undefined && !isPaused(act)) player.runTo(read);
  if (!isPaused(act) && act.kind !== "wait") settle(player, act, read !== undefined);
  return answer;
}

/** A refused balloon stays in its back-off when its state was read at a time; else it comes to rest first. */
function settle(player: XenPlayer, act: XenAct, timed: boolean): void {
  const {balloon} = player.world.state;
  const refused = balloon.phase === "again" && balloon.target > balloon.current;
  if (!(timed && refused) || act.kind === "create") player.settle();
}

interface Progress {
  stalled: boolean;
  /** When the state of the running guest was first read. */
  bootRead: number | null;
}

function replayStep(player: XenPlayer, comparer: XenComparer, step: RecordedStep, progress: Progress): void {
  const {found} = comparer;
  const act = readXenAct(step);
  const answer = playStep(player, step, act);
  if (answer === null) {
    found.cannot(step.path, "an act whose effect is not modelled");
    return;
  }
  compareAnswer(step, answer, found);
  compareXenState(comparer, step, isPaused(act));
  if (isStalled(player.world)) progress.stalled = true;
  if (progress.bootRead !== null || isPaused(act)) return;
  progress.bootRead = maybeNumber(step.raw["stateSeconds"]) ?? step.tSeconds ?? 0;
  player.startTrace();
}

/** The last time any table has a row for. */
function endOf(recording: Recording): number {
  const times = Object.values(recording.series).flatMap(({tSeconds}) => tSeconds ?? []);
  return Math.max(0, ...times.filter((time): time is number => time !== null));
}

/** The maps and zones of the fresh boot, before any act has moved a page. */
function compareBoot(recording: Recording, player: XenPlayer, comparer: XenComparer): void {
  compareMaps(recording, player.world, comparer.found);
  const zones = list(recording.raw["zones"], "zones");
  if (zones.length === 0) return;
  player.settle();
  compareZones(comparer, zones, "zones");
}

function play(recording: Recording, found: Collector): void {
  const player = createXenPlayer(recording);
  const comparer: XenComparer = {found, world: player.world, baseline: new Map()};
  const progress: Progress = {stalled: false, bootRead: null};
  const crashes = testsMemory(player.world.scenario.machine.guest.kernel.commandLine);
  compareBoot(crashes ? {...recording, raw: {...recording.raw, zones: []}} : recording, player, comparer);
  recording.steps.forEach((step) => replayStep(player, comparer, step, progress));
  player.runTo(endOf(recording));
  const first = comparer.baseline.get("MemTotalKiB");
  compareSeries(recording, {player, stalled: progress.stalled, from: progress.bootRead ?? 0, shift: first ? first.observed - first.predicted : 0}, found);
  compareAttempts(recording, player, found);
  compareXenEvents(recording, player, found);
  compareBootLog(recording, player.world, player.log.entries().filter(({source}) => source === "kernel").map(({text}) => text), found);
}

const runsOnXen = (recorded: Json | undefined): boolean => typeof recorded === "string" && recorded.startsWith("Xen ");

/** A Xen domain or dom0 under xl, or ballooned by itself. */
export const replayXen: Replayer = {
  name: "xen",
  accepts: ({setup, steps, recorded}) => steps.length > 0 && (setup["xlConfig"] !== undefined || setup["xenCommandLine"] !== undefined || (runsOnXen(recorded["hypervisor"]) && isObject(steps[0]?.act))),
  replay: play
};
