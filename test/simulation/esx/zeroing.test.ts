import {describe, expect, test} from "vitest";
import {bootStorm} from "../../../src/simulation/esx/osdi02.ts";
import {resolveEsxScenario, type EsxScenarioSpec, type EsxWorkloadSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx, type EsxVmTimeline} from "../../../src/simulation/esx/simulate-esx.ts";
import {writeZeroes} from "../../../src/simulation/esx/zeroing.ts";
import {kib, seconds} from "../../../src/units.ts";
import {vmOf} from "../../host/esx/fixture.ts";

const MIB = 1024;
const booting = (workload: EsxWorkloadSpec, duration = 60): EsxVmTimeline => {
  const spec: EsxScenarioSpec = {host: {version: "2002", ram: kib(1024 * MIB)}, vms: [{name: "a", memory: kib(256 * MIB), workload}], duration: seconds(duration), every: seconds(1)};
  const [vm] = simulateEsx(spec).vms;
  return vm ?? expect.fail("no machine");
};

describe("a guest that writes zeroes while it boots", () => {
  test("gets its pages over time, at its rate, and is taken to use them", () => {
    const vm = booting({zeroes: true, zeroRate: 10 * MIB});
    const at = (t: number, name: "zero" | "neverTouched" | "active"): number => vm.stateAt(seconds(t))[name] / MIB;
    expect(at(10, "zero")).toBeCloseTo(100, 0);
    expect(at(5, "zero")).toBeCloseTo(50, 0);
    expect([at(59, "neverTouched"), vm.stateAt(seconds(59)).zero]).toEqual([0, booting({zeroes: true}).stateAt(seconds(0)).zero]);
    expect(at(20, "active")).toBeGreaterThan(100);
  });
  test("writes to a page once: what a balloon gives back it leaves alone", () => {
    const machine = {vm: vmOf({free: 100, zeroes: false}), zeroesLeft: 100, faultsBefore: 0};
    for (let step = 0; step < 50; step++) writeZeroes(machine, 2.5);
    expect([machine.vm.untouched, machine.vm.zero, machine.vm.freeBacked, machine.zeroesLeft, machine.faultsBefore]).toEqual([0, 100, 100, 0, -100]);
    machine.vm.freeBacked -= 10;
    machine.vm.zero -= 10;
    machine.vm.untouched += 10;
    writeZeroes(machine, 2.5);
    expect(machine.vm.untouched).toBe(10);
  });
  test("slower than a page a step loses none", () => {
    const machine = {vm: vmOf({free: 100, zeroes: false}), zeroesLeft: 100, faultsBefore: 0};
    for (let step = 0; step < 40; step++) writeZeroes(machine, 0.25);
    expect(machine.vm.zero).toBe(10);
  });
  test("has a rate above 0", () => {
    expect(() => booting({zeroes: true, zeroRate: 0})).toThrow("vms[0].workload.zeroRate: 0");
  });
});

test("the boot storm's host has 1 GB, the machines' overhead in it: 59.4 % are promised twice", () => {
  const {host, vms} = resolveEsxScenario(bootStorm());
  expect([host.ram / MIB, vms.reduce((sum, {overhead}) => sum + overhead, 0) / MIB, vms.reduce((sum, {machine}) => sum + machine.memory, 0) / MIB]).toEqual([1024, 160, 1472]);
});
