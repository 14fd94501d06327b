import {waitsForRequest, type BalloonContext, type BalloonDriver, type DriverOptions, type DriverState} from "./driver.ts";
import {advanceXenBalloon, isSettled, setXenTarget, XEN_BATCH, XEN_MAX_DELAY, XEN_MAX_RETRIES, type XenBalloonContext, type XenBalloonOptions} from "./xen-linux.ts";

/** Linux 6.1's own settings. Without hot-add the section does not count. */
const SETTINGS: Omit<XenBalloonOptions, "inflateRate" | "deflateRate"> = {maxRetryCount: XEN_MAX_RETRIES.value, maxScheduleDelay: XEN_MAX_DELAY.value, limitedByAvailable: true, hotplug: false, section: 1};

/** A host that has every page the guest asks for: there is no cap behind two registers. */
const everyPage = (pages: number): number => pages;

const contextOf = ({guest, backing, log}: BalloonContext, {pagesPerSecond}: DriverOptions): XenBalloonContext => ({
  guest,
  backing,
  log,
  populate: everyPage,
  options: {...SETTINGS, inflateRate: pagesPerSecond, deflateRate: pagesPerSecond}
});

/**
 * Reads a new target. The thread counts RAM, the registers count the balloon: less
 * than nothing is what has been given up. A thread at rest counts its time from here,
 * so that a run does not depend on how long it rested.
 */
function look({guest, registers}: BalloonContext, state: DriverState): void {
  const {thread} = state;
  if (state.seen === registers.requests) return;
  if (isSettled(thread)) {
    state.clock = 0;
    thread.nextAt = Infinity;
  }
  state.seen = registers.requests;
  thread.current = -guest.balloon;
  setXenTarget(thread, -registers.wanted, state.clock);
  state.busy = thread.nextAt !== Infinity;
}

function advance(context: BalloonContext, state: DriverState, options: DriverOptions, dt: number): void {
  const {guest, registers} = context;
  const {thread} = state;
  look(context, state);
  if (!state.busy) return;
  state.clock += dt;
  advanceXenBalloon(contextOf(context, options), thread, state.clock);
  state.busy = !isSettled(thread);
  registers.given = guest.balloon;
}

/**
 * Linux's Xen balloon (`xen-linux.ts`) behind the interface that all drivers
 * share: targets, MemTotal, back-off and giving up. What needs more than two
 * registers is not there: the balloon found at boot, populate-on-demand, memory
 * hotplug, the host's refusal to grow.
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
