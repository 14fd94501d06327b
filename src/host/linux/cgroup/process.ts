import {sourced} from "../../../source.ts";

/** Charged to a process's cgroup beside what it touches, pages: stack, code's data, kernel structures. */
export const PROCESS_BASE = sourced(61, {
  text: "memory.current less anon and a page table for every 2 MiB, while a process holds 1000 MiB",
  place: "cgroup-process-1000-no-limit.json series.host",
  version: "recordings of 2026-11-22",
  grade: "derived"
});

/** Pages that one page of page tables maps. */
const PAGES_PER_TABLE = 512;

/** A process that owns a cgroup alone and walks over its memory in order; pages, Infinity for no limit. */
export interface WalkerLimits {
  /** memory.max, or memory.high where reclaim can follow it, or what the host has. */
  readonly memory: number;
  /** Swap it may use. */
  readonly swap: number;
  /** Swap use from which the kernel frees a slot as soon as its page is back: half of the device, half of memory.swap.max. */
  readonly slotsKept: number;
}

/** Where its pages are, and what it has cost so far. Plain data. */
export interface WalkerState {
  resident: number;
  swapped: number;
  /** Swap slots in use: a page that was read back keeps its own while there is plenty. */
  slots: number;
  /** The most that was charged. */
  peak: number;
  slotsPeak: number;
  swapIns: number;
  swapOuts: number;
  /** It wanted more than the limit. */
  hitLimit: boolean;
  killed: boolean;
}

export const newWalker = (): WalkerState => ({resident: 0, swapped: 0, slots: 0, peak: 0, slotsPeak: 0, swapIns: 0, swapOuts: 0, hitLimit: false, killed: false});

const tablesOf = ({resident, swapped}: WalkerState): number => Math.ceil((resident + swapped) / PAGES_PER_TABLE);

/** What its cgroup is charged now, pages. */
export const walkerUsage = (state: WalkerState): number => (state.killed ? 0 : state.resident + tablesOf(state) + PROCESS_BASE.value);

/** Room for its pages below the limit, once the page tables of all `total` have theirs. */
const roomFor = (total: number, {memory}: WalkerLimits): number => Math.max(0, memory - Math.ceil(total / PAGES_PER_TABLE) - PROCESS_BASE.value);

function kill(state: WalkerState, {memory}: WalkerLimits): void {
  state.killed = true;
  state.peak = Math.max(state.peak, memory);
  state.resident = 0;
  state.swapped = 0;
  state.slots = 0;
}

function note(state: WalkerState, limits: WalkerLimits): void {
  state.peak = Math.max(state.peak, state.hitLimit ? limits.memory : walkerUsage(state));
  state.slotsPeak = Math.max(state.slotsPeak, state.slots);
}

/** Writes to `pages` it has not touched before; the oldest make room. */
export function walkNew(state: WalkerState, pages: number, limits: WalkerLimits): void {
  if (state.killed) return;
  const total = state.resident + state.swapped + pages;
  const out = Math.max(0, state.resident + pages - roomFor(total, limits));
  if (out > 0) state.hitLimit = true;
  if (state.swapped + out > limits.swap) {
    kill(state, limits);
    return;
  }
  state.resident += pages - out;
  state.swapped += out;
  state.slots += out;
  state.swapOuts += out;
  note(state, limits);
}

/**
 * Writes to all its pages again, in the order of the first time. What was used
 * longest ago is needed next: once one page has to make room for another, every
 * page of the walk is read back and every one is written out.
 */
export function walkAgain(state: WalkerState, limits: WalkerLimits): void {
  if (state.killed || state.swapped === 0) return;
  const total = state.resident + state.swapped;
  const room = Math.max(0, roomFor(total, limits) - state.resident);
  const thrashes = state.swapped > room;
  const ins = thrashes ? total : state.swapped;
  const outs = thrashes ? total - room : 0;
  state.swapIns += ins;
  state.swapOuts += outs;
  state.swapped += outs - ins;
  state.resident += ins - outs;
  state.slots = Math.min(total, Math.max(state.swapped, limits.slotsKept));
  if (thrashes) state.hitLimit = true;
  note(state, limits);
}

/** It has ended by itself: all it had is free. */
export function endWalker(state: WalkerState): void {
  state.resident = 0;
  state.swapped = 0;
  state.slots = 0;
}
