import {isDue} from "../due.ts";
import {briefly, newTally, type BriefOutcome, type Tally} from "../worst.ts";
import {applyXen} from "./apply.ts";
import {resolveXenScenario, type XenScenario, type XenScenarioSpec} from "./scenario.ts";
import {advanceXen, createXenWorld, restsUntil, type XenWorld} from "./world.ts";

const silent = (): void => undefined;

function note({state: {guest, running}}: XenWorld, tally: Tally): void {
  tally.guestSwap = Math.max(tally.guestSwap, guest.swapUsed + guest.shmemSwapped);
  tally.oomKills = guest.counters.oomKills;
  tally.ended = !running;
}

/**
 * Runs a Xen scenario for its outcome only: the same run as `simulateXen`, without
 * rows and log. Steps in which only the clock moves are passed over, and a domain
 * that is gone stays gone. Xen itself swaps nothing.
 * @throws ModelError as `resolveXenScenario`.
 */
export function xenOutcome(spec: XenScenarioSpec | XenScenario): BriefOutcome {
  const scenario = resolveXenScenario(spec);
  const {events, step} = scenario;
  const world = createXenWorld(scenario, silent);
  const {state} = world;
  const last = Math.max(1, Math.round(scenario.duration / step));
  const tally = newTally();
  let [next, steps] = [0, 0];
  for (let row = 0; row <= last && state.running; row++) {
    if (row > 0) advanceXen(world, step);
    steps++;
    for (let event = events[next]; isDue(event, row, step); event = events[next]) {
      applyXen(world, event);
      next++;
    }
    note(world, tally);
    const until = restsUntil(world);
    // Added up as in any other run: a sum of steps is not their product.
    for (; row < last && state.time + step < until && !isDue(events[next], row + 1, step); row++) state.time += step;
  }
  return briefly(tally, steps);
}
