import {advanceWorkload} from "../guest/workload.ts";
import type {OomContext} from "../guest/oom.ts";
import type {GuestState} from "../guest/state.ts";
import {cgroupUsage} from "../host/linux/accounts.ts";
import {reclaimHigh} from "../host/linux/cgroup/enforce.ts";
import {HIGH_DELAY, highSleep} from "../host/linux/cgroup/throttle.ts";
import type {HostState} from "../host/linux/state.ts";

/** What the processors of a machine work on: a part of its world. */
export interface ProcessorWorld {
  readonly state: {readonly guest: GuestState; readonly host: HostState};
  readonly oom: OomContext;
  readonly options: {readonly fileRate: number; readonly host: {readonly diskCache: boolean}};
}

/** Parts of memory.high that are charged before the processors look whether they have to sleep. */
const GRAIN = 1024;
/** Slices of a step; a step whose slices cost no sleep runs on without. */
const MAX_SLICES = 64;

/** Files that were read, pages: what a host that caches them has read, too. */
const filesRead = ({file, counters}: GuestState): number => counters.refaults - file.toRead;

/** The guest's programs run; what they read passes through the host's page cache where it has one. */
function runGuest(world: ProcessorWorld, dt: number): void {
  const {guest, host} = world.state;
  const before = filesRead(guest);
  advanceWorkload(world.oom, world.options.fileRate, dt);
  if (world.options.host.diskCache) host.pageCache += Math.max(0, filesRead(guest) - before);
}

/** Pages a second that the guest's programs may charge. */
function chargeRate({guest}: ProcessorWorld["state"], fileRate: number): number {
  let rate = guest.file.toRead > 0 || guest.file.workingSet > guest.file.active ? fileRate : 0;
  for (const process of guest.processes) rate += process.rate * (1 + process.jitter);
  return rate;
}

/** Seconds until the programs have charged so much that memory.high has to be looked at. */
function sliceOf(world: ProcessorWorld, left: number): number {
  const {host} = world.state;
  const grain = Math.max(HIGH_DELAY.value.batch, host.cgroup.high / GRAIN);
  const rate = chargeRate(world.state, world.options.fileRate);
  return rate === 0 ? left : Math.min(left, (Math.max(0, host.cgroup.high - cgroupUsage(host)) + grain) / rate);
}

function sleep(world: ProcessorWorld, left: number): number {
  const {cgroup} = world.state.host;
  const slept = Math.min(left, cgroup.debt);
  cgroup.debt -= slept;
  cgroup.throttled += slept;
  return slept;
}

/** A slice of work, and the sleep it costs: reclaim first, and for what stays above memory.high the delay of every batch charged. */
function work(world: ProcessorWorld, dt: number): void {
  const {host} = world.state;
  const {cgroup} = host;
  const before = Math.max(cgroupUsage(host), cgroup.high);
  runGuest(world, dt);
  const charged = cgroupUsage(host) - before;
  reclaimHigh(host, charged);
  const {batch} = HIGH_DELAY.value;
  if (charged > 0) cgroup.debt += highSleep(cgroupUsage(host), cgroup.high, batch) * (charged / batch);
}

/**
 * The guest's processors run for `dt` seconds, less what they sleep because the
 * cgroup is above its memory.high. Who sleeps already sleeps on when the mark is lifted.
 */
export function runProcessors(world: ProcessorWorld, dt: number): void {
  const {high, debt} = world.state.host.cgroup;
  if (high === Infinity && debt === 0) {
    runGuest(world, dt);
    return;
  }
  let left = dt;
  for (let slice = 0; left > 0; slice++) {
    left -= sleep(world, left);
    if (left <= 0) return;
    const part = slice < MAX_SLICES ? sliceOf(world, left) : left;
    work(world, part);
    left -= part;
  }
}
