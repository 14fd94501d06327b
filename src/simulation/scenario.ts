import {resolveMachine, type Machine, type MachineSpec} from "../domain/machine.ts";
import {ModelError} from "../errors.ts";
import type {GuestOptions} from "../guest/start.ts";
import {cgroupFileName} from "../host/linux/cgroup/limits.ts";
import {cgroupFiles, type CgroupFile, type CgroupParent} from "../host/linux/cgroup/state.ts";
import {PROCESS_OVERHEAD, type CgroupLimits, type HostOptions} from "../host/linux/start.ts";
import {kib, seconds, type KiB, type Seconds} from "../units.ts";
import {eventTypes, type EventSpec} from "./events.ts";

/** The host under the machine; defaults make it large enough never to swap. */
export interface HostSpec {
  /** RAM; defaults to twice the machine's memory and 16 GiB. */
  readonly ram?: KiB | undefined;
  /** Swap; defaults to none. */
  readonly swap?: KiB | undefined;
  /** RSS of the VM's process beyond guest RAM; defaults to the recorded 100 MiB of an emulated one. */
  readonly overhead?: KiB | undefined;
  /** What other programs hold from the start; defaults to 0. */
  readonly others?: KiB | undefined;
  /** Whether the host caches the files behind the VM's disks, in the VM's cgroup; defaults to false, QEMU's cache=none. */
  readonly diskCache?: boolean | undefined;
  /** The cgroup that holds the VM's process; defaults to one without limits. */
  readonly cgroup?: CgroupSpec | undefined;
}

/**
 * Limits of a cgroup, KiB; null or missing: none. Version 2 (the default) has max,
 * high, low, min and swapMax; version 1 has max, memswMax (memory and swap
 * together) and soft.
 */
export type CgroupSpec = {readonly version?: 1 | 2 | undefined; readonly parent?: CgroupParentSpec | undefined} & {readonly [File in CgroupFile]?: KiB | null | undefined};

/**
 * The cgroup above it, on version 2: machine.slice, where libvirt puts every VM. Its
 * memory.min and memory.low, KiB (none by default), as the slice stands at the top;
 * and what else is in it. Without a parent the settings of the VM's own cgroup count
 * in full: as if the slice were protected as far as they need.
 */
export interface CgroupParentSpec {
  readonly min?: KiB | undefined;
  readonly low?: KiB | undefined;
  /** Other cgroups below it: what each uses, and its own settings. */
  readonly siblings?: readonly {readonly size: KiB; readonly min?: KiB | undefined; readonly low?: KiB | undefined}[] | undefined;
}

export interface DriverSpec {
  /** Seconds after the guest's boot; null: never. Defaults to 0. */
  readonly loadsAt?: number | null | undefined;
  readonly kind?: "virtio" | "xen" | "vmmemctl" | undefined;
  /** KiB/s it moves; defaults to 1 GiB/s, about what was recorded. */
  readonly rate?: number | undefined;
}

/** The guest's own settings, and what its programs hold from the start. */
export interface WorkloadSpec extends GuestOptions {
  /** A process that holds this much from the start. */
  readonly anon?: KiB | undefined;
  /** Files read all the time. */
  readonly workingSet?: KiB | undefined;
  /** KiB/s a disk delivers; defaults to 200 MiB/s. */
  readonly fileRate?: number | undefined;
}

/** A machine, what happens to it, and for how long: the whole input of `simulate`. */
export interface ScenarioSpec {
  /** One that is already resolved saves the work of a second boot. */
  readonly machine: MachineSpec | Machine;
  /** Layer 2 at the start, `<currentMemory>`; defaults to all memory. */
  readonly currentMemory?: KiB | undefined;
  readonly host?: HostSpec | undefined;
  readonly driver?: DriverSpec | undefined;
  readonly workload?: WorkloadSpec | undefined;
  readonly events?: readonly EventSpec[] | undefined;
  /** Whole number; only scenarios that ask for jitter use it. */
  readonly seed?: number | undefined;
  /** More than 0, and at most 10 million steps. */
  readonly duration: Seconds;
  /** Defaults to 0.1 s. */
  readonly step?: Seconds | undefined;
}

/** A scenario with every default filled in and its events in order. */
export interface Scenario {
  readonly machine: Machine;
  readonly host: HostOptions;
  readonly driver: {readonly loadsAt: number | null; readonly kind: "virtio" | "xen" | "vmmemctl"; readonly rate: number};
  readonly workload: {readonly options: GuestOptions; readonly fileRate: number};
  /** By time; those of one instant in the order given. */
  readonly events: readonly EventSpec[];
  readonly seed: number;
  readonly duration: Seconds;
  readonly step: Seconds;
  readonly resolved: true;
}

const MAX_STEPS = 1e7;
const GIB = 1024 * 1024;

function positive(value: number, path: string): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ModelError(`invalid ${path}: ${value}`, {code: "out-of-range", path, expected: "a number above 0", hint: `give ${path} a value above 0`});
}

function notNegative(value: number, path: string): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new ModelError(`invalid ${path}: ${value}`, {code: "out-of-range", path, expected: "a number of 0 or more", hint: `give ${path} a value of 0 or more`});
}

/** Fields of events that are numbers of 0 or more. A target may be anything: the hypervisor answers. */
const NOT_NEGATIVE = new Set(["size", "limit", "hold", "interval", "value", "jitter", ...cgroupFiles]);

/** Other programs cannot hold more than there is. */
function within(value: number, ram: KiB, path: string): number {
  if (value <= ram) return value;
  throw new ModelError(`more than the host has: ${value}`, {code: "out-of-range", path, expected: `at most ${ram} KiB`, hint: "give the host more RAM, or other programs less"});
}

/** Events come from files and from readers' cells: their numbers are checked, whatever their type says. */
function checkEvent(event: EventSpec, index: number, ram: KiB): EventSpec {
  const path = `events[${index}]`;
  const given: Readonly<Record<string, unknown>> = {...event};
  notNegative(event.at, `${path}.at`);
  if (!eventTypes.includes(event.type)) {
    throw new ModelError(`unknown event: ${event.type}`, {code: "unknown-event", path: `${path}.type`, expected: eventTypes.join(", "), hint: "use one of the listed types"});
  }
  for (const [key, value] of Object.entries(given)) {
    if (NOT_NEGATIVE.has(key) && typeof value === "number") notNegative(value, `${path}.${key}`);
    if (key === "rate" && typeof value === "number") positive(value, `${path}.rate`);
  }
  if (event.type === "host-pressure") within(event.size, ram, `${path}.size`);
  return event;
}

/** The settings that are shorthands for events at the start. */
function startEvents(spec: ScenarioSpec, loadsAt: number | null): EventSpec[] {
  const at = seconds(0);
  const events: EventSpec[] = [];
  const {anon, workingSet} = spec.workload ?? {};
  if (spec.currentMemory !== undefined) events.push({at, type: "setmem", target: spec.currentMemory});
  if (anon !== undefined) events.push({at, type: "allocate", name: "workload", size: anon});
  if (workingSet !== undefined) events.push({at, type: "working-set", size: workingSet});
  if (loadsAt !== null) events.push({at: seconds(loadsAt), type: "load-driver"});
  return events;
}

function resolveParent(spec: CgroupParentSpec, version: 1 | 2): CgroupParent {
  const path = "host.cgroup.parent";
  if (version === 1) throw new ModelError("no protection in cgroup version 1", {code: "no-such-file", path, expected: "version 2", hint: "leave parent out"});
  const protection = (value: KiB | undefined, at: string): number => notNegative(value ?? 0, at);
  return {
    min: protection(spec.min, `${path}.min`),
    low: protection(spec.low, `${path}.low`),
    siblings: (spec.siblings ?? []).map(({size, min, low}, i) => {
      const at = `${path}.siblings[${i}]`;
      return {size: notNegative(size, `${at}.size`), min: protection(min, `${at}.min`), low: protection(low, `${at}.low`)};
    })
  };
}

/**
 * A cgroup's limits with none of them missing.
 * @throws ModelError `out-of-range`; `no-such-file` for a limit, or a parent's, that the version does not have; `limit-order` where version 1 demands memory <= memory and swap.
 */
export function resolveCgroup(spec: CgroupSpec = {}): CgroupLimits {
  const version = spec.version ?? 2;
  const limit = (file: CgroupFile): number => {
    const path = `host.cgroup.${file}`;
    const value = spec[file] ?? undefined;
    if (value !== undefined && cgroupFileName(version, file) === null) {
      throw new ModelError(`no ${file} in cgroup version ${version}`, {code: "no-such-file", path, expected: "a limit of that version", hint: `give version ${3 - version}, or leave ${file} out`});
    }
    const none = file === "low" || file === "min" ? 0 : Infinity;
    return value === undefined || value === Infinity ? none : notNegative(value, path);
  };
  const max = limit("max");
  const memswMax = limit("memswMax");
  if (max > memswMax) {
    throw new ModelError("memory above memory and swap", {code: "limit-order", path: "host.cgroup.memswMax", expected: "at least max", hint: "version 1 limits memory and swap together"});
  }
  const parent = spec.parent === undefined ? {} : {parent: resolveParent(spec.parent, version)};
  return {version, ...parent, max, memswMax, high: limit("high"), low: limit("low"), min: limit("min"), swapMax: limit("swapMax"), soft: limit("soft")};
}

function resolveHost(spec: HostSpec | undefined, memory: KiB): HostOptions {
  const ram = kib(positive(spec?.ram ?? 2 * memory + 16 * GIB, "host.ram"));
  return {
    ram,
    swap: kib(notNegative(spec?.swap ?? 0, "host.swap")),
    overhead: kib(notNegative(spec?.overhead ?? PROCESS_OVERHEAD.value, "host.overhead")),
    others: kib(within(notNegative(spec?.others ?? 0, "host.others"), ram, "host.others")),
    diskCache: spec?.diskCache ?? false,
    cgroup: resolveCgroup(spec?.cgroup)
  };
}

function resolveTime(spec: ScenarioSpec): {duration: Seconds; step: Seconds} {
  const duration = seconds(positive(spec.duration, "duration"));
  const step = seconds(positive(spec.step ?? 0.1, "step"));
  if (duration / step > MAX_STEPS) {
    throw new ModelError(`too many steps: ${Math.ceil(duration / step)}`, {code: "out-of-range", path: "step", expected: `at most ${MAX_STEPS} steps`, hint: "make the step longer or the duration shorter"});
  }
  return {duration, step};
}

/**
 * Checks a scenario and fills in its defaults. A scenario already resolved is returned as it is.
 * @throws ModelError with the path of the field: `out-of-range`, `unknown-event`, `unknown-machine-type`.
 */
export function resolveScenario(spec: ScenarioSpec | Scenario): Scenario {
  if ("resolved" in spec) return spec;
  const machine = resolveMachine(spec.machine);
  const loadsAt = spec.driver?.loadsAt === undefined ? 0 : spec.driver.loadsAt;
  const host = resolveHost(spec.host, machine.memory);
  const events = [...startEvents(spec, loadsAt), ...(spec.events ?? []).map((event, index) => checkEvent(event, index, host.ram))];
  const {swap, swappiness, overcommit} = spec.workload ?? {};
  return Object.freeze({
    machine,
    host,
    driver: {loadsAt, kind: spec.driver?.kind ?? "virtio", rate: positive(spec.driver?.rate ?? GIB, "driver.rate")},
    workload: {options: {swap, swappiness, overcommit, seed: spec.seed ?? 0}, fileRate: positive(spec.workload?.fileRate ?? 200 * 1024, "workload.fileRate")},
    events: events.sort((a, b) => a.at - b.at),
    seed: spec.seed ?? 0,
    ...resolveTime(spec),
    resolved: true as const
  });
}
