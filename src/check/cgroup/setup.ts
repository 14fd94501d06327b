import {PROCESS_OVERHEAD} from "../../host/linux/start.ts";
import type {CgroupSpec, HostSpec} from "../../simulation/scenario.ts";
import {kib, mib, mibToKib, type KiB} from "../../units.ts";
import {isObject} from "../collector.ts";
import {maybeNumber} from "../read.ts";
import {argumentsOf} from "../setup.ts";
import {sourced} from "../../source.ts";
import type {Json, JsonObject, Recording} from "../types.ts";

/** Of the recorded overhead, the translation cache an emulated boot fills when nothing limits it. */
export const TRANSLATION_CACHE = sourced(mibToKib(mib(64)), {
  text: "RSS beyond guest RAM is 100 MiB without tb-size, and 66 to 70 MiB with tb-size=32",
  place: "qemu-size-*.json processRssKiB, cgroup-vm-*.json memoryCurrentBytes after the boot, less guest RAM resident",
  version: "recordings of 2026-11-22",
  grade: "derived"
});

const SIZES: Readonly<Record<string, keyof CgroupSpec>> = {
  memoryMaxBytes: "max",
  memoryHighBytes: "high",
  memoryLowBytes: "low",
  memoryMinBytes: "min",
  memorySwapMaxBytes: "swapMax",
  memoryLimitBytes: "max",
  memoryMemswLimitBytes: "memswMax",
  memorySoftLimitBytes: "soft"
};

/** The limits a setup states, in bytes; null is "max". */
export function limitsOf(stated: JsonObject): CgroupSpec {
  const sizes = Object.entries(SIZES).flatMap(([key, file]) => {
    const value = maybeNumber(stated[key]);
    return value === undefined ? [] : [[file, kib(value / 1024)] as const];
  });
  return {version: stated["version"] === 1 ? 1 : 2, ...Object.fromEntries(sizes)};
}

/** The cgroup part of a setup; null for a recording without one. */
export function statedCgroup({setup}: Recording): JsonObject | null {
  const {cgroup} = setup;
  return isObject(cgroup) ? cgroup : null;
}

/** QEMU's own memory: less where `-accel tcg,tb-size=` keeps its translation cache small. */
function overheadOf(setup: JsonObject): KiB {
  const limit = argumentsOf(setup).map((word) => /(?:^|,)tb-size=(\d+)/.exec(word)?.[1]).find((found) => found !== undefined);
  const cache = TRANSLATION_CACHE.value;
  return kib(PROCESS_OVERHEAD.value - cache + (limit === undefined ? cache : Math.min(cache, Number(limit) * 1024)));
}

/** What the first state says the host has left: a condition of the run, not a prediction. */
function availableAtStart({steps}: Recording): KiB | null {
  const available: Json | undefined = steps[0]?.after["host"]?.["MemAvailableKiB"];
  return typeof available === "number" ? kib(available) : null;
}

/** The host of a recording: what is available before anything runs in the cgroup, and its swap. */
export function hostOf(recording: Recording): HostSpec {
  const {setup} = recording;
  const memory = maybeNumber(setup["hostMemoryMiB"]);
  const ram = availableAtStart(recording) ?? (memory === undefined ? undefined : mibToKib(mib(memory)));
  const stated = statedCgroup(recording);
  return {ram, swap: kib(maybeNumber(setup["hostSwapKiB"]) ?? 0), overhead: overheadOf(setup), cgroup: stated === null ? {} : limitsOf(stated)};
}
