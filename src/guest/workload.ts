import {nextRandomState, randomValue} from "../random.ts";
import {allocateUser, type Taker} from "./allocate.ts";
import type {OomContext} from "./oom.ts";
import {endProcess, tablesFor} from "./process.ts";
import {reclaim} from "./reclaim.ts";
import {PAGES_PER_PAGE_TABLE, SLAB_PER_FILE_PAGE} from "./sources.ts";
import type {GuestState, ProcessState} from "./state.ts";
import {takeHuge, takePages} from "./zones.ts";

/** A process's rate in this step. */
function rateOf(guest: GuestState, process: ProcessState): number {
  if (process.jitter === 0) return process.rate;
  guest.random = nextRandomState(guest.random);
  return process.rate * (1 + process.jitter * (2 * randomValue(guest.random) - 1));
}

/** Whole pages a rate allows in `dt` seconds; the rest is carried to the next step. */
function allowance(guest: GuestState, process: ProcessState, dt: number): number {
  const exact = process.carry + rateOf(guest, process) * dt;
  const whole = Math.floor(exact);
  process.carry = exact - whole;
  return whole;
}

/** A process that takes pages as anonymous memory. */
function anonymous(guest: GuestState, process: ProcessState): Taker {
  return {
    take(pages) {
      process.anon += pages;
      guest.anon += pages;
    },
    alive: () => process.alive
  };
}

/** The page tables that `anon` more pages need, taken as kernel pages. */
function growTables(context: OomContext, process: ProcessState, pages: number): void {
  const {guest} = context;
  const tables: Taker = {
    kind: "other",
    take(taken) {
      process.tables += taken;
      guest.pageTables += taken;
    },
    alive: () => process.alive
  };
  const wanted = tablesFor(process.anon + pages) - process.tables;
  if (wanted > 0) allocateUser(context, wanted, tables);
}

/** Writes to new anonymous pages: huge ones while there are any, then single ones. */
function grow(context: OomContext, process: ProcessState, pages: number): void {
  const {guest, backing} = context;
  growTables(context, process, pages);
  if (!process.alive) return;
  const taker = anonymous(guest, process);
  const huge = guest.hugePages && process.goal >= PAGES_PER_PAGE_TABLE.value ? takeHuge(guest, backing, pages) : 0;
  taker.take(huge);
  if (huge < pages) allocateUser(context, pages - huge, taker);
  guest.counters.minorFaults += pages;
}

/** Writes to a tmpfs file; its pages and their radix tree outlive the process. */
function write(context: OomContext, process: ProcessState, pages: number): void {
  const {guest} = context;
  const alive = (): boolean => process.alive;
  const nodes = Math.ceil((guest.shmem + pages) * SLAB_PER_FILE_PAGE.value) - Math.ceil(guest.shmem * SLAB_PER_FILE_PAGE.value);
  const tree: Taker = {
    kind: "other",
    take(taken) {
      guest.slabReclaimable += taken;
    },
    alive
  };
  const file: Taker = {
    take(taken) {
      guest.shmem += taken;
    },
    alive
  };
  allocateUser(context, nodes, tree);
  const written = process.alive ? allocateUser(context, pages, file) : 0;
  process.toWrite = Math.max(0, process.toWrite - written);
}

function advanceProcess(context: OomContext, process: ProcessState, dt: number): void {
  let left = allowance(context.guest, process, dt);
  const missing = Math.min(left, process.goal - process.anon - process.swapped);
  if (missing > 0) {
    grow(context, process, missing);
    left -= missing;
  }
  if (process.alive && left > 0 && process.toWrite > 0) write(context, process, Math.min(left, process.toWrite));
  const busy = process.toWrite > 0 || process.anon + process.swapped < process.goal;
  if (!process.alive || busy) return;
  process.hold -= dt;
  if (process.hold <= 0) endProcess(context.guest, context.backing, process, process.finish);
}

/** File pages come in without an OOM kill: a read waits for reclaim, which finds the oldest files. */
function readFiles({guest, backing}: OomContext, wanted: number): number {
  const free = takePages(guest, backing, wanted, "used");
  const more = free < wanted && reclaim(guest, backing, wanted - free) > 0 ? takePages(guest, backing, wanted - free, "used") : 0;
  return free + more;
}

/**
 * Files read once go to the inactive list; of a set read all the time, what is
 * missing is read again (a refault) and goes to the active list (Linux 6.1,
 * mm/workingset.c).
 * @param rate pages/s the disk delivers; a parameter of the scenario.
 */
function advanceFiles(context: OomContext, rate: number, dt: number): void {
  const {file, counters} = context.guest;
  let left = Math.floor(rate * dt);
  const missing = Math.min(left, file.workingSet - file.active);
  if (missing > 0) {
    const read = readFiles(context, missing);
    file.active += read;
    counters.refaults += read;
    counters.majorFaults += read;
    left -= missing;
  }
  const once = Math.min(left, file.toRead);
  // Reading reclaims: the list is looked at afterwards.
  const read = readFiles(context, once);
  file.inactive += read;
  file.toRead -= once;
}

/** Forgets processes that have ended. */
function bury(processes: ProcessState[]): void {
  for (let i = processes.length - 1; i >= 0; i--) {
    if (processes[i]?.alive === false) processes.splice(i, 1);
  }
}

/** Lets every process and the file readers run for `dt` seconds. */
export function advanceWorkload(context: OomContext, fileRate: number, dt: number): void {
  const {processes, file} = context.guest;
  for (let i = 0; i < processes.length && !context.guest.panicked; i++) {
    const process = processes[i];
    if (process?.alive) advanceProcess(context, process, dt);
  }
  bury(processes);
  if (file.workingSet > file.active || file.toRead > 0) advanceFiles(context, fileRate, dt);
}

/** A process that stays as it is: for ever, and with nothing left to do. */
const rests = (process: ProcessState): boolean =>
  !process.alive || (process.hold === Infinity && process.toWrite === 0 && process.anon + process.swapped >= process.goal);

/** Whether no process and no reader of files has anything left to do. */
export function workloadIsIdle({file, processes}: GuestState): boolean {
  if (file.toRead > 0 || file.workingSet > file.active) return false;
  for (const process of processes) {
    if (!rests(process)) return false;
  }
  return true;
}

/** Brings a process's swapped pages back, a reclaim or an OOM kill at a time. */
function swapIn(context: OomContext, process: ProcessState, wanted: number): number {
  const {guest} = context;
  const swapped: Taker = {
    take(pages) {
      process.swapped -= pages;
      process.anon += pages;
      guest.swapUsed -= pages;
      guest.anon += pages;
      guest.counters.swappedIn += pages;
      guest.counters.majorFaults += pages;
    },
    alive: () => process.alive
  };
  return allocateUser(context, Math.min(wanted, process.swapped), swapped);
}

/**
 * Brings back up to `pages` of what processes have in swap, of each in proportion
 * to what it has there: whoever goes over all its memory at random meets them so.
 * @returns the pages that came back.
 */
export function swapInProcesses(context: OomContext, pages: number): number {
  const {processes} = context.guest;
  let swapped = processes.reduce((sum, process) => sum + (process.alive ? process.swapped : 0), 0);
  let left = Math.min(pages, swapped);
  const wanted = left;
  for (const process of processes) {
    if (!process.alive || process.swapped === 0 || left <= 0) continue;
    const share = Math.min(left, Math.ceil((left * process.swapped) / swapped));
    swapped -= process.swapped;
    left -= swapIn(context, process, share);
  }
  return wanted - left;
}

/** Processes read and write up to `pages` of what they have, wherever it is now. */
export function touchProcesses(context: OomContext, pages: number): void {
  let left = pages;
  for (const process of context.guest.processes) {
    if (!process.alive || left <= 0) continue;
    left -= swapIn(context, process, left);
    context.backing.touch(Math.min(left, process.anon));
    left -= process.anon;
  }
}
