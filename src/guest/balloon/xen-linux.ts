import type {Backing, Log} from "../../domain/backing.ts";
import {total} from "../../domain/column.ts";
import {sourced} from "../../source.ts";
import {memAvailable, totalReserve} from "../accounts.ts";
import {givePages, takePages} from "../zones.ts";
import type {GuestState} from "../state.ts";

const place = (function_: string): {place: string; version: string; grade: "read"} => ({place: `drivers/xen/balloon.c ${function_}`, version: "Linux 6.1.192", grade: "read"});

/** Frames in one hypercall. */
export const XEN_BATCH = sourced(512, {text: "a page of frame numbers: 2 MiB a hypercall", ...place("increase_reservation, decrease_reservation")});
/** Failures in a row after which the driver waits for a new target. */
export const XEN_MAX_RETRIES = sourced(4, {text: "max_retry_count: after waits of 2, 4 and 8 s it gives up", ...place("update_schedule")});
/** Longest wait, seconds. */
export const XEN_MAX_DELAY = sourced(32, {text: "max_schedule_delay", ...place("update_schedule")});

/**
 * Linux's Xen balloon driver: targets, batches, back-off and giving up, and what
 * needs more than two registers: the balloon found at boot, the host that
 * refuses, memory that is hot-added. `xen.ts` runs it as any other driver.
 * Source throughout: Linux 6.1 drivers/xen/balloon.c balloon_thread,
 * increase_reservation, decrease_reservation, update_schedule, reserve_additional_memory.
 */

/** Where the driver's thread stands: BP_DONE, BP_EAGAIN, BP_WAIT, BP_ECANCELED. */
export type XenBalloonPhase = "done" | "again" | "wait" | "cancelled";

/** The driver's numbers, in pages and seconds; plain data. */
export interface XenBalloonState {
  /** info/current_kb: RAM the guest thinks it has. */
  current: number;
  /** target_kb. */
  target: number;
  /** What a guest with firmware subtracts from xenstore's target; set when it first reads it. */
  correction: number;
  watchFired: boolean;
  /** RAM, balloon and memory it has hot-added. */
  total: number;
  /** Hot-added and offline: nobody has told the kernel to use it. */
  offline: number;
  phase: XenBalloonPhase;
  delay: number;
  retries: number;
  /** When the thread runs next. */
  nextAt: number;
  /** Credit when it last went to sleep. */
  credit: number;
  /** The last batches that failed: when, and what the guest had left then. */
  readonly failures: {readonly at: number; readonly current: number}[];
}

export interface XenBalloonOptions {
  /** Frames a second it gives up, each scrubbed. */
  readonly inflateRate: number;
  /** Frames a second it takes. */
  readonly deflateRate: number;
  /** 0: never gives up. */
  readonly maxRetryCount: number;
  /** Seconds. */
  readonly maxScheduleDelay: number;
  readonly limitedByAvailable: boolean;
  readonly hotplug: boolean;
  /** Pages of a memory section: hot-added memory comes in these. */
  readonly section: number;
}

/** Everything the driver touches. `populate` asks the hypervisor for pages and says how many came. */
export interface XenBalloonContext {
  readonly guest: GuestState;
  readonly backing: Backing;
  readonly populate: (pages: number) => number;
  readonly log: Log;
  readonly options: XenBalloonOptions;
}

/** Seconds an idle thread sleeps before it looks again: 3600 * HZ. */
const IDLE = 3600;
/** Seconds between two looks for memory to come online. */
const WAIT = 1;

const KEPT_FAILURES = 16;

/** A driver that has just started; `total` counts the balloon found at boot. */
export const startXenBalloon = (current: number, balloon: number): XenBalloonState => ({
  current,
  target: current,
  correction: 0,
  watchFired: false,
  total: current + balloon,
  offline: 0,
  phase: "done",
  delay: 1,
  retries: 1,
  nextAt: IDLE,
  credit: 0,
  failures: []
});

const creditOf = ({target, current}: XenBalloonState): number => target - current;

/** Pages in the balloon. */
export const ballooned = ({zones}: GuestState): number => total(zones.ballooned);

/** A new target, from xenstore or from `target_kb`. The thread wakes when its credit is not what it went to sleep with. */
export function setXenTarget(state: XenBalloonState, pages: number, now: number): void {
  state.target = pages;
  const asleepWith = state.phase === "done" ? 0 : state.credit;
  if (creditOf(state) !== asleepWith) state.nextAt = Math.min(state.nextAt, now);
}

/**
 * xenstore's memory/target has changed, or is read for the first time: KiB, cut
 * down to pages. A guest with firmware then learns how much of its maximum is no RAM.
 * Source: Linux 6.1 drivers/xen/xen-balloon.c watch_target.
 */
export function readXenstoreTarget(state: XenBalloonState, target: number, staticMax: number, corrected: boolean, now: number): void {
  if (!state.watchFired) {
    state.watchFired = true;
    state.correction = corrected ? Math.floor(staticMax / 4) - state.target : 0;
  }
  setXenTarget(state, Math.floor(target / 4) - state.correction, now);
}

/** Takes one batch from the hypervisor and gives it to the guest. */
function increase({guest, backing, populate}: XenBalloonContext, state: XenBalloonState, credit: number): {phase: XenBalloonPhase; moved: number} {
  const wanted = Math.min(credit, XEN_BATCH.value, ballooned(guest));
  const given = populate(wanted);
  if (given === 0) return {phase: "again", moved: 0};
  givePages(guest, backing, given, "ballooned", true);
  guest.balloon -= given;
  state.current += given;
  return {phase: "done", moved: given};
}

/** The balloon is empty: whole sections are added, offline; their pages are not asked for before they are online. */
function addMemory({options}: XenBalloonContext, state: XenBalloonState): {phase: XenBalloonPhase; moved: number} {
  const missing = state.target - state.total;
  if (missing > 0) {
    const added = Math.ceil(missing / options.section) * options.section;
    state.total += added;
    state.offline += added;
  }
  return {phase: "wait", moved: 0};
}

/** Gives one batch up. Less is available than asked for and not much is left: a failure, though the batch has moved. */
function shrink({guest, backing, options}: XenBalloonContext, state: XenBalloonState, wanted: number): {phase: XenBalloonPhase; moved: number} {
  const allowed = options.limitedByAvailable ? Math.min(wanted, memAvailable(guest)) : wanted;
  const batch = Math.min(allowed, XEN_BATCH.value);
  const taken = takePages(guest, backing, batch, "ballooned");
  guest.balloon += taken;
  state.current -= taken;
  const short = taken < batch || (allowed !== wanted && allowed < totalReserve(guest));
  return {phase: short ? "again" : "done", moved: taken};
}

function work(context: XenBalloonContext, state: XenBalloonState, credit: number): {phase: XenBalloonPhase; moved: number} {
  if (credit < 0) return shrink(context, state, -credit);
  if (credit === 0) return {phase: "done", moved: 0};
  if (ballooned(context.guest) > 0) return increase(context, state, credit);
  // Without hot-add the target counts as reached: no more than the balloon can be taken.
  return context.options.hotplug ? addMemory(context, state) : {phase: "cancelled", moved: 0};
}

/** Waits double after every failure; too many in a row, and the thread gives up (update_schedule). */
function schedule(state: XenBalloonState, phase: XenBalloonPhase, {maxRetryCount, maxScheduleDelay}: XenBalloonOptions): XenBalloonPhase {
  if (phase === "wait" || phase === "cancelled") return phase;
  if (phase === "done") {
    state.delay = 1;
    state.retries = 1;
    return phase;
  }
  state.retries += 1;
  if (maxRetryCount !== 0 && state.retries > maxRetryCount) {
    state.delay = 1;
    state.retries = 1;
    return "cancelled";
  }
  state.delay = Math.min(state.delay * 2, maxScheduleDelay);
  return "again";
}

/** Seconds until the thread looks again. */
function sleep(state: XenBalloonState): number {
  if (state.phase === "again") return state.delay;
  if (state.phase === "wait") return WAIT;
  return state.phase === "done" && creditOf(state) !== 0 ? 0 : IDLE;
}

/** A driver that never gives up must not fill memory with its failures. */
function noteFailure(state: XenBalloonState, at: number): void {
  state.failures.push({at, current: state.current});
  if (state.failures.length > KEPT_FAILURES) state.failures.shift();
}

function runOnce(context: XenBalloonContext, state: XenBalloonState): void {
  const {options} = context;
  const credit = creditOf(state);
  const at = state.nextAt;
  const {phase, moved} = work(context, state, credit);
  if (phase === "again") noteFailure(state, at);
  state.phase = schedule(state, phase, options);
  state.credit = creditOf(state);
  const rate = credit < 0 ? options.inflateRate : options.deflateRate;
  state.nextAt = at + moved / rate + sleep(state);
}

/** Lets the thread run until `now`, a batch at a time. */
export function advanceXenBalloon(context: XenBalloonContext, state: XenBalloonState, now: number): void {
  while (state.nextAt <= now) runOnce(context, state);
}

/** Nothing moves until someone sets another target or an hour has passed. */
export const isSettled = (state: XenBalloonState): boolean => state.phase === "cancelled" || state.phase === "wait" || (state.phase === "done" && creditOf(state) === 0);
