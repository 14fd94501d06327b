import {ballooned} from "../../guest/balloon/xen-linux.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import {columnNames} from "../columns.ts";
import {sampleGuest} from "../sample.ts";
import type {XenWorld} from "./world.ts";

/** Columns of a Xen timeline, KiB unless they say otherwise: the shared ones and Xen's own. */
export const xenColumnNames = [
  ...columnNames,
  /** max_pages: what Xen lets the domain own. */
  "xenMax",
  /** target_kb in the guest: xenstore's target as the driver understands it. */
  "guestTarget",
  /** xenstore's memory/static-max. */
  "staticMax",
  /** Of the maximum, what the guest's map never had: beyond the kernel's clamp, or no RAM. */
  "outsideMap",
  /** Of the guest's RAM, what a page of the machine stands behind already; the rest of what the domain owns is for the pages written to next. */
  "populated",
  /** retry_count of the guest's driver: 1 and its failures in a row. */
  "retryCount",
  /** schedule_delay: seconds from its last failure to its next try; 1 when it is not failing. */
  "scheduleDelay"
] as const;

export type XenColumn = (typeof xenColumnNames)[number];
export type XenColumns = Record<XenColumn, Float64Array>;
export type XenRow = Record<XenColumn, number>;

export const createXenColumns = (length: number): XenColumns => Object.fromEntries(xenColumnNames.map((name) => [name, new Float64Array(length)])) as XenColumns;

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
  sampleGuest(guest, columns, at);
  columns.target[at] = store.target;
  columns.actual[at] = balloon.current * KIB_PER_PAGE;
  columns.balloon[at] = pages * KIB_PER_PAGE;
  columns.resident[at] = domain.tot * KIB_PER_PAGE;
  columns.processRss[at] = domain.tot * KIB_PER_PAGE;
  columns.neverTouched[at] = domain.entries * KIB_PER_PAGE;
  columns.xenMax[at] = domain.max * KIB_PER_PAGE;
  columns.guestTarget[at] = balloon.target * KIB_PER_PAGE;
  columns.staticMax[at] = store.staticMax;
  columns.populated[at] = domain.populated * KIB_PER_PAGE;
  columns.retryCount[at] = balloon.retries;
  columns.scheduleDelay[at] = balloon.delay;
  columns.outsideMap[at] = scenario.machine.maxmem - (domain.tot - domain.special + pages + domain.entries) * KIB_PER_PAGE;
}

/** The state as one object, as `sampleXen` writes it. */
export function xenRow(world: XenWorld): XenRow {
  const columns = createXenColumns(1);
  sampleXen(world, columns, 0);
  return Object.fromEntries(xenColumnNames.map((name) => [name, columns[name][0] ?? 0])) as XenRow;
}
