import {at} from "../../domain/column.ts";
import {seconds, type Seconds} from "../../units.ts";
import {isDue} from "../due.ts";
import {createLog, type LogEntry} from "../log.ts";
import {applyEsx} from "./apply.ts";
import {createEsxColumns, createEsxHostColumns, esxColumnNames, sampleEsxHost, sampleMachine, type EsxColumns, type EsxHostColumns, type EsxRow} from "./columns.ts";
import {resolveEsxScenario, type EsxScenario, type EsxScenarioSpec} from "./scenario.ts";
import {advanceEsx, createEsxWorld, type EsxWorld} from "./world.ts";

/** The numbers of one machine at one instant, KiB. */
export interface EsxSnapshot extends EsxRow {
  readonly time: Seconds;
}

/** One machine's part of what happened: the shape of `Timeline`, with ESX's columns. */
export interface EsxVmTimeline {
  readonly name: string;
  readonly times: Float64Array;
  readonly columns: Readonly<EsxColumns>;
  /** The last row at or before `t`; the first one before the start. */
  readonly stateAt: (t: Seconds) => EsxSnapshot;
}

/** What happened on the host. Frozen; its arrays must not be written to. */
export interface EsxTimeline {
  readonly scenario: EsxScenario;
  /** Seconds of each row. */
  readonly times: Float64Array;
  readonly host: Readonly<EsxHostColumns>;
  /** In the order of the scenario. */
  readonly vms: readonly EsxVmTimeline[];
  readonly log: readonly LogEntry[];
}

function vmTimeline(name: string, times: Float64Array, columns: EsxColumns, spacing: number): EsxVmTimeline {
  const stateAt = (t: Seconds): EsxSnapshot => {
    const row = Math.min(times.length - 1, Math.max(0, Math.floor(t / spacing + 1e-9)));
    const values = Object.fromEntries(esxColumnNames.map((column) => [column, at(columns[column], row)])) as EsxRow;
    return Object.freeze({time: seconds(at(times, row)), ...values});
  };
  return Object.freeze({name, times, columns: Object.freeze(columns), stateAt});
}

/** Events of this instant happen, in order, before its row is written. Used by `esxOutcome` too. @returns the next event's position. */
export function applyDue(world: EsxWorld, {events, step}: EsxScenario, index: number, next: number): number {
  let done = next;
  for (let event = events[done]; isDue(event, index, step); event = events[done]) {
    applyEsx(world, event);
    done++;
  }
  return done;
}

function sampleAll(world: EsxWorld, columns: readonly EsxColumns[], host: EsxHostColumns, row: number): void {
  for (let i = 0; i < columns.length; i++) {
    const [own, machine] = [columns[i], world.machines[i]];
    if (own !== undefined && machine !== undefined) sampleMachine(world, machine, own, row);
  }
  sampleEsxHost(world, host, row);
}

/**
 * Runs machines on one host. Pure: the same input gives the same bytes.
 * @throws ModelError as `resolveEsxScenario`.
 */
export function simulateEsx(spec: EsxScenarioSpec | EsxScenario): EsxTimeline {
  const scenario = resolveEsxScenario(spec);
  const {step, steps, stride, vms} = scenario;
  const log = createLog();
  const world = createEsxWorld(scenario, (time, source, text) => log.write(time, source, text));
  const rows = Math.floor(steps / stride) + 1;
  const columns = vms.map(() => createEsxColumns(rows));
  const host = createEsxHostColumns(rows);
  let next = 0;
  for (let index = 0; index <= steps; index++) {
    advanceEsx(world, index === 0 ? 0 : step);
    world.clock.time = index * step;
    next = applyDue(world, scenario, index, next);
    if (index % stride === 0) sampleAll(world, columns, host, index / stride);
  }
  const times = new Float64Array(rows);
  for (let row = 0; row < rows; row++) times[row] = row * stride * step;
  return Object.freeze({
    scenario,
    times,
    host: Object.freeze(host),
    vms: Object.freeze(columns.map((own, i) => vmTimeline(vms[i]?.name ?? "", times, own, stride * step))),
    log: Object.freeze(log.entries())
  });
}
