import {ballooned} from "../../guest/balloon/xen-linux.ts";
import {exact} from "../bars.ts";
import {isObject} from "../collector.ts";
import {list} from "../read.ts";
import type {Bar, Collector, JsonObject, Recording} from "../types.ts";
import {withinBatch} from "./compare.ts";
import type {XenPlayer} from "./player.ts";

/** Schedule of attempts, seconds: "at about 0, 2, 6 and 14". */
const SCHEDULE: Bar = {kind: "relative-or-absolute", fraction: 0.1, absolute: 0.5};
const QUIET = "(no OOM kill and no balloon message in the guest log)";

function compareEvent(event: JsonObject, path: string, player: XenPlayer, found: Collector): void {
  const line = event["line"];
  if (typeof line !== "string") return;
  const said = player.log.entries().filter(({text}) => text === line);
  const overAllocation = line.includes("Over-allocation");
  if (line === QUIET) found.exact(`${path}.line`, player.world.state.guest.counters.oomKills === 0 ? QUIET : "(something was said)", line);
  else if (said.length > 0 || overAllocation || /balloon|p2m_pod|domain_crash|crashed on/.test(line)) found.exact(`${path}.line`, said[0]?.text ?? null, line);
  else found.cannot(`${path}.line`, "the guest kernel's own test of its memory");
  if (overAllocation) found.exact(`${path}.count`, said.reduce((sum, {count}) => sum + count, 0), event["count"] ?? null);
  else if (event["count"] !== undefined) found.cannot(`${path}.count`, "how often a line is repeated before the domain stops");
  for (const key of ["source", "uptimeSeconds"]) if (event[key] !== undefined) found.cannot(`${path}.${key}`, "who wrote it, and when on the recorded machine");
}

/** Kernel and hypervisor lines that were worth keeping. */
export function compareXenEvents(recording: Recording, player: XenPlayer, found: Collector): void {
  recording.events.forEach((event, i) => compareEvent(event, `events[${i}]`, player, found));
}

/** Separate movements of a balloon that stalls: what each came down to, and when it was tried after the first failure. */
export function compareAttempts(recording: Recording, player: XenPlayer, found: Collector): void {
  const attempts = list(recording.raw["attempts"], "attempts").filter(isObject);
  if (attempts.length === 0) return;
  const {balloon, domain, guest} = player.world.state;
  const failures = balloon.failures.slice(-attempts.length);
  const beyond = (domain.tot - balloon.current) * 4;
  found.exact("attempts (number)", failures.length, attempts.length);
  found.exact("attempts (balloon is not empty)", ballooned(guest) > 0, true);
  attempts.forEach((attempt, i) => {
    const failure = failures[i];
    const path = `attempts[${i}]`;
    found.compare(`${path}.afterFirstFailureSeconds`, failure ? failure.at - (failures[0]?.at ?? 0) : null, attempt["afterFirstFailureSeconds"] ?? null, SCHEDULE);
    found.compare(`${path}.toKiB`, failure ? failure.current * 4 + beyond : null, attempt["toKiB"] ?? null, withinBatch);
    const from = i === 0 ? null : failures[i - 1];
    if (from) found.compare(`${path}.fromKiB`, from.current * 4 + beyond, attempt["fromKiB"] ?? null, withinBatch);
    else found.compare(`${path}.fromKiB`, player.trace.tot.find((value) => value === attempt["fromKiB"]) ?? null, attempt["fromKiB"] ?? null, exact);
    for (const key of ["startSeconds", "endSeconds"]) found.cannot(`${path}.${key}`, "clock readings of the recorded machine");
  });
}
