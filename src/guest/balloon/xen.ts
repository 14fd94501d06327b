import {sourced} from "../../source.ts";
import {waitsForRequest, type BalloonContext, type BalloonDriver, type DriverOptions, type DriverState} from "./driver.ts";
import {deflate, inflate} from "./move.ts";

const place = (function_: string): {place: string; version: string; grade: "read"} => ({place: `drivers/xen/balloon.c ${function_}`, version: "Linux 6.1.192", grade: "read"});

/** Frames in one hypercall. */
export const XEN_BATCH = sourced(512, {text: "a page of frame numbers: 2 MiB a hypercall", ...place("increase_reservation, decrease_reservation")});
/** Failures in a row after which the driver waits for a new target. */
export const XEN_MAX_RETRIES = sourced(4, {text: "max_retry_count: after waits of 2, 4 and 8 s it gives up", ...place("update_schedule")});
/** Longest wait, seconds. */
export const XEN_MAX_DELAY = sourced(32, {text: "max_schedule_delay", ...place("update_schedule")});

/** A new target in xenstore ends the waiting and the giving up. */
function look({registers}: BalloonContext, state: DriverState): void {
  if (state.seen === registers.requests) return;
  state.seen = registers.requests;
  state.busy = true;
  state.wait = 0;
  state.failures = 0;
}

function fail(state: DriverState): void {
  state.failures++;
  state.wait = Math.min(2 ** state.failures, XEN_MAX_DELAY.value);
  state.credit = 0;
  if (state.failures >= XEN_MAX_RETRIES.value) state.busy = false;
}

function advance(context: BalloonContext, state: DriverState, options: DriverOptions, dt: number): void {
  const {guest, registers} = context;
  look(context, state);
  if (!state.busy) return;
  state.wait -= dt;
  if (state.wait > 0) return;
  state.credit += options.pagesPerSecond * dt;
  const missing = registers.wanted - guest.balloon;
  const part = Math.min(Math.abs(missing), Math.floor(state.credit));
  const moved = missing > 0 ? inflate(context, part) : deflate(context, part);
  state.credit -= moved;
  registers.given = guest.balloon;
  if (moved < part) fail(state);
  else if (registers.wanted === guest.balloon) state.busy = false;
}

/**
 * Linux's Xen balloon, a first cut: targets, MemTotal, back-off and giving up. Left
 * out: the balloon found at boot, populate-on-demand, memory hotplug, the host's
 * refusal to grow.
 */
export const xen: BalloonDriver = {
  name: "xen",
  batch: XEN_BATCH.value,
  balloonInTotal: () => false,
  advance,
  rests: waitsForRequest,
  onOom: () => 0,
  returnsOnUnload: false
};
