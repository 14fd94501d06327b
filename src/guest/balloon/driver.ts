import type {Backing, BalloonRegisters, Log} from "../../domain/backing.ts";
import type {GuestState} from "../state.ts";
import {startXenBalloon, type XenBalloonState} from "./xen-linux.ts";

/** What every balloon driver works on; a driver writes the balloon's columns and its own state only. */
export interface BalloonContext {
  readonly guest: GuestState;
  readonly backing: Backing;
  readonly registers: BalloonRegisters;
  readonly log: Log;
}

/** A driver's own numbers, the same shape for all, so that a checkpoint can copy them. */
export interface DriverState {
  loaded: boolean;
  /** `registers.requests` when the driver last looked. */
  seen: number;
  /** There is still work to do; false after an OOM deflation until the next request. */
  busy: boolean;
  /** Seconds until it tries again. */
  wait: number;
  /** Failures in a row, for drivers that back off. */
  failures: number;
  /** Pages it may move now, left over from earlier steps. */
  credit: number;
  /** Pages a poll it allows itself while the guest is short; 0: as it starts. */
  allocRate: number;
  /** Polls it still takes it slowly. */
  slowPolls: number;
  /** Seconds it has run, for drivers that sleep until a moment. */
  clock: number;
  /** Where Xen's thread stands. */
  readonly thread: XenBalloonState;
}

/** How a driver is set up. */
export interface DriverOptions {
  /** virtio's VIRTIO_BALLOON_F_DEFLATE_ON_OOM. */
  readonly deflateOnOom: boolean;
  /** Pages it moves in a second when nothing holds it back: a property of the machine, not of the protocol. */
  readonly pagesPerSecond: number;
  /** vmmemctl up to version 1.4: its own rates, which fall while the guest is short. Defaults to false. */
  readonly throttled?: boolean | undefined;
}

/**
 * A balloon driver: a table of functions over one state. Adding a hypervisor's
 * driver is one more table.
 */
export interface BalloonDriver {
  readonly name: "virtio" | "xen" | "vmmemctl";
  /** Pages moved and reported to the host in one message. */
  readonly batch: number;
  /** Whether MemTotal counts ballooned pages. */
  readonly balloonInTotal: (options: DriverOptions) => boolean;
  /** Moves towards the target for `dt` seconds. */
  readonly advance: (context: BalloonContext, state: DriverState, options: DriverOptions, dt: number) => void;
  /** Whether nothing happens before the next request, whatever the guest does; a driver that polls never rests. */
  readonly rests: (context: BalloonContext, state: DriverState) => boolean;
  /** Gives memory back because the guest is out of it; returns the pages, 0 for a driver that does not. */
  readonly onOom: (context: BalloonContext, state: DriverState, options: DriverOptions) => number;
  /** Whether unloading returns the balloon to the guest. */
  readonly returnsOnUnload: boolean;
}

/** For drivers that are told of requests: none is new, and no work is left. */
export const waitsForRequest = ({registers}: BalloonContext, state: DriverState): boolean => !state.busy && state.seen === registers.requests;

export const newDriverState = (): DriverState => ({loaded: false, seen: 0, busy: false, wait: 0, failures: 0, credit: 0, allocRate: 0, slowPolls: 0, clock: 0, thread: startXenBalloon(0, 0)});
