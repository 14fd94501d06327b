import {describe, expect, test} from "vitest";
import {ModelError} from "../../../src/errors.ts";
import {esxEventTypes, type EsxEventSpec} from "../../../src/simulation/esx/events.ts";
import {resolveEsxScenario, type EsxHostSpec, type EsxScenarioSpec, type EsxVmSpec} from "../../../src/simulation/esx/scenario.ts";
import {kib, seconds} from "../../../src/units.ts";

const MIB = 1024;
const base: EsxScenarioSpec = {host: {ram: kib(4096 * MIB)}, vms: [{name: "a", memory: kib(1024 * MIB)}], duration: seconds(10)};
const withVm = (vm: Partial<EsxVmSpec>): EsxScenarioSpec => ({...base, vms: [{name: "a", memory: kib(1024 * MIB), ...vm}]});
const withHost = (host: Partial<EsxHostSpec>): EsxScenarioSpec => ({...base, host: {ram: kib(4096 * MIB), ...host}});
const withEvent = (event: object): EsxScenarioSpec => ({...base, events: [event as EsxEventSpec]});

function refused(spec: EsxScenarioSpec): string {
  try {
    resolveEsxScenario(spec);
  } catch (error) {
    if (error instanceof ModelError) return `${error.code} ${error.path}`;
    throw error;
  }
  return "";
}

describe("a scenario on ESX", () => {
  test("has defaults", () => {
    const {host, vms: [vm], step, stride, seed, policy} = resolveEsxScenario(base);
    expect([step, stride, seed, policy.name]).toEqual([0.1, 1, 0, "ESX"]);
    expect(host).toMatchObject({version: "6.0", kernel: 0, swapSpace: Infinity, swapRate: 102400, swapLatency: 0.005, unzipLatency: 0.00002, hysteresis: 0.1, sharing: "within", largePages: false, ghz: 24});
    expect(vm).toMatchObject({name: "a", reservation: 0, limit: null, shares: 10240, balloonMax: 681574.4, overhead: Math.ceil(25.9 * 1024), powerOn: 0, sharing: null, compressible: 0.5});
    expect(vm?.driver).toEqual({loadsAt: 0, throttled: false, rate: 1048576});
    expect(vm?.workload).toEqual({anon: 0, workingSet: 0, active: 0, sweep: 5, fileRate: 204800, zeroes: false, zeroRate: Infinity});
    expect(vm?.guest).toMatchObject({seed: 0});
  });

  test("keeps what it is given", () => {
    const {vms: [vm], host} = resolveEsxScenario({...withVm({shares: "high", limit: kib(600 * MIB), reservation: kib(512 * MIB), driver: {loadsAt: null, throttled: true, rate: 5}, balloonMax: kib(100), overhead: kib(7)}), seed: 4});
    expect(vm).toMatchObject({shares: 20480, limit: 600 * MIB, reservation: 512 * MIB, balloonMax: 100, overhead: 7, driver: {loadsAt: null, throttled: true, rate: 5}, guest: {seed: 4}});
    expect(host.rules.name).toBe("ESXi 6.0");
    expect(resolveEsxScenario(withHost({version: "4.0"})).host.sharing).toBe("all");
    expect(resolveEsxScenario(withVm({shares: 5})).vms[0]?.shares).toBe(5);
  });

  test("bounds the balloon by what is not reserved", () => {
    expect(resolveEsxScenario(withVm({reservation: kib(768 * MIB)})).vms[0]?.balloonMax).toBe(256 * MIB);
  });

  test("without sharing has no profiles", () => {
    const sharing = {image: "x", duplicate: 0, copies: 1, common: 0, agreement: 0};
    expect(resolveEsxScenario({...withVm({sharing}), host: {ram: kib(4096 * MIB), sharing: "off"}}).vms[0]?.sharing).toBeNull();
    expect(resolveEsxScenario(withVm({sharing})).vms[0]?.sharing).toBe(sharing);
  });

  test("is resolved once, and its boots are kept", () => {
    const resolved = resolveEsxScenario(base);
    expect(resolveEsxScenario(resolved)).toBe(resolved);
    expect(resolveEsxScenario(base).vms[0]?.boot).toBe(resolved.vms[0]?.boot);
    for (let i = 0; i < 70; i++) resolveEsxScenario({...base, vms: [{name: "a", memory: kib((200 + i) * MIB)}]});
    expect(resolveEsxScenario(base).vms[0]?.boot).toEqual(resolved.vms[0]?.boot);
  });

  test("puts events in order", () => {
    const events: EsxEventSpec[] = [{at: seconds(5), type: "free"}, {at: seconds(1), type: "touch"}, {at: seconds(5), type: "power-off"}];
    expect(resolveEsxScenario({...base, events}).events.map(({type}) => type)).toEqual(["touch", "free", "power-off"]);
    expect(esxEventTypes).toContain("set-limit");
    expect(esxEventTypes).toContain("allocate");
    expect(esxEventTypes).not.toContain("poll-stats");
    expect(new Set(esxEventTypes).size).toBe(esxEventTypes.length);
  });

  test.each<[string, EsxScenarioSpec]>([
    ["out-of-range vms", {...base, vms: []}],
    ["duplicate-name vms[1].name", {...base, vms: [...base.vms, ...base.vms]}],
    ["out-of-range duration", {...base, duration: seconds(0)}],
    ["out-of-range step", {...base, step: seconds(NaN)}],
    ["out-of-range step", {...base, duration: seconds(1e9)}],
    ["out-of-range every", {...base, every: seconds(0)}],
    ["out-of-range every", {...base, every: seconds(10.1)}],
    ["out-of-range every", {...base, every: seconds(Infinity)}],
    ["out-of-range step", {...base, step: seconds(11)}],
    ["out-of-range host.ram", withHost({ram: kib(-1)})],
    ["out-of-range host.kernel", withHost({kernel: kib(-1)})],
    ["out-of-range host.idleTax", withHost({idleTax: 1})],
    ["out-of-range host.idleTax", withHost({idleTax: -0.1})],
    ["out-of-range host.version", withHost({version: "9" as "6.0"})],
    ["out-of-range host.hysteresis", withHost({hysteresis: -1})],
    ["out-of-range host.swapRate", withHost({swapRate: 0})],
    ["out-of-range host.swapLatency", withHost({swapLatency: seconds(-1)})],
    ["out-of-range host.ghz", withHost({ghz: 0})],
    ["out-of-range vms[0].memory", withVm({memory: kib(0)})],
    ["out-of-range vms[0].reservation", withVm({reservation: kib(2048 * MIB)})],
    ["out-of-range vms[0].limit", withVm({limit: kib(5), reservation: kib(6)})],
    ["out-of-range vms[0].shares", withVm({shares: -1})],
    ["out-of-range vms[0].compressible", withVm({compressible: 2})],
    ["out-of-range vms[0].balloonMax", withVm({balloonMax: kib(-1)})],
    ["out-of-range vms[0].driver.rate", withVm({driver: {rate: 0}})],
    ["out-of-range vms[0].workload.sweep", withVm({workload: {sweep: seconds(0)}})],
    ["out-of-range vms[0].workload.active", withVm({workload: {active: kib(-1)}})],
    ["unknown-event events[0].type", withEvent({at: 0, type: "poll-stats"})],
    ["unknown-vm events[0].vm", withEvent({at: 0, type: "free", vm: "b"})],
    ["out-of-range events[0].at", withEvent({at: -1, type: "free"})],
    ["out-of-range events[0].limit", withEvent({at: 0, type: "set-limit", limit: -1})],
    ["out-of-range events[0].tax", withEvent({at: 0, type: "set-idle-tax", tax: 1})]
  ])("refuses: %s", (wanted, spec) => {
    expect(refused(spec)).toBe(wanted);
  });
});
