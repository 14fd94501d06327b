import {cached, listedPages, memAvailable, memFree, memTotal} from "../../guest/accounts.ts";
import {ballooned} from "../../guest/balloon/xen-linux.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import {columnNames} from "../columns.ts";
import type {XenWorld} from "./world.ts";

/** Columns of a Xen timeline, KiB: the shared ones and Xen's own. */
export const xenColumnNames = [
  ...columnNames,
  /** max_pages: what Xen lets the domain own. */
  "xenMax",
  /** target_kb in the guest: xenstore's target as the driver understands it. */
  "guestTarget",
  /** xenstore's memory/static-max. */
  "staticMax",
  /** Of the maximum, what the guest's map never had: beyond the kernel's clamp, or no RAM. */
  "outsideMap"
] as const;

export type XenColumn = (typeof xenColumnNames)[number];
export type XenColumns = Record<XenColumn, Float64Array>;
export type XenRow = Record<XenColumn, number>;

export const createXenColumns = (length: number): XenColumns => Object.fromEntries(xenColumnNames.map((name) => [name, new Float64Array(length)])) as XenColumns;

/** What the guest's kernel says. */
function sampleGuest({guest}: XenWorld["state"], columns: XenColumns, at: number): void {
  columns.memTotal[at] = memTotal(guest) * KIB_PER_PAGE;
  columns.memFree[at] = memFree(guest) * KIB_PER_PAGE;
  columns.memAvailable[at] = memAvailable(guest) * KIB_PER_PAGE;
  columns.anon[at] = guest.anon * KIB_PER_PAGE;
  columns.cached[at] = cached(guest) * KIB_PER_PAGE;
  columns.slab[at] = (guest.slabReclaimable + guest.slabUnreclaimable) * KIB_PER_PAGE;
  columns.guestKernel[at] = (guest.pageTables + guest.kernelStack + guest.percpu + guest.kernel + listedPages(guest)) * KIB_PER_PAGE;
  columns.guestSwapUsed[at] = (guest.swapUsed + guest.shmemSwapped) * KIB_PER_PAGE;
}

/**
 * Writes the state into row `at`, KiB. While the domain runs its maximum is
 * `configured = (resident - special) + balloon + neverTouched + outsideMap`;
 * once it is gone everything but the machine's is 0.
 */
export function sampleXen({state, scenario}: XenWorld, columns: XenColumns, at: number): void {
  const {domain, balloon, store, host, guest} = state;
  columns.configured[at] = scenario.machine.maxmem;
  columns.hostFree[at] = host.free * KIB_PER_PAGE;
  if (!state.running) return;
  const pages = ballooned(guest);
  sampleGuest(state, columns, at);
  columns.target[at] = store.target;
  columns.actual[at] = balloon.current * KIB_PER_PAGE;
  columns.balloon[at] = pages * KIB_PER_PAGE;
  columns.resident[at] = domain.tot * KIB_PER_PAGE;
  columns.processRss[at] = domain.tot * KIB_PER_PAGE;
  columns.neverTouched[at] = domain.entries * KIB_PER_PAGE;
  columns.xenMax[at] = domain.max * KIB_PER_PAGE;
  columns.guestTarget[at] = balloon.target * KIB_PER_PAGE;
  columns.staticMax[at] = store.staticMax;
  columns.outsideMap[at] = scenario.machine.maxmem - (domain.tot - domain.special + pages + domain.entries) * KIB_PER_PAGE;
}

/** The state as one object, as `sampleXen` writes it. */
export function xenRow(world: XenWorld): XenRow {
  const columns = createXenColumns(1);
  sampleXen(world, columns, 0);
  return Object.fromEntries(xenColumnNames.map((name) => [name, columns[name][0] ?? 0])) as XenRow;
}
