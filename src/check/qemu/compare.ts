import type {World} from "../../simulation/world.ts";
import {bootMemTotal, exact, none, residentKiB, stallFloor} from "../bars.ts";
import {isObject} from "../collector.ts";
import type {Bar, Collector, Json, JsonObject, RecordedStep} from "../types.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import {guestFields, hostFields, statsFields} from "./state.ts";

/** Running counters: off by nothing, unless the balloon has stalled before. */
const COUNTERS = new Set(["balloonInflatePages", "balloonDeflatePages"]);
/** Free memory: no bar of the project names it, ours is what the per-CPU lists hide. */
const FREE = new Set(["MemFreeKiB", "MemAvailableKiB"]);
/** Fields that are exact always. */
const EXACT = new Set(["oomKills", "SwapTotalKiB", "SwapFreeKiB", "pagesSwappedIn", "pagesSwappedOut", "processSwappedKiB"]);
/** MemTotal and what follows from it: absolute within the bar of the boot, the change since the first reading exact. */
const FROM_BOOT = new Set(["MemTotalKiB", "managedPages", "CommitLimitKiB"]);

/** The first reading of each field, to hold changes against. */
export type Baseline = Map<string, {readonly predicted: number; readonly observed: number}>;

export interface Comparer {
  readonly found: Collector;
  readonly world: World;
  readonly baseline: Baseline;
  /**
   * The running counters hold a stall, or what a file's writer made the OOM path give:
   * numbers that no recording claims to repeat. They are held to the bar of a stall from then on.
   */
  roughCounters: boolean;
  /** The same of the balloon itself, until the host sends it a target that it reaches. */
  roughBalloon: boolean;
}

/** MemFree and its like: the pages a full per-CPU list hides, and 2 % (or the bar of small things, 4 MiB). */
function freeBar({state}: World): Bar {
  const {high} = state.guest.perCpu;
  return {kind: "relative-or-absolute", fraction: 0.02, absolute: (high.reduce((sum, pages) => sum + pages, 0) + 1024) * KIB_PER_PAGE};
}

function barOf(comparer: Comparer, key: string): Bar {
  if (key === "actualKiB") return comparer.roughBalloon ? stallFloor : exact;
  if (COUNTERS.has(key)) return comparer.roughCounters ? stallFloor : exact;
  if (EXACT.has(key)) return exact;
  if (FREE.has(key)) return freeBar(comparer.world);
  return key === "guestRamResidentKiB" ? residentKiB : none;
}

function compareFromBoot({found, baseline, roughBalloon}: Comparer, path: string, key: string, predicted: number, observed: number): void {
  if (roughBalloon) {
    found.compare(path, predicted, observed, stallFloor);
    return;
  }
  found.compare(path, predicted, observed, bootMemTotal);
  const first = baseline.get(key);
  if (first === undefined) baseline.set(key, {predicted, observed});
  else found.exact(`${path} (change)`, predicted - first.predicted, observed - first.observed);
}

/** Notes a state that is not compared, so that later changes have something to start from. */
export function takeBaseline({world, baseline}: Comparer, observed: JsonObject): void {
  const fields = guestFields(world);
  for (const key of FROM_BOOT) {
    const [predicted, value] = [fields[key], observed[key]];
    if (predicted !== undefined && typeof value === "number") baseline.set(key, {predicted, observed: value});
  }
}

function compareFields(comparer: Comparer, path: string, fields: Readonly<Record<string, number | null>>, observed: JsonObject): void {
  for (const [key, value] of Object.entries(observed)) {
    const predicted = fields[key];
    const at = `${path}.${key}`;
    if (predicted === undefined) continue;
    if (typeof predicted === "number" && typeof value === "number" && FROM_BOOT.has(key)) compareFromBoot(comparer, at, key, predicted, value);
    else comparer.found.compare(at, predicted, value, typeof predicted === typeof value ? barOf(comparer, key) : exact);
  }
}

function compareZones({found, world}: Comparer, path: string, observed: Json): void {
  if (!Array.isArray(observed)) return;
  const {zones} = world.state.guest;
  (observed as readonly Json[]).forEach((zone, i) => {
    if (!isObject(zone)) return;
    const shown: Record<string, number | undefined> = {freePages: zones.free[i], managedPages: zones.managed[i]};
    for (const [key, predicted] of Object.entries(shown)) {
      if (predicted !== undefined && zone[key] !== undefined) found.show(`${path}[${i}].${key}`, predicted, zone[key]);
    }
  });
}

function compareStats(comparer: Comparer, path: string, observed: JsonObject): void {
  compareFields(comparer, path, statsFields(comparer.world), observed);
  const updated = observed["lastUpdateEpochSeconds"];
  const never = comparer.world.state.stats.updatedAt < 0;
  if (updated !== undefined) comparer.found.exact(`${path}.lastUpdateEpochSeconds (never)`, never, updated === 0);
}

function unpredictedFields(found: Collector, path: string, observed: JsonObject, known: readonly string[]): void {
  for (const key of Object.keys(observed)) {
    if (!known.includes(key)) found.cannot(`${path}.${key}`, UNPREDICTED[key] ?? "not a field the model knows");
  }
}

const UNPREDICTED: Readonly<Record<string, string>> = {
  DirectMap4kKiB: "how the kernel splits its direct map is not modelled",
  DirectMap2MKiB: "how the kernel splits its direct map is not modelled",
  CommittedAsKiB: "the address space of the recorder's own programs is not modelled",
  processAnonHugePagesKiB: "which host pages are huge is not modelled",
  majorFaults: "faults of the recorder's own programs are not modelled",
  minorFaults: "faults of the recorder's own programs are not modelled",
  BuffersKiB: "the recordings' guests have no block device"
};

/** Holds the recorded state after a step against the replayed one. */
export function compareState(comparer: Comparer, step: RecordedStep): void {
  const {found, world} = comparer;
  const {guest, host} = step.after;
  if (guest) {
    const path = `${step.path}.after.guest`;
    const fields = guestFields(world);
    compareFields(comparer, path, fields, guest);
    if (guest["zones"] !== undefined) compareZones(comparer, `${path}.zones`, guest["zones"]);
    unpredictedFields(found, path, guest, [...Object.keys(fields), "zones", "presentPages", "perCpuLists"]);
    if (guest["presentPages"] !== undefined) found.exact(`${path}.presentPages`, world.options.boot.zones.reduce((sum, {present}) => sum + present, 0), guest["presentPages"]);
  }
  if (host) compareHost(comparer, `${step.path}.after.host`, host);
}

/** The host's part of a state; of the boot's state only what the boot's own replay leaves. */
export function compareHost(comparer: Comparer, path: string, host: JsonObject, skip: readonly string[] = []): void {
  const fields = Object.fromEntries(Object.entries(hostFields(comparer.world)).filter(([key]) => !skip.includes(key)));
  compareFields(comparer, path, fields, host);
  const stats = host["guestStats"];
  if (isObject(stats)) {
    compareStats(comparer, `${path}.guestStats`, stats);
    unpredictedFields(comparer.found, `${path}.guestStats`, stats, [...Object.keys(statsFields(comparer.world)), "lastUpdateEpochSeconds"]);
  }
  unpredictedFields(comparer.found, path, host, [...Object.keys(fields), ...skip, "guestStats"]);
}
