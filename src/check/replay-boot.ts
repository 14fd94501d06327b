import {resolveMachine, type Machine} from "../domain/machine.ts";
import type {E820Entry} from "../domain/memory-map/types.ts";
import {bootGuest} from "../guest/boot/boot.ts";
import type {BootState, BootZone} from "../guest/boot/types.ts";
import {bootMemTotal} from "./bars.ts";
import {isObject} from "./collector.ts";
import {replayBootLog} from "./replay-boot-log.ts";
import {list, object} from "./read.ts";
import {argumentsOf, machineSpecOf} from "./setup.ts";
import type {Collector, Json, JsonObject, Recording, RecordedStep, Replayer} from "./types.ts";

const SAME_EVERY_BOOT = ["SwapTotalKiB", "SwapFreeKiB", "BuffersKiB", "balloonInflatePages", "balloonDeflatePages", "oomKills", "pagesSwappedIn", "pagesSwappedOut"];

const asJson = ({start, end, type}: E820Entry): Json => ({start, end, type});

/** System RAM of /proc/iomem: the usable ranges less page 0. */
const systemRam = (boot: BootState): Json[] =>
  boot.map.e820.filter(({type}) => type === "usable").map(({start, end}) => ({start: Math.max(start, 4096), end, type: "System RAM"}));

function replayMap(recording: Recording, boot: BootState, found: Collector): void {
  const {raw} = recording;
  if (raw["e820"] !== undefined) found.exact("e820", boot.map.e820.map(asJson), raw["e820"]);
  if (raw["iomem"] !== undefined) found.exact("iomem", systemRam(boot), raw["iomem"]);
  const derived = raw["derived"];
  if (!isObject(derived)) return;
  for (const [key, observed] of Object.entries(derived)) {
    const path = `derived.${key}`;
    if (key === "e820UsableBytes") found.exact(path, boot.map.usable, observed);
    else if (key === "MemTotalBelowMemoryKiB") found.show(path, boot.map.split.below4g / 1024 + boot.map.split.above4g / 1024 - boot.memTotal, observed);
    else found.cannot(path, "not a field the model knows");
  }
}

const zoneNumbers = (zone: BootZone): Record<string, number> => ({
  minPages: zone.min,
  lowPages: zone.low,
  highPages: zone.high,
  spannedPages: zone.spanned,
  presentPages: zone.present,
  managedPages: zone.managed
});

function replayZone(boot: BootState, path: string, observed: JsonObject, found: Collector): void {
  const zone = boot.zones.find((one) => one.zone === observed["zone"]);
  if (!zone) {
    found.exact(`${path}.zone`, null, observed["zone"] ?? null);
    return;
  }
  for (const [key, predicted] of Object.entries(zoneNumbers(zone))) {
    const value = observed[key];
    if (value === undefined) continue;
    // Where the image lies is random above 4 GiB, and the watermarks follow.
    if (key === "spannedPages" || key === "presentPages") found.exact(`${path}.${key}`, predicted, value);
    else found.compare(`${path}.${key}`, predicted, value, key === "managedPages" && boot.memTotalWobble === 0 ? bootMemTotal : {kind: "none"});
  }
}

/** Fields of the guest that follow from boot alone and are held to a bar. */
const judged = (boot: BootState): Map<string, number> => new Map(Object.entries({MemTotalKiB: boot.memTotal, managedPages: boot.memTotal / 4}));

/** Fields that are shown with their error: no bar names them. */
const shown = (boot: BootState): Map<string, number> => new Map(Object.entries({
  MemFreeKiB: boot.memFree,
  CommitLimitKiB: Math.floor(boot.memTotal / 8) * 4,
  CachedKiB: boot.cached,
  ShmemKiB: boot.cached,
  AnonPagesKiB: boot.anon,
  SlabKiB: boot.slab,
  KReclaimableKiB: boot.slabReclaimable,
  SUnreclaimKiB: boot.slab - boot.slabReclaimable,
  PageTablesKiB: boot.pageTables,
  KernelStackKiB: boot.kernelStack,
  PercpuKiB: boot.perCpu
}));

function replayGuest(boot: BootState, path: string, guest: JsonObject, found: Collector): void {
  const [hard, soft] = [judged(boot), shown(boot)];
  for (const [key, observed] of Object.entries(guest)) {
    const at = `${path}.${key}`;
    const [exactly, roughly] = [hard.get(key), soft.get(key)];
    if (exactly !== undefined) found.compare(at, exactly, observed, bootMemTotal);
    else if (key === "presentPages") found.exact(at, boot.zones.reduce((sum, {present}) => sum + present, 0), observed);
    else if (roughly !== undefined) found.show(at, roughly, observed);
    else if (SAME_EVERY_BOOT.includes(key)) found.exact(at, 0, observed);
    else if (key === "zones") list(observed, at).forEach((zone, i) => replayZone(boot, `${at}[${i}]`, object(zone, at), found));
  }
}

/** The step that started QEMU: its state was read before anything else happened. */
function replayState(step: RecordedStep, machine: Machine, boot: BootState, found: Collector): void {
  const {guest, host} = step.after;
  if (guest) replayGuest(boot, `${step.path}.after.guest`, guest, found);
  if (host?.["actualKiB"] !== undefined) found.exact(`${step.path}.after.host.actualKiB`, machine.balloon ? machine.memory : null, host["actualKiB"]);
}

/** The boot of a QEMU guest: memory map, zones, MemTotal and what is used. */
export const replayBoot: Replayer = {
  name: "boot",
  accepts: ({setup, steps}) => argumentsOf(setup).length > 0 && steps[0]?.act["tool"] === "qemu",
  replay: (recording, found) => {
    const machine = resolveMachine(machineSpecOf(recording));
    const boot = bootGuest(machine);
    replayMap(recording, boot, found);
    replayBootLog(recording, boot, found);
    for (const step of recording.steps.slice(0, 1)) replayState(step, machine, boot, found);
  }
};
