import type {LogEntry} from "../../simulation/log.ts";
import type {Collector, JsonObject, Recording} from "../types.ts";

const textOf = (event: JsonObject): string => (typeof event["text"] === "string" ? event["text"] : "");

/** What kernel lines have in common between a replay and a recording: who was killed, by name and order, and how it ended. */
function essence(text: string): string | null {
  const killed = /Out of memory: Killed process \d+ \(([^)]*)\)/.exec(text);
  if (killed) return "a process killed";
  if (text.includes("Out of puff")) return "out of puff";
  return /Kernel panic - not syncing: System is deadlocked on memory/.test(text) ? "panic: deadlocked on memory" : null;
}

/** The distinct things a list of lines tells, in order; kills are counted one by one. */
function story(lines: readonly string[]): string[] {
  const told: string[] = [];
  for (const line of lines) {
    const what = essence(line);
    if (what !== null && (what === "a process killed" || told.at(-1) !== what)) told.push(what);
  }
  return told;
}

/**
 * Compares the events that a replay can know: what the guest's kernel said. QEMU
 * sends at most one BALLOON_CHANGE a second, so which sizes they name depends on
 * the machine's speed.
 */
export function compareEvents(recording: Recording, log: readonly LogEntry[], found: Collector): void {
  const {events} = recording;
  if (events.length === 0) return;
  const kernel = events.filter(({source}) => source === "guest kernel").map(textOf);
  found.exact("events (guest kernel)", story(log.map(({text}) => text)), story(kernel));
  if (events.some(({text}) => text === "BALLOON_CHANGE")) found.cannot("events (BALLOON_CHANGE)", "which sizes they name depends on the machine's speed; actual is compared instead");
}
