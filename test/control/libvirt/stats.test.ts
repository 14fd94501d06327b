import {describe, expect, test} from "vitest";
import {getMemoryStats, setMemoryStatsPeriod} from "../../../src/control/libvirt/api.ts";
import {balloonGroup} from "../../../src/control/libvirt/stats.ts";
import {Flags, type DomainState, type GuestStats} from "../../../src/control/types.ts";
import {kib, seconds} from "../../../src/units.ts";
import {definition} from "../../domain/libvirt/fixture.ts";
import {connection, running, shutOff} from "../fixture.ts";

const {LIVE, CONFIG} = Flags;
const none = {balloon: {...definition().balloon, model: "none"}} as const;
const stats: GuestStats = {
  swapIn: kib(1),
  swapOut: kib(2),
  majorFaults: 3,
  minorFaults: 4,
  unused: kib(5),
  available: kib(6),
  usable: kib(7),
  lastUpdate: 8,
  diskCaches: kib(9),
  hugetlbPageAllocations: 10,
  hugetlbPageFailures: 11
};
const read = (state: DomainState): unknown => {
  const result = getMemoryStats(state);
  return result.ok ? result.value.result.map(({name, value}) => `${name} ${value}`) : [result.error.code, result.error.message];
};

describe("statistics", () => {
  test("everything a guest tells, in QEMU's order", () => {
    const all = ["swap_in 1", "swap_out 2", "major_fault 3", "minor_fault 4", "unused 5", "available 6", "usable 7", "last_update 8", "disk_caches 9", "hugetlb_pgalloc 10", "hugetlb_pgfail 11"];
    expect(read(running({}, {running: {rss: kib(12), stats}}))).toEqual(["actual 524288", ...all, "rss 12"]);
  });
  test("before the first there is no more than the balloon; the RSS only if somebody measured it", () => {
    expect(read(running())).toEqual(["actual 524288", "last_update 0"]);
    expect(read(running({}, {running: null}))).toEqual(["actual 524288", "last_update 0"]);
    expect(read(running(none, {running: {rss: kib(12), stats}}))).toEqual(["rss 12"]);
  });
  test("a domain that is shut off has none", () => {
    const error = ["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: domain is not running"];
    for (const driver of ["qemu", "test", "xen"] as const) expect(read(shutOff({}, {driver}))).toEqual(error);
  });
  test("the mock driver's are shares of the current memory, rounded down", () => {
    expect(read(running({current: kib(1001)}, {driver: "test"}))).toEqual([
      "actual 1001",
      "swap_in 0",
      "swap_out 0",
      "major_fault 0",
      "minor_fault 0",
      "unused 500",
      "available 1001",
      "usable 500",
      "last_update 627319920",
      "disk_caches 125",
      "hugetlb_pgalloc 0",
      "hugetlb_pgfail 0",
      "rss 500"
    ]);
    expect(read(running(none, {driver: "test"}))).toEqual([]);
  });
  test("on Xen available is the maximum", () => {
    expect(read(running({current: kib(511999)}, {driver: "xen"}))).toEqual(["actual 511996", "available 1048576"]);
  });
});

describe("the balloon group of domstats", () => {
  const group = (state: DomainState): unknown => balloonGroup(state).map(({name, value}) => `${name}=${value}`);
  test("sizes, and of a running domain the statistics", () => {
    expect(group(shutOff())).toEqual(["balloon.current=524288", "balloon.maximum=1048576"]);
    expect(group(shutOff(none))).toEqual(["balloon.current=1048576", "balloon.maximum=1048576"]);
    expect(group(running(none, {running: {rss: kib(12), stats}}))).toEqual(["balloon.current=1048576", "balloon.maximum=1048576", "balloon.rss=12"]);
    expect(group(running({}, {running: {rss: kib(12), stats: {lastUpdate: 8, unused: kib(5)}}}))).toEqual([
      "balloon.current=524288",
      "balloon.maximum=1048576",
      "balloon.unused=5",
      "balloon.last-update=8",
      "balloon.rss=12"
    ]);
  });
  test("other drivers have no such group", () => {
    expect([group(running({}, {driver: "test"})), group(running({}, {driver: "xen"}))]).toEqual([[], []]);
  });
});

describe("how often", () => {
  const set = (state: DomainState, period: number, flags: number): unknown => {
    const result = setMemoryStatsPeriod(state, period, flags);
    if (!result.ok) return [result.error.code, result.error.message];
    const {state: changed, effects} = result.value;
    return {def: changed?.def.balloon.period, next: changed?.next?.balloon.period, effects};
  };
  const noBalloon = ["VIR_ERR_INTERNAL_ERROR", "internal error: No memory balloon device configured, can not set the collection period"];

  test("live it is asked of the device, stored it waits for the next start", () => {
    expect(set(running(), 5, LIVE)).toEqual({def: 5, next: 0, effects: [{kind: "stats-period", period: seconds(5)}]});
    expect(set(running(), 5, CONFIG)).toEqual({def: 0, next: 5, effects: []});
    expect(set(running(), 5, LIVE | CONFIG)).toEqual({def: 5, next: 5, effects: [{kind: "stats-period", period: seconds(5)}]});
    expect(set(shutOff(), 0, CONFIG)).toEqual({def: 0, next: undefined, effects: []});
    expect(set(running({}, {driver: "test"}), 5, LIVE)).toEqual({def: 5, next: 0, effects: []});
    expect(set(running({}, {driver: "test"}), 5, CONFIG)).toEqual({def: 0, next: 5, effects: []});
  });
  test("refused", () => {
    expect(set(running(none), 5, LIVE)).toEqual(noBalloon);
    expect(set(running({}, {next: definition(none)}), 5, LIVE | CONFIG)).toEqual(noBalloon);
    expect(set(running(none, {driver: "test"}), 5, LIVE)).toEqual(noBalloon);
    expect(set(shutOff(), 5, LIVE)).toEqual(["VIR_ERR_OPERATION_INVALID", "Requested operation is not valid: domain is not running"]);
    expect(set(running(), -1, 64)).toEqual(["VIR_ERR_INVALID_ARG", "period in virDomainSetMemoryStatsPeriod must be zero or greater"]);
    expect(set(running(), 1, 4)).toEqual(["VIR_ERR_INVALID_ARG", "unsupported flags (0x4) in function qemuDomainSetMemoryStatsPeriod"]);
    expect(set(running({}, {driver: "xen"}), 1, 0)).toEqual(["VIR_ERR_NO_SUPPORT", "this function is not supported by the connection driver: virDomainSetMemoryStatsPeriod"]);
    expect(set(running({}, {connection: {...connection, readOnly: true}}), -1, 0)).toEqual(["VIR_ERR_OPERATION_DENIED", "operation forbidden: read only access prevents virDomainSetMemoryStatsPeriod"]);
  });
});
