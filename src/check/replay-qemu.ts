import {readAct, type Act} from "./qemu/acts.ts";
import {compareHost, compareState, takeBaseline, type Comparer} from "./qemu/compare.ts";
import {compareEvents} from "./qemu/events.ts";
import {perform, type Outcome} from "./qemu/perform.ts";
import {createPlayer, isStalled, type Player} from "./qemu/player.ts";
import {maybeNumber} from "./read.ts";
import {argumentsOf} from "./setup.ts";
import type {Collector, Recording, RecordedStep, Replayer} from "./types.ts";

/** Fields of a step that are no answer, or depend on the machine's speed. */
const NO_ANSWERS = ["act", "tSeconds", "startedAtSeconds", "after", "settledAfterSeconds"];

/** Holds what an act answered against the replay; a field it does not predict is listed. */
export function compareOutcome(step: RecordedStep, outcome: Outcome, found: Collector): void {
  for (const [key, observed] of Object.entries(step.raw)) {
    if (NO_ANSWERS.includes(key)) continue;
    const path = `${step.path}.${key}`;
    const predicted = outcome[key];
    if (predicted === undefined) found.cannot(path, "the replay does not predict this answer");
    else found.exact(path, predicted, observed);
  }
}

function playStep(player: Player, step: RecordedStep, found: Collector): boolean {
  const start = maybeNumber(step.raw["startedAtSeconds"]) ?? step.tSeconds;
  if (start !== null) player.runTo(start);
  const duration = start !== null && step.tSeconds !== null ? Math.max(0.05, step.tSeconds - start) : null;
  const act = readAct(step);
  const outcome = perform(player, act, duration);
  if (outcome === null) {
    found.cannot(step.path, act.kind === "unknown" ? act.reason : "an act whose effect is not modelled");
    return false;
  }
  compareOutcome(step, outcome, found);
  return true;
}

/** Runs to the time the state was read, and on until it is settled, as the recorder did. */
function waitForState(player: Player, step: RecordedStep): void {
  const at = step.raw["after"];
  const read = typeof at === "object" && at !== null && "atSeconds" in at ? maybeNumber(at.atSeconds) : undefined;
  if (read !== undefined) player.runTo(read);
  player.settle();
}

/** Whether the balloon's size depends on where exactly the guest ran out of memory. */
function noteRoughness(comparer: Comparer, act: Act): void {
  const {registers, guest} = comparer.world.state;
  const outOfReach = isStalled(comparer.world) || (act.kind === "fill" && registers.wanted !== guest.balloon);
  if (outOfReach) comparer.roughCounters = true;
  comparer.roughBalloon = outOfReach || (comparer.roughBalloon && registers.wanted !== guest.balloon);
}

function play(recording: Recording, found: Collector): void {
  const player = createPlayer(recording);
  const comparer: Comparer = {found, world: player.world, baseline: new Map(), roughCounters: false, roughBalloon: false};
  recording.steps.forEach((step, i) => {
    const understood = playStep(player, step, found);
    if (i === 0) {
      const {guest, host} = step.after;
      if (guest) takeBaseline(comparer, guest);
      if (host) compareHost(comparer, `${step.path}.after.host`, host, ["actualKiB"]);
      return;
    }
    if (Object.keys(step.after).length === 0) return;
    waitForState(player, step);
    noteRoughness(comparer, readAct(step));
    if (understood) compareState(comparer, step);
    else found.cannot(`${step.path}.after`, "the state after an act that is not understood");
  });
  player.settle();
  compareEvents(recording, player.log.entries(), found);
  for (const name of Object.keys(recording.series)) found.cannot(`series.${name}`, "rows read while things moved, at the speed of the machine that was recorded");
}

/** A QEMU guest after its boot: balloon, workloads, OOM, and what the host holds. */
export const replayQemu: Replayer = {
  name: "qemu",
  accepts: ({setup, steps}) => argumentsOf(setup).length > 0 && steps[0]?.act["tool"] === "qemu",
  replay: play
};
