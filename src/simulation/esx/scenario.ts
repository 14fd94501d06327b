import {resolveMachine, type Machine} from "../../domain/machine.ts";
import {ModelError} from "../../errors.ts";
import {bootGuest} from "../../guest/boot/boot.ts";
import type {BootState} from "../../guest/boot/types.ts";
import type {GuestOptions} from "../../guest/start.ts";
import {overhead} from "../../host/esx/overhead.ts";
import {SCAN_4, type SharingProfile} from "../../host/esx/sharing.ts";
import {sharesOf, type ShareLevel} from "../../host/esx/shares.ts";
import {IDLE_TAX} from "../../host/esx/tax.ts";
import {esxVersions, rulesOf, type EsxRules, type EsxVersion} from "../../host/esx/versions.ts";
import {esxPolicy} from "../../policy/esx.ts";
import type {PolicyKind} from "../../policy/policy.ts";
import {kib, kibToMib, seconds, type KiB, type Seconds} from "../../units.ts";
import {checkEvents, type EsxEventSpec} from "./events.ts";
import {notNegative, outOfRange, positive} from "../range.ts";

/** The balloon driver of a guest. */
export interface EsxDriverSpec {
  /** Seconds after power-on; null: VMware Tools are not installed. Defaults to 0. */
  readonly loadsAt?: number | null | undefined;
  /** The driver up to version 1.4, with rates of its own; defaults to false. */
  readonly throttled?: boolean | undefined;
  /** KiB/s it moves when it has none; defaults to 1 GiB/s. */
  readonly rate?: number | undefined;
}

/** What runs in a guest. */
export interface EsxWorkloadSpec extends GuestOptions {
  /** A process that holds this much from the start. */
  readonly anon?: KiB | undefined;
  /** Files read all the time. */
  readonly workingSet?: KiB | undefined;
  /** Memory its programs use again and again; defaults to 0. */
  readonly active?: KiB | undefined;
  /** Seconds in which they go over it once; defaults to 5. */
  readonly sweep?: Seconds | undefined;
  /** KiB/s a disk delivers; defaults to 200 MiB/s. */
  readonly fileRate?: number | undefined;
  /** The guest writes zeroes to all its memory when it boots, as Windows does; defaults to false. */
  readonly zeroes?: boolean | undefined;
  /** KiB/s at which it does; defaults to no bound: at once. */
  readonly zeroRate?: number | undefined;
}

/** A virtual machine; sizes KiB. */
export interface EsxVmSpec {
  readonly name: string;
  /** Layer 1, what its firmware shows; 96 MiB or more. */
  readonly memory: KiB;
  readonly reservation?: KiB | undefined;
  /** null (the default): unlimited. */
  readonly limit?: KiB | null | undefined;
  /** A number, or a level of so many shares a MB; defaults to "normal". */
  readonly shares?: number | ShareLevel | undefined;
  readonly vcpus?: number | undefined;
  /** `sched.mem.maxmemctl`; defaults to the version's part of `memory`. Never more than what is not reserved. */
  readonly balloonMax?: KiB | undefined;
  /** Defaults to the vendor's table. */
  readonly overhead?: KiB | undefined;
  /** Seconds from the start. */
  readonly powerOn?: Seconds | undefined;
  readonly driver?: EsxDriverSpec | undefined;
  readonly workload?: EsxWorkloadSpec | undefined;
  /** What it has in common with others; null (the default): nothing. */
  readonly sharing?: SharingProfile | null | undefined;
  /** Of pages about to be swapped, the part that compresses to half; defaults to a half, which is illustrative. */
  readonly compressible?: number | undefined;
}

/** The host. Its unpublished rules are parameters. */
export interface EsxHostSpec {
  readonly version?: EsxVersion | undefined;
  /** Memory the VMkernel manages. */
  readonly ram: KiB;
  /** What the VMkernel and other programs keep of it; defaults to 0. */
  readonly kernel?: KiB | undefined;
  /** Space for swap files; defaults to no bound. */
  readonly swapSpace?: KiB | undefined;
  /** KiB/s that the swap device writes; defaults to 100 MiB/s, which is illustrative. */
  readonly swapRate?: number | undefined;
  /** Seconds a fault waits for a page from disk and from the cache; defaults 5 ms and 20 us, which are illustrative. */
  readonly swapLatency?: Seconds | undefined;
  readonly unzipLatency?: Seconds | undefined;
  /** Seconds a guest waits for a page of its own swap, which lies on a disk like the host's: defaults to 5 ms, which is illustrative. */
  readonly guestSwapLatency?: Seconds | undefined;
  /** Mem.IdleTax / 100; defaults to 0.75. */
  readonly idleTax?: number | undefined;
  /** Above a threshold by this part a state is left: unpublished; defaults to 0.1. */
  readonly hysteresis?: number | undefined;
  /** Between machines, within each, or off; defaults to `within` on 6.0 (salting) and `all` before. */
  readonly sharing?: "all" | "within" | "off" | undefined;
  /** Machines are backed by large pages; defaults to false. */
  readonly largePages?: boolean | undefined;
  /** All processors together, for the scanner; defaults to 24 GHz. */
  readonly ghz?: number | undefined;
  /** Pages a second of each machine that the scanner looks at where a state calls for sharing at once: unpublished; defaults to the 1024 of ShareRateMax. */
  readonly shareNowRate?: number | undefined;
}

/** Machines on one host, what happens, and for how long. */
export interface EsxScenarioSpec {
  readonly host: EsxHostSpec;
  readonly vms: readonly EsxVmSpec[];
  readonly events?: readonly EsxEventSpec[] | undefined;
  /** Who says what each gets; ESX itself by default. */
  readonly policy?: PolicyKind | undefined;
  /** Seed of sampling and of workloads; null: the estimator sees expected counts. Defaults to 0. */
  readonly seed?: number | null | undefined;
  readonly duration: Seconds;
  /** Defaults to 0.1 s. */
  readonly step?: Seconds | undefined;
  /** Seconds between two rows of the timeline, whole steps and at most the duration; defaults to every step. */
  readonly every?: Seconds | undefined;
}

/** A machine with every default filled in. */
export interface EsxVmScenario {
  readonly name: string;
  readonly machine: Machine;
  readonly boot: BootState;
  readonly reservation: KiB;
  readonly limit: KiB | null;
  readonly shares: number;
  /** The administrator's or the version's bound, and what of it is left beside the reservation it starts with. */
  readonly balloonCap: KiB;
  readonly balloonMax: KiB;
  readonly overhead: KiB;
  readonly powerOn: Seconds;
  readonly driver: {readonly loadsAt: number | null; readonly throttled: boolean; readonly rate: number};
  readonly guest: GuestOptions;
  readonly workload: {readonly anon: KiB; readonly workingSet: KiB; readonly active: KiB; readonly sweep: number; readonly fileRate: number; readonly zeroes: boolean; readonly zeroRate: number};
  readonly sharing: SharingProfile | null;
  readonly compressible: number;
}

export interface EsxHost extends Required<{readonly [key in Exclude<keyof EsxHostSpec, "idleTax">]: NonNullable<EsxHostSpec[key]>}> {
  readonly rules: EsxRules;
}

export interface EsxScenario {
  readonly host: EsxHost;
  readonly vms: readonly EsxVmScenario[];
  readonly events: readonly EsxEventSpec[];
  readonly policy: PolicyKind;
  readonly seed: number | null;
  readonly duration: Seconds;
  readonly step: Seconds;
  /** Whole steps that fit into the duration, after the state at 0. */
  readonly steps: number;
  /** Steps between two rows. */
  readonly stride: number;
  readonly resolvedEsx: true;
}

const GIB = 1024 * 1024;
const MAX_STEPS = 1e7;

/** The guest's kernel finds the map that QEMU's pc would give it: ESX's firmware was not recorded. */
function booted(memory: KiB, vcpus: number): {readonly machine: Machine; readonly boot: BootState} {
  const machine = resolveMachine({memory, vcpus});
  return {machine, boot: bootGuest(machine)};
}

const between = (value: number, least: number, most: number, path: string): number =>
  value >= least && value <= most ? value : outOfRange(path, value, `a number from ${least} to ${most}`);

function resolveShares(spec: EsxVmSpec, path: string): number {
  const {shares = "normal"} = spec;
  return typeof shares === "number" ? notNegative(shares, `${path}.shares`) : sharesOf(shares, kibToMib(spec.memory));
}

function resolveLimit(spec: EsxVmSpec, reservation: KiB, path: string): KiB | null {
  const {limit = null} = spec;
  if (limit === null) return null;
  return limit >= reservation ? limit : outOfRange(`${path}.limit`, limit, "a number not below the reservation, or null");
}

function resolveWorkload({workload = {}}: EsxVmSpec, path: string): EsxVmScenario["workload"] {
  return {
    anon: kib(notNegative(workload.anon ?? 0, `${path}.workload.anon`)),
    workingSet: kib(notNegative(workload.workingSet ?? 0, `${path}.workload.workingSet`)),
    active: kib(notNegative(workload.active ?? 0, `${path}.workload.active`)),
    sweep: positive(workload.sweep ?? 5, `${path}.workload.sweep`),
    fileRate: positive(workload.fileRate ?? 200 * 1024, `${path}.workload.fileRate`),
    zeroes: workload.zeroes ?? false,
    zeroRate: workload.zeroRate === undefined ? Infinity : positive(workload.zeroRate, `${path}.workload.zeroRate`)
  };
}

function resolveVm(spec: EsxVmSpec, index: number, host: EsxHost, seed: number | null): EsxVmScenario {
  const path = `vms[${index}]`;
  const memory = kib(positive(spec.memory, `${path}.memory`));
  const vcpus = spec.vcpus ?? 1;
  const reservation = kib(between(spec.reservation ?? 0, 0, memory, `${path}.reservation`));
  const balloonCap = kib(notNegative(spec.balloonMax ?? host.rules.balloonCap.value * memory, `${path}.balloonMax`));
  const {swap, swappiness, overcommit} = spec.workload ?? {};
  return {
    name: spec.name,
    ...booted(memory, vcpus),
    reservation,
    limit: resolveLimit(spec, reservation, path),
    shares: resolveShares(spec, path),
    balloonCap,
    balloonMax: kib(Math.min(balloonCap, memory - reservation)),
    overhead: kib(notNegative(spec.overhead ?? Math.ceil(overhead(host.version, kibToMib(memory), vcpus) * 1024), `${path}.overhead`)),
    powerOn: seconds(notNegative(spec.powerOn ?? 0, `${path}.powerOn`)),
    driver: {loadsAt: spec.driver?.loadsAt === undefined ? 0 : spec.driver.loadsAt, throttled: spec.driver?.throttled ?? false, rate: positive(spec.driver?.rate ?? GIB, `${path}.driver.rate`)},
    guest: {swap, swappiness, overcommit, seed: (seed ?? 0) + index},
    workload: resolveWorkload(spec, path),
    sharing: host.sharing === "off" ? null : (spec.sharing ?? null),
    compressible: between(spec.compressible ?? 0.5, 0, 1, `${path}.compressible`)
  };
}

function resolveHost(spec: EsxHostSpec): EsxHost {
  const version = spec.version ?? "6.0";
  if (!esxVersions.includes(version)) outOfRange("host.version", version, esxVersions.join(", "));
  return {
    version,
    rules: rulesOf[version],
    ram: kib(positive(spec.ram, "host.ram")),
    kernel: kib(notNegative(spec.kernel ?? 0, "host.kernel")),
    swapSpace: spec.swapSpace ?? kib(Infinity),
    swapRate: positive(spec.swapRate ?? 100 * 1024, "host.swapRate"),
    swapLatency: seconds(notNegative(spec.swapLatency ?? 0.005, "host.swapLatency")),
    unzipLatency: seconds(notNegative(spec.unzipLatency ?? 0.00002, "host.unzipLatency")),
    guestSwapLatency: seconds(notNegative(spec.guestSwapLatency ?? 0.005, "host.guestSwapLatency")),
    hysteresis: notNegative(spec.hysteresis ?? 0.1, "host.hysteresis"),
    sharing: spec.sharing ?? (version === "6.0" ? "within" : "all"),
    largePages: spec.largePages ?? false,
    ghz: positive(spec.ghz ?? 24, "host.ghz"),
    shareNowRate: notNegative(spec.shareNowRate ?? SCAN_4.value.rateMax, "host.shareNowRate")
  };
}

function resolveTime(spec: EsxScenarioSpec): Pick<EsxScenario, "duration" | "step" | "steps" | "stride"> {
  const duration = seconds(positive(spec.duration, "duration"));
  const step = seconds(positive(spec.step ?? 0.1, "step"));
  if (step > duration) outOfRange("step", step, "a number of seconds not above the duration");
  const steps = Math.floor(duration / step + 1e-6);
  if (steps > MAX_STEPS) outOfRange("step", step, `a number of seconds that makes at most ${MAX_STEPS} steps`);
  const every = positive(spec.every ?? step, "every");
  if (every > duration) outOfRange("every", every, "a number of seconds not above the duration");
  return {duration, step, steps, stride: Math.max(1, Math.min(steps, Math.round(every / step)))};
}

function checkNames(vms: readonly EsxVmSpec[]): void {
  if (vms.length === 0) outOfRange("vms", 0, "one machine or more");
  vms.forEach(({name}, i) => {
    if (vms.findIndex((other) => other.name === name) === i) return;
    throw new ModelError(`duplicate name: ${name}`, {code: "duplicate-name", path: `vms[${i}].name`, expected: "a name of its own", hint: "name every machine differently"});
  });
}

/**
 * Checks a scenario and fills in its defaults; a resolved one is returned as it is.
 * @throws ModelError `out-of-range`, `unknown-event`, `unknown-vm`, `duplicate-name`, and those of booting a machine.
 */
export function resolveEsxScenario(spec: EsxScenarioSpec | EsxScenario): EsxScenario {
  if ("resolvedEsx" in spec) return spec;
  checkNames(spec.vms);
  const host = resolveHost(spec.host);
  const seed = spec.seed === undefined ? 0 : spec.seed;
  const tax = between(spec.host.idleTax ?? IDLE_TAX.value, 0, 0.99, "host.idleTax");
  return Object.freeze({
    host,
    vms: spec.vms.map((vm, i) => resolveVm(vm, i, host, seed)),
    events: checkEvents(spec.events ?? [], spec.vms.map(({name}) => name)),
    policy: spec.policy ?? esxPolicy(tax),
    seed,
    ...resolveTime(spec),
    resolvedEsx: true as const
  });
}
