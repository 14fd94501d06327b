import {ModelError} from "../../errors.ts";
import type {PolicyKind} from "../../policy/policy.ts";
import {sourced} from "../../source.ts";
import {kib, seconds, type KiB, type Seconds} from "../../units.ts";
import {resolveScenario, type HostSpec, type Scenario, type ScenarioSpec} from "../scenario.ts";

/** Seconds a program waits for a page to come back from swap. A parameter: it makes cost comparable, not exact. */
export const FAULT_LATENCY = sourced(seconds(74e-6), {
  text: "18.6 and 19.5 s for a pass that read 1000 MiB back and wrote as much, page by page, on an emulated disk",
  place: "cgroup-process-1000-swap.json passes",
  version: "recordings of 2026-11-22",
  grade: "derived"
});

/** A VM on the shared host. Its scenario's own events are its workload. */
export interface SharedVmSpec extends Pick<ScenarioSpec, "machine" | "currentMemory" | "driver" | "workload" | "events" | "seed"> {
  readonly name: string;
  /** The least a policy may tell it; defaults to its size, and then no policy touches it. */
  readonly minimum?: KiB | undefined;
  /** The most; defaults to its size. */
  readonly maximum?: KiB | undefined;
  /** Weight against the other VMs; defaults to 1000. */
  readonly shares?: number | undefined;
  /** KiB/s of its processes' memory that is read or written again, spread evenly; defaults to 0. */
  readonly activity?: number | undefined;
  /** Limits of its cgroup. */
  readonly cgroup?: HostSpec["cgroup"];
  /** RSS of its process beyond guest RAM. */
  readonly overhead?: KiB | undefined;
}

/** The host all of them share. */
export interface SharedHostSpec {
  readonly ram: KiB;
  /** Defaults to none. */
  readonly swap?: KiB | undefined;
  /** What the host itself and its other programs hold, at most `ram`; defaults to 0. */
  readonly others?: KiB | undefined;
  readonly faultLatency?: Seconds | undefined;
}

/** Several VMs on one Linux host, who moves their targets, and for how long. */
export interface SharedScenarioSpec {
  readonly host: SharedHostSpec;
  readonly vms: readonly SharedVmSpec[];
  /** Defaults to nobody: targets stay. */
  readonly policy?: PolicyKind | null | undefined;
  readonly duration: Seconds;
  /** Defaults to 0.1 s. */
  readonly step?: Seconds | undefined;
}

/** A VM with its defaults filled in. */
export interface SharedVm {
  readonly name: string;
  readonly scenario: Scenario;
  readonly minimum: KiB;
  readonly maximum: KiB;
  readonly shares: number;
  /** Pages a second. */
  readonly activity: number;
}

/** The whole with its defaults filled in. */
export interface SharedScenario {
  readonly host: {readonly ram: KiB; readonly swap: KiB; readonly others: KiB; readonly faultLatency: Seconds};
  readonly vms: readonly SharedVm[];
  readonly policy: PolicyKind | null;
  readonly duration: Seconds;
  readonly step: Seconds;
}

/** More than any host has: a VM's own scenario never runs out, the shared host does. KiB. */
const PLENTY = kib(2 ** 50);

const bad = (path: string, value: number, expected: string): ModelError =>
  new ModelError(`invalid ${path}: ${value}`, {code: "out-of-range", path, expected, hint: `give ${path} such a value`});

function atLeast(value: number, least: number, path: string): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw bad(path, value, `a number of ${least} or more`);
}

function resolveVm(spec: SharedVmSpec, index: number, {duration, step}: SharedScenarioSpec): SharedVm {
  const {name, minimum, maximum, shares, activity, cgroup, overhead, ...own} = spec;
  const scenario = resolveScenario({...own, host: {ram: PLENTY, swap: kib(0), cgroup, overhead}, duration, step});
  const {memory} = scenario.machine;
  const most = kib(Math.min(memory, atLeast(maximum ?? memory, 1, `vms[${index}].maximum`)));
  return {
    name,
    scenario,
    minimum: kib(Math.min(most, atLeast(minimum ?? memory, 0, `vms[${index}].minimum`))),
    maximum: most,
    shares: atLeast(shares ?? 1000, 0, `vms[${index}].shares`),
    activity: atLeast(activity ?? 0, 0, `vms[${index}].activity`) / 4
  };
}

function resolveHost({ram, swap = kib(0), others = kib(0), faultLatency = FAULT_LATENCY.value}: SharedHostSpec): SharedScenario["host"] {
  atLeast(ram, 1, "host.ram");
  if (atLeast(others, 0, "host.others") > ram) throw bad("host.others", others, `at most host.ram (${ram})`);
  return {ram, swap: kib(atLeast(swap, 0, "host.swap")), others, faultLatency: seconds(atLeast(faultLatency, 1e-9, "host.faultLatency"))};
}

/** Policies know guests by their names. */
function checkNames(vms: readonly SharedVmSpec[]): void {
  vms.forEach(({name}, i) => {
    if (vms.findIndex((other) => other.name === name) !== i) throw new ModelError(`duplicate name: ${name}`, {code: "duplicate-name", path: `vms[${i}].name`, expected: "a name of its own", hint: "name every machine differently"});
  });
}

/**
 * Checks the whole and fills in its defaults.
 * @throws ModelError `out-of-range`, `duplicate-name` and what `resolveScenario` throws.
 */
export function resolveShared(spec: SharedScenarioSpec): SharedScenario {
  if (spec.vms.length === 0) throw bad("vms", 0, "one VM or more");
  checkNames(spec.vms);
  return {
    host: resolveHost(spec.host),
    vms: spec.vms.map((vm, i) => resolveVm(vm, i, spec)),
    policy: spec.policy ?? null,
    duration: spec.duration,
    step: spec.step ?? seconds(0.1)
  };
}
