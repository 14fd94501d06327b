import {cached, listedPages, memAvailable, memFree, memTotal} from "../guest/accounts.ts";
import {hostFree, neverTouchedPages, processPages, residentPages, swappedPages} from "../host/linux/accounts.ts";
import {KIB_PER_PAGE} from "../units.ts";
import type {Columns, Row} from "./columns.ts";
import {columnNames} from "./columns.ts";
import type {World} from "./world.ts";

/** Writes the state into row `at` of the columns, in KiB. */
export function sample(world: World, columns: Columns, at: number): void {
  const {state, options} = world;
  const {guest, host, registers} = state;
  const configured = options.machine.memory / KIB_PER_PAGE;
  columns.configured[at] = options.machine.memory;
  columns.target[at] = (configured - registers.wanted) * KIB_PER_PAGE;
  columns.actual[at] = (configured - registers.given) * KIB_PER_PAGE;
  columns.memTotal[at] = memTotal(guest) * KIB_PER_PAGE;
  columns.memFree[at] = memFree(guest) * KIB_PER_PAGE;
  columns.memAvailable[at] = memAvailable(guest) * KIB_PER_PAGE;
  columns.anon[at] = guest.anon * KIB_PER_PAGE;
  columns.cached[at] = cached(guest) * KIB_PER_PAGE;
  columns.slab[at] = (guest.slabReclaimable + guest.slabUnreclaimable) * KIB_PER_PAGE;
  columns.guestKernel[at] = (guest.pageTables + guest.kernelStack + guest.percpu + guest.kernel + listedPages(guest)) * KIB_PER_PAGE;
  columns.guestSwapUsed[at] = (guest.swapUsed + guest.shmemSwapped) * KIB_PER_PAGE;
  columns.balloon[at] = guest.balloon * KIB_PER_PAGE;
  columns.resident[at] = residentPages(host) * KIB_PER_PAGE;
  columns.hostSwapped[at] = swappedPages(host) * KIB_PER_PAGE;
  columns.processRss[at] = processPages(host) * KIB_PER_PAGE;
  columns.neverTouched[at] = neverTouchedPages(host) * KIB_PER_PAGE;
  columns.hostFree[at] = hostFree(host) * KIB_PER_PAGE;
}

/** Row `at` of the columns as one object. */
export const rowAt = (columns: Readonly<Columns>, at: number): Row => Object.fromEntries(columnNames.map((name) => [name, columns[name][at] ?? 0])) as Row;
