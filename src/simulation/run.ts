import {vmmemctl} from "../guest/balloon/vmmemctl.ts";
import {virtio} from "../guest/balloon/virtio.ts";
import {xen} from "../guest/balloon/xen.ts";
import {bootGuest} from "../guest/boot/boot.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {apply} from "./apply.ts";
import type {QemuColumns} from "./columns.ts";
import {isDue} from "./due.ts";
import type {LogBook} from "./log.ts";
import {repeatRow, sample} from "./sample.ts";
import type {Scenario} from "./scenario.ts";
import {advance, createWorld, isIdle, relieve, type World} from "./world.ts";
import {worstOf} from "./worst.ts";

const drivers = {virtio, xen, vmmemctl};

/** Boots the machine of a scenario; nothing has happened to it yet. */
export function worldOf(scenario: Scenario, log: Pick<LogBook, "write">): World {
  const {machine, driver, host, workload} = scenario;
  const world: World = createWorld(
    {
      machine,
      boot: bootGuest(machine),
      driver: drivers[driver.kind],
      driverOptions: {deflateOnOom: machine.balloon?.deflateOnOom ?? false, pagesPerSecond: driver.rate / KIB_PER_PAGE},
      guest: workload.options,
      host,
      fileRate: workload.fileRate / KIB_PER_PAGE
    },
    (source, text) => log.write(world.state.time, source, text)
  );
  return world;
}

/** Where a run stands: rows written, events done. */
export interface Cursor {
  row: number;
  event: number;
}

/** The same with the worst that happened in rows written so far, as a place in `outcomeNames`. */
export interface RunCursor extends Cursor {
  worst: number;
}

/** Where every run starts. */
export const atStart = (): RunCursor => ({row: 0, event: 0, worst: 0});

/** One step further, to row `row`; at the first the host has room for the boot, or the machine does not start. */
export function stepTo(world: World, {step}: Scenario, row: number): void {
  if (row > 0) advance(world, step);
  else relieve(world);
  world.state.time = row * step;
}

/** Events of this instant happen, in order, before its row is written. */
export function applyDue(world: World, scenario: Scenario, cursor: Cursor): void {
  const {events, step} = scenario;
  for (let next = events[cursor.event]; isDue(next, cursor.row, step); next = events[cursor.event]) {
    apply(world, next);
    cursor.event++;
  }
}

/** The last row before the next event, or `last`: until then an idle world stays as it is. */
export function nextIdleRow(scenario: Scenario, cursor: Cursor, last: number): number {
  const next = scenario.events[cursor.event];
  if (!next) return last;
  let row = Math.min(last, Math.ceil(next.at / scenario.step));
  while (row >= cursor.row && isDue(next, row, scenario.step)) row--;
  return row;
}

/**
 * Advances until row `last` is written. Time in which nothing can change is
 * filled in, not stepped through.
 */
export function run(world: World, scenario: Scenario, columns: QemuColumns, cursor: RunCursor, last: number): void {
  while (cursor.row <= last) {
    stepTo(world, scenario, cursor.row);
    applyDue(world, scenario, cursor);
    sample(world, columns, cursor.row);
    cursor.worst = Math.max(cursor.worst, worstOf(world));
    if (isIdle(world)) {
      const idle = nextIdleRow(scenario, cursor, last);
      repeatRow(columns, cursor.row, idle);
      cursor.row = Math.max(cursor.row, idle);
    }
    cursor.row++;
  }
}
