import {isSettled, XEN_BATCH} from "../../guest/balloon/xen-linux.ts";
import type {XenWorld} from "../../simulation/xen/world.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import {exact, none} from "../bars.ts";
import {isObject} from "../collector.ts";
import {list} from "../read.ts";
import type {Bar, Collector, Json, JsonObject, RecordedStep} from "../types.ts";
import {guestFields, sysfsFields, xenFields, xenstoreFields} from "./state.ts";

/** MemTotal of a Xen guest at boot. */
export const xenBootMemTotal: Bar = {kind: "relative", fraction: 0.01};
/** Where a balloon stalls: one batch of frames. */
const BATCH_KIB = XEN_BATCH.value * KIB_PER_PAGE;
export const withinBatch: Bar = {kind: "relative-or-absolute", fraction: 0, absolute: BATCH_KIB};

/** Held to the boot's bar, their change exact. */
const FROM_BOOT = new Set(["MemTotalKiB", "managedPages", "CommitLimitKiB"]);
/** Follow from how far the balloon came; in a stall, within a batch. Units: KiB, or as given. */
const BALLOON = new Map([["currentKiB", 1], ["lowKiB", 1], ["totKiB", 1], ["guestCurrentKiB", 1], ["xlListMemMiB", 1024]]);
/** What the guest's programs and kernel hold: no bar names it. */
const SHOWN = new Set(["MemFreeKiB", "MemAvailableKiB", "freeFreeMiB", "CachedKiB", "ShmemKiB", "AnonPagesKiB", "SlabKiB", "KReclaimableKiB", "SUnreclaimKiB", "PageTablesKiB", "KernelStackKiB", "PercpuKiB"]);

interface Pair {
  readonly predicted: number;
  readonly observed: number;
}

/** What a replay compares with, and the first reading of what is held by its change. */
export interface XenComparer {
  readonly found: Collector;
  readonly world: XenWorld;
  readonly baseline: Map<string, Pair>;
}

/** The guest cannot give what is asked: the place of the stall depends on what else it holds. */
export const isStalled = ({state}: XenWorld): boolean => state.balloon.target < state.balloon.current && (state.balloon.phase === "again" || isSettled(state.balloon));

const scaled = (bar: Bar, unit: number): Bar => (bar.kind === "relative-or-absolute" ? {...bar, absolute: bar.absolute / unit} : bar);

function compareChange({found, baseline, world}: XenComparer, path: string, key: string, predicted: number, observed: number): void {
  const first = baseline.get(key);
  if (first === undefined) {
    baseline.set(key, {predicted, observed});
    found.compare(path, predicted, observed, xenBootMemTotal);
    return;
  }
  found.compare(path, predicted, observed, xenBootMemTotal);
  const unit = key === "managedPages" ? KIB_PER_PAGE : 1;
  found.compare(`${path} (change)`, predicted - first.predicted, observed - first.observed, isStalled(world) ? scaled(withinBatch, unit) : exact);
}

/** `free -m`'s total, from the recorded boot and the predicted change: what is rounded is held whole. */
function compareRounded({found, baseline, world}: XenComparer, path: string, predicted: number, observed: Json): void {
  const first = baseline.get("MemTotalKiB");
  const shift = first ? first.observed - first.predicted : 0;
  const total = Number(guestFields(world)["MemTotalKiB"]) + shift;
  found.compare(path, first ? Math.floor((total + 512) / 1024) : predicted, observed, isStalled(world) ? scaled(withinBatch, 1024) : exact);
}

function compareField(comparer: XenComparer, path: string, key: string, predicted: Json | undefined, observed: Json): void {
  const {found, world} = comparer;
  const unit = BALLOON.get(key);
  if (predicted === undefined) found.cannot(path, "depends on the machine or on programs the recording does not describe");
  else if (FROM_BOOT.has(key) && typeof predicted === "number" && typeof observed === "number") compareChange(comparer, path, key, predicted, observed);
  else if (key === "freeTotalMiB" && typeof predicted === "number") compareRounded(comparer, path, predicted, observed);
  else if (SHOWN.has(key)) found.compare(path, predicted, observed, none);
  else if (unit !== undefined && isStalled(world)) found.compare(path, predicted, observed, scaled(withinBatch, unit));
  else found.exact(path, predicted, observed);
}

/** Zones of /proc/zoneinfo: laid out exactly, managed as MemTotal; watermarks and free pages are shown. */
export function compareZones({found, world}: XenComparer, zones: readonly Json[], path: string): void {
  zones.forEach((zone, i) => {
    if (!isObject(zone)) return;
    const at = world.boot.zones.findIndex((one) => one.zone === zone["zone"]);
    const boot = world.boot.zones[at];
    const {managed, free} = world.state.guest.zones;
    const device = zone["zone"] === "Device" && world.scenario.machine.type === "pvh";
    const predicted: Readonly<Record<string, number>> = boot
      ? {spannedPages: boot.spanned, presentPages: boot.present, managedPages: managed[at] ?? 0, minPages: boot.min, lowPages: boot.low, highPages: boot.high, freePages: free[at] ?? 0}
      : device
        ? {spannedPages: world.scenario.driver.section, presentPages: 0, managedPages: 0}
        : {};
    for (const [key, observed] of Object.entries(zone)) {
      const value = predicted[key];
      if (key === "zone") found.exact(`${path}[${i}].zone`, boot ? boot.zone : device ? "Device" : null, observed);
      else if (value === undefined) found.cannot(`${path}[${i}].${key}`, "not a field the model knows");
      else found.compare(`${path}[${i}].${key}`, value, observed, key === "spannedPages" || key === "presentPages" ? exact : key === "managedPages" ? xenBootMemTotal : none);
    }
  });
}

function compareGroup(comparer: XenComparer, path: string, observed: JsonObject, predicted: Readonly<Record<string, Json>>): void {
  for (const [key, value] of Object.entries(observed)) {
    if (key === "zones") compareZones(comparer, list(value, `${path}.zones`), `${path}.zones`);
    else compareField(comparer, `${path}.${key}`, key, predicted[key], value);
  }
}

/** Free memory of the machine: what dom0 and others hold is not known, so that only the change is shown. */
function compareHostFree({found, baseline, world}: XenComparer, path: string, observed: number): void {
  const predicted = world.state.host.free * KIB_PER_PAGE;
  const first = baseline.get("hostFreeKiB");
  if (first === undefined) {
    baseline.set("hostFreeKiB", {predicted, observed});
    found.cannot(path, "depends on dom0 and the machine; later readings are shown as changes from this one");
  } else found.compare(path, first.observed + predicted - first.predicted, observed, none);
}

function compareExistence({found, world}: XenComparer, path: string, key: string, observed: Json): boolean {
  if (key === "domain") found.exact(path, world.state.running ? "there" : "gone", observed);
  else if (key === "xlList") found.exact(path, world.state.running ? ["Domain-0", world.scenario.name] : ["Domain-0"], observed);
  else return false;
  return true;
}

/** Holds a step's settled state against the world's. */
export function compareXenState(comparer: XenComparer, step: RecordedStep, paused = false): void {
  const {world, found} = comparer;
  const after = step.raw["after"];
  if (!isObject(after)) return;
  const groups: Readonly<Record<string, () => Readonly<Record<string, Json>>>> = {
    guest: () => guestFields(world),
    xen: () => xenFields(world, paused),
    xenstore: () => xenstoreFields(world),
    xenMemory: () => sysfsFields(world)
  };
  for (const [key, observed] of Object.entries(after)) {
    const path = `${step.path}.after.${key}`;
    const fields = groups[key];
    if (fields && isObject(observed)) compareGroup(comparer, path, observed, fields());
    else if (key === "hostFreeKiB" && typeof observed === "number") compareHostFree(comparer, path, observed);
    else if (!compareExistence(comparer, path, key, observed)) found.cannot(path, "not a field the model knows");
  }
}
