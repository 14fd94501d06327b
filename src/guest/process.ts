import type {Backing, Log} from "../domain/backing.ts";
import {mapRefused} from "./overcommit.ts";
import {drainAfterExit} from "./per-cpu.ts";
import {PAGES_PER_PAGE_TABLE, PROCESS_TABLES} from "./sources.ts";
import type {GuestState, ProcessState} from "./state.ts";
import {givePages} from "./zones.ts";

/** Page-table pages that `anon` mapped pages need. */
export const tablesFor = (anon: number): number => PROCESS_TABLES.value + Math.ceil(anon / PAGES_PER_PAGE_TABLE.value);

/** What a process wants; sizes in pages, rates in pages/s. */
export interface ProcessPlan {
  readonly name: string;
  /** Private memory it maps at once and then writes to, page by page. */
  readonly memory?: number | undefined;
  /** tmpfs it writes. */
  readonly files?: number | undefined;
  /** Resident before it does anything: code's data, stacks, buffers. */
  readonly footprint?: number | undefined;
  readonly rate: number;
  /** 0 (the default) to 1; see ProcessState. */
  readonly jitter?: number | undefined;
  /** Seconds it stays after it is done; Infinity: for ever. */
  readonly hold?: number | undefined;
  readonly killable?: boolean | undefined;
  /** Exit code when done; defaults to 0. A write into a full tmpfs ends with 1. */
  readonly finish?: number | undefined;
}

/**
 * Starts a process. A mapping the kernel refuses ends it at once with exit code 2,
 * as the recorder's hog does.
 */
export function startProcess(guest: GuestState, log: Log, plan: ProcessPlan): ProcessState {
  const memory = plan.memory ?? 0;
  const process: ProcessState = {
    pid: guest.nextPid++,
    name: plan.name,
    killable: plan.killable ?? true,
    mapped: memory,
    anon: 0,
    swapped: 0,
    tables: 0,
    goal: memory + (plan.footprint ?? 0),
    rate: plan.rate,
    jitter: plan.jitter ?? 0,
    carry: 0,
    hold: plan.hold ?? Infinity,
    toWrite: plan.files ?? 0,
    finish: plan.finish ?? 0,
    alive: true,
    exitCode: -1
  };
  if (mapRefused(guest, memory)) {
    log("workload", `${plan.name}: mmap: Cannot allocate memory`);
    guest.counters.refused++;
    process.alive = false;
    process.mapped = 0;
    process.goal = 0;
    process.exitCode = 2;
  } else {
    guest.committed += memory;
    guest.processes.push(process);
  }
  return process;
}

/** A process's pages go: anonymous and swapped, page tables, commitment. tmpfs files stay. */
export function shrinkProcess(guest: GuestState, backing: Backing, process: ProcessState, pages: number): void {
  const resident = Math.min(pages, process.anon);
  const swapped = Math.min(pages - resident, process.swapped);
  const kept = pages >= process.goal ? 0 : tablesFor(process.anon - resident);
  const tables = process.tables - Math.min(process.tables, kept);
  const mapped = Math.min(pages, process.mapped);
  process.anon -= resident;
  process.swapped -= swapped;
  process.tables -= tables;
  process.mapped -= mapped;
  process.goal = Math.max(0, process.goal - pages);
  guest.anon -= resident;
  guest.swapUsed -= swapped;
  guest.committed -= mapped;
  guest.pageTables -= tables;
  const huge = resident >= PAGES_PER_PAGE_TABLE.value;
  givePages(guest, backing, resident + tables, "used", !huge);
  if (huge) drainAfterExit(guest);
}

/** Ends a process and frees all that was its own. */
export function endProcess(guest: GuestState, backing: Backing, process: ProcessState, exitCode: number): void {
  process.toWrite = 0;
  shrinkProcess(guest, backing, process, Math.max(process.goal, process.mapped, process.anon + process.swapped));
  process.alive = false;
  process.exitCode = exitCode;
}
