import {at} from "../domain/column.ts";
import {cached, listedPages, memAvailable, memFree, memTotal} from "../guest/accounts.ts";
import {cgroupUsage, hostFree, neverTouchedPages, processPages, residentPages, swappedPages, usedSwap} from "../host/linux/accounts.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {qemuColumnNames, type Columns, type QemuColumns, type QemuRow} from "./columns.ts";
import type {World} from "./world.ts";

/** What only a guest knows, and what a device says of it: nothing once the process has ended. */
const guestColumns = ["actual", "memTotal", "memFree", "memAvailable", "anon", "cached", "slab", "guestKernel", "guestSwapUsed"] as const;

/** What the administrator has asked for outlives the machine. */
function sampleAsked({state, options}: World, columns: QemuColumns, row: number): void {
  const {memory} = options.machine;
  columns.configured[row] = memory;
  columns.target[row] = memory - state.registers.wanted * KIB_PER_PAGE;
}

/** Layer 3, as long as there is a guest. */
function sampleInside({state, options}: World, columns: QemuColumns, row: number): void {
  if (!state.running) {
    for (const name of guestColumns) columns[name][row] = 0;
    return;
  }
  columns.actual[row] = options.machine.memory - state.registers.given * KIB_PER_PAGE;
  sampleGuest(state.guest, columns, row);
}

/** What the guest's /proc/meminfo shows, and the kernel's own memory, which it shows in part; the same under every hypervisor. */
export function sampleGuest(guest: World["state"]["guest"], columns: Columns, row: number): void {
  columns.memTotal[row] = memTotal(guest) * KIB_PER_PAGE;
  columns.memFree[row] = memFree(guest) * KIB_PER_PAGE;
  columns.memAvailable[row] = memAvailable(guest) * KIB_PER_PAGE;
  columns.anon[row] = guest.anon * KIB_PER_PAGE;
  columns.cached[row] = cached(guest) * KIB_PER_PAGE;
  columns.slab[row] = (guest.slabReclaimable + guest.slabUnreclaimable) * KIB_PER_PAGE;
  columns.guestKernel[row] = (guest.pageTables + guest.kernelStack + guest.percpu + guest.kernel + listedPages(guest)) * KIB_PER_PAGE;
  columns.guestSwapUsed[row] = (guest.swapUsed + guest.shmemSwapped) * KIB_PER_PAGE;
}

/** Layer 4, with the balloon as the host sees it: in every row configured = resident + ballooned + swapped + never touched. */
function sampleHost({state: {host}}: World, columns: QemuColumns, row: number): void {
  columns.balloon[row] = host.ballooned * KIB_PER_PAGE;
  columns.resident[row] = residentPages(host) * KIB_PER_PAGE;
  columns.hostSwapped[row] = swappedPages(host) * KIB_PER_PAGE;
  columns.processRss[row] = processPages(host) * KIB_PER_PAGE;
  columns.neverTouched[row] = neverTouchedPages(host) * KIB_PER_PAGE;
  columns.hostFree[row] = hostFree(host) * KIB_PER_PAGE;
  columns.cgroupCurrent[row] = cgroupUsage(host) * KIB_PER_PAGE;
  columns.cgroupSwap[row] = usedSwap(host) * KIB_PER_PAGE;
  columns.hostSwapIn[row] = host.swapIns * KIB_PER_PAGE;
  columns.hostSwapOut[row] = host.swapOuts * KIB_PER_PAGE;
}

/**
 * Writes the state into row `row` of the columns, in KiB. Of a machine that is gone
 * the host has nothing, so all it may have is never touched.
 */
export function sample(world: World, columns: QemuColumns, row: number): void {
  sampleAsked(world, columns, row);
  sampleInside(world, columns, row);
  sampleHost(world, columns, row);
}

/** Writes row `from` into the rows after it, up to and including `last`. */
export function repeatRow(columns: QemuColumns, from: number, last: number): void {
  for (const name of qemuColumnNames) columns[name].fill(at(columns[name], from), from + 1, last + 1);
}

/** Row `row` of the columns as one object. */
export const rowAt = (columns: Readonly<QemuColumns>, row: number): QemuRow => Object.fromEntries(qemuColumnNames.map((name) => [name, at(columns[name], row)])) as QemuRow;
