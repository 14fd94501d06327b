import {isSettled} from "../../guest/balloon/xen-linux.ts";
import {workloadIsIdle} from "../../guest/workload.ts";
import {createLog, type LogBook} from "../../simulation/log.ts";
import {applyXen, runXlNow} from "../../simulation/xen/apply.ts";
import {xenRow} from "../../simulation/xen/columns.ts";
import {resolveXenScenario, type XenHappening, type XenScenarioSpec} from "../../simulation/xen/scenario.ts";
import {advanceXen, createXenWorld, type XenWorld} from "../../simulation/xen/world.ts";
import type {XlResult} from "../../control/xl/run.ts";
import {seconds} from "../../units.ts";
import type {Recording} from "../types.ts";
import {xenScenarioOf} from "./setup.ts";

/** Seconds a step of the replay takes. */
const STEP = 0.05;
/** Longer than any back-off. */
const PATIENCE = 120;

/** A world that is moved by hand. */
export interface XenPlayer {
  readonly world: XenWorld;
  readonly log: LogBook;
  readonly runTo: (time: number) => void;
  /** Runs until nothing moves any more. */
  readonly settle: () => void;
  readonly happen: (event: XenHappening) => void;
  readonly xl: (command: string) => XlResult;
  /** What the driver asked for and Xen allowed, in the order they were set. */
  readonly targets: number[];
  readonly caps: number[];
  /** Pages after every step that changed them, from when the trace was started. */
  readonly trace: Trace;
  readonly startTrace: () => void;
}

/** What moved, in KiB: only values that differ from the one before. */
export interface Trace {
  readonly memTotal: number[];
  readonly current: number[];
  readonly low: number[];
  readonly tot: number[];
}

function append(list: number[], value: number): void {
  if (list.at(-1) !== value) list.push(value);
}

function extend(trace: Trace, world: XenWorld): void {
  const row = xenRow(world);
  append(trace.memTotal, row.memTotal);
  append(trace.current, row.actual);
  append(trace.low, row.balloon);
  append(trace.tot, row.resident);
}

/** The domain of a recording, just created. */
export const createXenPlayer = (recording: Recording): XenPlayer => createXenPlayerOf({...xenScenarioOf(recording), duration: seconds(1)});

/** A scenario's domain, just created; its own events and duration are left out. */
export function createXenPlayerOf(spec: XenScenarioSpec): XenPlayer {
  const scenario = resolveXenScenario(spec);
  const log = createLog();
  const world = createXenWorld(scenario, (at, source, text) => log.write(at, source, text));
  const {state} = world;
  const trace: Trace = {memTotal: [], current: [], low: [], tot: []};
  let tracing = false;
  const advance = (): void => {
    advanceXen(world, STEP);
    if (tracing) extend(trace, world);
  };
  const quiet = (): boolean => !state.running || (isSettled(state.balloon) && state.userspace && workloadIsIdle(state.guest));
  const runTo = (time: number): void => {
    while (state.time + STEP / 2 < time) advance();
  };
  const settle = (): void => {
    const end = state.time + PATIENCE;
    advance();
    while (!quiet() && state.time < end) advance();
  };
  const note = (): void => {
    targets.push(state.balloon.target);
    caps.push(state.domain.max);
  };
  const targets: number[] = [];
  const caps: number[] = [];
  note();
  return {
    world,
    log,
    runTo,
    settle,
    targets,
    caps,
    trace,
    startTrace: () => {
      tracing = true;
      extend(trace, world);
    },
    happen: (event) => {
      applyXen(world, event);
      note();
    },
    xl: (command) => {
      const result = runXlNow(world, command);
      note();
      return result;
    }
  };
}
