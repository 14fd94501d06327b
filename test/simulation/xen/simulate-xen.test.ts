import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {createWithAutoballoon} from "../../../src/simulation/xen/autoballoon.ts";
import {createLog, type LogEntry} from "../../../src/simulation/log.ts";
import {applyXen} from "../../../src/simulation/xen/apply.ts";
import {createXenColumns, sampleXen, xenColumnNames, type XenColumns} from "../../../src/simulation/xen/columns.ts";
import {resolveXenScenario, type XenEventSpec, type XenHappening, type XenScenarioSpec} from "../../../src/simulation/xen/scenario.ts";
import {simulateXen, type XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import {advanceXen, createXenWorld, restsUntil} from "../../../src/simulation/xen/world.ts";
import {kib, seconds} from "../../../src/units.ts";
import {bytesOf} from "../../bytes.ts";
import {cases} from "../../cases.ts";
import {autoballoons, askDom0, needMemory} from "../../../src/policy/dom0-autoballoon.ts";
import {resolveXenMachine} from "../../../src/domain/xen/machine.ts";

const MIB = 1024;
const GIB = 1024 * MIB;
const at = (time: number, event: XenHappening): XenEventSpec => ({at: seconds(time), ...event});
const xl = (time: number, command: string): XenEventSpec => at(time, {type: "xl", command});
const run = (spec: Partial<XenScenarioSpec>): XenTimeline => simulateXen({machine: {type: "pv", memory: kib(GIB)}, duration: seconds(60), step: seconds(0.5), ...spec});
const texts = (timeline: XenTimeline): string[] => timeline.log.map(({text}) => text);

/** The same run without a short cut; `idle` counts the steps that a short cut may take. */
function everyStep(spec: XenScenarioSpec): {columns: XenColumns; log: readonly LogEntry[]; idle: number} {
  const scenario = resolveXenScenario(spec);
  const log = createLog();
  const world = createXenWorld(scenario, (time, source, text) => log.write(time, source, text));
  const last = Math.round(scenario.duration / scenario.step);
  const columns = createXenColumns(last + 1);
  const events = [...scenario.events];
  let idle = 0;
  for (let row = 0; row <= last; row++) {
    if (row > 0) {
      if (restsUntil(world) > world.state.time + scenario.step) idle++;
      advanceXen(world, scenario.step);
    }
    while ((events[0]?.at ?? Infinity) <= row * scenario.step + scenario.step * 1e-9) applyXen(world, events.shift() as XenEventSpec);
    sampleXen(world, columns, row);
  }
  return {columns, log: log.entries(), idle};
}

describe("the thread's guest: 2048 to 1024 MiB", () => {
  const timeline = run({machine: {type: "pv", memory: kib(2 * GIB)}, events: [xl(1, "xl mem-set guest 1024"), xl(40, "xl mem-set guest 2048")]});
  const [before, down, up] = [timeline.stateAt(seconds(0.5)), timeline.stateAt(seconds(39)), timeline.stateAt(seconds(60))];
  test("MemTotal, the guest's own size and what Xen counts all fall by exactly 1 GiB; the configured size does not", () => {
    for (const name of ["memTotal", "actual", "resident", "xenMax", "target", "guestTarget"] as const) expect([name, before[name] - down[name]]).toEqual([name, GIB]);
    expect([before.configured, down.configured, down.staticMax, down.balloon]).toEqual([2 * GIB, 2 * GIB, 2 * GIB, GIB]);
    expect(down.hostFree - before.hostFree).toBe(GIB);
    expect(down.xenMax).toBe(GIB + MIB);
  });
  test("and come back", () => {
    for (const name of ["memTotal", "actual", "resident", "xenMax", "balloon", "hostFree"] as const) expect([name, up[name]]).toEqual([name, before[name]]);
  });
});

describe("accounts", () => {
  const size = fc.integer({min: 64, max: 3072});
  const event: fc.Arbitrary<XenHappening> = fc.oneof(
    size.map((n): XenHappening => ({type: "xl", command: `xl mem-set guest ${n}`})),
    size.map((n): XenHappening => ({type: "guest-target", target: kib(n * MIB)})),
    size.map((n): XenHappening => ({type: "xenstore-target", target: kib(n * MIB)})),
    size.map((n): XenHappening => ({type: "setmaxmem", size: kib(n * MIB)})),
    fc.integer({min: 1, max: 400}).map((n): XenHappening => ({type: "allocate", size: kib(n * MIB)})),
    fc.constant<XenHappening>({type: "free"})
  );
  test("of any PV, PVH or HVM domain always balance, and Xen is never beyond its cap by growing", () => {
    fc.assert(
      fc.property(fc.constantFrom("pv" as const, "pvh" as const, "hvm" as const), size, size, fc.array(event, {maxLength: 5}), (type, memory, more, events) => {
        const machine = {type, memory: kib(Math.max(256, memory) * MIB), maxmem: kib((Math.max(256, memory) + more) * MIB)};
        const timeline = run({machine, duration: seconds(50), events: events.map((one, i) => at(20 + 5 * i, one))});
        const special = {pv: 0, pvh: 64, hvm: -20}[type];
        timeline.times.forEach((_, row) => {
          const value = (name: (typeof xenColumnNames)[number]): number => timeline.columns[name][row] ?? 0;
          if (value("resident") === 0) return;
          expect(value("configured")).toBe(value("resident") - special + value("balloon") + value("neverTouched") + value("outsideMap"));
          const named = value("memFree") + value("anon") + value("cached") + value("slab") + value("guestKernel");
          expect(value("memTotal")).toBeCloseTo(named, 6);
          expect(value("hostFree") + value("resident")).toBe(timeline.scenario.hostFree);
        });
      }),
      {numRuns: 12}
    );
  });
});

describe("what wakes and what does not", () => {
  test("a cap refuses a guest that asks for more by itself; the tools lift it, but only another target wakes the driver", () => {
    const timeline = run({machine: {type: "pv", memory: kib(GIB), maxmem: kib(2 * GIB)}, duration: seconds(90), events: [at(1, {type: "guest-target", target: kib(1536 * MIB)}), xl(60, "xl mem-set guest 1536"), xl(75, "xl mem-set guest 1535")]});
    expect(timeline.stateAt(seconds(50))).toMatchObject({actual: GIB + MIB, resident: GIB + MIB, guestTarget: 1536 * MIB, target: GIB});
    expect(timeline.stateAt(seconds(74))).toMatchObject({actual: GIB + MIB, target: 1536 * MIB, xenMax: 1537 * MIB});
    expect(timeline.stateAt(seconds(89))).toMatchObject({actual: 1535 * MIB, target: 1535 * MIB, xenMax: 1536 * MIB});
    expect(timeline.log.find(({text}) => text.includes("Over-allocation"))).toMatchObject({source: "host", count: 5, text: "(XEN) d<domid>v0 Over-allocation for d<domid>: 262401 > 262400"});
  });

  test("2009: the cap is the maximum, and the guest takes what it likes of it", () => {
    const timeline = run({machine: {type: "pv", memory: kib(GIB), maxmem: kib(2 * GIB), parameters: "2009"}, events: [at(1, {type: "guest-target", target: kib(1536 * MIB)})]});
    expect(timeline.stateAt(seconds(59))).toMatchObject({actual: 1536 * MIB, resident: 1536 * MIB, xenMax: 2 * GIB});
  });

  test("mem-set returns 0 and never completes: a process holds the memory, and its end changes nothing", () => {
    const timeline = run({machine: {type: "pv", memory: kib(2 * GIB)}, duration: seconds(120), events: [at(1, {type: "allocate", size: kib(1200 * MIB)}), xl(10, "xl mem-set guest 1024"), at(80, {type: "free"})]});
    const [stalled, freed] = [timeline.stateAt(seconds(79)), timeline.stateAt(seconds(119))];
    expect(stalled.target).toBe(GIB);
    expect(stalled.actual).toBeGreaterThan(1330 * MIB);
    expect(freed).toMatchObject({actual: stalled.actual, resident: stalled.resident});
    expect(freed.memFree).toBeGreaterThan(1200 * MIB);
    expect(texts(timeline)).toEqual([]);
  });

  test("a machine without free memory gives none", () => {
    const timeline = run({machine: {type: "pv", memory: kib(GIB), maxmem: kib(2 * GIB)}, hostFree: kib(GIB + 100 * MIB), events: [xl(1, "xl mem-set guest 2048")]});
    expect(timeline.stateAt(seconds(59))).toMatchObject({resident: GIB + 100 * MIB, hostFree: 0, xenMax: 2 * GIB + MIB});
  });

  test("beyond the kernel's clamp memory is hot-added, and used once it is online", () => {
    const machine = {type: "pv" as const, memory: kib(256 * MIB), maxmem: kib(4 * GIB)};
    const timeline = run({machine, events: [xl(1, "xl mem-set guest 4096"), at(30, {type: "online-memory"})]});
    expect(timeline.stateAt(seconds(29))).toMatchObject({actual: 2816 * MIB, guestTarget: 4 * GIB, xenMax: 4097 * MIB, outsideMap: 1280 * MIB});
    expect(timeline.stateAt(seconds(59))).toMatchObject({actual: 4 * GIB, resident: 4 * GIB, outsideMap: 0});
  });

  test("mem-max lifts Xen's cap and what targets are held against; the next target brings the cap down again", () => {
    const timeline = run({events: [xl(1, "xl mem-max guest 2048"), xl(2, "xl mem-set guest 2049"), at(3, {type: "setmem", target: kib(3 * GIB)}), at(4, {type: "setmaxmem", size: kib(1)}), xl(10, "xl mem-set guest 1100")]});
    expect(timeline.stateAt(seconds(9))).toMatchObject({xenMax: 2 * GIB + MIB, staticMax: 2 * GIB, target: GIB});
    // The map still ends at 1024 MiB: the rest would have to be hot-added.
    expect(timeline.stateAt(seconds(19))).toMatchObject({xenMax: 1101 * MIB, target: 1100 * MIB, actual: GIB, outsideMap: 0});
    expect(timeline.log.map(({source}) => source)).toEqual(["command", "command", "command"]);
  });
});

describe("populate on demand", () => {
  const machine = {type: "pvh" as const, memory: kib(GIB), maxmem: kib(2 * GIB)};
  test("the kernel waits until its balloon holds the rest; the domain has its memory from the start", () => {
    const timeline = run({machine});
    expect(timeline.stateAt(seconds(0))).toMatchObject({resident: GIB + 64, neverTouched: GIB, balloon: 0, actual: 2 * GIB - 388, guestTarget: GIB - 388});
    expect(timeline.stateAt(seconds(30))).toMatchObject({resident: GIB + 64, neverTouched: 0, balloon: GIB, actual: GIB - 388});
    expect(texts(timeline)).toEqual(["xen:balloon: Waiting for initial ballooning down having finished.", "xen:balloon: Initial ballooning down finished."]);
  });

  test("a guest that writes to all of its map first is destroyed, and the machine has its memory back", () => {
    const timeline = run({machine, hostFree: kib(8 * GIB), events: [at(0, {type: "touch-all"}), xl(1, "xl destroy guest")]});
    expect(timeline.stateAt(seconds(0))).toMatchObject({resident: 0, memTotal: 0, hostFree: 8 * GIB, configured: 2 * GIB});
    expect(texts(timeline).at(-1)).toBe("the domain crashed and was destroyed");
    expect(texts(timeline)[1]).toBe("(XEN) p2m_pod_demand_populate: Dom<domid> out of PoD memory! (tot=262160 ents=262144 dom<domid>)");
  });

  test("without a driver a guest lives until it uses more than it was given", () => {
    const alone = run({machine, driver: {loaded: false}, events: [at(5, {type: "allocate", size: kib(1800 * MIB)})]});
    expect(alone.stateAt(seconds(4))).toMatchObject({resident: GIB + 64, actual: 2 * GIB - 388});
    expect(alone.stateAt(seconds(59)).resident).toBe(0);
    expect(texts(alone).at(-1)).toBe("the domain crashed and was destroyed");
  });

  test("a kernel whose balloon makes no progress panics after 180 s", () => {
    const timeline = run({machine: {type: "pvh", memory: kib(150 * MIB), maxmem: kib(2 * GIB)}, duration: seconds(300)});
    expect(texts(timeline).slice(-2)).toEqual(["Kernel panic - not syncing: Initial ballooning failed!", "the guest panicked and its domain was destroyed"]);
    const panic = timeline.log.at(-1)?.at ?? 0;
    const last = timeline.columns.balloon.findIndex((pages, row, all) => pages === all[row + 1] && pages > 0);
    expect(panic - (timeline.times[last] ?? 0)).toBeGreaterThan(180);
    const sooner = run({machine: {type: "pvh", memory: kib(150 * MIB), maxmem: kib(2 * GIB)}, driver: {bootTimeout: seconds(10)}, duration: seconds(300)});
    expect(panic - (sooner.log.at(-1)?.at ?? 0)).toBeCloseTo(170, 6);
  });

  test("one whose kernel and page structures alone are more than it was given never gets that far", () => {
    const timeline = run({machine: {type: "pvh", memory: kib(100 * MIB), maxmem: kib(2 * GIB)}});
    expect(timeline.stateAt(seconds(0))).toMatchObject({resident: 0, configured: 2 * GIB});
    expect(texts(timeline)).toContain("(XEN) p2m_pod_demand_populate: Dom<domid> out of PoD memory! (tot=25616 ents=498688 dom<domid>)");
  });

  test("populated is what the guest has written to, its kernel first, page structures among it, and what it asked for one by one", () => {
    const timeline = run({machine});
    const start = timeline.stateAt(seconds(0));
    expect(start.populated).toBe(start.actual - start.memFree);
    expect(timeline.stateAt(seconds(30))).toMatchObject({populated: start.populated, neverTouched: 0});
    const more = run({machine, events: [xl(20, "xl mem-set guest 1536"), at(40, {type: "allocate", size: kib(700 * MIB)})]});
    expect(more.stateAt(seconds(39)).populated).toBe(start.populated + 512 * MIB);
    expect(more.stateAt(seconds(59)).populated).toBeGreaterThan(start.populated + 650 * MIB);
    expect(run({}).stateAt(seconds(0)).populated).toBe(GIB);
  });

  test("a higher target is what saves a guest without a driver", () => {
    const write = at(5, {type: "allocate", size: kib(1500 * MIB)});
    const told = run({machine, driver: {loaded: false}, events: [xl(2, "xl mem-set guest 2048"), write]});
    expect(told.stateAt(seconds(59))).toMatchObject({resident: 2 * GIB + 64, neverTouched: 0, memTotal: told.stateAt(seconds(0)).memTotal});
  });

  test("HVM: the video memory is taken from what the guest is told", () => {
    const timeline = run({machine: {type: "hvm", memory: kib(GIB), maxmem: kib(2 * GIB), videoram: kib(16 * MIB)}});
    expect(timeline.stateAt(seconds(0)).target).toBe(GIB - 17 * MIB);
  });
});

describe("populate on demand, whatever happens", () => {
  test("0 <= written to <= owned <= map less balloon <= maximum, and a domain that would break it is destroyed", () => {
    const size = fc.integer({min: 200, max: 2048});
    const happening: fc.Arbitrary<XenHappening> = fc.oneof(
      size.map((n): XenHappening => ({type: "xl", command: `xl mem-set guest ${n}`})),
      fc.integer({min: 1, max: 900}).map((n): XenHappening => ({type: "allocate", size: kib(n * MIB)})),
      fc.constant<XenHappening>({type: "free"}),
      fc.constant<XenHappening>({type: "touch-all"})
    );
    const ends = {alive: 0, crashed: 0};
    fc.assert(
      fc.property(fc.constantFrom("pvh" as const, "hvm" as const), size, fc.integer({min: 0, max: 2048}), fc.boolean(), fc.array(happening, {maxLength: 4}), (type, memory, more, loaded, events) => {
        const machine = {type, memory: kib(memory * MIB), maxmem: kib((memory + more) * MIB)};
        const timeline = run({machine, driver: {loaded}, duration: seconds(40), events: events.map((one, i) => at(3 + 6 * i, one))});
        const special = {pvh: 64, hvm: -20}[type];
        timeline.times.forEach((_, row) => {
          const value = (name: (typeof xenColumnNames)[number]): number => timeline.columns[name][row] ?? 0;
          if (value("resident") === 0) return;
          const chain = [0, value("populated"), value("resident") - special, value("configured") - value("balloon") - value("outsideMap"), value("configured")];
          expect(chain).toEqual([...chain].sort((a, b) => a - b));
        });
        ends[timeline.stateAt(seconds(40)).resident === 0 ? "crashed" : "alive"] += 1;
      }),
      {numRuns: cases(200)}
    );
    expect(ends.alive).toBeGreaterThan(0);
    expect(ends.crashed).toBeGreaterThan(0);
  });
});

describe("the timeline", () => {
  test("is byte for byte that of a run which steps through the time in which nothing happens", () => {
    const size = fc.integer({min: 100, max: 2500});
    const happening: fc.Arbitrary<XenHappening> = fc.oneof(
      size.map((n): XenHappening => ({type: "xl", command: `xl mem-set guest ${n}`})),
      size.map((n): XenHappening => ({type: "guest-target", target: kib(n * MIB)})),
      fc.record({size: fc.integer({min: 1, max: 900}), jitter: fc.constantFrom(0, 0.5), hold: fc.constantFrom(Infinity, 3)}).map(({size: n, jitter, hold}): XenHappening => ({type: "allocate", size: kib(n * MIB), rate: 300 * MIB, jitter, hold: seconds(hold)})),
      fc.constant<XenHappening>({type: "free"}),
      fc.integer({min: 1, max: 200}).map((n): XenHappening => ({type: "cache", size: kib(n * MIB)})),
      fc.constant<XenHappening>({type: "online-memory"})
    );
    let skipped = 0;
    fc.assert(
      fc.property(fc.constantFrom("pv" as const, "pvh" as const, "hvm" as const), size, size, fc.boolean(), fc.array(fc.tuple(fc.double({min: 0, max: 60, noNaN: true}), happening), {maxLength: 5}), (type, memory, more, loaded, events) => {
        const machine = {type, memory: kib(Math.max(200, memory) * MIB), maxmem: kib((Math.max(200, memory) + more) * MIB)};
        const spec: XenScenarioSpec = {machine, driver: {loaded}, duration: seconds(60), step: seconds(0.25), events: events.map(([time, one]) => at(time, one))};
        const stepped = everyStep(spec);
        const timeline = simulateXen(spec);
        for (const name of xenColumnNames) expect(Buffer.compare(bytesOf(timeline.columns[name]), bytesOf(stepped.columns[name])), name).toBe(0);
        expect(timeline.log).toEqual(stepped.log);
        skipped += stepped.idle;
      }),
      {numRuns: cases(200)}
    );
    expect(skipped).toBeGreaterThan(0);
  });

  test("has the shared columns and Xen's, is frozen, and the same twice", () => {
    const spec: XenScenarioSpec = {machine: {type: "pv", memory: kib(GIB)}, duration: seconds(5), events: [xl(1, "xl mem-set guest 900")]};
    const [one, two] = [simulateXen(spec), simulateXen(resolveXenScenario(spec))];
    expect(Object.keys(one.columns)).toEqual([...xenColumnNames]);
    expect(one.times).toHaveLength(51);
    expect(one.columns).toEqual(two.columns);
    expect([one, one.columns, one.log, one.stateAt(seconds(1))].every((value) => Object.isFrozen(value))).toBe(true);
    expect([one.stateAt(seconds(-1)).time, one.stateAt(seconds(99)).time, one.stateAt(seconds(1)).time]).toEqual([0, 5, 1]);
  });

  test("QEMU's own events mean nothing here; the host's free memory and the guest's programs do", () => {
    const timeline = run({events: [at(1, {type: "balloon", target: kib(1)}), at(1, {type: "host-free", size: kib(GIB)}), at(1, {type: "cache", size: kib(100 * MIB)})]});
    expect(timeline.stateAt(seconds(5))).toMatchObject({hostFree: GIB, actual: GIB});
    expect(timeline.stateAt(seconds(5)).cached - timeline.stateAt(seconds(0)).cached).toBe(100 * MIB);
  });

  test("a destroyed domain does nothing more", () => {
    const timeline = run({events: [xl(1, "xl destroy guest"), xl(2, "xl mem-set guest 512")]});
    expect(texts(timeline)).toEqual(["the domain was destroyed"]);
    expect(run({events: [xl(1, "xl unpause guest")]}).log).toEqual([]);
  });

  const bad: readonly [string, Partial<XenScenarioSpec>][] = [
    ["duration", {duration: seconds(0)}],
    ["step", {step: seconds(-1)}],
    ["step", {duration: seconds(1e6), step: seconds(0.01)}],
    ["events[0].at", {events: [xl(-1, "xl list")]}],
    ["driver.inflateRate", {driver: {inflateRate: 0}}],
    ["driver.deflateRate", {driver: {deflateRate: Infinity}}],
    ["driver.maxScheduleDelay", {driver: {maxScheduleDelay: 0}}],
    ["driver.bootTimeout", {driver: {bootTimeout: seconds(0)}}]
  ];
  test.each(bad)("a bad %s is named", (path, spec) => {
    expect(() => run(spec)).toThrow(expect.objectContaining({code: "out-of-range", path}));
  });

  test("an unknown event is named", () => {
    expect(() => run({events: [{at: seconds(0), type: "explode"} as unknown as XenEventSpec]})).toThrow(expect.objectContaining({code: "unknown-event", path: "events[0].type"}));
  });

  test("defaults", () => {
    expect(resolveXenScenario({machine: {type: "pv", memory: kib(GIB)}, duration: seconds(1)})).toMatchObject({name: "guest", hostFree: 5 * GIB, step: 0.1, events: [], driver: {loaded: true, inflateRate: 30000, deflateRate: 180000, maxRetryCount: 4, maxScheduleDelay: 20, bootTimeout: 180, section: 32768}});
    expect(resolveXenScenario({machine: {type: "dom0", memory: kib(GIB), hostMachine: {memory: kib(2 * GIB)}}, duration: seconds(1)}).name).toBe("Domain-0");
  });
});

describe("dom0", () => {
  const dom0 = {type: "dom0" as const, memory: kib(2 * GIB), hostMachine: {memory: kib(4 * GIB)}};
  test("is told like any other, and keeps its own cap", () => {
    const timeline = run({machine: dom0, events: [xl(1, "xl mem-set 0 1024")]});
    expect(timeline.stateAt(seconds(59))).toMatchObject({target: GIB, actual: GIB, resident: GIB, xenMax: GIB + MIB});
  });

  test("auto-ballooning takes from dom0 just what is missing, without a cap", () => {
    const result = createWithAutoballoon({machine: dom0, hostFree: kib(2500 * MIB)}, {type: "pv", memory: kib(GIB)});
    expect(result).toMatchObject({created: true, message: "", need: 1026 * MIB, free: 1026 * MIB, dom0Target: 1474 * MIB, dom0Current: 1474 * MIB, log: []});
    expect(result.duration).toBeGreaterThan(4);
  });

  test("its run: dom0 falls, the machine's free memory rises, and the new domain takes it", () => {
    const {timeline: {times, columns, stateAt}, duration, need} = createWithAutoballoon({machine: dom0, hostFree: kib(2500 * MIB)}, {type: "pv", memory: kib(GIB)});
    expect([columns.target[0], columns.resident[0], columns.hostFree[0]]).toEqual([2 * GIB, 2 * GIB, 452 * MIB]);
    expect(stateAt(seconds(0.1)).target).toBe(1474 * MIB);
    expect(stateAt(seconds(duration - 0.05))).toMatchObject({resident: 1474 * MIB, hostFree: need});
    expect([columns.resident.at(-1), columns.hostFree.at(-1)]).toEqual([1474 * MIB, 0]);
    expect(times.at(-1)).toBeCloseTo(duration + 4, 6);
    for (const [i, free] of columns.hostFree.entries()) if ((times[i] ?? 0) < duration) expect(free + (columns.resident[i] ?? 0)).toBe(2500 * MIB);
  });

  test("a domain that is not built takes nothing", () => {
    const {timeline: {columns}} = createWithAutoballoon({machine: dom0, hostFree: kib(2100 * MIB)}, {type: "pv", memory: kib(1940 * MIB)});
    expect((columns.hostFree.at(-1) ?? 0) + (columns.resident.at(-1) ?? 0)).toBe(2100 * MIB);
  });

  test("enough is free: nobody is asked", () => {
    expect(createWithAutoballoon({machine: dom0, hostFree: kib(4 * GIB)}, {type: "pvh", memory: kib(GIB)})).toMatchObject({created: true, need: 1026 * MIB, dom0Target: 2 * GIB, duration: 0});
  });

  test("dom0 would fall below 128 MiB: the domain is not built", () => {
    const result = createWithAutoballoon({machine: dom0, hostFree: kib(2100 * MIB)}, {type: "pv", memory: kib(4 * GIB)});
    expect(result).toMatchObject({created: false, message: "failed to free memory for the domain", dom0Target: 2 * GIB});
    expect(result.log[0]?.text).toContain("New target 0 for dom0 is below the minimum threshold");
  });

  test("dom0 cannot give that much: after its stall xl gives up", () => {
    const result = createWithAutoballoon({machine: dom0, hostFree: kib(2100 * MIB)}, {type: "pv", memory: kib(1940 * MIB)});
    expect(result).toMatchObject({created: false, message: "failed to free memory for the domain"});
    expect(result.dom0Current).toBeGreaterThan(result.dom0Target);
  });

  test("libvirt's driver asks in the same way, and fails with its own words", () => {
    const asked = createWithAutoballoon({machine: dom0, hostFree: kib(2500 * MIB)}, {type: "pv", memory: kib(GIB)}, "libvirt");
    expect(asked).toMatchObject({created: true, message: "", dom0Target: 1474 * MIB});
    expect(createWithAutoballoon({machine: dom0, hostFree: kib(2100 * MIB)}, {type: "pv", memory: kib(4 * GIB)}, "libvirt")).toMatchObject({created: false, message: "Failed to balloon domain0 memory"});
  });

  test("by default xl asks dom0 unless its size was fixed at boot", () => {
    expect([autoballoons("auto", "dom0_mem=1G,max:1G"), autoballoons("auto", "loglvl=all"), autoballoons("on", "dom0_mem=1G"), autoballoons("off", "")]).toEqual([false, true, true, false]);
    expect(askDom0(kib(10), kib(10))).toEqual({enough: true});
    expect(askDom0(kib(10), kib(12))).toEqual({enough: false, change: -2});
    expect(needMemory(resolveXenMachine({type: "hvm", memory: kib(GIB + 1)}))).toBe(1028 * MIB);
  });
});

describe("when a world rests", () => {
  const worldOf = (spec: Partial<XenScenarioSpec>): ReturnType<typeof createXenWorld> => createXenWorld(resolveXenScenario({machine: {type: "pv", memory: kib(GIB)}, duration: seconds(1), ...spec}), () => undefined);

  test("until its driver's thread looks again, an hour later; for ever without one, and once it is gone", () => {
    const world = worldOf({});
    expect(restsUntil(world)).toBe(3600);
    applyXen(world, {type: "guest-target", target: kib(900 * MIB)});
    expect(restsUntil(world)).toBe(0);
    expect(restsUntil(worldOf({driver: {loaded: false}}))).toBe(Infinity);
    world.state.running = false;
    expect(restsUntil(world)).toBe(Infinity);
  });

  test("not while its kernel waits, a program works or draws random numbers, reclaim runs, or it has panicked", () => {
    expect(restsUntil(worldOf({machine: {type: "pvh", memory: kib(GIB), maxmem: kib(2 * GIB)}}))).toBe(-Infinity);
    const busy = worldOf({});
    applyXen(busy, {type: "allocate", size: kib(MIB), rate: 4096});
    expect(restsUntil(busy)).toBe(-Infinity);
    for (let i = 0; i < 40; i++) advanceXen(busy, 0.1);
    expect(restsUntil(busy)).toBe(3600);
    const restless = worldOf({});
    applyXen(restless, {type: "allocate", size: kib(MIB), jitter: 0.5});
    for (let i = 0; i < 40; i++) advanceXen(restless, 0.1);
    expect(restsUntil(restless)).toBe(-Infinity);
    const dead = worldOf({});
    dead.state.guest.panicked = true;
    expect(restsUntil(dead)).toBe(-Infinity);
    const short = worldOf({});
    short.state.guest.zones.free.fill(0);
    expect(restsUntil(short)).toBe(-Infinity);
  });
});
