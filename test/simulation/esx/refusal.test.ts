import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {cases} from "../../cases.ts";
import {ModelError} from "../../../src/errors.ts";
import {minFree} from "../../../src/host/esx/states.ts";
import {overhead} from "../../../src/host/esx/overhead.ts";
import {advanceSampler, createSampler} from "../../../src/host/esx/sampler.ts";
import {divide, type Claims} from "../../../src/host/esx/tax.ts";
import {esxPolicy} from "../../../src/policy/esx.ts";
import {esxColumnNames, esxHostColumnNames} from "../../../src/simulation/esx/columns.ts";
import {esxEventTypes} from "../../../src/simulation/esx/events.ts";
import type {EsxScenarioSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";

/** What a call is refused with; "" when it is not. Anything else that is thrown is passed on. */
function refused(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof ModelError && error.path !== "" && error.expected !== "" && error.hint !== "") return `${error.code} ${error.path}`;
    throw error;
  }
  return "";
}

type Json = null | boolean | number | string | Json[] | {[key: string]: Json};
const MIB = 1024;
/** A scenario in which every field is given. */
const valid = (): {[key: string]: Json} => ({
  host: {version: "5.0", ram: 700 * MIB, kernel: 10 * MIB, swapSpace: 4096 * MIB, swapRate: 102400, swapLatency: 0.005, unzipLatency: 0.00002, guestSwapLatency: 0.005, idleTax: 0.75, hysteresis: 0.1, sharing: "all", largePages: true, ghz: 24, shareNowRate: 1024},
  vms: [
    {name: "a", memory: 512 * MIB, reservation: 64 * MIB, limit: 400 * MIB, shares: "high", vcpus: 1, balloonMax: 200 * MIB, overhead: 20 * MIB, powerOn: 0, driver: {loadsAt: 0, throttled: false, rate: 1048576}, workload: {anon: 300 * MIB, workingSet: 50 * MIB, active: 200 * MIB, sweep: 5, fileRate: 204800, zeroes: false, swap: 256 * MIB, swappiness: 60, overcommit: 1}, sharing: {image: "x", duplicate: 0.2, copies: 2, common: 0.3, agreement: 0.5}, compressible: 0.5},
    {name: "b", memory: 512 * MIB, shares: 5, powerOn: 0.5, driver: {loadsAt: null}, workload: {anon: 250 * MIB, active: 250 * MIB, zeroes: true}}
  ],
  events: [
    {at: 0.2, type: "allocate", vm: "a", size: 100 * MIB, rate: 1048576, jitter: 0.5, hold: 1, name: "x"}, {at: 0.3, type: "set-limit", limit: 300 * MIB}, {at: 0.4, type: "set-reservation", reservation: 10 * MIB}, {at: 0.4, type: "set-shares", shares: 0},
    {at: 0.5, type: "setmem", target: 200 * MIB}, {at: 0.6, type: "activity", size: 30 * MIB}, {at: 0.7, type: "set-idle-tax", tax: 0}, {at: 0.8, type: "host-pressure", size: 200 * MIB}, {at: 0.9, type: "write-tmpfs", size: 10 * MIB, limit: 20 * MIB},
    {at: 1, type: "touch", size: 10 * MIB}, {at: 1, type: "free", name: "x", size: 5 * MIB}, {at: 1.1, type: "cache", size: 10 * MIB}, {at: 1.1, type: "working-set", size: 10 * MIB}, {at: 1.2, type: "drop-caches"}, {at: 1.2, type: "set-overcommit", mode: 2}, {at: 1.2, type: "set-swappiness", value: 100},
    {at: 1.3, type: "unload-driver"}, {at: 1.4, type: "load-driver"}, {at: 1.6, type: "power-off", vm: "b"}
  ],
  seed: 3,
  duration: 2,
  step: 0.1,
  every: 0.5
});

/** The paths of everything in it: fields, list entries, objects themselves. */
const paths = (value: Json, path: readonly string[] = []): (readonly string[])[] => [path, ...(typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key])) : [])];

function put(root: Json, path: readonly string[], value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  const copy = Object.assign(Array.isArray(root) ? [] : {}, root) as {[key: string]: Json};
  if (rest.length > 0) copy[key] = put(copy[key] ?? null, rest, value);
  else if (value === undefined) return Object.fromEntries(Object.entries(copy).filter(([name]) => name !== key));
  else copy[key] = value;
  return copy;
}

const anything = fc.oneof(
  fc.constantFrom<(Json | undefined)[]>(undefined, null, true, false, "", "5", "foo", "low", "b", 0, -1, 1, 2, 7, 0.5, NaN, Infinity, -Infinity, 1e300, 1e-300, -0, 2 ** 53, 5, 1e9, [], {}, [1], {a: 1}, [null], {at: 0}),
  fc.double({min: -10, max: 10}),
  fc.integer({min: 0, max: 2 ** 21})
);
const all = paths(valid()).filter((path) => path.length > 0);
const mutations = fc.array(fc.tuple(fc.constantFrom(...all), anything), {minLength: 1, maxLength: 2});

describe("a scenario with anything in it", () => {
  test("runs with finite columns, or is refused with where and what was expected", {timeout: 300_000}, () => {
    const seen = {ran: 0, refused: 0};
    const drawn = cases(600);
    fc.assert(
      fc.property(mutations, (list) => {
        const spec = list.reduce<Json>((root, [path, value]) => put(root, path, value), valid());
        let broken = "";
        const why = refused(() => {
          const timeline = simulateEsx(spec as unknown as EsxScenarioSpec);
          for (const name of esxHostColumnNames) if (!timeline.host[name].every(Number.isFinite)) broken = name;
          for (const {columns} of timeline.vms) for (const name of esxColumnNames) if (!columns[name].every(Number.isFinite)) broken = name;
        });
        seen[why === "" ? "ran" : "refused"]++;
        expect(broken).toBe("");
      }),
      {numRuns: drawn, seed: 88}
    );
    expect([seen.ran > drawn / 12, seen.refused > drawn / 12]).toEqual([true, true]);
  });

  test.each<[string, readonly string[], Json]>([
    ["scenario", [], null],
    ["host", ["host"], null],
    ["vms", ["vms"], {a: 1}],
    ["vms[0]", ["vms", "0"], null],
    ["vms[0].name", ["vms", "0", "name"], 5],
    ["vms[0].shares", ["vms", "0", "shares"], "huge"],
    ["vms[0].memory", ["vms", "0", "memory"], "524288"],
    ["vms[0].limit", ["vms", "0", "limit"], Infinity],
    ["vms[0].driver", ["vms", "0", "driver"], null],
    ["vms[0].driver.loadsAt", ["vms", "0", "driver", "loadsAt"], -5],
    ["vms[0].driver.loadsAt", ["vms", "0", "driver", "loadsAt"], NaN],
    ["vms[0].driver.throttled", ["vms", "0", "driver", "throttled"], "no"],
    ["vms[0].workload", ["vms", "0", "workload"], "anon"],
    ["vms[0].workload.anon", ["vms", "0", "workload", "anon"], Infinity],
    ["vms[0].workload.swap", ["vms", "0", "workload", "swap"], -1],
    ["vms[0].workload.swappiness", ["vms", "0", "workload", "swappiness"], 201],
    ["vms[0].workload.overcommit", ["vms", "0", "workload", "overcommit"], 7],
    ["vms[0].workload.active", ["vms", "0", "workload", "active"], Infinity],
    ["vms[0].sharing.copies", ["vms", "0", "sharing", "copies"], 0.5],
    ["vms[0].sharing.common", ["vms", "0", "sharing", "common"], 0.9],
    ["vms[0].compressible", ["vms", "0", "compressible"], "0.5"],
    ["host.ram", ["host", "ram"], 1e300],
    ["host.kernel", ["host", "kernel"], 701 * MIB],
    ["host.swapSpace", ["host", "swapSpace"], -1],
    ["host.swapSpace", ["host", "swapSpace"], NaN],
    ["host.hysteresis", ["host", "hysteresis"], Infinity],
    ["host.sharing", ["host", "sharing"], "foo"],
    ["host.largePages", ["host", "largePages"], 1],
    ["host.guestSwapLatency", ["host", "guestSwapLatency"], -1],
    ["seed", ["seed"], NaN],
    ["policy", ["policy"], "MOM"],
    ["policy.start", ["policy"], {name: "x", period: 5}],
    ["every", ["every"], 1e9],
    ["events", ["events"], "free"],
    ["events[0]", ["events", "0"], null],
    ["events[0].size", ["events", "0", "size"], "5"],
    ["events[0].rate", ["events", "0", "rate"], 0],
    ["events[0].jitter", ["events", "0", "jitter"], 2],
    ["events[0].hold", ["events", "0", "hold"], -1],
    ["events[5].size", ["events", "5"], {at: 0, type: "activity"}],
    ["events[1].limit", ["events", "1"], {at: 0, type: "set-limit"}],
    ["events[14].mode", ["events", "14", "mode"], 3]
  ])("refuses %s", (path, where, value) => {
    expect(refused(() => simulateEsx(put(valid(), where, value) as unknown as EsxScenarioSpec))).toBe(`out-of-range ${path}`);
  });
  test("refuses more rows than fit", () => {
    expect(refused(() => simulateEsx(put(put(valid(), ["every"], undefined), ["step"], 1e-6) as unknown as EsxScenarioSpec))).toBe("out-of-range every");
  });
  test("every event that is known is in it, and none that only another host has", () => {
    expect(new Set(paths(valid()).map(([top, i]) => (top === "events" && i !== undefined ? i : "-"))).size - 1).toBe(esxEventTypes.length);
    expect(refused(() => simulateEsx(put(valid(), ["events", "0"], {at: 0, type: "cgroup"}) as unknown as EsxScenarioSpec))).toBe("unknown-event events[0].type");
    expect(refused(() => simulateEsx(put(valid(), ["events", "0"], {at: 0, type: "toString"}) as unknown as EsxScenarioSpec))).toBe("unknown-event events[0].type");
  });
});

describe("rules refuse what they have no answer for", () => {
  const claims = (more: Partial<Claims> = {}): Claims => ({shares: new Float64Array([1, 1]), active: new Float64Array(2), least: new Float64Array(2), most: new Float64Array([9, 9]), ...more});
  test.each<[string, () => unknown]>([
    ["tax", () => divide(claims(), 5, 1)],
    ["tax", () => divide(claims(), 5, NaN)],
    ["capacity", () => divide(claims(), NaN, 0)],
    ["most[1]", () => divide(claims({most: new Float64Array([9, Infinity])}), 5, 0)],
    ["shares[0]", () => divide(claims({shares: new Float64Array([-1, 1])}), 5, 0)],
    ["tax", () => esxPolicy(1)],
    ["tax", () => esxPolicy(-1)],
    ["tax", () => esxPolicy(NaN)],
    ["managed", () => minFree(NaN, "sliding")],
    ["rule", () => minFree(5, "foo" as "sliding")],
    ["version", () => overhead("9" as "6.0", 1024, 1)],
    ["memory", () => overhead("6.0", NaN, 1)],
    ["vcpus", () => overhead("6.0", 1024, 0)],
    ["part", () => advanceSampler(createSampler(1), NaN, 1, 30)],
    ["dt", () => advanceSampler(createSampler(1), 0.5, -1, 30)],
    ["period", () => advanceSampler(createSampler(1), 0.5, 1, 0)]
  ])("%s", (path, call) => {
    expect(refused(call)).toBe(`out-of-range ${path}`);
  });
  test("claims of unequal length", () => {
    expect(refused(() => divide(claims({least: new Float64Array(3)}), 5, 0))).toBe("length least");
  });
});
