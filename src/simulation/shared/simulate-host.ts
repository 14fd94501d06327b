import {at} from "../../domain/column.ts";
import {memFree} from "../../guest/accounts.ts";
import {cgroupUsage, residentPages, swappedPages} from "../../host/linux/accounts.ts";
import {KIB_PER_PAGE, kib, seconds, type KiB, type Seconds} from "../../units.ts";
import type {LogEntry} from "../log.ts";
import {createHostColumns, createVmColumns, sharedVmColumns, type SharedHostColumns, type SharedVmColumns} from "./columns.ts";
import {resolveShared, type SharedScenario, type SharedScenarioSpec} from "./scenario.ts";
import {advanceShared, createSharedWorld, hostLeft, policyGuests, policyHost, stallOf, tell, type SharedMachine, type SharedWorld} from "./world.ts";

/** Who pays: what a VM's programs have waited, and its swap traffic. */
export interface SharedVmCost {
  readonly name: string;
  /** Seconds waited for swap: faults x the scenario's latency. A model, not a measurement. */
  readonly stall: Seconds;
  readonly hostSwapIn: KiB;
  readonly hostSwapOut: KiB;
  readonly guestSwapIn: KiB;
  readonly guestSwapOut: KiB;
  /** Kills by its own kernel, and mappings refused. */
  readonly oomKills: number;
  readonly refusals: number;
  /** When the host killed it; null if it lived. */
  readonly killedAt: Seconds | null;
}

/** A VM of the run: its rows, its log, its cost. */
export interface SharedVmTimeline {
  readonly name: string;
  /** KiB, one value a row; `stall` in seconds. */
  readonly columns: Readonly<SharedVmColumns>;
  readonly log: readonly LogEntry[];
  readonly cost: SharedVmCost;
}

/** What happened on the shared host. Frozen. */
export interface SharedTimeline {
  readonly scenario: SharedScenario;
  /** Seconds of each row. */
  readonly times: Float64Array;
  readonly host: Readonly<SharedHostColumns>;
  readonly vms: readonly SharedVmTimeline[];
}

/** Layer 3, as long as there is a guest; what was written before it went is no more. */
function sampleInside({state, options}: SharedMachine["world"], columns: SharedVmColumns, row: number): void {
  const {guest, registers, running} = state;
  columns.actual[row] = running ? options.machine.memory - registers.given * KIB_PER_PAGE : 0;
  columns.anon[row] = running ? guest.anon * KIB_PER_PAGE : 0;
  columns.memFree[row] = running ? memFree(guest) * KIB_PER_PAGE : 0;
  columns.guestSwapUsed[row] = running ? (guest.swapUsed + guest.shmemSwapped) * KIB_PER_PAGE : 0;
}

function sampleVm(machine: SharedMachine, columns: SharedVmColumns, row: number, latency: number): void {
  const {state, options} = machine.world;
  const {guest, host, registers} = state;
  columns.target[row] = options.machine.memory - registers.wanted * KIB_PER_PAGE;
  sampleInside(machine.world, columns, row);
  columns.resident[row] = residentPages(host) * KIB_PER_PAGE;
  columns.hostSwapped[row] = swappedPages(host) * KIB_PER_PAGE;
  columns.cgroupCurrent[row] = cgroupUsage(host) * KIB_PER_PAGE;
  columns.hostSwapIn[row] = host.swapIns * KIB_PER_PAGE;
  columns.hostSwapOut[row] = host.swapOuts * KIB_PER_PAGE;
  columns.guestSwapIn[row] = guest.counters.swappedIn * KIB_PER_PAGE;
  columns.stall[row] = stallOf(machine, latency);
}

/** A machine's rows, and the last one that was looked at: what follows is like it until the next. */
interface Rows {
  readonly columns: SharedVmColumns;
  last: number;
}

/** An idle machine's row is its last, unless the host has taken something from it. */
const isUnchanged = ({idle, world: {state: {host}}}: SharedMachine, {columns, last}: Rows): boolean =>
  idle && host.swapOuts * KIB_PER_PAGE === at(columns.hostSwapOut, last) && cgroupUsage(host) * KIB_PER_PAGE === at(columns.cgroupCurrent, last);

/** Fills the rows between the last one looked at and `row` in. */
function repeatTo({columns, last}: Rows, row: number): void {
  if (row === last + 1) return;
  for (const name of sharedVmColumns) columns[name].fill(at(columns[name], last), last + 1, row);
}

function record(machine: SharedMachine, rows: Rows, row: number, latency: number): void {
  if (row > 0) repeatTo(rows, row);
  sampleVm(machine, rows.columns, row, latency);
  rows.last = row;
}

function sampleHost(world: SharedWorld, columns: SharedHostColumns, row: number): void {
  const left = hostLeft(world);
  const {ram, swap} = world.scenario.host;
  columns.free[row] = left.ram * KIB_PER_PAGE;
  columns.used[row] = ram - left.ram * KIB_PER_PAGE;
  columns.swapUsed[row] = swap - left.swap * KIB_PER_PAGE;
  columns.pageCache[row] = world.hosts.reduce((sum, host) => sum + host.pageCache, 0) * KIB_PER_PAGE;
}

/** A row that is a multiple of `period` seconds. */
const isDue = (row: number, step: number, period: number): boolean => row > 0 && Math.floor((row * step) / period + 1e-9) > Math.floor(((row - 1) * step) / period + 1e-9);

function consult(world: SharedWorld, row: number): void {
  const {policy, scenario} = world;
  const kind = scenario.policy;
  if (policy === null || kind === null) return;
  if (kind.monitor !== null && isDue(row, scenario.step, kind.monitor)) policy.observe?.(policyHost(world), policyGuests(world));
  if (!isDue(row, scenario.step, kind.period)) return;
  const targets = policy.decide(policyHost(world), policyGuests(world));
  const running = world.machines.filter((machine) => machine.world.state.running);
  running.forEach((machine, i) => {
    const target = targets[i];
    if (target !== undefined) tell(machine, target);
  });
}

function costOf(machine: SharedMachine, latency: number): SharedVmCost {
  const {vm, killedAt} = machine;
  const {guest, host} = machine.world.state;
  const size = (pages: number): KiB => kib(pages * KIB_PER_PAGE);
  return {
    name: vm.name,
    stall: seconds(stallOf(machine, latency)),
    hostSwapIn: size(host.swapIns),
    hostSwapOut: size(host.swapOuts),
    guestSwapIn: size(guest.counters.swappedIn),
    guestSwapOut: size(guest.counters.swappedOut),
    oomKills: guest.counters.oomKills,
    refusals: guest.counters.refused,
    killedAt: killedAt === null ? null : seconds(killedAt)
  };
}

/**
 * Several VMs on one Linux host, with or without somebody who moves their
 * targets. Pure: the same input gives the same bytes.
 * @throws ModelError as `resolveShared`.
 */
export function simulateHost(spec: SharedScenarioSpec): SharedTimeline {
  const scenario = resolveShared(spec);
  const world = createSharedWorld(scenario);
  const rows = Math.max(1, Math.round(scenario.duration / scenario.step)) + 1;
  const kept = world.machines.map((machine) => ({machine, rows: {columns: createVmColumns(rows), last: 0}, quiet: false}));
  const host = createHostColumns(rows);
  const times = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    times[row] = row * scenario.step;
    for (const one of kept) one.quiet = row > 0 && one.machine.idle;
    advanceShared(world, row);
    consult(world, row);
    for (const {machine, rows: own, quiet} of kept) if (!quiet || !isUnchanged(machine, own)) record(machine, own, row, scenario.host.faultLatency);
    sampleHost(world, host, row);
  }
  const vms = kept.map(({machine, rows: own}): SharedVmTimeline => {
    repeatTo(own, rows);
    return Object.freeze({name: machine.vm.name, columns: own.columns, log: machine.log.entries(), cost: costOf(machine, scenario.host.faultLatency)});
  });
  return Object.freeze({scenario, times, host, vms});
}
