import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {resolveMachine} from "../../../src/domain/machine.ts";
import {esxPolicy} from "../../../src/policy/esx.ts";
import {momPolicy} from "../../../src/policy/mom.ts";
import {proxmoxPolicy} from "../../../src/policy/proxmox.ts";
import {simulateHost} from "../../../src/simulation/shared/simulate-host.ts";
import type {SharedScenarioSpec, SharedVmSpec} from "../../../src/simulation/shared/scenario.ts";
import {mib, mibToKib, seconds, type KiB} from "../../../src/units.ts";

const m = (value: number): KiB => mibToKib(mib(value));
const machine = resolveMachine({memory: m(1024)});
const vm = (name: string, size: number, parts: Partial<SharedVmSpec> = {}): SharedVmSpec => ({name, machine, minimum: m(256), activity: 100 * 1024, events: size === 0 ? [] : [{at: seconds(5), type: "allocate", size: m(size)}], ...parts});
const spec = (vms: readonly SharedVmSpec[], parts: Partial<SharedScenarioSpec> = {}): SharedScenarioSpec => ({host: {ram: m(1500), swap: m(2000)}, vms, duration: seconds(60), ...parts});
const last = (column: Float64Array): number => column.at(-1) ?? 0;

describe("several VMs on one host", () => {
  test("the account of the host balances in every row", () => {
    const run = simulateHost(spec([vm("a", 800), vm("b", 600), vm("c", 0)]));
    for (let row = 0; row < run.times.length; row++) {
      const charged = run.vms.reduce((sum, one) => sum + (one.columns.cgroupCurrent[row] ?? 0), 0);
      expect((run.host.free[row] ?? 0) + charged).toBe(m(1500));
      expect(run.host.used[row]).toBe(charged);
      expect(run.host.free[row]).toBeGreaterThanOrEqual(0);
    }
    const swapped = run.vms.reduce((sum, one) => sum + last(one.columns.hostSwapped), 0);
    expect(last(run.host.swapUsed)).toBeGreaterThanOrEqual(swapped);
  });

  test("an idle machine's rows are its last, to the end", () => {
    const run = simulateHost(spec([vm("a", 800), vm("b", 0, {activity: 0})], {host: {ram: m(4000)}}));
    for (const column of Object.values(run.vms[1]?.columns ?? {})) expect(column.at(-1)).toBe(column[100]);
    expect(last(run.vms[1]?.columns.actual ?? new Float64Array())).toBe(m(1024));
  });

  test("those who go over swapped memory wait; faults are traffic", () => {
    const {vms: [a, b]} = simulateHost(spec([vm("a", 800), vm("b", 600, {activity: 0})]));
    expect([(a?.cost.stall ?? 0) > 1, a?.cost.hostSwapIn === 0, b?.cost.stall]).toEqual([true, false, 0]);
    expect(a?.cost.stall).toBeCloseTo(((a?.cost.hostSwapIn ?? 0) / 4) * 74e-6, 6);
  });

  test("protected memory is somebody else's to pay", () => {
    const {vms: [a, b]} = simulateHost(spec([vm("a", 700, {activity: 0, cgroup: {min: m(1024)}}), vm("b", 700, {activity: 0})]));
    expect([a?.cost.hostSwapOut, (b?.cost.hostSwapOut ?? 0) > 0]).toEqual([0, true]);
    const soft = simulateHost(spec([vm("a", 700, {activity: 0, cgroup: {version: 1, soft: m(300)}}), vm("b", 700, {activity: 0})]));
    expect([(soft.vms[0]?.cost.hostSwapOut ?? 0) > 0, soft.vms[1]?.cost.hostSwapOut]).toEqual([true, 0]);
  });

  test("sizes decide between VMs; within one, what its guest has freed goes before what it uses", () => {
    const freed = [{at: seconds(1), type: "allocate" as const, name: "job", size: m(600), rate: 1024 * 1024}, {at: seconds(3), type: "free" as const, name: "job"}];
    const used = [{at: seconds(1), type: "allocate" as const, name: "job", size: m(600), rate: 1024 * 1024}];
    const late = [{at: seconds(10), type: "allocate" as const, name: "late", size: m(500)}];
    const {vms: [a, b]} = simulateHost(spec([vm("a", 0, {events: freed, workload: {anon: m(50)}}), vm("b", 0, {events: used, workload: {anon: m(50)}}), vm("c", 0, {events: late, activity: 0})], {host: {ram: m(2000), swap: m(2000)}, duration: seconds(14)}));
    const out = [a, b].map((one) => one?.cost.hostSwapOut ?? 0);
    expect(Math.min(...out)).toBeGreaterThan(m(50));
    expect(a?.cost.hostSwapIn).toBe(0);
    expect(b?.cost.hostSwapIn).toBeGreaterThan(m(10));
  });

  test("without swap the largest is killed, and the others live", () => {
    const run = simulateHost(spec([vm("a", 900), vm("b", 600)], {host: {ram: m(1500)}}));
    expect(run.vms.map(({cost}) => cost.killedAt !== null)).toEqual([true, false]);
    expect(run.vms[0]?.log.at(-1)?.text).toBe("Out of memory: the host kills the VM's process");
    expect(last(run.vms[0]?.columns.cgroupCurrent ?? new Float64Array())).toBe(0);
  });

  test("a VM's own cgroup kills it, whoever else has room", () => {
    const run = simulateHost(spec([vm("a", 800, {cgroup: {max: m(500), swapMax: m(0)}}), vm("b", 0)]));
    expect([run.vms[0]?.cost.killedAt !== null, run.vms[1]?.cost.killedAt]).toEqual([true, null]);
  });

  test("the guest's own swap is waited for, too", () => {
    const run = simulateHost(spec([vm("a", 700, {currentMemory: m(500), workload: {swap: m(600)}})]));
    expect([(run.vms[0]?.cost.guestSwapOut ?? 0) > 0, (run.vms[0]?.cost.guestSwapIn ?? 0) > 0, (run.vms[0]?.cost.stall ?? 0) > 0, run.vms[0]?.cost.hostSwapOut]).toEqual([true, true, true, 0]);
  });
});

describe("a guest of two processes", () => {
  const events = [{at: seconds(5), type: "allocate" as const, name: "job", size: m(600), rate: 200 * 1024}];
  const run = simulateHost(spec([vm("a", 100, {currentMemory: m(500), workload: {anon: m(100), overcommit: 1, swap: m(1000)}, events})]));
  const cost = run.vms[0]?.cost;

  test("waits for what either of them has in swap", () => {
    expect(cost?.oomKills).toBe(0);
    expect((cost?.guestSwapIn ?? 0) > 100 * 1024, String(cost?.guestSwapIn)).toBe(true);
    expect(cost?.stall).toBeCloseTo(((cost?.guestSwapIn ?? 0) / 4) * 74e-6, 6);
  });

  test("waits no longer than its processor runs", () => {
    expect((cost?.stall ?? Infinity) < (run.times.at(-1) ?? 0)).toBe(true);
  });
});

describe("a guest whose job is killed", () => {
  const events = [{at: seconds(5), type: "allocate" as const, name: "job", size: m(600), rate: 200 * 1024}, {at: seconds(50), type: "free" as const, name: "job"}];
  const killed = (parts: Partial<SharedVmSpec>): SharedVmSpec => vm("a", 0, {currentMemory: m(500), driver: {loadsAt: 0}, workload: {anon: m(100), overcommit: 1}, events, ...parts});

  test("by its own kernel: it is counted once, and what was there before lives and waits for nothing", () => {
    const run = simulateHost(spec([killed({})]));
    const [a] = run.vms;
    expect(a?.cost).toMatchObject({oomKills: 1, refusals: 0, killedAt: null, stall: 0, hostSwapOut: 0, guestSwapOut: 0});
    expect(a?.log.filter(({text}) => text.includes("Killed process")).map(({text}) => text)).toEqual([expect.stringContaining("(job)")]);
    // Its 100 MiB, and init.
    expect(Math.floor(last(a?.columns.anon ?? new Float64Array()) / 1024)).toBe(100);
  });

  test("before it starts, by the commit limit: it is refused, not killed", () => {
    const {vms: [a]} = simulateHost(spec([killed({workload: {anon: m(100), overcommit: 2}})]));
    expect(a?.cost).toMatchObject({oomKills: 0, refusals: 1, killedAt: null});
  });

  test("with its whole VM, by the host: nothing is counted in the guest", () => {
    const {vms: [a, b]} = simulateHost(spec([killed({currentMemory: m(1024)}), vm("b", 100)], {host: {ram: m(600)}}));
    expect(a?.cost).toMatchObject({oomKills: 0, refusals: 0});
    expect([(a?.cost.killedAt ?? 0) > 5, b?.cost.killedAt]).toEqual([true, null]);
  });
});

describe("the host's free memory", () => {
  test("is never below 0: as many are killed as have to be, the largest first", () => {
    const run = simulateHost(spec([vm("a", 0, {overhead: m(300)}), vm("b", 0, {overhead: m(350)}), vm("c", 0, {overhead: m(100)})], {host: {ram: m(400)}, duration: seconds(2)}));
    expect(run.vms.map(({cost}) => cost.killedAt)).toEqual([0, 0, null]);
    expect(run.host.free[0]).toBeGreaterThanOrEqual(0);
  });

  test("whatever is asked of it", () => {
    const size = fc.integer({min: 0, max: 900});
    const one = fc.record({size, anon: size, min: size, max: fc.integer({min: 100, max: 1200}), overhead: fc.integer({min: 0, max: 200}), activity: fc.integer({min: 0, max: 200})});
    fc.assert(fc.property(fc.integer({min: 300, max: 2000}), size, fc.integer({min: 0, max: 100}), fc.array(one, {minLength: 1, maxLength: 3}), fc.constantFrom(null, momPolicy(), proxmoxPolicy(), esxPolicy()), (ram, swap, others, list, policy) => {
      const vms = list.map(({anon, min, max, overhead, activity, ...own}, i) => vm(`vm${i}`, own.size, {workload: {anon: m(anon), overcommit: 1}, activity: activity * 1024, overhead: m(overhead), cgroup: {min: m(min), max: m(max)}}));
      const run = simulateHost(spec(vms, {host: {ram: m(ram), swap: m(swap), others: m((ram * others) / 100)}, policy, duration: seconds(40)}));
      for (const column of [run.host.free, run.host.used, run.host.swapUsed]) expect(column.every((value) => value >= 0)).toBe(true);
      expect(run.host.used.every((value) => value <= m(ram))).toBe(true);
    }), {numRuns: 40});
  });
});

describe("policies", () => {
  const pair = [vm("a", 500, {activity: 0}), vm("b", 0)];

  test("Proxmox lowers targets by at most 100 MiB every 10 s, and not below the minimum", () => {
    const {vms: [, b], scenario} = simulateHost(spec(pair, {policy: proxmoxPolicy(0.2), duration: seconds(200)}));
    const at = (t: number): number => (b?.columns.target[Math.round(t / scenario.step)] ?? 0) / 1024;
    expect([at(9.9), at(10), at(20), at(199)]).toEqual([1024, 924, 824, 256]);
    expect(last(b?.columns.actual ?? new Float64Array())).toBe(m(256));
  });

  test("MOM leaves them alone while a fifth of the host is free", () => {
    const {vms} = simulateHost(spec(pair, {policy: momPolicy(), host: {ram: m(8000)}}));
    expect(vms.map(({columns}) => last(columns.target))).toEqual([m(1024), m(1024)]);
    const short = simulateHost(spec(pair, {policy: momPolicy(), host: {ram: m(900), swap: m(500)}}));
    expect(last(short.vms[1]?.columns.target ?? new Float64Array())).toBeLessThan(m(1000));
  });

  test("a VM without a minimum is not touched, and a dead one not asked", () => {
    const {vms} = simulateHost(spec([vm("a", 900, {minimum: undefined}), vm("b", 600, {minimum: undefined})], {policy: proxmoxPolicy(), host: {ram: m(1500)}}));
    expect(vms.map(({columns}) => columns.target.every((target) => target === m(1024)))).toEqual([true, true]);
  });

  test("the same input gives the same bytes", () => {
    const run = (): unknown => simulateHost(spec([vm("a", 800), vm("b", 600)], {policy: momPolicy("vdsm")})).vms;
    expect(run()).toEqual(run());
  });
});

test.each([[{host: {ram: m(0)}}], [{vms: []}], [{host: {ram: m(100), swap: m(-1)}}], [{vms: [vm("a", 0, {shares: -1})]}], [{host: {ram: m(100), others: m(101)}}]])("refuses %j", (parts) => {
  expect(() => simulateHost(spec([vm("a", 0)], parts as Partial<SharedScenarioSpec>))).toThrow(expect.objectContaining({code: "out-of-range"}) as Error);
});

test("says what others can hold, and that names are to differ", () => {
  expect(() => simulateHost(spec([vm("a", 0)], {host: {ram: m(1000), others: m(2000)}}))).toThrow(expect.objectContaining({path: "host.others", expected: `at most host.ram (${m(1000)})`}) as Error);
  expect(simulateHost(spec([vm("a", 0)], {host: {ram: m(100), others: m(100)}})).host.free.every((free) => free === 0)).toBe(true);
  expect(() => simulateHost(spec([vm("a", 0), vm("b", 0), vm("a", 0)]))).toThrow(expect.objectContaining({code: "duplicate-name", path: "vms[2].name"}) as Error);
});
