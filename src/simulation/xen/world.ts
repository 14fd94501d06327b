import type {Backing, Log} from "../../domain/backing.ts";
import {balloonPages} from "../../domain/memory-map/xen-pv.ts";
import {isPv, type XenMachine} from "../../domain/xen/machine.ts";
import {advanceXenBalloon, readXenstoreTarget, startXenBalloon, type XenBalloonContext, type XenBalloonState} from "../../guest/balloon/xen-linux.ts";
import type {BootState} from "../../guest/boot/types.ts";
import {bootXen} from "../../guest/boot/xen-boot.ts";
import type {OomContext} from "../../guest/oom.ts";
import {kswapd} from "../../guest/reclaim.ts";
import {startGuest} from "../../guest/start.ts";
import type {GuestState} from "../../guest/state.ts";
import {advanceWorkload, workloadIsIdle} from "../../guest/workload.ts";
import {freePages, kswapdDeficit} from "../../guest/zones.ts";
import {buildDomain, startDomain, type XenDomainState, type XenHostState} from "../../host/xen/domain.ts";
import {decrease, populate, touch} from "../../host/xen/hypercalls.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import type {XenScenario} from "./scenario.ts";

/** xenstore's memory directory of the domain, KiB. */
export interface XenstoreState {
  target: number;
  staticMax: number;
  readonly videoram: number;
}

/** Everything that changes. Plain data only. */
export interface XenWorldState {
  time: number;
  readonly guest: GuestState;
  readonly balloon: XenBalloonState;
  readonly domain: XenDomainState;
  readonly host: XenHostState;
  readonly store: XenstoreState;
  /** The domain exists. */
  running: boolean;
  /** Its kernel has stopped waiting for the balloon and started init. */
  userspace: boolean;
  /** Seconds the waiting kernel has seen no progress. */
  stuck: number;
}

/** A domain with its guest and its machine. */
export interface XenWorld {
  readonly scenario: XenScenario;
  readonly boot: BootState;
  readonly state: XenWorldState;
  readonly backing: Backing;
  readonly oom: OomContext;
  readonly balloon: XenBalloonContext;
  readonly log: Log;
}

/** Pages/s that reading files brings in. */
const FILE_RATE = (200 * 1024) / KIB_PER_PAGE;

/** Puts what was never populated into the balloon, from the top of the map down. */
function fillBalloon(guest: GuestState, boot: BootState, pages: number): void {
  let left = pages;
  for (let zone = guest.zones.count - 1; zone >= 0; zone--) {
    const part = Math.min(left, boot.zones[zone]?.present ?? 0);
    guest.zones.ballooned[zone] = part;
    left -= part;
  }
  guest.balloon = pages;
}

/** RAM the guest counts when its driver starts: what it was given, or all that its map calls RAM. */
function firstCurrent(machine: XenMachine, boot: BootState): number {
  return isPv(machine) ? Math.floor(machine.memory / KIB_PER_PAGE) : boot.zones.reduce((sum, {present}) => sum + present, 0);
}

/** libxl leaves room for what firmware and device model take out of a pre-ballooned HVM guest's target. */
function firstTarget({type, memory, maxmem, videoram}: XenMachine): number {
  const fudge = type === "hvm" && maxmem > memory ? 1024 : 0;
  return memory - videoram - fudge;
}

function startState({machine, hostFree, workload}: XenScenario, boot: BootState): XenWorldState {
  const guest = startGuest(boot, machine.guest.vcpus, workload);
  const balloon = isPv(machine) ? balloonPages(machine) : 0;
  fillBalloon(guest, boot, balloon);
  const domain = buildDomain(machine);
  const host = {free: Math.floor(hostFree / KIB_PER_PAGE) - domain.tot};
  startDomain(machine, domain, host);
  return {
    time: 0,
    guest,
    balloon: startXenBalloon(firstCurrent(machine, boot), balloon),
    domain,
    host,
    store: {target: firstTarget(machine), staticMax: machine.maxmem, videoram: machine.videoram},
    running: true,
    userspace: false,
    stuck: 0
  };
}

const none = (): void => undefined;

/** What the hypervisor does when the guest gives pages up. The guest's use of RAM it owns is its own business. */
function xenBacking(state: XenWorldState): Backing {
  return {use: none, release: none, deflate: none, touch: none, report: () => 0, inflate: (_, pages) => decrease(state.domain, state.host, pages)};
}

/** The kernel of a guest whose map is larger than its target waits before it starts init. */
function waitForBalloon({scenario, state, log}: XenWorld, dt: number): void {
  const {balloon} = state;
  if (state.userspace) return;
  if (balloon.current <= balloon.target) {
    if (state.time > 0) log("kernel", "xen:balloon: Initial ballooning down finished.");
    state.userspace = true;
    return;
  }
  if (state.time === 0) log("kernel", "xen:balloon: Waiting for initial ballooning down having finished.");
  state.stuck = balloon.phase === "cancelled" ? state.stuck + dt : 0;
  if (state.stuck <= scenario.driver.bootTimeout) return;
  state.guest.panicked = true;
  log("kernel", "Kernel panic - not syncing: Initial ballooning failed!");
}

/** Reads the target for the first time, as the driver does when xenstore is up. */
function firstWatch({scenario, state}: XenWorld): void {
  const {machine, driver} = scenario;
  if (!driver.loaded) {
    state.userspace = true;
    return;
  }
  if (machine.type === "dom0") state.balloon.watchFired = true;
  else readXenstoreTarget(state.balloon, state.store.target, state.store.staticMax, !isPv(machine) && machine.parameters.targetCorrected.value, 0);
}

/** Builds and boots the domain of a scenario; nothing has happened to it yet. */
export function createXenWorld(scenario: XenScenario, write: (at: number, source: Parameters<Log>[0], text: string) => void): XenWorld {
  const boot = bootXen(scenario.machine);
  const state = startState(scenario, boot);
  const log: Log = (source, text) => write(state.time, source, text);
  const backing = xenBacking(state);
  const {guest, domain, host} = state;
  const world: XenWorld = {
    scenario,
    boot,
    state,
    backing,
    oom: {guest, backing, log, notify: () => 0},
    balloon: {guest, backing, log, options: scenario.driver, populate: (pages) => populate(domain, host, pages, (text) => log("host", text))},
    log
  };
  firstWatch(world);
  waitForBalloon(world, 0);
  touchUsed(world);
  reap(world);
  return world;
}

/** The domain is gone: its pages are free again. */
export function endDomain({state, log}: XenWorld, why: string): void {
  state.running = false;
  state.host.free += state.domain.tot;
  state.domain.tot = 0;
  log("host", why);
}

/**
 * What the guest has written to: all of its map that is neither free nor in the
 * balloon. The kernel's image and its page structures, which MemTotal leaves out, are part of it.
 */
function touchUsed({boot, state, log}: XenWorld): void {
  const {guest, domain} = state;
  const present = boot.zones.reduce((sum, zone) => sum + zone.present, 0);
  touch(domain, present - guest.balloon - freePages(guest.zones), (text) => log("host", text));
}

/** Ends a domain that the hypervisor or its own kernel has stopped. */
export function reap(world: XenWorld): void {
  const {domain, guest} = world.state;
  if (!world.state.running) return;
  if (domain.crashed) endDomain(world, "the domain crashed and was destroyed");
  else if (guest.panicked) endDomain(world, "the guest panicked and its domain was destroyed");
}

/**
 * When something changes next if nothing happens from outside, seconds: -Infinity
 * while something is at work, Infinity when nothing ever will. Until then a step
 * only moves the clock.
 */
export function restsUntil({state, scenario}: XenWorld): number {
  const {guest, balloon, running, userspace} = state;
  if (!running) return Infinity;
  // A process with jitter draws a random number each step, even when it has nothing left to do.
  const idle = userspace && !guest.panicked && workloadIsIdle(guest) && guest.processes.every(({jitter}) => jitter === 0) && kswapdDeficit(guest.zones) === 0;
  if (!idle) return -Infinity;
  return scenario.driver.loaded ? balloon.nextAt : Infinity;
}

/** One step of `dt` seconds: programs, reclaim, balloon, then the hypervisor. */
export function advanceXen(world: XenWorld, dt: number): void {
  const {state, scenario} = world;
  state.time += dt;
  if (!state.running) return;
  if (state.userspace) advanceWorkload(world.oom, FILE_RATE, dt);
  kswapd(state.guest, world.backing);
  if (scenario.driver.loaded) advanceXenBalloon(world.balloon, state.balloon, state.time);
  waitForBalloon(world, dt);
  touchUsed(world);
  reap(world);
}
