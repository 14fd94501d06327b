import {exact, none, residentKiB, swappedKiB} from "../bars.ts";
import {isObject} from "../collector.ts";
import type {Bar, Collector, Json, JsonObject, Recording} from "../types.ts";

/** What a replay says of a cgroup and of the host's swap. Sizes KiB, counts pages where recordings count pages. */
export interface CgroupNumbers {
  readonly current: number;
  readonly swap: number;
  readonly peak: number;
  readonly max: number | null;
  readonly swapMax: number | null;
  readonly hitMax: boolean;
  readonly hitHigh: boolean;
  readonly belowLow: boolean;
  readonly oomKills: number;
  readonly hostSwap: number;
  readonly swappedInPages: number;
  readonly swappedOutPages: number;
  /** What `actualKiB` shows; null without a VM. */
  readonly actual: number | null;
}

const inBytes = (bar: Bar): Bar => (bar.kind === "relative-or-absolute" ? {...bar, absolute: bar.absolute * 1024} : bar);
const inPages = (bar: Bar): Bar => (bar.kind === "relative-or-absolute" ? {...bar, absolute: bar.absolute / 4} : bar);
const bytes = (size: number | null): number | null => (size === null ? null : size * 1024);

type Field = readonly [predicted: Json, bar: Bar];

/** A bar for a number; where one side is "max" or gone, equality. */
function put(found: Collector, path: string, [predicted, bar]: Field, observed: Json): void {
  found.compare(path, predicted, observed, typeof predicted === typeof observed ? bar : exact);
}

/** Fields of the `cgroup` group; counts of events by whether there were any, but kills. */
function compareCgroup(found: Collector, path: string, group: JsonObject, numbers: CgroupNumbers): void {
  const fields: Readonly<Record<string, Field>> = {
    memoryCurrentBytes: [bytes(numbers.current), inBytes(residentKiB)],
    memorySwapCurrentBytes: [bytes(numbers.swap), inBytes(swappedKiB)],
    memoryPeakBytes: [bytes(numbers.peak), inBytes(residentKiB)],
    memoryMaxBytes: [bytes(numbers.max), exact],
    memorySwapMaxBytes: [bytes(numbers.swapMax), exact]
  };
  for (const [key, observed] of Object.entries(group)) {
    const field = fields[key];
    if (field !== undefined) put(found, `${path}.${key}`, field, observed);
    else if (key === "memoryEvents" && isObject(observed)) compareEventCounts(found, `${path}.${key}`, observed, numbers);
    else found.cannot(`${path}.${key}`, key === "memorySwapEvents" ? "a swap device that is too scattered for a huge page counts as a failure; how scattered is not modelled" : "the kernel's own statistics of reclaim are not modelled");
  }
}

function compareEventCounts(found: Collector, path: string, events: JsonObject, numbers: CgroupNumbers): void {
  const any: Readonly<Record<string, boolean>> = {max: numbers.hitMax, high: numbers.hitHigh, low: numbers.belowLow, oom: numbers.oomKills > 0};
  for (const [key, count] of Object.entries(events)) {
    if (key === "oom_kill") found.exact(`${path}.${key}`, numbers.oomKills, count);
    else if (key === "oom_group_kill") found.exact(`${path}.${key}`, 0, count);
    else if (typeof count === "number" && key in any) found.exact(`${path}.${key}.any`, any[key] ?? false, count > 0);
    else found.cannot(`${path}.${key}`, "not an event the model knows");
  }
}

/** What the rest of the host holds is a condition of the run. */
const HOST_INPUTS = new Set(["MemTotalKiB", "MemFreeKiB", "MemAvailableKiB", "AnonPagesKiB", "CachedKiB"]);

function compareHost(found: Collector, path: string, group: JsonObject, numbers: CgroupNumbers): void {
  const fields: Readonly<Record<string, Field>> = {
    SwapTotalKiB: [numbers.hostSwap, exact],
    pagesSwappedIn: [numbers.swappedInPages, inPages(swappedKiB)],
    pagesSwappedOut: [numbers.swappedOutPages, inPages(swappedKiB)],
    oomKills: [numbers.oomKills, exact],
    cgroupCurrentKiB: [numbers.current, residentKiB],
    cgroupSwapKiB: [numbers.swap, swappedKiB],
    actualKiB: [numbers.actual, exact]
  };
  const {SwapTotalKiB: total, SwapFreeKiB: free} = group;
  for (const [key, observed] of Object.entries(group)) {
    const field = fields[key];
    if (field !== undefined) put(found, `${path}.${key}`, field, observed);
    else if (key === "SwapFreeKiB" && typeof total === "number" && typeof free === "number") found.compare(`${path}.SwapFreeKiB.swapped`, numbers.swap, total - free, swappedKiB);
    else found.cannot(`${path}.${key}`, HOST_INPUTS.has(key) ? "what the rest of the host holds is a condition of the run" : "not a field the model knows");
  }
}

/** Holds a state's `host` and `cgroup` groups against the replay. */
export function compareGroups(found: Collector, path: string, after: Readonly<Record<string, JsonObject>>, numbers: CgroupNumbers): void {
  const {host, cgroup} = after;
  if (host) compareHost(found, `${path}.after.host`, host, numbers);
  if (cgroup) compareCgroup(found, `${path}.after.cgroup`, cgroup, numbers);
}

/** The host kernel's kills, by number. */
export function compareHostEvents(recording: Recording, kills: number, found: Collector): void {
  const host = recording.events.filter(({source}) => source === "host kernel");
  const killed = host.filter(({text}) => typeof text === "string" && /[Oo]ut of memory: Killed process/.test(text)).length;
  found.exact("events.host kernel kills", kills, killed);
  recording.events.forEach((_, i) => found.cannot(`events[${i}]`, "which task the kernel names, and its sizes to the page, are not modelled; kills are counted"));
}

/** The largest value of each recorded column that says how far it went. */
export function comparePeaks(recording: Recording, peaks: Readonly<Record<string, number>>, found: Collector): void {
  for (const [table, columns] of Object.entries(recording.series)) {
    for (const [key, cells] of Object.entries(columns)) {
      const path = `series.${table}.${key}`;
      const predicted = table === "host" ? peaks[key] : undefined;
      const values = cells.filter((cell) => cell !== null);
      if (predicted === undefined || values.length === 0) found.cannot(path, "rows read while things moved, at the speed of the machine that was recorded");
      else found.compare(`${path}.largest`, predicted, Math.max(...values), BARS[key] ?? none);
    }
  }
}

/** A row of memory.current can miss the largest by what is charged between two rows; memory.peak is held to the bar instead. */
const BARS: Readonly<Record<string, Bar>> = {cgroupSwapKiB: swappedKiB, cgroupEventsOomKill: exact};
