import {resolveMachine, type Machine} from "../../../src/domain/machine.ts";
import {momPolicy} from "../../../src/policy/mom.ts";
import type {PolicyKind} from "../../../src/policy/policy.ts";
import {proxmoxPolicy} from "../../../src/policy/proxmox.ts";
import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";
import {FAULT_LATENCY} from "../../../src/simulation/shared/scenario.ts";
import {simulateHost} from "../../../src/simulation/shared/simulate-host.ts";
import {kib, mib, mibToKib, seconds, type KiB} from "../../../src/units.ts";
import {points} from "../case/run.ts";
import type {Points} from "../figure/timeline.tsx";
import {END, STEP} from "./params.ts";

/** The knobs of the page; sizes MiB. */
export interface Plan {
  readonly ram: number;
  readonly job: number;
  readonly minimum: number;
  readonly swap: boolean;
  readonly guestSwap: boolean;
}

/** One machine's part of a run: what the host holds of it, MiB, and what it cost. */
export interface VmResult {
  readonly name: string;
  readonly resident: Points;
  readonly swapped: Points;
  readonly target: Points;
  /** What its balloon has left it. */
  readonly current: Points;
  /** What it has in its own swap. */
  readonly ownSwap: Points;
  /** Seconds its programs waited for pages. */
  readonly stall: number;
  /** MiB to and from swap, the host's and the guest's own. */
  readonly hostTraffic: number;
  readonly guestTraffic: number;
  /** Seconds; null if it lived. */
  readonly killedAt: number | null;
  /** Its own kernel killed a program of it, or refused it memory. */
  readonly jobKilled: boolean;
}

export interface PolicyResult {
  readonly key: PolicyKey;
  readonly vms: readonly VmResult[];
}

export const policyKeys = ["nobody", "proxmox", "mom", "esx"] as const;
export type PolicyKey = (typeof policyKeys)[number];
export const labels: Readonly<Record<PolicyKey, string>> = {nobody: "nobody", proxmox: "Proxmox", mom: "oVirt MOM", esx: "ESX"};

const size = (value: number): KiB => mibToKib(mib(value));
/** What the host keeps for itself, MiB. */
export const OWN = 256;
/** When the batch job runs, seconds. */
export const JOB = {from: 200, to: 420} as const;
export const MEMORY = 2048;
const RATE = 40 * 1024;

let machine: Machine | null = null;
const theMachine = (): Machine => (machine ??= resolveMachine({memory: size(MEMORY), balloon: {deflateOnOom: false, freePageReporting: false}}));

interface Guest {
  readonly name: string;
  /** MiB its programs hold from the start, and KiB/s of it they use again. */
  readonly anon: number;
  readonly activity: number;
  /** A process that comes and goes. */
  readonly job: {readonly from: number; readonly to: number; readonly size: number} | null;
}

/** Four machines of one size: one that works steadily, one that did, one that will, and one that does nothing. */
export const guests = ({job}: Plan): readonly Guest[] => [
  {name: "web", anon: 600, activity: 30 * 1024, job: null},
  {name: "was busy", anon: 100, activity: 0, job: {from: 10, to: 90, size: 1500}},
  {name: "batch", anon: 100, activity: 60 * 1024, job: job === 0 ? null : {...JOB, size: job}},
  {name: "idle", anon: 300, activity: 0, job: null}
];

const jobEvents = ({job}: Guest) => job === null ? [] : [
  {at: seconds(job.from), type: "allocate" as const, name: "job", size: size(job.size), rate: RATE},
  {at: seconds(job.to), type: "free" as const, name: "job"}
];

const workload = ({anon}: Guest, {guestSwap}: Plan) => ({anon: size(anon), overcommit: 1 as const, swap: size(guestSwap ? 1024 : 0)});

function onLinux(plan: Plan, key: PolicyKey, policy: PolicyKind | null): PolicyResult {
  const made = simulateHost({
    host: {ram: size(plan.ram), swap: size(plan.swap ? 8192 : 0), others: size(OWN)},
    vms: guests(plan).map((guest) => ({name: guest.name, machine: theMachine(), minimum: size(plan.minimum), driver: {loadsAt: 2}, workload: workload(guest, plan), events: jobEvents(guest), activity: guest.activity})),
    policy, duration: seconds(END), step: seconds(STEP)
  });
  return {key, vms: made.vms.map(({name, columns, cost}) => ({
    name,
    resident: points(made.times, columns.resident),
    swapped: points(made.times, columns.hostSwapped),
    target: points(made.times, columns.target),
    current: points(made.times, columns.actual),
    ownSwap: points(made.times, columns.guestSwapUsed),
    stall: cost.stall,
    hostTraffic: (cost.hostSwapIn + cost.hostSwapOut) / 1024,
    guestTraffic: (cost.guestSwapIn + cost.guestSwapOut) / 1024,
    killedAt: cost.killedAt,
    jobKilled: cost.oomKills + cost.refusals > 0
  }))};
}

/** All four hosts and their guests swap to one kind of disk: what differs is who decides. */
const DISK = {swapLatency: FAULT_LATENCY.value, guestSwapLatency: FAULT_LATENCY.value};

const last = (column: Float64Array): number => column.at(-1) ?? 0;

/** What its programs use again and again: all that they have, the job's memory while it runs, as on the Linux hosts. */
const activity = (guest: Guest) => guest.job === null || guest.activity === 0 ? [] : [
  {at: seconds(guest.job.from), type: "activity" as const, size: size(guest.anon + guest.job.size)},
  {at: seconds(guest.job.to), type: "activity" as const, size: size(guest.anon)}
];

/** From the start what they hold; all of it is used once in the time that it takes at the guest's pace. */
const inUse = ({anon, activity: pace, job}: Guest) => pace === 0 ? {active: kib(0)} : {active: size(anon), sweep: seconds(size(anon + (job?.size ?? 0)) / pace)};

function onEsx(plan: Plan): PolicyResult {
  const list = guests(plan);
  const made = simulateEsx({
    host: {ram: size(plan.ram - OWN), version: "6.0", ...DISK},
    vms: list.map((guest) => ({name: guest.name, memory: size(MEMORY), driver: {loadsAt: 2}, workload: {...workload(guest, plan), ...inUse(guest)}})),
    events: list.flatMap((guest) => [...jobEvents(guest), ...activity(guest)].map((event) => ({...event, vm: guest.name}))).sort((a, b) => a.at - b.at),
    duration: seconds(END), step: seconds(STEP)
  });
  return {key: "esx", vms: made.vms.map(({name, columns}) => ({
    name,
    resident: points(made.times, columns.resident),
    swapped: points(made.times, columns.hostSwapped),
    target: points(made.times, columns.target),
    current: points(made.times, columns.actual),
    ownSwap: points(made.times, columns.guestSwapUsed),
    stall: last(columns.stall),
    hostTraffic: (last(columns.hostSwapIn) + last(columns.hostSwapOut)) / 1024,
    guestTraffic: (last(columns.guestSwapIn) + last(columns.guestSwapOut)) / 1024,
    killedAt: null,
    jobKilled: last(columns.oomKills) > 0
  }))};
}

/** The same machines and the same load, once for each who could move their targets. */
export function compare(plan: Plan): readonly PolicyResult[] {
  return [onLinux(plan, "nobody", null), onLinux(plan, "proxmox", proxmoxPolicy()), onLinux(plan, "mom", momPolicy()), onEsx(plan)];
}
