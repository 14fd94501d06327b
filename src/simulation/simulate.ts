import {createColumns} from "./columns.ts";
import {createLog} from "./log.ts";
import {atStart, run, worldOf} from "./run.ts";
import {resolveScenario, type Scenario, type ScenarioSpec} from "./scenario.ts";
import {createTimeline, stepCount, type Timeline} from "./timeline.ts";

/**
 * Runs a scenario. Pure: the same input gives the same bytes. Inside, one state
 * is changed in place and the columns are written as it goes.
 * @throws ModelError as `resolveScenario`.
 */
export function simulate(spec: ScenarioSpec | Scenario): Timeline {
  const scenario = resolveScenario(spec);
  const log = createLog();
  const world = worldOf(scenario, log);
  const last = stepCount(scenario);
  const columns = createColumns(last + 1);
  const cursor = atStart();
  run(world, scenario, columns, cursor, last);
  return createTimeline(scenario, columns, log.entries(), cursor.worst);
}
