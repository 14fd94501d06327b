import type {BalloonContext, BalloonDriver, DriverOptions, DriverState} from "./driver.ts";
import {deflate, inflate} from "./move.ts";

/** Asks the host for its target once a second (Linux 6.1, drivers/misc/vmw_balloon.c vmballoon_work). */
const POLL_SECONDS = 1;

function poll(state: DriverState, dt: number): boolean {
  state.wait -= dt;
  if (state.wait > 0) return false;
  state.wait += POLL_SECONDS;
  return true;
}

/** Each poll reads the target and works towards it for as long as the rate allows until the next. */
function advance(context: BalloonContext, state: DriverState, options: DriverOptions, dt: number): void {
  const {guest, registers} = context;
  if (poll(state, dt)) {
    state.busy = registers.wanted !== guest.balloon;
    state.seen = registers.requests;
  }
  if (!state.busy) return;
  state.credit += options.pagesPerSecond * dt;
  const missing = registers.wanted - guest.balloon;
  const part = Math.min(Math.abs(missing), Math.floor(state.credit));
  const moved = missing > 0 ? inflate(context, part) : deflate(context, part);
  state.credit -= moved;
  registers.given = guest.balloon;
  if (moved < part || registers.wanted === guest.balloon) {
    state.busy = false;
    state.credit = 0;
  }
}

/**
 * VMware's balloon for Linux, a first cut: it polls for its target, and ballooned
 * pages stay in MemTotal, as used memory. Left out: huge pages and refused pages.
 */
export const vmmemctl: BalloonDriver = {
  name: "vmmemctl",
  batch: 512,
  balloonInTotal: () => true,
  advance,
  rests: () => false,
  onOom: () => 0,
  returnsOnUnload: true
};
