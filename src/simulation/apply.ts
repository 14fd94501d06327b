import {NO_DEVICE, NOT_A_SIZE, requestTarget} from "../host/qemu/balloon-device.ts";
import {dropCaches} from "../guest/reclaim.ts";
import {requestReporting} from "../guest/page-reporting.ts";
import {drainLists} from "../guest/per-cpu.ts";
import {endProcess, shrinkProcess, startProcess} from "../guest/process.ts";
import type {ProcessState} from "../guest/state.ts";
import {touchProcesses} from "../guest/workload.ts";
import {deflate} from "../guest/balloon/move.ts";
import {KIB_PER_PAGE, type KiB} from "../units.ts";
import {applyCgroup} from "./cgroup.ts";
import type {Happening} from "./events.ts";
import {restart} from "./restart.ts";
import {answerStats, relieve, type World, type WorldState} from "./world.ts";

/** What a guest's own doings need, whatever it runs on. */
export type GuestWorld = Pick<World, "backing" | "oom" | "log"> & {readonly state: Pick<WorldState, "guest">};

const inPages = (size: KiB): number => Math.floor(size / KIB_PER_PAGE);

/** KiB/s at which a program writes to memory unless it says otherwise: one GiB. */
const WRITE_RATE = 1024 * 1024;
/** A program that writes files has a buffer of this many pages: `dd bs=1M`. */
const WRITER_FOOTPRINT = 253;

/** The target, as the hypervisor writes it down; nothing moves before a driver reads it. */
function setTarget({state, options, log}: World, target: KiB): void {
  if (options.machine.balloon === null) log("qmp", NO_DEVICE);
  else if (!requestTarget(state.registers, options.machine.memory, target)) log("qmp", NOT_A_SIZE);
}

/** Loads the driver: it reads the target that is already there. */
function loadDriver({state, options}: World): void {
  const {driver, reporting, stats} = state;
  if (driver.loaded || options.machine.balloon === null) return;
  driver.loaded = true;
  driver.seen = -1;
  answerStats(state);
  stats.wait = stats.interval;
  reporting.active = options.machine.balloon.freePageReporting;
  requestReporting(reporting);
}

/** Unloads it; virtio's gives every page back first. The target stays with the device. */
function unloadDriver(world: World): void {
  const {state, options, balloon} = world;
  if (!state.driver.loaded) return;
  state.driver.loaded = false;
  state.driver.busy = false;
  state.reporting.active = false;
  state.reporting.wait = Infinity;
  if (!options.driver.returnsOnUnload) return;
  deflate(balloon, state.guest.balloon);
  drainLists(state.guest);
  state.registers.given = 0;
}

function running({state}: GuestWorld, name: string | undefined): ProcessState | undefined {
  const {processes} = state.guest;
  return processes.findLast((process) => process.alive && (name === undefined || process.name === name));
}

function free(world: GuestWorld, name: string | undefined, size: KiB | undefined): void {
  const process = running(world, name);
  if (!process) return;
  if (size === undefined) endProcess(world.state.guest, world.backing, process, 0);
  else shrinkProcess(world.state.guest, world.backing, process, inPages(size));
}

function writeTmpfs({state, log}: GuestWorld, event: Extract<Happening, {type: "write-tmpfs"}>): void {
  const fits = Math.min(event.size, event.limit ?? event.size) as KiB;
  startProcess(state.guest, log, {
    name: event.name ?? "dd",
    files: inPages(fits),
    footprint: WRITER_FOOTPRINT,
    rate: (event.rate ?? WRITE_RATE) / KIB_PER_PAGE,
    hold: 0,
    finish: fits < event.size ? 1 : 0
  });
}

function allocate({state, log}: GuestWorld, event: Extract<Happening, {type: "allocate"}>): void {
  startProcess(state.guest, log, {
    name: event.name ?? "hog",
    memory: inPages(event.size),
    rate: (event.rate ?? WRITE_RATE) / KIB_PER_PAGE,
    jitter: event.jitter,
    hold: event.hold
  });
}

/** Events that happen to the machine or its host; all others are the guest's own. */
export type OuterEvent = "setmem" | "balloon" | "load-driver" | "unload-driver" | "host-pressure" | "cgroup" | "poll-stats" | "restart";

/** What the guest's own settings and workload do. */
export function applyToGuest(world: GuestWorld, event: Exclude<Happening, {readonly type: OuterEvent}>): void {
  const {guest} = world.state;
  switch (event.type) {
    case "allocate":
      allocate(world, event);
      break;
    case "write-tmpfs":
      writeTmpfs(world, event);
      break;
    case "touch":
      touchProcesses(world.oom, event.size === undefined ? Infinity : inPages(event.size));
      break;
    case "free":
      free(world, event.name, event.size);
      break;
    case "cache":
      guest.file.toRead += inPages(event.size);
      break;
    case "working-set":
      guest.file.workingSet = inPages(event.size);
      break;
    case "drop-caches":
      dropCaches(guest, world.backing);
      break;
    case "set-overcommit":
      guest.overcommit = event.mode;
      break;
    case "set-swappiness":
      guest.swappiness = event.value;
      break;
  }
}

/** Makes an event happen now. Nothing happens any more once the VM's process has ended. */
export function apply(world: World, event: Happening): void {
  const {state} = world;
  if (!state.running) return;
  switch (event.type) {
    case "setmem":
    case "balloon":
      setTarget(world, event.target);
      break;
    case "load-driver":
      loadDriver(world);
      break;
    case "unload-driver":
      unloadDriver(world);
      break;
    case "host-pressure":
      state.host.others = inPages(event.size);
      relieve(world);
      break;
    case "cgroup":
      applyCgroup(world, event);
      break;
    case "poll-stats":
      state.stats.interval = event.interval;
      state.stats.wait = 0;
      break;
    case "restart":
      restart(world);
      break;
    default:
      applyToGuest(world, event);
      // A touch brings pages back at once: the host makes room for them before anybody looks.
      relieve(world);
  }
}
