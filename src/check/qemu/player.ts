import {resolveMachine} from "../../domain/machine.ts";
import {kib, seconds} from "../../units.ts";
import {apply} from "../../simulation/apply.ts";
import type {Happening} from "../../simulation/events.ts";
import {createLog, type LogBook} from "../../simulation/log.ts";
import {worldOf} from "../../simulation/run.ts";
import {resolveScenario} from "../../simulation/scenario.ts";
import {advance, type World} from "../../simulation/world.ts";
import {workloadIsIdle} from "../../guest/workload.ts";
import {machineSpecOf} from "../setup.ts";
import type {Recording} from "../types.ts";
import {maybeNumber} from "../read.ts";

/** Seconds of a replay's step: fine enough for the driver's 200 ms retries. */
const STEP = 0.05;
/** A state is read when nothing moves any more; a replay waits this long for that, seconds. */
const PATIENCE = 600;

/** A machine being replayed. */
export interface Player {
  readonly world: World;
  readonly log: LogBook;
  /** Runs to a time of the recording's clock; never back. */
  readonly runTo: (at: number) => void;
  /** Runs until balloon and workload are at rest, or stalled. */
  readonly settle: () => void;
  readonly happen: (event: Happening) => void;
}

function atRest(world: World): boolean {
  const {driver, registers, guest, running} = world.state;
  if (!running) return true;
  const stalled = driver.failures > 0;
  const pending = driver.loaded && (driver.seen !== registers.requests || (driver.busy && !stalled));
  return !pending && workloadIsIdle(guest);
}

/** Boots the recording's machine; acts follow. */
export function createPlayer(recording: Recording): Player {
  const machine = machineSpecOf(recording);
  const scenario = resolveScenario({machine: resolveMachine(machine), duration: seconds(1), driver: {loadsAt: null}});
  const log = createLog();
  const world = worldOf(scenario, log);
  const step = (): void => advance(world, STEP);
  const happen = (event: Happening): void => apply(world, event);
  const interval = maybeNumber(recording.setup["guestStatsPollingIntervalSeconds"]);
  if (interval !== undefined) happen({type: "poll-stats", interval: seconds(interval)});
  const overcommit = recording.setup["vmOvercommitMemory"];
  if (overcommit === 2) happen({type: "set-overcommit", mode: 2});
  return {
    world,
    log,
    happen,
    runTo(at) {
      while (world.state.time + STEP <= at + 1e-9) step();
    },
    settle() {
      for (let waited = 0; waited < PATIENCE && !atRest(world); waited += STEP) step();
    }
  };
}

/** A shell of the recorder's, which the OOM killer may choose. */
export const shell = kib(4);
