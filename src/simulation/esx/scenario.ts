import {resolveMachine, type Machine} from "../../domain/machine.ts";
import {ModelError} from "../../errors.ts";
import {bootGuest} from "../../guest/boot/boot.ts";
import type {BootState} from "../../guest/boot/types.ts";
import type {GuestOptions} from "../../guest/start.ts";
import {amount, amountOrEndless, between, fields, flag, items, oneOf, refuse, someAmount, word} from "../../input.ts";
import {overhead} from "../../host/esx/overhead.ts";
import {SCAN_4, type SharingProfile} from "../../host/esx/sharing.ts";
import {shareLevels, sharesOf, type ShareLevel} from "../../host/esx/shares.ts";
import {IDLE_TAX} from "../../host/esx/tax.ts";
import {esxVersions, rulesOf, type EsxRules, type EsxVersion} from "../../host/esx/versions.ts";
import {esxPolicy} from "../../policy/esx.ts";
import type {PolicyKind} from "../../policy/policy.ts";
import {kib, kibToMib, seconds, type KiB, type Seconds} from "../../units.ts";
import {checkEvents, type EsxEventSpec} from "./events.ts";

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
/** vm.overcommit_memory. */
const OVERCOMMIT: readonly (0 | 1 | 2)[] = [0, 1, 2];
const MAX_STEPS = 1e7;
/** Rows of all machines together: some 40 columns of numbers each. */
const MAX_ROWS = 2e6;
/** 1 PiB, as `resolveMachine` has it. */
const MAX_RAM = 2 ** 40;
const MAX_SEED = 2 ** 32;

/** The guest's kernel finds the map that QEMU's pc would give it: ESX's firmware was not recorded. */
function booted(memory: KiB, vcpus: number): {readonly machine: Machine; readonly boot: BootState} {
  const machine = resolveMachine({memory, vcpus});
  return {machine, boot: bootGuest(machine)};
}

const given = <T>(value: T | undefined, fallback: T): T => (value === undefined ? fallback : value);

function resolveShares({shares = "normal", memory}: EsxVmSpec, path: string): number {
  return typeof shares === "number" ? amount(shares, path) : sharesOf(oneOf(shares, shareLevels, path), kibToMib(memory));
}

function resolveLimit({limit = null}: EsxVmSpec, reservation: KiB, path: string): KiB | null {
  if (limit === null) return null;
  return amount(limit, path) >= reservation ? limit : refuse(path, limit, "a number not below the reservation, or null");
}

function resolveWorkload(spec: EsxWorkloadSpec, path: string): EsxVmScenario["workload"] {
  return {
    anon: kib(amount(given(spec.anon, kib(0)), `${path}.anon`)),
    workingSet: kib(amount(given(spec.workingSet, kib(0)), `${path}.workingSet`)),
    active: kib(amount(given(spec.active, kib(0)), `${path}.active`)),
    sweep: someAmount(given(spec.sweep, seconds(5)), `${path}.sweep`),
    fileRate: someAmount(given(spec.fileRate, 200 * 1024), `${path}.fileRate`),
    zeroes: flag(given(spec.zeroes, false), `${path}.zeroes`),
    zeroRate: spec.zeroRate === undefined ? Infinity : someAmount(spec.zeroRate, `${path}.zeroRate`)
  };
}

const resolveGuest = ({swap, swappiness, overcommit}: EsxWorkloadSpec, seed: number, path: string): GuestOptions => ({
  swap: swap === undefined ? undefined : kib(amount(swap, `${path}.swap`)),
  swappiness: swappiness === undefined ? undefined : between(swappiness, 0, 200, `${path}.swappiness`),
  overcommit: overcommit === undefined ? undefined : oneOf(overcommit, OVERCOMMIT, `${path}.overcommit`),
  seed
});

const resolveDriver = ({loadsAt = 0, throttled = false, rate = GIB}: EsxDriverSpec, path: string): EsxVmScenario["driver"] => ({
  loadsAt: loadsAt === null ? null : amount(loadsAt, `${path}.loadsAt`),
  throttled: flag(throttled, `${path}.throttled`),
  rate: someAmount(rate, `${path}.rate`)
});

/** Parts of what a machine has backed: a page cannot be both within and common. */
function resolveSharing(sharing: SharingProfile | null, path: string): SharingProfile | null {
  if (sharing === null) return null;
  const {image, duplicate, copies, common, agreement} = fields(sharing, path);
  word(image, `${path}.image`);
  between(duplicate, 0, 1, `${path}.duplicate`);
  between(copies, 1, Number.MAX_SAFE_INTEGER, `${path}.copies`);
  between(common, 0, 1, `${path}.common`);
  between(agreement, 0, 1, `${path}.agreement`);
  return duplicate + common <= 1 ? sharing : refuse(`${path}.common`, common, `a number from 0 to ${1 - duplicate}, what is not duplicate`);
}

function resolveVm(spec: EsxVmSpec, index: number, host: EsxHost, seed: number | null): EsxVmScenario {
  const path = `vms[${index}]`;
  const memory = kib(someAmount(spec.memory, `${path}.memory`));
  const vcpus = given(spec.vcpus, 1);
  const reservation = kib(between(given(spec.reservation, kib(0)), 0, memory, `${path}.reservation`));
  const balloonCap = kib(amount(given(spec.balloonMax, kib(host.rules.balloonCap.value * memory)), `${path}.balloonMax`));
  const workload = fields(given(spec.workload, {}), `${path}.workload`);
  const sharing = resolveSharing(given(spec.sharing, null), `${path}.sharing`);
  return {
    name: spec.name,
    ...booted(memory, vcpus),
    reservation,
    limit: resolveLimit(spec, reservation, `${path}.limit`),
    shares: resolveShares(spec, `${path}.shares`),
    balloonCap,
    balloonMax: kib(Math.min(balloonCap, memory - reservation)),
    overhead: kib(amount(given(spec.overhead, kib(Math.ceil(overhead(host.version, kibToMib(memory), vcpus) * 1024))), `${path}.overhead`)),
    powerOn: seconds(amount(given(spec.powerOn, seconds(0)), `${path}.powerOn`)),
    driver: resolveDriver(fields(given(spec.driver, {}), `${path}.driver`), `${path}.driver`),
    guest: resolveGuest(workload, (seed ?? 0) + index, `${path}.workload`),
    workload: resolveWorkload(workload, `${path}.workload`),
    sharing: host.sharing === "off" ? null : sharing,
    compressible: between(given(spec.compressible, 0.5), 0, 1, `${path}.compressible`)
  };
}

function resolveHost(spec: EsxHostSpec): EsxHost {
  const version = oneOf(given(spec.version, "6.0"), esxVersions, "host.version");
  const ram = kib(between(spec.ram, 1, MAX_RAM, "host.ram"));
  return {
    version,
    rules: rulesOf[version],
    ram,
    kernel: kib(between(given(spec.kernel, kib(0)), 0, ram, "host.kernel")),
    swapSpace: kib(amountOrEndless(given(spec.swapSpace, kib(Infinity)), "host.swapSpace")),
    swapRate: someAmount(given(spec.swapRate, 100 * 1024), "host.swapRate"),
    swapLatency: seconds(amount(given(spec.swapLatency, seconds(0.005)), "host.swapLatency")),
    unzipLatency: seconds(amount(given(spec.unzipLatency, seconds(0.00002)), "host.unzipLatency")),
    guestSwapLatency: seconds(amount(given(spec.guestSwapLatency, seconds(0.005)), "host.guestSwapLatency")),
    hysteresis: amount(given(spec.hysteresis, 0.1), "host.hysteresis"),
    sharing: oneOf(given(spec.sharing, version === "6.0" ? "within" : "all"), ["all", "within", "off"], "host.sharing"),
    largePages: flag(given(spec.largePages, false), "host.largePages"),
    ghz: someAmount(given(spec.ghz, 24), "host.ghz"),
    shareNowRate: amount(given(spec.shareNowRate, SCAN_4.value.rateMax), "host.shareNowRate")
  };
}

function resolveTime(spec: EsxScenarioSpec): Pick<EsxScenario, "duration" | "step" | "steps" | "stride"> {
  const duration = seconds(someAmount(spec.duration, "duration"));
  const step = seconds(someAmount(given(spec.step, seconds(0.1)), "step"));
  if (step > duration) refuse("step", step, "a number of seconds not above the duration");
  const steps = Math.floor(duration / step + 1e-6);
  if (steps > MAX_STEPS) refuse("step", step, `a number of seconds that makes at most ${MAX_STEPS} steps`);
  const every = someAmount(given(spec.every, step), "every");
  if (every > duration) refuse("every", every, "a number of seconds not above the duration");
  const stride = Math.max(1, Math.min(steps, Math.round(every / step)));
  if ((steps / stride) * spec.vms.length > MAX_ROWS) refuse("every", every, `a number of seconds that makes at most ${MAX_ROWS} rows of all machines`);
  return {duration, step, steps, stride};
}

function checkNames(vms: readonly EsxVmSpec[]): void {
  if (items(vms, "vms").length === 0) refuse("vms", 0, "one machine or more");
  vms.forEach((vm, i) => {
    const name = word(fields(vm, `vms[${i}]`).name, `vms[${i}].name`);
    if (vms.findIndex((other) => other.name === name) === i) return;
    throw new ModelError(`duplicate name: ${name}`, {code: "duplicate-name", path: `vms[${i}].name`, expected: "a name of its own", hint: "name every machine differently"});
  });
}

/** The whole numbers that start a generator; null: none. */
function resolveSeed(seed: number | null | undefined): number | null {
  if (seed === undefined || seed === null) return seed === null ? null : 0;
  return Number.isInteger(seed) && Math.abs(seed) <= MAX_SEED ? seed : refuse("seed", seed, `a whole number from ${-MAX_SEED} to ${MAX_SEED}, or null`);
}

function resolvePolicy(policy: PolicyKind | undefined, tax: number): PolicyKind {
  if (policy === undefined) return esxPolicy(tax);
  const {start, period, monitor} = fields(policy, "policy");
  if (typeof start !== "function") refuse("policy.start", start, "a function that starts it");
  someAmount(period, "policy.period");
  if (monitor !== null) someAmount(monitor, "policy.monitor");
  return policy;
}

/**
 * Checks a scenario and fills in its defaults; a resolved one is returned as it is.
 * @throws ModelError `out-of-range`, `unknown-event`, `unknown-vm`, `duplicate-name`, and those of booting a machine.
 */
export function resolveEsxScenario(spec: EsxScenarioSpec | EsxScenario): EsxScenario {
  fields(spec, "scenario");
  if ("resolvedEsx" in spec) return spec;
  checkNames(spec.vms);
  const host = resolveHost(fields(spec.host, "host"));
  const seed = resolveSeed(spec.seed);
  const tax = between(given(spec.host.idleTax, IDLE_TAX.value), 0, 0.99, "host.idleTax");
  return Object.freeze({
    host,
    vms: spec.vms.map((vm, i) => resolveVm(vm, i, host, seed)),
    events: checkEvents(given(spec.events, []), spec.vms.map(({name}) => name)),
    policy: resolvePolicy(spec.policy, tax),
    seed,
    ...resolveTime(spec),
    resolvedEsx: true as const
  });
}
