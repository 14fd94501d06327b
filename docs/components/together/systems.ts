import {resolveMachine, type Machine} from "../../../src/domain/machine.ts";
import {resolveXenMachine, type XenMachine} from "../../../src/domain/xen/machine.ts";
import type {EventSpec} from "../../../src/simulation/events.ts";
import {esxOutcome} from "../../../src/simulation/esx/outcome.ts";
import type {EsxScenarioSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";
import type {LogEntry} from "../../../src/simulation/log.ts";
import {outcome, type OutcomeName} from "../../../src/simulation/outcome.ts";
import type {ScenarioSpec} from "../../../src/simulation/scenario.ts";
import {simulate} from "../../../src/simulation/simulate.ts";
import {xenOutcome} from "../../../src/simulation/xen/outcome.ts";
import type {XenScenarioSpec} from "../../../src/simulation/xen/scenario.ts";
import {simulateXen} from "../../../src/simulation/xen/simulate-xen.ts";
import {mib, mibToKib, seconds, type KiB} from "../../../src/units.ts";
import {remember} from "../case/remember.ts";
import type {CaseRun} from "../case/run.ts";
import {END, WHEN, WRITE_RATE} from "./params.ts";

/** The knobs of the page, MiB; one value is one run on each system. */
export interface Knobs {
  readonly maxmem: number;
  readonly target: number;
  readonly cap: number;
  readonly reservation: number;
  readonly load: number;
  readonly driver: boolean;
  readonly swap: boolean;
  readonly guestSwap: boolean;
  readonly short: boolean;
}

/** A run on one system, with what its kernel and host said. */
export interface SystemRun extends CaseRun {
  readonly log: readonly LogEntry[];
  /** KiB the guest has in its own swap, a row each. */
  readonly guestSwap: Float64Array;
  /** KiB that count against the cap, a row each, where that is more than guest RAM: QEMU's own memory is in its cgroup, compressed pages are within ESX's limit. */
  readonly charged?: Float64Array;
  /** KiB the host lets the machine have, a row each, where that is not said from the start: Xen's maximum follows the target, ESX's limit is written with it, or refused. */
  readonly ceiling?: Float64Array;
  /** What the run came to, where the engine says so itself: a page that comes back from swap within a step stands in no row. */
  readonly outcome?: OutcomeName;
}

export const systems = ["KVM", "Xen", "ESX"] as const;
export type System = (typeof systems)[number];

const size = (value: number): KiB => mibToKib(mib(value));
const STEP = seconds(0.1);
/** QEMU's own memory, inside the cap, MiB: what the recorded processes held beyond guest RAM (data/recordings/cgroup-vm-*.json; emulated, so KVM's will differ). */
export const OVERHEAD = 68;
/** RAM of the host, and what is left of it when the others want it all. */
const HOST = 8192;
const LEFT = 256;

/** From 30 s on the others hold all that is not reserved; short of that they wait, or swap themselves. */
const pressure = ({short, reservation}: Knobs) => (short ? [{at: seconds(30), type: "host-pressure" as const, size: size(HOST - Math.max(LEFT, reservation + OVERHEAD))}] : []);

/** The sizes on the track of the slider, and some. */
const SIZES = 128;
/** A resolved machine boots once, however many runs it is in: whoever drags back over the sizes boots none again. */
const machine = remember((maxmem: number): Machine => resolveMachine({memory: size(maxmem), balloon: {deflateOnOom: false, freePageReporting: false}}), String, SIZES);
const domain = remember((maxmem: number): XenMachine => resolveXenMachine({type: "pv", memory: size(maxmem), maxmem: size(maxmem)}), String, SIZES);

/** The same process in every guest: it asks for a little at a time, so the guest does not refuse it as a whole. */
const load = ({load: wanted}: Knobs): EventSpec[] => wanted === 0 ? [] : [
  {at: seconds(WHEN.load), type: "allocate", size: size(wanted), rate: WRITE_RATE},
  {at: seconds(WHEN.end), type: "free"}
];

const workload = ({guestSwap}: Knobs) => ({overcommit: 1 as const, swap: size(guestSwap ? 1024 : 0)});

function kvm(k: Knobs): SystemRun {
  const made = simulate(kvmScenario(k));
  return {times: made.times, columns: made.columns, stateAt: made.stateAt, log: made.log, guestSwap: made.columns.guestSwapUsed, charged: made.columns.cgroupCurrent, outcome: made.outcome};
}

function kvmScenario(k: Knobs): ScenarioSpec {
  const events: EventSpec[] = [
    ...(k.driver ? [{at: seconds(WHEN.driver), type: "load-driver" as const}] : []),
    {at: seconds(WHEN.target), type: "balloon", target: size(Math.min(k.target, k.maxmem))},
    ...load(k),
    ...pressure(k)
  ];
  return {
    machine: machine(k.maxmem), workload: workload(k), driver: {loadsAt: null}, duration: seconds(END), step: STEP, events,
    host: {ram: size(HOST), swap: size(k.swap ? 3072 : 0), overhead: size(OVERHEAD), cgroup: {max: k.cap >= 2048 ? null : size(k.cap), min: size(k.reservation)}}
  };
}

/**
 * On Xen a target and a cap are one: xl mem-set sets the hypervisor's maximum with
 * the target. A cap of one's own does nothing: xl mem-max is refused below the
 * target, and above it nobody takes more than the target (libxl 4.17, libxl_domain_setmaxmem).
 */
function xenScenario(k: Knobs): XenScenarioSpec {
  const asked = Math.min(k.target, k.maxmem);
  return {
    machine: domain(k.maxmem), workload: workload(k), driver: {loaded: k.driver, inflateRate: 2 ** 18, deflateRate: 2 ** 18}, duration: seconds(END), step: STEP,
    events: [{at: seconds(WHEN.target), type: "setmem", target: size(asked)}, ...load(k).flatMap((event) => (event.type === "setmem" ? [] : [event]))]
  };
}

function xen(k: Knobs): SystemRun {
  const made = simulateXen(xenScenario(k));
  return {times: made.times, columns: made.columns, stateAt: made.stateAt, log: made.log, guestSwap: made.columns.guestSwapUsed, ceiling: made.columns.xenMax};
}

/** On ESX the administrator says no target: libvirt's call writes the limit, and so does whoever caps. */
function esxScenario(k: Knobs): EsxScenarioSpec {
  const limit = size(Math.min(k.target, k.cap));
  return {
    host: {ram: size(HOST), version: "6.0"},
    vms: [{name: "vm", memory: size(k.maxmem), reservation: size(Math.min(k.reservation, k.maxmem)), driver: {loadsAt: k.driver ? WHEN.driver : null}, workload: workload(k)}],
    events: [
      {at: seconds(WHEN.target), type: "set-limit", limit},
      ...load(k).flatMap((event) => (event.type === "allocate" || event.type === "free" ? [event] : [])),
      ...pressure(k)
    ],
    duration: seconds(END), step: STEP
  };
}

function esx(k: Knobs): SystemRun {
  const made = simulateEsx(esxScenario(k));
  const [vm] = made.vms;
  if (vm === undefined) throw new Error("a host without its machine");
  const {cache, consumed, ceiling, guestSwapUsed} = vm.columns;
  const charged = cache.some((value) => value > 0) ? {charged: consumed.map((value, i) => value + (cache[i] ?? 0))} : {};
  return {times: vm.times, columns: vm.columns, stateAt: vm.stateAt, log: made.log, guestSwap: guestSwapUsed, ceiling, ...charged};
}

/** A knob that a system does not have, or not at this setting, does not run it again: its key leaves that knob out. */
const keys: Readonly<Record<System, (k: Knobs) => string>> = {
  KVM: (k) => JSON.stringify({...k, target: Math.min(k.target, k.maxmem), reservation: k.short ? k.reservation : 0}),
  Xen: ({maxmem, target, load: wanted, driver, guestSwap}) => JSON.stringify([maxmem, Math.min(target, maxmem), wanted, driver, guestSwap]),
  ESX: ({maxmem, target, cap, reservation, load: wanted, driver, guestSwap, short}) => JSON.stringify([maxmem, Math.min(target, cap), reservation, wanted, driver, guestSwap, short])
};

export const runs: Readonly<Record<System, (k: Knobs) => SystemRun>> = {KVM: remember(kvm, keys.KVM), Xen: remember(xen, keys.Xen), ESX: remember(esx, keys.ESX)};

/** Of a run only what it came to: much cheaper than its timeline, and the same answer. */
export const briefs: Readonly<Record<System, (k: Knobs) => OutcomeName>> = {
  KVM: (k) => outcome(kvmScenario(k)).name,
  Xen: (k) => xenOutcome(xenScenario(k)).name,
  ESX: (k) => esxOutcome(esxScenario(k)).name
};
