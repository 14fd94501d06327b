import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {cases} from "../../cases.ts";
import {FIGURE_4} from "../../../src/host/esx/sharing.ts";
import {esxVersions, memoryStates} from "../../../src/host/esx/versions.ts";
import type {PolicyKind} from "../../../src/policy/policy.ts";
import {createEsxColumns, createEsxHostColumns, esxColumnNames, esxHostColumnNames} from "../../../src/simulation/esx/columns.ts";
import type {EsxEventSpec, EsxHappening} from "../../../src/simulation/esx/events.ts";
import {resolveEsxScenario, type EsxScenarioSpec, type EsxVmSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx, type EsxSnapshot, type EsxTimeline} from "../../../src/simulation/esx/simulate-esx.ts";
import {kib, seconds} from "../../../src/units.ts";

const CASES = cases(150);
const MIB = 1024;
const mib = (n: number): ReturnType<typeof kib> => kib(Math.round(n * MIB));
const at = (time: number, happening: EsxHappening, vm?: string): EsxEventSpec => ({at: seconds(time), ...(vm === undefined ? {} : {vm}), ...happening});
const run = (spec: Omit<EsxScenarioSpec, "duration" | "host"> & {readonly ram?: number; readonly host?: Partial<EsxScenarioSpec["host"]>; readonly duration?: number}): EsxTimeline => {
  const {ram = 8192, host, duration = 60, ...rest} = spec;
  return simulateEsx({...rest, host: {ram: mib(ram), ...host}, duration: seconds(duration)});
};
const vm = (more: Partial<EsxVmSpec> = {}): EsxVmSpec => ({name: "a", memory: mib(1024), ...more});
const state = (timeline: EsxTimeline, t: number, index = 0): EsxSnapshot => {
  const found = timeline.vms[index]?.stateAt(seconds(t));
  if (found === undefined) throw new Error("no such machine");
  return found;
};
const last = (timeline: EsxTimeline, index = 0): EsxSnapshot => state(timeline, timeline.scenario.duration, index);
const inMib = (size: number): number => Math.round(size / MIB);
const stateNames = (timeline: EsxTimeline): string[] => Array.from(new Set(Array.from(timeline.host.state, (index) => memoryStates[index] ?? "?")));

describe("the limit trap: 1024 MiB configured, a limit of 512, and a host with 8 GiB free", () => {
  const workload = {anon: mib(700), active: mib(200), swap: mib(1024)};
  const trap = (more: Partial<EsxVmSpec>): EsxTimeline => run({vms: [vm({limit: mib(512), workload, ...more})], duration: 120});

  test("with a driver the balloon takes the gap, and the guest pays with its own swap", () => {
    const timeline = trap({});
    const end = last(timeline);
    expect([inMib(end.consumed), inMib(end.hostSwapped), inMib(end.ceiling), inMib(end.configured)]).toEqual([512, 0, 512, 1024]);
    expect(inMib(end.balloon)).toBeGreaterThan(400);
    expect(inMib(end.guestSwapUsed)).toBeGreaterThan(250);
    expect(end.stall).toBe(0);
    expect(stateNames(timeline)).toEqual(["high"]);
  });
  test("without one the host swaps what it cannot see, and the guest waits", () => {
    const end = last(trap({driver: {loadsAt: null}}));
    expect([inMib(end.consumed + end.cache), end.balloon, end.guestSwapUsed, inMib(end.hostSwapped) > 150, inMib(end.compressed) > 150]).toEqual([512, 0, 0, true, true]);
    expect(end.stall).toBeGreaterThan(60);
  });
  test("before 4.1 nothing is compressed", () => {
    const end = last(run({host: {version: "4.0"}, vms: [vm({limit: mib(512), workload, driver: {loadsAt: null}})], duration: 120}));
    expect([end.compressed, inMib(end.consumed), inMib(end.hostSwapped)]).toEqual([0, 512, inMib(end.configured - end.resident - end.neverTouched)]);
  });
  test("a guest whose driver can find nothing more is swapped as well", () => {
    const end = last(trap({workload: {anon: mib(700), active: mib(200)}}));
    expect([inMib(end.balloon) > 100, inMib(end.hostSwapped) > 50, inMib(end.consumed + end.cache)]).toEqual([true, true, 512]);
  });
  test("the guest's total never changes, whatever the host does", () => {
    for (const timeline of [trap({}), trap({driver: {loadsAt: null}})]) {
      expect(new Set(timeline.vms[0]?.columns.memTotal).size).toBe(1);
    }
  });
  test("a balloon at its cap stays flat, and the rest is swapped", () => {
    const timeline = run({ram: 32768, vms: [vm({memory: mib(4096), limit: mib(512), workload: {anon: mib(3000), active: mib(100), swap: mib(8192)}})], duration: 300});
    const end = last(timeline);
    expect(end.balloon / end.configured).toBeCloseTo(0.65, 2);
    expect(end.hostSwapped).toBeGreaterThan(mib(300));
    expect(state(timeline, 250).balloon).toBe(end.balloon);
  });
  test("raising the limit lets the guest have its memory again", () => {
    const timeline = run({vms: [vm({limit: mib(512), workload})], events: [at(60, {type: "set-limit", limit: null})], duration: 120});
    expect([state(timeline, 59).balloon > 0, last(timeline).balloon, last(timeline).ceiling]).toEqual([true, 0, mib(1024)]);
  });
});

describe("settings", () => {
  test("libvirt's setmem is a limit", () => {
    const timeline = run({vms: [vm({workload: {anon: mib(700), swap: mib(1024)}})], events: [at(20, {type: "setmem", target: mib(512)})], duration: 80});
    expect([state(timeline, 19).ceiling, inMib(state(timeline, 19).consumed) > 700, last(timeline).ceiling, inMib(last(timeline).consumed)]).toEqual([mib(1024), true, mib(512), 512]);
  });
  test("a reservation is kept, and takes from balloon and swap file", () => {
    const timeline = run({vms: [vm({reservation: mib(800), limit: mib(800), workload: {anon: mib(900), swap: mib(1024)}})], duration: 80});
    expect(inMib(last(timeline).consumed)).toBe(800);
    expect(last(timeline).balloon).toBeLessThanOrEqual(mib(224));
    const more = run({vms: [vm({workload: {anon: mib(900)}})], events: [at(5, {type: "set-reservation", reservation: mib(4096)})], duration: 30});
    expect(last(more).entitlement).toBe(mib(1024));
  });
  test("that put the limit below the reservation are refused", () => {
    const timeline = run({vms: [vm({reservation: mib(400), limit: mib(800)})], events: [at(1, {type: "set-limit", limit: mib(399)}), at(2, {type: "setmem", target: mib(300)}), at(3, {type: "set-reservation", reservation: mib(801)}), at(4, {type: "setmem", target: kib(mib(600) - 1)})], duration: 10});
    expect(timeline.log.map(({text, count}) => [text, count])).toEqual([["refused: the limit would be below the reservation", 3]]);
    expect([state(timeline, 3.5).ceiling, last(timeline).ceiling, last(timeline).entitlement]).toEqual([mib(800), mib(600), mib(600)]);
  });
  test("shares decide where memory is short", () => {
    const two = (events: readonly EsxEventSpec[]): EsxTimeline =>
      run({ram: 1400, host: {version: "2002"}, vms: [vm({overhead: kib(0), workload: {anon: mib(850), active: mib(850), swap: mib(1024)}}), vm({name: "b", overhead: kib(0), workload: {anon: mib(850), active: mib(850), swap: mib(1024)}})], events, duration: 400});
    const equal = two([]);
    // Whoever waits for its own swap touches less, and is taxed more: they come closer only slowly.
    expect(Math.abs(last(equal).entitlement - last(equal, 1).entitlement)).toBeLessThan(mib(60));
    const favoured = two([at(50, {type: "set-shares", shares: 30720}, "b")]);
    expect(last(favoured, 1).entitlement - last(favoured).entitlement).toBeGreaterThan(mib(200));
  });
  test("of a machine that is off can be changed, and nothing else", () => {
    const timeline = run({vms: [vm({powerOn: seconds(20)})], events: [at(5, {type: "set-limit", limit: mib(600)}), at(6, {type: "allocate", size: mib(100)}), at(7, {type: "power-off"})], duration: 30});
    expect([state(timeline, 10).resident, state(timeline, 10).memTotal, state(timeline, 10).configured, last(timeline).ceiling, last(timeline).anon]).toEqual([0, 0, mib(1024), mib(600), last(run({vms: [vm()], duration: 10})).anon]);
  });
});

describe("the host", () => {
  test("says when its state changes, and comes back to high", () => {
    const timeline = run({ram: 2200, host: {version: "2002"}, vms: [vm({workload: {anon: mib(850), swap: mib(1024)}}), vm({name: "b", workload: {anon: mib(850), swap: mib(1024)}}), vm({name: "c", powerOn: seconds(30), workload: {anon: mib(600), swap: mib(1024)}})], duration: 300});
    expect(timeline.log.some(({text}) => text === "memory state high -> soft" || text === "memory state high -> hard" || text === "memory state high -> low")).toBe(true);
    expect(memoryStates[timeline.host.state.at(-1) ?? 0]).toBe("high");
    expect(last(timeline).balloon).toBeGreaterThan(mib(90));
  });
  test("powers nothing on that it cannot promise", () => {
    const timeline = run({ram: 1024, vms: [vm({name: "one", memory: mib(512), reservation: mib(512)}), vm({name: "two", memory: mib(600), reservation: mib(600)})], host: {swapSpace: mib(100)}, duration: 5});
    expect(timeline.log.map(({text}) => text)).toEqual(["two: not powered on: insufficient memory for its reservation and overhead"]);
    expect([last(timeline, 1).resident, last(timeline).resident > 0]).toEqual([0, true]);
    expect(run({vms: [vm()], host: {swapSpace: mib(1000)}, duration: 5}).log.map(({text}) => text)).toEqual(["not powered on: no space for its swap file"]);
  });
  test("gets everything back from a machine that is powered off", () => {
    const timeline = run({vms: [vm({overhead: mib(10)})], events: [at(10, {type: "power-off"})], duration: 20});
    expect(timeline.host.free[0]).toBe(mib(8192 - 10) - state(timeline, 0).resident);
    expect([last(timeline).hostFree, last(timeline).resident, timeline.log[0]?.text]).toEqual([mib(8192), 0, "powered off"]);
  });
  test("takes what other programs of it hold from machines", () => {
    const timeline = run({ram: 1600, host: {version: "2002"}, vms: [vm({workload: {anon: mib(800), swap: mib(1024)}})], events: [at(20, {type: "host-pressure", size: mib(1000)})], duration: 120});
    expect(timeline.host.kernel.at(-1)).toBe(mib(1000));
    expect(last(timeline).consumed).toBeLessThan(mib(600));
  });
  test("blocks machines above their target in low", () => {
    const timeline = run({ram: 1100, host: {version: "2002", swapRate: 1024}, vms: [vm({overhead: kib(0), driver: {loadsAt: null}, workload: {anon: mib(860)}}), vm({name: "b", overhead: kib(0), powerOn: seconds(5), driver: {loadsAt: null}, workload: {anon: mib(860)}})], duration: 60});
    expect(stateNames(timeline)).toContain("low");
    expect([inMib(state(timeline, 5.2, 1).anon), inMib(state(timeline, 10, 1).anon)]).toEqual([205, 205]);
    expect(state(timeline, 10, 1).consumed).toBeGreaterThan(state(timeline, 10, 1).entitlement);
    expect(Math.min(...timeline.host.free)).toBeGreaterThanOrEqual(0);
  });
  test("ends a machine whose guest has panicked", () => {
    const timeline = run({vms: [vm({memory: mib(256)})], events: [at(5, {type: "write-tmpfs", size: mib(400)})], duration: 60});
    expect(timeline.log.at(-1)?.text).toBe("the guest has panicked");
    expect(last(timeline).resident).toBe(0);
  });
});

describe("the driver", () => {
  test("unloaded gives its balloon back, loaded again takes it again", () => {
    const timeline = run({vms: [vm({limit: mib(512), workload: {anon: mib(400), swap: mib(512)}})], events: [at(20, {type: "cache", size: mib(300)}), at(40, {type: "unload-driver"}), at(40, {type: "unload-driver"}), at(60, {type: "load-driver"}), at(62, {type: "cache", size: mib(300)})], duration: 100});
    expect([state(timeline, 39).balloon > 0, state(timeline, 41).balloon, state(timeline, 41).actual, last(timeline).balloon > 0]).toEqual([true, 0, mib(1024), true]);
  });
  test("that comes late finds pages swapped, and replaces swap only where the guest touches", () => {
    const timeline = run({vms: [vm({limit: mib(512), driver: {loadsAt: 60}, workload: {anon: mib(700), active: mib(150), swap: mib(1024)}})], duration: 400});
    expect([state(timeline, 59).balloon, inMib(state(timeline, 59).hostSwapped) > 150, inMib(last(timeline).balloon) > 50]).toEqual([0, true, true]);
    expect(last(timeline).hostSwapped).toBeLessThan(state(timeline, 59).hostSwapped);
  });
  test("up to 1.4 is slower where the guest has to reclaim", () => {
    const speed = (throttled: boolean): number => {
      const timeline = run({vms: [vm({driver: {throttled}, workload: {workingSet: mib(900), fileRate: 512 * 1024}})], events: [at(30, {type: "set-limit", limit: mib(300)})], duration: 40});
      return state(timeline, 36).balloon;
    };
    expect(speed(false)).toBeGreaterThan(speed(true));
  });
});

describe("sharing", () => {
  const pair = (sharing: "all" | "within" | "off", more: Partial<EsxScenarioSpec["host"]> = {}): EsxTimeline =>
    run({host: {sharing, version: "4.0", ...more}, vms: ["a", "b"].map((name) => vm({name, memory: mib(256), sharing: FIGURE_4, workload: {anon: mib(100)}})), duration: 4000, step: seconds(1), every: seconds(100)});
  test("saves host memory, more between machines than within each", () => {
    const [all, within, off] = [pair("all"), pair("within"), pair("off")].map((timeline) => last(timeline).resident - last(timeline).consumed);
    expect([(all ?? 0) > 1.5 * (within ?? 0), (within ?? 0) > mib(10), off]).toEqual([true, true, 0]);
  });
  test("finds nothing in large pages while memory is plenty", () => {
    const timeline = pair("all", {largePages: true});
    expect([last(timeline).shared, last(timeline).resident > last(pair("all")).resident]).toEqual([0, true]);
  });
  test("finds zeroes of guests that write them at boot", () => {
    const timeline = run({host: {version: "2002"}, vms: [vm({memory: mib(256), sharing: {image: "w", duplicate: 0, copies: 1, common: 0, agreement: 0}, workload: {zeroes: true}})], duration: 600, step: seconds(1)});
    expect([inMib(state(timeline, 0).resident), inMib(state(timeline, 0).zero) > 150, last(timeline).shared > mib(50)]).toEqual([256, true, true]);
  });
});

describe("policies", () => {
  test("are plug-ins: another one's targets are followed, within reservation and limit", () => {
    let looks = 0;
    const fixed: PolicyKind = {name: "fixed", period: seconds(10), monitor: seconds(5), start: () => ({observe: () => { looks++; }, decide: (_, guests) => guests.map(() => mib(200))})};
    const timeline = run({policy: fixed, vms: [vm({reservation: mib(300)}), vm({name: "b", limit: mib(100)}), vm({name: "c"})], events: [at(10, {type: "set-idle-tax", tax: 0.5})], duration: 20});
    expect([0, 1, 2].map((i) => inMib(last(timeline, i).entitlement))).toEqual([300, 100, 200]);
    expect(looks).toBe(5);
  });
  test("the idle tax can be changed while machines run", () => {
    const both = {overhead: kib(0), driver: {throttled: true}};
    const timeline = run({ram: 400, seed: null, host: {version: "2002", idleTax: 0}, vms: [vm({...both, name: "idle", memory: mib(256), workload: {workingSet: mib(190), active: mib(10), swap: mib(256), fileRate: 4096}}), vm({...both, name: "busy", memory: mib(256), workload: {workingSet: mib(220), active: mib(200), swap: mib(256), fileRate: 4096}})], events: [at(100, {type: "working-set", size: kib(0)}, "idle"), at(300, {type: "set-idle-tax", tax: 0.75})], duration: 600, step: seconds(0.5)});
    expect(Math.abs(state(timeline, 299).entitlement - state(timeline, 299, 1).entitlement)).toBeLessThan(mib(1));
    expect(inMib(last(timeline, 1).entitlement - last(timeline).entitlement)).toBeGreaterThan(135);
    expect(inMib(last(timeline, 1).entitlement - last(timeline).entitlement)).toBeLessThan(150);
    expect(last(timeline, 1).consumed).toBeGreaterThan(state(timeline, 299, 1).consumed);
  });
});

describe("the active estimate", () => {
  test("follows what programs use, noise or not", () => {
    const of = (seed: number | null): EsxTimeline => run({seed, vms: [vm({workload: {anon: mib(600)}})], host: {version: "4.0"}, events: [at(60, {type: "activity", size: mib(300)})], duration: 900, step: seconds(1)});
    expect(Math.abs(last(of(null)).active - mib(300))).toBeLessThan(mib(2));
    expect(Math.abs(last(of(1)).active - mib(300))).toBeLessThan(mib(120));
    expect(last(of(null)).activity).toBe(mib(300));
  });
  test("has a floor of 1 % on 6.0", () => {
    expect([last(run({vms: [vm()], seed: null, duration: 700, step: seconds(1)})).active, last(run({vms: [vm()], seed: null, host: {version: "5.0"}, duration: 700, step: seconds(1)})).active]).toEqual([Math.ceil(262144 * 0.01) * 4, 0]);
  });
});

describe("any host", () => {
  const size = fc.integer({min: 1, max: 900});
  const happening: fc.Arbitrary<EsxHappening> = fc.oneof(
    size.map((n): EsxHappening => ({type: "allocate", size: mib(n)})),
    size.map((n): EsxHappening => ({type: "cache", size: mib(n)})),
    size.map((n): EsxHappening => ({type: "activity", size: mib(n)})),
    size.map((n): EsxHappening => ({type: "set-limit", limit: mib(n)})),
    fc.nat(900).map((n): EsxHappening => ({type: "set-reservation", reservation: mib(n)})),
    fc.nat(8000).map((n): EsxHappening => ({type: "host-pressure", size: mib(n)})),
    size.map((n): EsxHappening => ({type: "host-pressure", size: mib(n)})),
    size.map((n): EsxHappening => ({type: "write-tmpfs", size: mib(n)})),
    fc.constantFrom<EsxHappening>({type: "free"}, {type: "touch"}, {type: "load-driver"}, {type: "unload-driver"}, {type: "drop-caches"}, {type: "power-off"}, {type: "set-shares", shares: 0}, {type: "set-idle-tax", tax: 0})
  );
  const machine = fc.record({memory: fc.integer({min: 256, max: 1024}), anon: fc.integer({min: 0, max: 800}), active: fc.integer({min: 0, max: 600}), swap: fc.constantFrom(0, 512), driver: fc.boolean(), throttled: fc.boolean(), zeroes: fc.boolean(), shared: fc.boolean(), reserved: fc.constantFrom(0, 0, 0.25)});
  const scenario = fc
    .record({version: fc.constantFrom(...esxVersions), machines: fc.array(machine, {minLength: 1, maxLength: 4}), ram: fc.integer({min: 700, max: 4000}), largePages: fc.boolean(), sharing: fc.constantFrom("all" as const, "within" as const, "off" as const), seed: fc.option(fc.integer({min: 0, max: 1000})), events: fc.array(fc.record({vm: fc.nat(3), happening}), {maxLength: 6})})
    .map(({version, machines, ram, largePages, sharing, seed, events}): EsxScenarioSpec => ({
      host: {version, ram: mib(ram), largePages, sharing},
      seed,
      vms: machines.map(({memory, anon, active, swap, driver, throttled, zeroes, shared, reserved}, i) => ({
        name: `vm${i}`, memory: mib(memory), reservation: mib(reserved * memory), sharing: shared ? FIGURE_4 : null, driver: {loadsAt: driver ? 2 : null, throttled},
        workload: {anon: mib(Math.min(anon, memory * 0.7)), active: mib(active), swap: mib(swap), zeroes}
      })),
      events: events.map((event, i) => at(8 + 6 * i, event.happening, `vm${event.vm % machines.length}`)),
      duration: seconds(60),
      step: seconds(0.5)
    }));

  test("keeps its accounts at every step", {timeout: 600_000}, () => {
    const seen = {off: 0, ballooned: 0, swapped: 0, zipped: 0, shared: 0, reclaiming: 0, runs: 0};
    fc.assert(
      fc.property(scenario, (spec) => {
        const timeline = simulateEsx(spec);
        seen.runs++;
        timeline.times.forEach((_, row) => {
          const value = (name: (typeof esxHostColumnNames)[number]): number => timeline.host[name][row] ?? NaN;
          expect(value("free") + value("consumed") + value("cache") + value("overhead") + value("kernel")).toBe(mib(spec.host.ram / MIB));
          expect(value("free")).toBeGreaterThanOrEqual(0);
          const off = timeline.vms.filter(({columns}) => columns.memTotal[row] === 0);
          if (off.length > 0) seen.off++;
          for (const {columns} of timeline.vms) {
            const of = (name: (typeof esxColumnNames)[number]): number => columns[name][row] ?? NaN;
            if (of("memTotal") === 0) continue;
            const sum = of("resident") + of("balloon") + of("hostSwapped") + of("compressed") + of("neverTouched");
            if (sum !== of("configured")) expect([row, sum]).toEqual([row, of("configured")]);
            const before = (name: (typeof esxColumnNames)[number]): number => columns[name][row - 1] ?? 0;
            const out = of("hostSwapped") + of("compressed");
            const broken = [
              of("consumed") > of("resident"),
              // What a reservation came to bound later may be above it until it shrinks.
              of("balloon") > Math.max(of("balloonMax"), before("balloon")),
              out > Math.max(of("configured") - of("reservation"), before("hostSwapped") + before("compressed")),
              before("memTotal") > 0 && of("resident") < Math.min(of("reservation"), of("resident") + out, before("resident")),
              of("entitlement") > Math.max(of("ceiling"), of("reservation"))
            ];
            if (broken.includes(true)) expect([row, ...broken]).toEqual([row, false, false, false, false, false]);
            if (of("active") > of("configured")) expect(of("active")).toBe(0);
            const named = of("memFree") + of("anon") + of("cached") + of("slab") + of("guestKernel") + of("balloon");
            if (Math.abs(named - of("memTotal")) > 1e-6) expect(named).toBe(of("memTotal"));
          }
        });
        timeline.vms.forEach(({columns, stateAt}, i) => {
          const settings = timeline.scenario.vms[i];
          const end = stateAt(seconds(60));
          expect(Math.max(...columns.balloon)).toBeLessThanOrEqual((settings?.balloonCap ?? 0) + 4);
          expect(Math.max(...columns.hostSwapped)).toBeLessThanOrEqual(end.configured);
          seen.ballooned += Math.max(...columns.balloon) > 0 ? 1 : 0;
          seen.swapped += Math.max(...columns.hostSwapped) > 0 ? 1 : 0;
          seen.zipped += Math.max(...columns.compressed) > 0 ? 1 : 0;
          seen.shared += Math.max(...columns.shared) > 0 ? 1 : 0;
        });
        seen.reclaiming += Math.max(...timeline.host.state) > 0 ? 1 : 0;
      }),
      {numRuns: CASES, seed: 20261123}
    );
    for (const [name, count] of Object.entries(seen)) expect([name, count > seen.runs / 25]).toEqual([name, true]);
  });

  test("gives the same bytes for the same input", {timeout: 300_000}, () => {
    fc.assert(
      fc.property(scenario, (spec) => {
        const [one, two] = [simulateEsx(spec), simulateEsx(resolveEsxScenario(spec))];
        expect(one.log).toEqual(two.log);
        one.vms.forEach(({columns}, i) => {
          for (const name of esxColumnNames) expect(Buffer.from(columns[name].buffer).equals(Buffer.from(two.vms[i]?.columns[name].buffer ?? new ArrayBuffer(0)))).toBe(true);
        });
      }),
      {numRuns: Math.min(CASES, 25), seed: 7}
    );
  });
});

describe("a timeline", () => {
  test("is frozen, and has every column", () => {
    const timeline = run({vms: [vm()], duration: 1});
    expect([Object.isFrozen(timeline), Object.isFrozen(timeline.host), Object.isFrozen(timeline.vms[0]?.columns), Object.isFrozen(timeline.log)]).toEqual([true, true, true, true]);
    expect(Object.keys(createEsxColumns(1)).sort()).toEqual([...esxColumnNames].sort());
    expect(Object.keys(createEsxHostColumns(1)).sort()).toEqual([...esxHostColumnNames].sort());
    expect([timeline.times.length, timeline.vms[0]?.name, state(timeline, -5).time, state(timeline, 99).time]).toEqual([11, "a", 0, 1]);
  });
  test("has a row every so many steps, equal to those of every step", () => {
    const spec: EsxScenarioSpec = {host: {ram: mib(2048)}, vms: [vm({limit: mib(600), workload: {anon: mib(700), active: mib(100), swap: mib(512)}})], duration: seconds(40)};
    const [fine, coarse] = [simulateEsx(spec), simulateEsx({...spec, every: seconds(10)})];
    expect(Array.from(coarse.times)).toEqual([0, 10, 20, 30, 40]);
    for (const t of [0, 10, 20, 30, 40]) expect(state(coarse, t)).toEqual(state(fine, t));
  });
  test("lasts as long as it was told, whatever the rows", () => {
    const events = [at(29.9, {type: "power-off"}), at(31, {type: "drop-caches"})];
    const timeline = run({vms: [vm()], duration: 30, every: seconds(20), events});
    expect([Array.from(timeline.times), timeline.log.map(({at: when, text}) => [when, text])]).toEqual([[0, 20], [[expect.closeTo(29.9, 9), "powered off"]]]);
    expect(run({vms: [vm()], duration: 0.35}).times).toHaveLength(4);
  });
  test("begins with what programs cannot have, in the log at power-on", () => {
    const big = run({vms: [vm({powerOn: seconds(2), workload: {anon: mib(9000)}})], duration: 5});
    expect(big.log).toMatchObject([{at: 2, source: "workload", text: "workload: mmap: Cannot allocate memory"}]);
  });
});
