import {fail} from "../../domain/libvirt/error.ts";
import {hasBalloon, type DomainDef} from "../../domain/libvirt/domain-def.ts";
import {kib, seconds, type KiB} from "../../units.ts";
import type {Change, DomainState, GuestStats} from "../types.ts";
import {infoEsx} from "./esx.ts";
import {addressedDef, addressedDefs, replaceDefs} from "./impact.ts";
import {infoLxc} from "./lxc.ts";

/** One statistic with the word virsh prints for it; sizes KiB, faults counts. */
export interface MemoryStat {
  readonly name: string;
  readonly value: number;
}

/** The mock driver's clock stands at this second (testDomainMemoryStats of libvirt 9.0.0). */
const TEST_LAST_UPDATE = 627319920;

/** In the order QEMU's driver asks for them (qemuMonitorJSONGetMemoryStats). */
const statWords: readonly (readonly [keyof GuestStats, string])[] = [
  ["swapIn", "swap_in"],
  ["swapOut", "swap_out"],
  ["majorFaults", "major_fault"],
  ["minorFaults", "minor_fault"],
  ["unused", "unused"],
  ["available", "available"],
  ["usable", "usable"],
  ["lastUpdate", "last_update"],
  ["diskCaches", "disk_caches"],
  ["hugetlbPageAllocations", "hugetlb_pgalloc"],
  ["hugetlbPageFailures", "hugetlb_pgfail"]
];

/** Xen counts pages of 4 KiB. */
const wholePages = (size: KiB): KiB => kib(size - (size % 4));

function requireRunning(state: DomainState): void {
  if (state.id === null) fail("VIR_ERR_OPERATION_INVALID", "domain is not running");
}

const listed = (stats: GuestStats): MemoryStat[] =>
  statWords.flatMap(([key, name]) => {
    const value = stats[key];
    return value === undefined ? [] : [{name, value}];
  });

function qemuStats({def, running}: DomainState): readonly MemoryStat[] {
  const stats = running?.stats ?? {lastUpdate: 0};
  const balloon = hasBalloon(def) ? [{name: "actual", value: def.current}, ...listed(stats)] : [];
  const rss = running?.rss ?? null;
  return rss === null ? balloon : [...balloon, {name: "rss", value: rss}];
}

/** Canned: every number is a share of the current memory. */
function testStats({def}: DomainState): readonly MemoryStat[] {
  if (!hasBalloon(def)) return [];
  const {current} = def;
  const half = kib(Math.trunc(current / 2));
  const stats: GuestStats = {
    swapIn: kib(0),
    swapOut: kib(0),
    majorFaults: 0,
    minorFaults: 0,
    unused: half,
    available: current,
    usable: half,
    lastUpdate: TEST_LAST_UPDATE,
    diskCaches: kib(Math.trunc(current / 8)),
    hugetlbPageAllocations: 0,
    hugetlbPageFailures: 0
  };
  return [{name: "actual", value: current}, ...listed(stats), {name: "rss", value: half}];
}

/** What a Xen domain owns, whole pages; "available" is its maximum here, not the guest's MemTotal. */
const xenStats = ({def}: DomainState): readonly MemoryStat[] => [
  {name: "actual", value: wholePages(def.current)},
  {name: "available", value: def.total}
];

/**
 * What a container's cgroup says: "swap_in" is its use of swap, or of memory and swap together on v1,
 * and "rss" its use of memory. A value that nobody measured is left out.
 * Source: libvirt 4.10 src/lxc/lxc_driver.c lxcDomainMemoryStats.
 */
function lxcStats({def, running}: DomainState): readonly MemoryStat[] {
  const measured = [
    {name: "swap_in", value: running?.stats.swapIn ?? null},
    {name: "rss", value: running?.rss ?? null}
  ];
  return [{name: "actual", value: def.current}, ...measured.flatMap(({name, value}) => (value === null ? [] : [{name, value}]))];
}

/** ESX has no such call, and is refused before. */
const statsOf = {qemu: qemuStats, test: testStats, xen: xenStats, lxc: lxcStats, esx: xenStats};

/**
 * virDomainMemoryStats. The RSS is missing while nobody has measured it.
 * @throws LibvirtFailure OPERATION_INVALID
 */
export function memoryStats(state: DomainState): readonly MemoryStat[] {
  requireRunning(state);
  return statsOf[state.driver](state);
}

function withPeriod(def: DomainDef, period: number): DomainDef {
  if (!hasBalloon(def)) fail("VIR_ERR_INTERNAL_ERROR", "No memory balloon device configured, can not set the collection period");
  return {...def, balloon: {...def.balloon, period}};
}

/**
 * virDomainSetMemoryStatsPeriod.
 * @param period seconds, 0 turns polling off.
 * @throws LibvirtFailure
 * Source: libvirt 9.0.0 src/qemu/qemu_driver.c qemuDomainSetMemoryStatsPeriod, src/test/test_driver.c testDomainSetMemoryStatsPeriod.
 */
export function setStatsPeriod(state: DomainState, period: number, flags: number): Change {
  if (state.driver === "test") {
    const {def, live} = addressedDef(state, flags);
    const changed = withPeriod(def, period);
    return {state: replaceDefs(state, live ? {live: changed, config: null} : {live: null, config: changed}), effects: []};
  }
  const {live, config} = addressedDefs(state, flags);
  const changed = {live: live && withPeriod(live, period), config: config && withPeriod(config, period)};
  return {state: replaceDefs(state, changed), effects: live ? [{kind: "stats-period", period: seconds(period)}] : []};
}

/** virDomainGetInfo: the two sizes of `virsh dominfo`, KiB. */
export function domainInfo(state: DomainState): {readonly maxMem: KiB; readonly memory: KiB} {
  const {driver, def, id} = state;
  if (driver === "esx") return infoEsx(state);
  if (driver === "lxc") return infoLxc(state);
  if (driver === "xen" && id !== null) return {maxMem: def.total, memory: wholePages(def.current)};
  const withoutBalloon = driver === "qemu" && id !== null && !hasBalloon(def);
  return {maxMem: def.total, memory: withoutBalloon ? def.total : def.current};
}

/** The `balloon.` group of `virsh domstats`; only QEMU's driver has one. */
export function balloonGroup(state: DomainState): readonly MemoryStat[] {
  if (state.driver !== "qemu") return [];
  const {def, id} = state;
  const sizes = [
    {name: "balloon.current", value: hasBalloon(def) ? def.current : def.total},
    {name: "balloon.maximum", value: def.total}
  ];
  const stats = id === null ? [] : memoryStats(state).filter(({name}) => name !== "actual");
  return [...sizes, ...stats.map(({name, value}) => ({name: `balloon.${name === "last_update" ? "last-update" : name}`, value}))];
}
