import {sourced} from "../../source.ts";
import type {BalloonContext, BalloonDriver, DriverOptions, DriverState} from "./driver.ts";
import {deflate, inflate, inflateFree} from "./move.ts";

const place = (version: string, function_: string): {place: string; version: string; grade: "read"} => ({place: `drivers/misc/vmw_balloon.c ${function_}`, version, grade: "read"});

/** Asks the host for its target once a second. */
export const POLL_SECONDS = sourced(1, {text: "queue_delayed_work(..., HZ)", ...place("Linux 4.19", "vmballoon_work")});

/** Pages of a huge page: a balloon that is too large by less is left alone, unless it is to be emptied. */
export const DEFLATE_SLACK = sourced(512, {text: "2 MiB of slack on deflate", ...place("driver 1.5.0.0-k without its throttle, Linux at 0395be3ece11", "vmballoon_change")});

/** Rates of the driver while it had a throttle, pages a poll. */
export const THROTTLE = sourced(
  {free: 16384, least: 512, most: 2048, step: 16, slowPolls: 4, release: 16384},
  {
    text: "16384 pages while none has to be reclaimed; else 512 to 2048, up by 16, down by half, slow for 4 polls; at most 16384 given back",
    ...place("driver 1.2.1, Android common kernel at 67db83396c59", "vmballoon_inflate, vmballoon_deflate, vmballoon_work")
  }
);

function poll(state: DriverState, dt: number): boolean {
  state.wait -= dt;
  if (state.wait > 0) return false;
  state.wait += POLL_SECONDS.value;
  return true;
}

/** What the balloon has to change by. */
function change({guest, registers}: BalloonContext): number {
  const missing = registers.wanted - guest.balloon;
  return missing < 0 && -missing < DEFLATE_SLACK.value && registers.wanted !== 0 ? 0 : missing;
}

function stop(state: DriverState): void {
  state.busy = false;
  state.credit = 0;
}

/** Each poll reads the target, and the driver works towards it for as long as its speed allows until the next. */
function freely(context: BalloonContext, state: DriverState, options: DriverOptions, dt: number): void {
  if (!state.busy) return;
  state.credit += options.pagesPerSecond * dt;
  const missing = context.registers.wanted - context.guest.balloon;
  const part = Math.min(Math.abs(missing), Math.floor(state.credit));
  const moved = missing > 0 ? inflate(context, part) : deflate(context, part);
  state.credit -= moved;
  if (moved < part || moved === Math.abs(missing)) stop(state);
}

/** Reclaims until it has `wanted` pages, or the guest has none to give: an allocation that may sleep. */
function inflateSleeping(context: BalloonContext, wanted: number): number {
  let taken = 0;
  let part = 1;
  while (part > 0 && taken < wanted) {
    part = inflate(context, wanted - taken);
    taken += part;
  }
  return taken;
}

/** Reclaims up to what is left of the slow rate; a guest that cannot even give that has its rate halved. */
function reclaimSlowly(context: BalloonContext, state: DriverState, goal: number, taken: number): number {
  const {least, slowPolls} = THROTTLE.value;
  state.slowPolls = slowPolls;
  const wanted = Math.min(goal, state.allocRate) - taken;
  if (wanted <= 0) return taken;
  const reclaimed = inflateSleeping(context, wanted);
  if (reclaimed < wanted) state.allocRate = Math.max(Math.floor(state.allocRate / 2), least);
  return taken + reclaimed;
}

function inflateThrottled(context: BalloonContext, state: DriverState, goal: number): void {
  const {free, most, step} = THROTTLE.value;
  const before = state.allocRate;
  const allowed = Math.min(goal, state.slowPolls > 0 ? before : free);
  const taken = inflateFree(context, allowed);
  const moved = taken < allowed ? reclaimSlowly(context, state, goal, taken) : taken;
  if (state.allocRate === before && moved >= before) state.allocRate = Math.min(before + Math.floor(moved / before) * step, most);
}

/** The driver up to version 1.4: one round a poll, at rates of its own. */
function throttled(context: BalloonContext, state: DriverState): void {
  const {most, release} = THROTTLE.value;
  if (state.allocRate === 0) state.allocRate = most;
  if (state.slowPolls > 0) state.slowPolls--;
  const missing = context.registers.wanted - context.guest.balloon;
  if (missing > 0) inflateThrottled(context, state, missing);
  else if (missing < 0) deflate(context, Math.min(-missing, release));
}

function advance(context: BalloonContext, state: DriverState, options: DriverOptions, dt: number): void {
  const {guest, registers} = context;
  if (poll(state, dt)) {
    state.seen = registers.requests;
    if (options.throttled === true) throttled(context, state);
    else state.busy = change(context) !== 0;
  }
  freely(context, state, options, dt);
  registers.given = guest.balloon;
}

/**
 * VMware's balloon for Linux: it polls for its target, and ballooned pages stay
 * in MemTotal, as used memory. Left out: the VMCI doorbell, huge pages and pages
 * that the host refuses.
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
