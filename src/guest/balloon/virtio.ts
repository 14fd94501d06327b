import {sourced} from "../../source.ts";
import {loosenLists} from "../per-cpu.ts";
import {waitsForRequest, type BalloonContext, type BalloonDriver, type DriverOptions, type DriverState} from "./driver.ts";
import {deflate, inflate} from "./move.ts";

const place = (function_: string): {place: string; version: string; grade: "read"} => ({place: `drivers/virtio/virtio_balloon.c ${function_}`, version: "Linux 6.1.192", grade: "read"});

/** Page frame numbers in one message to the host. */
export const VIRTIO_BATCH = sourced(256, {text: "VIRTIO_BALLOON_ARRAY_PFNS_MAX: 1 MiB a message", ...place("fill_balloon, leak_balloon")});
/** Seconds the driver sleeps when it is out of puff. */
export const VIRTIO_RETRY = sourced(0.2, {text: "msleep(200) after a failed allocation, without end", ...place("fill_balloon")});
/** Pages given back in one OOM round. */
export const VIRTIO_OOM_BATCH = sourced(256, {text: "VIRTIO_BALLOON_OOM_NR_PAGES: 1 MiB an OOM event", ...place("virtio_balloon_oom_notify")});

/** A config-change interrupt queues the size work, also when the number is the old one. */
function look({registers}: BalloonContext, state: DriverState): void {
  if (state.seen === registers.requests) return;
  state.seen = registers.requests;
  state.busy = true;
  state.wait = 0;
}

function fill(context: BalloonContext, state: DriverState, wanted: number): void {
  const taken = inflate(context, wanted);
  state.credit -= taken;
  if (taken === wanted) return;
  if (state.failures === 0) loosenLists(context.guest);
  state.wait = VIRTIO_RETRY.value;
  state.failures++;
  state.credit = 0;
  context.log("kernel", `virtio_balloon virtio0: Out of puff! Can't get 1 pages`);
}

/** Whole messages as the rate allows, and a shorter last one. */
function advance(context: BalloonContext, state: DriverState, options: DriverOptions, dt: number): void {
  const {guest, registers} = context;
  look(context, state);
  if (!state.busy) return;
  state.wait -= dt;
  if (state.wait > 0) return;
  state.credit += options.pagesPerSecond * dt;
  const missing = registers.wanted - guest.balloon;
  const allowed = Math.floor(state.credit / VIRTIO_BATCH.value) * VIRTIO_BATCH.value;
  const part = Math.min(Math.abs(missing), Math.max(allowed, Math.min(VIRTIO_BATCH.value, state.credit)));
  if (missing > 0) fill(context, state, Math.floor(part));
  else if (missing < 0) state.credit -= deflate(context, Math.floor(part));
  registers.given = guest.balloon;
  if (registers.wanted !== guest.balloon) return;
  state.busy = false;
  state.credit = 0;
  state.failures = 0;
}

/**
 * Deflate-on-oom: one batch an OOM round. It tells the host the new size but does
 * not queue the size work, so the balloon stays smaller until the next request.
 */
function onOom(context: BalloonContext, state: DriverState, options: DriverOptions): number {
  if (!state.loaded || !options.deflateOnOom) return 0;
  const given = deflate(context, VIRTIO_OOM_BATCH.value);
  context.registers.given = context.guest.balloon;
  return given;
}

/** virtio-balloon of Linux: complete. */
export const virtio: BalloonDriver = {
  name: "virtio",
  batch: VIRTIO_BATCH.value,
  balloonInTotal: (options) => options.deflateOnOom,
  advance,
  rests: waitsForRequest,
  onOom,
  returnsOnUnload: true
};
