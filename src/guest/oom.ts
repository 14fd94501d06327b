import type {Backing, Log} from "../domain/backing.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {endProcess} from "./process.ts";
import type {GuestState, ProcessState} from "./state.ts";
import {takeable} from "./zones.ts";

/** What the OOM path may ask of whoever registered for it, before it kills: pages freed. */
export type OomNotifier = () => number;

export interface OomContext {
  readonly guest: GuestState;
  readonly backing: Backing;
  readonly log: Log;
  /** The balloon, where it deflates on OOM; gives 0 when it has nothing to give. */
  readonly notify: OomNotifier;
}

/** The killable process that holds the most (Linux 6.1, mm/oom_kill.c oom_badness: resident, swapped and page tables). */
function victim(guest: GuestState): ProcessState | null {
  let worst: ProcessState | null = null;
  for (const process of guest.processes) {
    if (!process.alive || !process.killable) continue;
    if (worst === null || process.anon + process.swapped >= worst.anon + worst.swapped) worst = process;
  }
  return worst;
}

function kill({guest, backing, log}: OomContext, process: ProcessState): void {
  log("kernel", `Out of memory: Killed process ${process.pid} (${process.name}) total-vm:${process.mapped * KIB_PER_PAGE}kB, anon-rss:${process.anon * KIB_PER_PAGE}kB`);
  guest.counters.oomKills++;
  endProcess(guest, backing, process, 137);
}

/**
 * One round of out_of_memory: the notifiers first, and if they freed anything
 * nobody dies; else the worst process; without one, panic. A small victim's pages
 * only reach the per-CPU lists, where the watermarks do not see them, so the next
 * allocation of init or the shell kills again.
 * @returns whether the caller may try again.
 */
export function outOfMemory(context: OomContext): boolean {
  const {guest, log} = context;
  if (context.notify() > 0) return true;
  do {
    const process = victim(guest);
    if (process === null) {
      guest.panicked = true;
      log("kernel", "Kernel panic - not syncing: System is deadlocked on memory");
      return false;
    }
    kill(context, process);
  } while (takeable(guest) === 0);
  return true;
}
