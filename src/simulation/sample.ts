import {cached, listedPages, memAvailable, memFree, memTotal} from "../guest/accounts.ts";
import {hostFree, neverTouchedPages, processPages, residentPages, swappedPages} from "../host/linux/accounts.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {columnNames, type Columns, type Row} from "./columns.ts";
import type {World} from "./world.ts";

/** Layers 1 to 3, and what the balloon holds. */
function sampleBalloon({state, options}: World, columns: Columns, at: number): void {
  const {memory} = options.machine;
  columns.configured[at] = memory;
  columns.target[at] = memory - state.registers.wanted * KIB_PER_PAGE;
  columns.actual[at] = memory - state.registers.given * KIB_PER_PAGE;
  columns.balloon[at] = state.guest.balloon * KIB_PER_PAGE;
}

/** What the guest's /proc/meminfo shows, and the kernel's own memory, which it shows in part. */
function sampleGuest({state: {guest}}: World, columns: Columns, at: number): void {
  columns.memTotal[at] = memTotal(guest) * KIB_PER_PAGE;
  columns.memFree[at] = memFree(guest) * KIB_PER_PAGE;
  columns.memAvailable[at] = memAvailable(guest) * KIB_PER_PAGE;
  columns.anon[at] = guest.anon * KIB_PER_PAGE;
  columns.cached[at] = cached(guest) * KIB_PER_PAGE;
  columns.slab[at] = (guest.slabReclaimable + guest.slabUnreclaimable) * KIB_PER_PAGE;
  columns.guestKernel[at] = (guest.pageTables + guest.kernelStack + guest.percpu + guest.kernel + listedPages(guest)) * KIB_PER_PAGE;
  columns.guestSwapUsed[at] = (guest.swapUsed + guest.shmemSwapped) * KIB_PER_PAGE;
}

/** Layer 4. */
function sampleHost({state: {host}}: World, columns: Columns, at: number): void {
  columns.resident[at] = residentPages(host) * KIB_PER_PAGE;
  columns.hostSwapped[at] = swappedPages(host) * KIB_PER_PAGE;
  columns.processRss[at] = processPages(host) * KIB_PER_PAGE;
  columns.neverTouched[at] = neverTouchedPages(host) * KIB_PER_PAGE;
  columns.hostFree[at] = hostFree(host) * KIB_PER_PAGE;
}

/** Writes the state into row `at` of the columns, in KiB. */
export function sample(world: World, columns: Columns, at: number): void {
  sampleBalloon(world, columns, at);
  sampleGuest(world, columns, at);
  sampleHost(world, columns, at);
}

/** Writes row `from` into the rows after it, up to and including `last`. */
export function repeatRow(columns: Columns, from: number, last: number): void {
  for (const name of columnNames) columns[name].fill(columns[name][from] ?? 0, from + 1, last + 1);
}

/** Row `at` of the columns as one object. */
export const rowAt = (columns: Readonly<Columns>, at: number): Row => Object.fromEntries(columnNames.map((name) => [name, columns[name][at] ?? 0])) as Row;
