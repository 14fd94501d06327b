import {resolveXenMachine, type XenMachine, type XenMachineSpec} from "../../domain/xen/machine.ts";
import {ModelError} from "../../errors.ts";
import type {XenBalloonOptions} from "../../guest/balloon/xen-linux.ts";
import type {GuestOptions} from "../../guest/start.ts";
import {sourced} from "../../source.ts";
import {kib, mib, mibToKib, seconds, type KiB, type Seconds} from "../../units.ts";
import {eventTypes, type Happening} from "../events.ts";
import {positive, refuse} from "../../input.ts";

/** What can happen to a Xen domain beside what its own programs do. Sizes KiB. */
export type XenHappening =
  /** An xl command line: `xl mem-set guest 1024`. The domain's name is `guest` unless the scenario says otherwise. */
  | {readonly type: "xl"; readonly command: string}
  /** The same as libvirt's libxl driver calls it: the domain's target, and Xen's cap with it. */
  | {readonly type: "setmem"; readonly target: KiB}
  /** `virsh setmaxmem --live`, `xl mem-max`. */
  | {readonly type: "setmaxmem"; readonly size: KiB}
  /** Somebody writes xenstore's memory/target past the tools. */
  | {readonly type: "xenstore-target"; readonly target: KiB}
  /** Root in the guest writes target_kb. */
  | {readonly type: "guest-target"; readonly target: KiB}
  /** The guest writes to everything in its map, as `memtest=` does. */
  | {readonly type: "touch-all"}
  /** Root in the guest brings hot-added memory online. */
  | {readonly type: "online-memory"}
  /** Other domains take memory of the machine, or give it back: what is free from now on. */
  | {readonly type: "host-free"; readonly size: KiB}
  | Exclude<Happening, {readonly type: "setmem"}>;

export type XenEventSpec = {readonly at: Seconds} & XenHappening;

/** A Xen domain, what happens to it, and for how long. At 0 its driver first reads its target. */
export interface XenScenarioSpec {
  /** One that is resolved already is booted only once, however many scenarios it is in. */
  readonly machine: XenMachineSpec | XenMachine;
  /** xl's name for it; defaults to "guest", dom0's is "Domain-0". */
  readonly name?: string | undefined;
  /** Free memory of the machine before the domain is built; defaults to its maximum and 4 GiB. */
  readonly hostFree?: KiB | undefined;
  /** Frames/s and limits; defaults as recorded. `loaded: false` is a guest without a driver; `bootTimeout` is its kernel's `xen.balloon_boot_timeout`. */
  readonly driver?: (Partial<Omit<XenBalloonOptions, "section">> & {readonly loaded?: boolean; readonly bootTimeout?: Seconds}) | undefined;
  readonly workload?: GuestOptions | undefined;
  readonly events?: readonly XenEventSpec[] | undefined;
  readonly duration: Seconds;
  /** Defaults to 0.1 s. */
  readonly step?: Seconds | undefined;
}

/** With every default filled in and its events in order. */
export interface XenScenario {
  readonly machine: XenMachine;
  readonly name: string;
  readonly hostFree: KiB;
  readonly driver: XenBalloonOptions & {readonly loaded: boolean; readonly bootTimeout: number};
  readonly workload: GuestOptions;
  readonly events: readonly XenEventSpec[];
  readonly duration: Seconds;
  readonly step: Seconds;
  readonly resolvedXen: true;
}

/** Frames a second under emulation: giving up scrubs every page. Durations of the recordings mean no more than their order. */
export const RECORDED_RATES = sourced(
  {inflate: 30_000, deflate: 180_000},
  {text: "1 GiB given up in 8.5 to 9.9 s, taken in 1.5 s", place: "xen-xl-pv-2048-2048.json, xen-xl-pv-1024-2048.json settleSeconds", version: "software emulation, 2026-11-22", grade: "recorded"}
);
/** Seconds without progress after which a kernel that waits for its balloon gives its boot up. */
export const BOOT_TIMEOUT = sourced(180, {text: "xen.balloon_boot_timeout", place: "drivers/xen/balloon.c balloon_boot_timeout", version: "Linux 6.1.192", grade: "read"});
/** Pages of a 128 MiB section. */
const SECTION = 32768;
const MAX_STEPS = 1e7;

const EXTRA_TYPES = ["xl", "setmaxmem", "xenstore-target", "guest-target", "touch-all", "online-memory", "host-free"];

function checkEvent(event: XenEventSpec, index: number): XenEventSpec {
  const path = `events[${index}]`;
  if (!(Number.isFinite(event.at) && event.at >= 0)) refuse(`${path}.at`, event.at, "a number of 0 or more");
  if (![...eventTypes, ...EXTRA_TYPES].includes(event.type)) {
    throw new ModelError(`unknown event: ${event.type}`, {code: "unknown-event", path: `${path}.type`, expected: [...eventTypes, ...EXTRA_TYPES].join(", "), hint: "use one of the listed types"});
  }
  return event;
}

function resolveDriver(spec: XenScenarioSpec, {parameters}: XenMachine): XenScenario["driver"] {
  const {driver = {}} = spec;
  return {
    loaded: driver.loaded ?? true,
    inflateRate: positive(driver.inflateRate ?? RECORDED_RATES.value.inflate, "driver.inflateRate"),
    deflateRate: positive(driver.deflateRate ?? RECORDED_RATES.value.deflate, "driver.deflateRate"),
    maxRetryCount: driver.maxRetryCount ?? parameters.maxRetryCount.value,
    maxScheduleDelay: positive(driver.maxScheduleDelay ?? parameters.maxScheduleDelay.value, "driver.maxScheduleDelay"),
    limitedByAvailable: driver.limitedByAvailable ?? parameters.limitedByAvailable.value,
    hotplug: driver.hotplug ?? parameters.hotplug.value,
    bootTimeout: positive(driver.bootTimeout ?? BOOT_TIMEOUT.value, "driver.bootTimeout"),
    section: SECTION
  };
}

/**
 * Checks a scenario and fills in its defaults; a resolved one is returned as it is.
 * @throws ModelError `out-of-range`, `unknown-event`, and those of `resolveXenMachine`.
 */
export function resolveXenScenario(spec: XenScenarioSpec | XenScenario): XenScenario {
  if ("resolvedXen" in spec) return spec;
  const machine = resolveXenMachine(spec.machine);
  const duration = seconds(positive(spec.duration, "duration"));
  const step = seconds(positive(spec.step ?? 0.1, "step"));
  if (duration / step > MAX_STEPS) refuse("step", step, `at most ${MAX_STEPS} steps`);
  return Object.freeze({
    machine,
    name: spec.name ?? (machine.type === "dom0" ? "Domain-0" : "guest"),
    hostFree: spec.hostFree ?? kib(machine.maxmem + mibToKib(mib(4096))),
    driver: resolveDriver(spec, machine),
    workload: spec.workload ?? {},
    events: (spec.events ?? []).map(checkEvent).sort((a, b) => a.at - b.at),
    duration,
    step,
    resolvedXen: true as const
  });
}
