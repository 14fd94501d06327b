import {workloadIsIdle} from "../../guest/workload.ts";
import {apply} from "../../simulation/apply.ts";
import type {Happening} from "../../simulation/events.ts";
import {createLog, type LogBook} from "../../simulation/log.ts";
import {worldOf} from "../../simulation/run.ts";
import {resolveScenario, type HostSpec} from "../../simulation/scenario.ts";
import {advance, type World} from "../../simulation/world.ts";
import {seconds} from "../../units.ts";
import {readAct} from "./acts.ts";
import {machineSpecOf} from "../setup.ts";
import {maybeNumber} from "../read.ts";
import type {Recording} from "../types.ts";

/** Seconds of a replay's step: fine enough for the driver's 200 ms retries. */
const STEP = 0.05;
/** A state is read when nothing moves any more; a replay waits this long for that, seconds. */
const PATIENCE = 600;

/** A machine being replayed. */
export interface Player {
  readonly world: World;
  readonly log: LogBook;
  /** Runs to a time of the recording's clock; never back, and not past a panic, which the recorder still reads. */
  readonly runTo: (at: number) => void;
  /** Runs for some seconds; not at all when they are 0 or less. */
  readonly runFor: (duration: number) => void;
  /** Runs until balloon and workload are at rest, or stalled. */
  readonly settle: () => void;
  readonly happen: (event: Happening) => void;
}

/** The driver wants more than the guest can give. */
export const isStalled = ({state: {driver, registers, guest}}: World): boolean => driver.failures > 0 && registers.wanted > guest.balloon;

/** Whether the balloon is where it will stay, reached or not, and no process is busy. */
function atRest(world: World): boolean {
  const {driver, registers, guest, running} = world.state;
  if (!running || guest.panicked) return true;
  const pending = driver.loaded && (driver.seen !== registers.requests || (driver.busy && !isStalled(world)));
  return !pending && workloadIsIdle(guest);
}

/** vm.overcommit_memory as the setup states it, where no act sets it later; null: the kernel's own. */
function statedOvercommit({setup, steps}: Recording): 1 | 2 | null {
  const stated = setup["vmOvercommitMemory"];
  const acted = steps.map(readAct).some((act) => act.kind === "sysctl" && "overcommit_memory" in act.settings);
  return !acted && (stated === 1 || stated === 2) ? stated : null;
}

/** Where a recorded machine runs, and when it had booted; by default on a large host, booted by the first step. */
export interface PlayerOptions {
  readonly host?: HostSpec;
  readonly bootedAt?: number;
}

/** Boots the recording's machine; its clock starts when that was done. */
export function createPlayer(recording: Recording, {host, bootedAt}: PlayerOptions = {}): Player {
  const scenario = resolveScenario({machine: machineSpecOf(recording), host, duration: seconds(1), driver: {loadsAt: null}});
  const log = createLog();
  const world = worldOf(scenario, log);
  const runFor = (duration: number): void => {
    const until = world.state.time + duration;
    while (world.state.time + STEP <= until + 1e-9 && !world.state.guest.panicked) advance(world, STEP);
  };
  const start = bootedAt ?? recording.steps[0]?.tSeconds ?? 0;
  const happen = (event: Happening): void => apply(world, event);
  const interval = maybeNumber(recording.setup["guestStatsPollingIntervalSeconds"]);
  if (interval !== undefined) happen({type: "poll-stats", interval: seconds(interval)});
  const mode = statedOvercommit(recording);
  if (mode !== null) happen({type: "set-overcommit", mode});
  return {
    world,
    log,
    happen,
    runTo(at) {
      runFor(at - start - world.state.time);
    },
    runFor,
    settle() {
      for (let waited = 0; waited < PATIENCE && !atRest(world); waited += STEP) advance(world, STEP);
    }
  };
}
