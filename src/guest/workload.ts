import {allocateUser, type Taker} from "./allocate.ts";
import type {OomContext} from "./oom.ts";
import {endProcess, tablesFor} from "./process.ts";
import {reclaim} from "./reclaim.ts";
import {SLAB_PER_FILE_PAGE} from "./sources.ts";
import type {GuestState, ProcessState} from "./state.ts";
import {takePages} from "./zones.ts";

/** Whole pages a rate allows in `dt` seconds; the rest is carried to the next step. */
function allowance(process: ProcessState, dt: number): number {
  const exact = process.carry + process.rate * dt;
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

/** Writes to new anonymous pages. */
function grow(context: OomContext, process: ProcessState, pages: number): void {
  growTables(context, process, pages);
  if (process.alive) context.guest.counters.minorFaults += allocateUser(context, pages, anonymous(context.guest, process));
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
  if (nodes > 0) allocateUser(context, nodes, tree);
  if (process.alive) process.toWrite -= Math.min(process.toWrite, allocateUser(context, pages, file));
}

function advanceProcess(context: OomContext, process: ProcessState, dt: number): void {
  let left = allowance(process, dt);
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
  if (once > 0) {
    file.inactive += readFiles(context, once);
    file.toRead -= once;
  }
}

/** Lets every process and the file readers run for `dt` seconds. */
export function advanceWorkload(context: OomContext, fileRate: number, dt: number): void {
  const {processes, file} = context.guest;
  for (let i = 0; i < processes.length && !context.guest.panicked; i++) {
    const process = processes[i];
    if (process?.alive) advanceProcess(context, process, dt);
  }
  if (file.workingSet > file.active || file.toRead > 0) advanceFiles(context, fileRate, dt);
}

/** Everything a guest state's workload still wants to do is done. */
export const workloadIsIdle = (guest: GuestState): boolean =>
  guest.file.toRead === 0 && guest.processes.every((process) => !process.alive || (process.hold === Infinity && process.toWrite === 0 && process.anon + process.swapped >= process.goal));

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
