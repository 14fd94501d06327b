import type {Backing, BalloonRegisters, Log} from "../domain/backing.ts";
import {at} from "../domain/column.ts";
import type {Machine} from "../domain/machine.ts";
import {cached, memAvailable, memFree, memTotal} from "../guest/accounts.ts";
import {newDriverState, type BalloonContext, type BalloonDriver, type DriverOptions, type DriverState} from "../guest/balloon/driver.ts";
import type {BootState} from "../guest/boot/types.ts";
import type {OomContext} from "../guest/oom.ts";
import {advanceReporting, requestReporting, type ReportingState} from "../guest/page-reporting.ts";
import {kswapd} from "../guest/reclaim.ts";
import {startGuest, type GuestOptions} from "../guest/start.ts";
import type {GuestState} from "../guest/state.ts";
import {workloadIsIdle} from "../guest/workload.ts";
import {kswapdDeficit} from "../guest/zones.ts";
import {hostFree} from "../host/linux/accounts.ts";
import {linuxBacking} from "../host/linux/backing.ts";
import {endVm, relieveHost} from "../host/linux/pressure.ts";
import {enforceMax, isUnsettled} from "../host/linux/cgroup/enforce.ts";
import {startHost, type HostOptions} from "../host/linux/start.ts";
import type {HostState} from "../host/linux/state.ts";
import {runProcessors} from "./processors.ts";

/** What a world is built from, once. */
export interface WorldOptions {
  readonly machine: Machine;
  readonly boot: BootState;
  readonly driver: BalloonDriver;
  readonly driverOptions: DriverOptions;
  readonly guest: GuestOptions;
  readonly host: HostOptions;
  /** Pages/s that reading files brings into the guest's cache. */
  readonly fileRate: number;
}

/** The numbers of guest statistics as the driver last sent them. */
export interface StatsState {
  /** Seconds between polls; 0: off, as QEMU starts. */
  interval: number;
  wait: number;
  /** Seconds since the start at the last answer; -1: never, and then the numbers mean nothing. */
  updatedAt: number;
  /** What the driver sent then, pages. */
  total: number;
  free: number;
  available: number;
  caches: number;
}

/** Everything that changes. Plain data only: a checkpoint is a copy of it. */
export interface WorldState {
  time: number;
  readonly guest: GuestState;
  readonly host: HostState;
  readonly driver: DriverState;
  readonly registers: BalloonRegisters;
  readonly reporting: ReportingState;
  readonly stats: StatsState;
  /** The VM's process still runs. */
  running: boolean;
}

/** A machine with its guest and host, and the mechanisms wired to its state. */
export interface World {
  readonly options: WorldOptions;
  readonly state: WorldState;
  readonly backing: Backing;
  readonly balloon: BalloonContext;
  readonly oom: OomContext;
  readonly log: Log;
}

/** What the log says when the VM's cgroup is out of memory. */
export const CGROUP_OOM = "Memory cgroup out of memory: the host kills the VM's process";

function startState(options: WorldOptions): WorldState {
  const guest = startGuest(options.boot, options.machine.vcpus, options.guest);
  guest.balloonInTotal = options.driver.balloonInTotal(options.driverOptions);
  const configured = options.machine.memory / 4;
  const free = guest.zones.free.map((pages, zone) => pages + at(guest.perCpu.movable, zone) + at(guest.perCpu.other, zone));
  const footprint = {configured, free};
  return {
    time: 0,
    guest,
    host: startHost(footprint, options.host),
    driver: newDriverState(),
    registers: {wanted: 0, given: 0, requests: 0},
    reporting: {active: false, wait: Infinity},
    stats: {interval: 0, wait: Infinity, updatedAt: -1, total: 0, free: 0, available: 0, caches: 0},
    running: true
  };
}

/** Tells free page reporting of every page freed, which is what wakes it. */
function noticing(backing: Backing, reporting: ReportingState): Backing {
  return {
    ...backing,
    release(zone, pages) {
      backing.release(zone, pages);
      requestReporting(reporting);
    },
    deflate(zone, pages) {
      backing.deflate(zone, pages);
      requestReporting(reporting);
    }
  };
}

/** Boots a machine; its driver is not loaded yet. */
export function createWorld(options: WorldOptions, log: Log): World {
  const state = startState(options);
  const backing = noticing(linuxBacking(state.host), state.reporting);
  const balloon: BalloonContext = {guest: state.guest, backing, registers: state.registers, log};
  const notify = (): number => options.driver.onOom(balloon, state.driver, options.driverOptions);
  return {options, state, backing, balloon, oom: {guest: state.guest, backing, log, notify}, log};
}

/** The driver answers: once when it loads, then whenever it is polled. Until the next answer these numbers are old. */
export function answerStats(state: WorldState): void {
  const {stats, guest} = state;
  stats.updatedAt = state.time;
  stats.total = memTotal(guest);
  stats.free = memFree(guest);
  stats.available = memAvailable(guest);
  stats.caches = cached(guest);
}

function advanceStats(state: WorldState, dt: number): void {
  const {stats} = state;
  if (stats.interval === 0 || !state.driver.loaded) return;
  stats.wait -= dt;
  if (stats.wait > 0) return;
  stats.wait = stats.interval;
  answerStats(state);
}

/** The VM's process ends, and with it the guest. */
export function endProcess(world: World, text: string): void {
  world.state.running = false;
  endVm(world.state.host);
  world.log("host", text);
}

/** Whether the host has still to take memory back, or lets the processors sleep for memory.high. */
export const hostWorks = (host: HostState): boolean => hostFree(host) < 0 || isUnsettled(host) || host.cgroup.debt > 0;

/** Whether the guest's programs have nothing to do. One with jitter draws a random number each step, even then. */
export const programsRest = (guest: GuestState): boolean => workloadIsIdle(guest) && guest.processes.every(({jitter}) => jitter === 0);

/**
 * Whether nothing changes until the next event: no process at work or about to
 * exit, no balloon on its way, nothing to report, no poll, no reclaim under way
 * in the guest or on the host.
 */
export function isIdle({state, options, balloon}: World): boolean {
  const {driver, guest, reporting, stats, running} = state;
  if (!running) return true;
  if (guest.panicked || hostWorks(state.host)) return false;
  if (driver.loaded && (stats.interval > 0 || !options.driver.rests(balloon, driver))) return false;
  return reporting.wait === Infinity && programsRest(guest) && kswapdDeficit(guest.zones) === 0;
}

/** The cgroup's limit first, then the host's RAM: what finds no place ends the VM. */
export function relieve(world: World): void {
  const {host, running} = world.state;
  if (!running) return;
  if (enforceMax(host) > 0) {
    host.cgroup.events.oomKill++;
    endProcess(world, CGROUP_OOM);
  } else if (relieveHost(host) > 0) endProcess(world, "Out of memory: the host kills the VM's process");
}

/** One step of `dt` seconds: workload, reclaim, balloon, reporting, then the host. */
export function advance(world: World, dt: number): void {
  const {state, options} = world;
  state.time += dt;
  if (!state.running) return;
  if (state.guest.panicked) {
    endProcess(world, "the guest has panicked: its process ends");
    return;
  }
  runProcessors(world, dt);
  kswapd(state.guest, world.backing);
  if (state.driver.loaded) options.driver.advance(world.balloon, state.driver, options.driverOptions, dt);
  advanceReporting(state.guest, world.backing, state.reporting, dt);
  advanceStats(state, dt);
  relieve(world);
}
