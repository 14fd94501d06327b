import type {EventSpec} from "./events.ts";
import {createColumns, qemuColumnNames, type QemuColumns} from "./columns.ts";
import {copyData, restoreData} from "./copy.ts";
import {createLog, type LogBook, type LogEntry} from "./log.ts";
import {atStart, run, worldOf, type RunCursor} from "./run.ts";
import {resolveScenario, type Scenario, type ScenarioSpec} from "./scenario.ts";
import {createTimeline, stepCount, type Timeline} from "./timeline.ts";
import type {World, WorldState} from "./world.ts";

/** Rows between two checkpoints unless it is said otherwise: at 0.1 s a step, one a minute. */
export const ROWS_PER_CHECKPOINT = 600;

/** All that a run needs to go on from the start of row `cursor.row`. */
interface Checkpoint {
  readonly cursor: Readonly<RunCursor>;
  readonly state: WorldState;
  readonly log: readonly LogEntry[];
}

/**
 * A scenario whose events come and go. What was undone never happened: the
 * timeline is the one of the events that are left, to the byte, and only the part
 * after the earliest change is run again.
 */
export interface Session {
  /** Adds an event at its time, after others of the same instant. @throws ModelError as `resolveScenario`. */
  readonly add: (event: EventSpec) => void;
  /** Takes back the last event added; false when there is none. */
  readonly undo: () => boolean;
  /** Events added and not taken back, in the order they were added. */
  readonly added: () => readonly EventSpec[];
  /** The timeline as it stands. Frozen; later changes do not touch it. */
  readonly timeline: () => Timeline;
}

interface Runner {
  readonly world: World;
  readonly log: LogBook;
  readonly columns: QemuColumns;
  readonly checkpoints: Checkpoint[];
  readonly spacing: number;
  /** As in `RunCursor`, of the whole run. */
  worst: number;
}

function save({world, log, checkpoints}: Runner, cursor: RunCursor): void {
  checkpoints.push({cursor: {...cursor}, state: copyData(world.state), log: log.entries()});
}

/** Runs on from the last checkpoint, leaving one every so many rows. */
function runOn(runner: Runner, scenario: Scenario): void {
  const from = runner.checkpoints.at(-1);
  const cursor: RunCursor = {...atStart(), ...from?.cursor};
  if (from) {
    restoreData(runner.world.state, from.state);
    runner.log.restore(from.log);
  }
  const last = stepCount(scenario);
  while (cursor.row <= last) {
    if (runner.checkpoints.at(-1)?.cursor.row !== cursor.row) save(runner, cursor);
    run(runner.world, scenario, runner.columns, cursor, Math.min(last, cursor.row + runner.spacing - 1));
  }
  runner.worst = cursor.worst;
}

/** Forgets what was run after a change at `time` seconds; the first checkpoint, at row 0, always stays. */
function forgetAfter(checkpoints: Checkpoint[], time: number, step: number): void {
  const row = Math.max(0, Math.ceil(time / step - 1e-9));
  const kept = checkpoints.findIndex(({cursor}) => cursor.row > row);
  if (kept > 0) checkpoints.length = kept;
}

const copyColumns = (columns: QemuColumns): QemuColumns => Object.fromEntries(qemuColumnNames.map((name) => [name, columns[name].slice()])) as QemuColumns;

/**
 * Starts a session with the scenario's own events, which stay.
 * @param spacing rows between two checkpoints, 1 or more: fewer cost memory, more cost time after a change.
 * @throws ModelError as `resolveScenario`.
 */
export function createSession(spec: ScenarioSpec, spacing = ROWS_PER_CHECKPOINT): Session {
  const own = spec.events ?? [];
  const added: EventSpec[] = [];
  let scenario = resolveScenario(spec);
  const log = createLog();
  const runner: Runner = {world: worldOf(scenario, log), log, columns: createColumns(stepCount(scenario) + 1), checkpoints: [], spacing, worst: 0};
  const change = (events: readonly EventSpec[], at: number): void => {
    scenario = resolveScenario({...spec, events});
    forgetAfter(runner.checkpoints, at, scenario.step);
    runOn(runner, scenario);
  };
  runOn(runner, scenario);
  return {
    add(event) {
      change([...own, ...added, event], event.at);
      added.push(event);
    },
    undo() {
      const event = added.pop();
      if (event === undefined) return false;
      change([...own, ...added], event.at);
      return true;
    },
    added: () => [...added],
    timeline: () => createTimeline(scenario, copyColumns(runner.columns), log.entries(), runner.worst)
  };
}
