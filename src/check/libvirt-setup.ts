import {hasBalloon, noLimits, UNLIMITED, type BalloonDef, type BalloonModel, type DomainDef} from "../domain/libvirt/domain-def.ts";
import {parseVersion, RECORDED_VERSION} from "../domain/libvirt/version.ts";
import type {ConnectionFacts, DomainState} from "../control/types.ts";
import type {Host} from "../control/virsh/host.ts";
import {kib, type KiB} from "../units.ts";
import {isObject} from "./collector.ts";
import {maybeNumber} from "./read.ts";
import type {Json, JsonObject, Recording} from "./types.ts";

/** A libvirt URI's driver, or null for one the model has not. */
export function driverOf(uri: string): Host["driver"] | null {
  const name = /^([a-z]+)(?:\+\w+)?:/.exec(uri)?.[1];
  return name === "qemu" || name === "test" || name === "xen" ? name : null;
}

/** libvirt ran with cgroups off when the recordings were made (README there). */
export function connectionOf(uri: string): ConnectionFacts {
  return {session: uri.endsWith("/session"), readOnly: false, cgroupMemory: false};
}

/** A host with nothing on it. */
export function emptyHost(recording: Recording, uri: string, driver: Host["driver"]): Host {
  const stated = recording.recorded["libvirt"];
  const version = typeof stated === "string" ? parseVersion(stated) : null;
  return {driver, version: version ?? RECORDED_VERSION, connection: connectionOf(uri), domains: [], files: {}, nextId: 2};
}

const MODELS: readonly BalloonModel[] = ["virtio", "xen", "none", "virtio-transitional", "virtio-non-transitional"];

/** The `domain` of a setup: an object, or only a name. */
export const domainOf = ({setup}: Recording): JsonObject => {
  const {domain} = setup;
  return isObject(domain) ? domain : typeof domain === "string" ? {name: domain} : {};
};

/** The domain's balloon device; virtio where nothing is said, as libvirt adds one. */
function balloonOf(domain: JsonObject): BalloonDef {
  const model = MODELS.find((one) => one === domain["memballoonModel"]) ?? "virtio";
  return {model, autodeflate: domain["autodeflate"] === true || domain["autodeflate"] === "on", freePageReporting: false, period: 0};
}

const size = (from: JsonObject, key: string, otherwise: KiB): KiB => kib(maybeNumber(from[key]) ?? otherwise);

/** A definition as a row gives it, over what is known of the domain already. */
function defOf(row: JsonObject, base: DomainDef): DomainDef {
  const tune = isObject(row["memtune"]) ? row["memtune"] : {};
  return {
    ...base,
    total: size(row, "memoryKiB", base.total),
    current: size(row, "currentMemoryKiB", base.current),
    max: size(row, "maxMemoryKiB", base.max),
    slots: maybeNumber(row["maxMemorySlots"]) ?? base.slots,
    limits: {
      hard: size(tune, "hardLimitKiB", UNLIMITED),
      soft: size(tune, "softLimitKiB", UNLIMITED),
      swapHard: size(tune, "swapHardLimitKiB", UNLIMITED),
      minGuarantee: size(tune, "minGuaranteeKiB", kib(0))
    }
  };
}

/** The domain before anything is known but the setup. */
export function setupDef(recording: Recording): DomainDef {
  const domain = domainOf(recording);
  const total = size(recording.setup, "memoryKiB", kib((maybeNumber(domain["memoryMiB"]) ?? 0) * 1024));
  const name = domain["name"];
  const type = domain["type"];
  return {
    name: typeof name === "string" ? name : "",
    type: typeof type === "string" ? type : "qemu",
    arch: "x86_64",
    vcpus: maybeNumber(domain["vcpus"]) ?? 1,
    total,
    current: size(recording.setup, "currentMemoryKiB", kib((maybeNumber(domain["currentMemoryMiB"]) ?? total / 1024) * 1024)),
    max: kib(0),
    slots: 0,
    limits: noLimits,
    cells: [],
    devices: [],
    balloon: balloonOf(domain)
  };
}

/**
 * The domain as a row's `given` describes it. What `given` leaves out (the
 * statistics period, devices) stays as the rows before left it.
 */
export function stateOf(given: JsonObject, before: DomainState | null, fallback: DomainDef, driver: DomainState["driver"], connection: ConnectionFacts): DomainState {
  const running = given["state"] !== "shut off";
  const def = defOf(given, before?.def ?? fallback);
  const inactive = isObject(given["inactive"]) ? given["inactive"] : null;
  return {
    driver,
    def,
    next: running && inactive ? defOf(inactive, before?.next ?? def) : null,
    id: running ? (before?.id ?? 1) : null,
    persistent: !running || inactive !== null,
    running: running ? (before?.running ?? {rss: null, stats: {lastUpdate: 0}}) : null,
    connection
  };
}

/** The limits of a definition as recordings write them, or nothing when none is set. */
function memtuneOf({limits: {hard, soft, swapHard, minGuarantee}}: DomainDef): JsonObject | null {
  const set: Record<string, Json> = {};
  if (hard < UNLIMITED) set["hardLimitKiB"] = hard;
  if (soft < UNLIMITED) set["softLimitKiB"] = soft;
  if (swapHard < UNLIMITED) set["swapHardLimitKiB"] = swapHard;
  if (minGuarantee > 0) set["minGuaranteeKiB"] = minGuarantee;
  return Object.keys(set).length > 0 ? set : null;
}

/** A definition in the words of a recording's `result`. */
export function describeDef(def: DomainDef): JsonObject {
  const memtune = memtuneOf(def);
  return {
    memoryKiB: def.total,
    currentMemoryKiB: def.current,
    ...(def.max > 0 ? {maxMemoryKiB: def.max, maxMemorySlots: def.slots} : {}),
    ...(memtune ? {memtune} : {})
  };
}

/** Whether the live `<currentMemory>` may move without a command: a guest has a say in it. */
export const guestDecides = ({driver, def, id}: DomainState): boolean => driver === "qemu" && id !== null && hasBalloon(def);
