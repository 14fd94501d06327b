import type {World} from "../../simulation/world.ts";
import type {LogEntry} from "../../simulation/log.ts";
import type {Collector, JsonObject, Recording} from "../types.ts";
import {maybeNumber} from "../read.ts";

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
 * Compares the events that a replay can know: what the guest's kernel said, and
 * the size in the last BALLOON_CHANGE. QEMU sends at most one of these a second,
 * so the ones in between depend on the machine's speed.
 */
export function compareEvents(recording: Recording, world: World, log: readonly LogEntry[], found: Collector): void {
  const kernel = recording.events.filter(({source}) => source === "guest kernel").map(textOf);
  if (recording.events.length === 0) return;
  found.exact("events (guest kernel)", story(log.map(({text}) => text)), story(kernel));
  const changes = recording.events.map((event, i) => ({event, i})).filter(({event}) => event["text"] === "BALLOON_CHANGE");
  const last = changes.at(-1);
  const observed = last && maybeNumber(last.event["actualKiB"]);
  if (last === undefined || observed === undefined) return;
  found.cannot("events (BALLOON_CHANGE)", "all but the last one depend on the machine's speed, and so does the last when a process ends the recording");
}
