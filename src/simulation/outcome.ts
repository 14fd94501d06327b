import {cgroupUsage, usedSwap} from "../host/linux/accounts.ts";
import {KIB_PER_PAGE, kib, seconds, type KiB, type Seconds} from "../units.ts";
import {applyDue, nextIdleRow, stepTo, worldOf, type Cursor} from "./run.ts";
import {resolveScenario, type Scenario, type ScenarioSpec} from "./scenario.ts";
import {stepCount} from "./timeline.ts";
import {hostWorks, isIdle, programsRest, type World} from "./world.ts";
import {outcomeAt, outcomeNames, worstOf, type OutcomeName} from "./worst.ts";

export {outcomeNames, type OutcomeName};

/** What a run came to, without its timeline. */
export interface RunOutcome {
  readonly name: OutcomeName;
  /** When what names it happened first; null for `fits`. */
  readonly at: Seconds | null;
  /** Guest memory that went to the guest's own swap, in all. */
  readonly guestSwapOut: KiB;
  /** What the host swapped out and read back, in all. */
  readonly hostSwapOut: KiB;
  readonly hostSwapIn: KiB;
  /** Processes the guest's kernel killed, and mappings it refused. */
  readonly oomKills: number;
  readonly refusals: number;
  readonly panicked: boolean;
  /** memory.current and memory.swap.current at the end, memory.peak over the run. */
  readonly cgroupCurrent: KiB;
  readonly cgroupSwap: KiB;
  readonly cgroupPeak: KiB;
  /** Seconds the processors slept for memory.high. */
  readonly throttled: Seconds;
  /** Steps that were computed; the others changed nothing. */
  readonly steps: number;
}

/**
 * All that decides what happens next, when nothing waits for a time: two equal
 * ones in a row are the same state. The counters that an outcome tells are in it.
 */
function fingerprint({state: {guest, host, registers}}: World): readonly number[] {
  const {zones, perCpu, file, counters, processes} = guest;
  return [
    ...zones.managed, ...zones.free, ...zones.used, ...zones.ballooned, ...perCpu.movable, ...perCpu.fresh, ...perCpu.other, ...perCpu.factor,
    guest.balloon, guest.anon, guest.shmem, guest.swapUsed, guest.shmemSwapped, guest.pageTables, guest.slabReclaimable, guest.committed,
    file.active, file.inactive, ...processes.flatMap(({anon, swapped, tables}) => [anon, swapped, tables]), registers.given,
    ...host.touchedFree, ...host.touchedLate, ...host.deflated, ...host.untouched, ...host.swappedFree, host.usedBacked, host.swappedUsed, host.overheadSwapped, host.pageCache,
    counters.swappedOut, counters.swappedIn, host.swapOuts, host.swapIns
  ];
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/**
 * Recognises a world that will not change before the next event although it does
 * not idle: its balloon driver finds nothing and tries again, or its kernel
 * reclaims and finds nothing. Both are functions of the state alone, so that the
 * same state after two attempts means the same for ever. `period` says how many
 * rows lie between them, 0 while nothing is proven: a run is carried on where the
 * driver's timer would stand.
 */
function createWatch(world: World): {readonly period: (row: number) => number; readonly forget: () => void} {
  let last: readonly number[] = [];
  let lastRow = 0;
  let failures = -1;
  const waitsForTime = (): boolean => {
    const {state, options} = world;
    return !programsRest(state.guest) || state.guest.panicked || hostWorks(state.host) || state.reporting.wait !== Infinity || (state.driver.loaded && options.driver.name !== "virtio");
  };
  const forget = (): void => {
    last = [];
    failures = -1;
  };
  return {
    forget,
    period(row) {
      if (waitsForTime()) {
        forget();
        return 0;
      }
      const {driver, registers} = world.state;
      const trying = driver.loaded && (driver.busy || driver.seen !== registers.requests);
      // Between two attempts nothing is tried; a balloon on its way has no failure to compare.
      if (trying && (driver.failures === 0 || driver.failures === failures)) return 0;
      // Whoever has just begun to look cannot tell whether this was an attempt or the time between two.
      const unknown = trying && failures === -1;
      failures = driver.failures;
      if (unknown) return 0;
      const now = fingerprint(world);
      const rows = same(now, last) ? row - lastRow : 0;
      last = now;
      lastRow = row;
      return rows;
    }
  };
}

function describe({state}: World, name: OutcomeName, at: number, steps: number): RunOutcome {
  const {guest, host} = state;
  const size = (pages: number): KiB => kib(pages * KIB_PER_PAGE);
  return {
    name,
    at: name === "fits" ? null : seconds(at),
    guestSwapOut: size(guest.counters.swappedOut),
    hostSwapOut: size(host.swapOuts),
    hostSwapIn: size(host.swapIns),
    oomKills: guest.counters.oomKills,
    refusals: guest.counters.refused,
    panicked: guest.panicked,
    cgroupCurrent: size(cgroupUsage(host)),
    cgroupSwap: size(usedSwap(host)),
    cgroupPeak: size(host.cgroup.peak),
    throttled: seconds(host.cgroup.throttled),
    steps
  };
}

const silent = {write: (): void => undefined};

/** A run at its end: the worst in it as a place in `outcomeNames`, when that was first, and the steps it took to know. */
export interface FinishedRun {
  readonly world: World;
  readonly level: number;
  readonly at: number;
  readonly steps: number;
}

/** Carries a run to its end without rows and log. Time in which nothing can change is passed over. */
export function finish(scenario: Scenario): FinishedRun {
  const world = worldOf(scenario, silent);
  const watch = createWatch(world);
  const last = stepCount(scenario);
  const cursor: Cursor = {row: 0, event: 0};
  let [level, at, steps] = [0, 0, 0];
  for (; cursor.row <= last; cursor.row++) {
    stepTo(world, scenario, cursor.row);
    steps++;
    const before = cursor.event;
    applyDue(world, scenario, cursor);
    const now = worstOf(world);
    if (now > level) [level, at] = [now, world.state.time];
    if (cursor.event !== before) watch.forget();
    const period = isIdle(world) ? 1 : watch.period(cursor.row);
    if (period > 0) cursor.row += Math.max(0, Math.floor((nextIdleRow(scenario, cursor, last) - cursor.row) / period) * period);
  }
  return {world, level, at, steps};
}

/**
 * Runs a scenario for its outcome only: the same run as `simulate`, and the same name.
 * @throws ModelError as `resolveScenario`.
 */
export function outcome(spec: ScenarioSpec | Scenario): RunOutcome {
  const {world, level, at, steps} = finish(resolveScenario(spec));
  return describe(world, outcomeAt(level), at, steps);
}
