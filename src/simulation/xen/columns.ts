import {cached, listedPages, memAvailable, memFree, memTotal} from "../../guest/accounts.ts";
import {ballooned} from "../../guest/balloon/xen-linux.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import {columnNames, type Column} from "../columns.ts";
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

/** What the guest's kernel says; pages. */
function guestRow({state}: XenWorld): Partial<Record<Column, number>> {
  const {guest} = state;
  return {
    memTotal: memTotal(guest),
    memFree: memFree(guest),
    memAvailable: memAvailable(guest),
    anon: guest.anon,
    cached: cached(guest),
    slab: guest.slabReclaimable + guest.slabUnreclaimable,
    guestKernel: guest.pageTables + guest.kernelStack + guest.percpu + guest.kernel + listedPages(guest),
    guestSwapUsed: guest.swapUsed + guest.shmemSwapped
  };
}

/**
 * The state as one row of KiB. While the domain runs its maximum is
 * `configured = (resident - special) + balloon + neverTouched + outsideMap`.
 */
export function xenRow(world: XenWorld): XenRow {
  const {state, scenario} = world;
  const {domain, balloon, store, host} = state;
  const inKib = (pages: number): number => pages * KIB_PER_PAGE;
  const zero = Object.fromEntries(xenColumnNames.map((name) => [name, 0])) as XenRow;
  const always = {...zero, configured: scenario.machine.maxmem, hostFree: inKib(host.free)};
  if (!state.running) return always;
  const pages = ballooned(state.guest);
  const ram = inKib(domain.tot - domain.special);
  const named = {
    target: store.target,
    actual: inKib(balloon.current),
    balloon: inKib(pages),
    resident: inKib(domain.tot),
    processRss: inKib(domain.tot),
    neverTouched: inKib(domain.entries),
    xenMax: inKib(domain.max),
    guestTarget: inKib(balloon.target),
    staticMax: store.staticMax
  };
  const guest = Object.fromEntries(Object.entries(guestRow(world)).map(([name, value]) => [name, inKib(value)]));
  return {...always, ...guest, ...named, outsideMap: scenario.machine.maxmem - ram - named.balloon - named.neverTouched};
}

/** Writes the state into row `at`. */
export function sampleXen(world: XenWorld, columns: XenColumns, at: number): void {
  for (const [name, value] of Object.entries(xenRow(world))) columns[name as XenColumn][at] = value;
}
