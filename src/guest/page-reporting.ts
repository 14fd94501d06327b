import {at} from "../domain/column.ts";
import type {Backing} from "../domain/backing.ts";
import {sourced} from "../source.ts";
import type {GuestState} from "./state.ts";

const place = (function_: string): {place: string; version: string; grade: "read"} => ({place: `mm/page_reporting.c ${function_}`, version: "Linux 6.1", grade: "read"});

/** Seconds between a request and the pass that serves it. */
export const REPORTING_DELAY = sourced(2, {text: "PAGE_REPORTING_DELAY, 2 * HZ", ...place("__page_reporting_request")});
/** Blocks named to the host in one call. */
export const REPORTING_CAPACITY = sourced(32, {text: "PAGE_REPORTING_CAPACITY", ...place("page_reporting_cycle")});
/** A pass makes one call more than a sixteenth of a free list needs. */
export const REPORTING_FRACTION = sourced(16, {text: "budget = nr_free / (capacity x 16), rounded up, counted down to below zero", ...place("page_reporting_cycle")});
/** The smallest block reported: a page block, 2 MiB on x86. */
const MIN_BLOCK = 512;
/** The largest block of the buddy allocator, 4 MiB on x86: large free areas are of these. */
const MAX_BLOCK = 1024;

export interface ReportingState {
  /** Negotiated by a loaded driver. */
  active: boolean;
  /** Seconds to the next pass; Infinity when nothing was freed since the last. */
  wait: number;
}

/** Zones too small to keep a full call isolated and stay above their low watermark are never reported (DMA). */
function tooSmall(guest: GuestState, zone: number): boolean {
  const {zones} = guest;
  return at(zones.free, zone) <= at(zones.low, zone) + REPORTING_CAPACITY.value * MIN_BLOCK;
}

/** Pages one pass may report from a zone: a call more than a sixteenth of its list of largest blocks. */
function allowance(guest: GuestState, zone: number): number {
  const blocks = Math.floor(at(guest.zones.free, zone) / MAX_BLOCK);
  const calls = Math.ceil(blocks / (REPORTING_CAPACITY.value * REPORTING_FRACTION.value)) + 1;
  return calls * REPORTING_CAPACITY.value * MAX_BLOCK;
}

function pass(guest: GuestState, backing: Backing): number {
  let reported = 0;
  for (let zone = 0; zone < guest.zones.count; zone++) {
    if (!tooSmall(guest, zone)) reported += backing.report(zone, allowance(guest, zone));
  }
  return reported;
}

/** Pages were freed: a pass is due 2 s from now, unless one is already. */
export function requestReporting(state: ReportingState): void {
  if (state.active && state.wait === Infinity) state.wait = REPORTING_DELAY.value;
}

/** Free page reporting: actual and MemTotal never move, only what the host backs. */
export function advanceReporting(guest: GuestState, backing: Backing, state: ReportingState, dt: number): void {
  if (!state.active || state.wait === Infinity) return;
  state.wait -= dt;
  if (state.wait > 1e-9) return;
  const reported = pass(guest, backing);
  state.wait = reported > 0 ? REPORTING_DELAY.value : Infinity;
}
