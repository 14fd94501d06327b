import {vmmemctl} from "../guest/balloon/vmmemctl.ts";
import {virtio} from "../guest/balloon/virtio.ts";
import {xen} from "../guest/balloon/xen.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {apply} from "./apply.ts";
import type {Columns} from "./columns.ts";
import {bootGuest} from "../guest/boot/boot.ts";
import type {LogBook} from "./log.ts";
import {sample} from "./sample.ts";
import type {Scenario} from "./scenario.ts";
import {advance, createWorld, type World} from "./world.ts";

const drivers = {virtio, xen, vmmemctl};

/** Boots the machine of a scenario; nothing has happened to it yet. */
export function worldOf(scenario: Scenario, log: LogBook): World {
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

/** Events of this instant happen, in order, before its row is written. */
function applyDue(world: World, scenario: Scenario, cursor: Cursor): void {
  const {events, step} = scenario;
  for (let next = events[cursor.event]; next && next.at <= cursor.row * step + step * 1e-9; next = events[cursor.event]) {
    apply(world, next);
    cursor.event++;
  }
}

/** Advances until row `last` is written; `before` is called ahead of every row. */
export function run(world: World, scenario: Scenario, columns: Columns, cursor: Cursor, last: number, before: (row: number) => void): void {
  while (cursor.row <= last) {
    before(cursor.row);
    if (cursor.row > 0) advance(world, scenario.step);
    applyDue(world, scenario, cursor);
    sample(world, columns, cursor.row);
    cursor.row++;
  }
}
