import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {isPv, resolveXenMachine, type XenMachineSpec} from "../../../src/domain/xen/machine.ts";
import {xenParameters} from "../../../src/domain/xen/parameters.ts";
import type {Sourced} from "../../../src/source.ts";
import {kib} from "../../../src/units.ts";
import {containing} from "../../matchers.ts";

const GIB = 1024 * 1024;

describe("what a Xen domain is given", () => {
  test("memory alone: the maximum is the same, no video memory, one processor, today", () => {
    const machine = resolveXenMachine({type: "pv", memory: kib(GIB)});
    expect(machine).toMatchObject({type: "pv", memory: GIB, maxmem: GIB, videoram: 0, mmioHole: 0, hostMachine: null, parameters: {era: "today"}, guest: {memory: GIB, vcpus: 1, acpi: false, balloon: null}});
  });

  test("a resolved machine is taken as it is", () => {
    const machine = resolveXenMachine({type: "pv", memory: kib(GIB)});
    expect(resolveXenMachine(machine)).toBe(machine);
  });

  test("the guest's kernel sees the maximum", () => {
    expect(resolveXenMachine({type: "pvh", memory: kib(GIB), maxmem: kib(2 * GIB), vcpus: 3}).guest).toMatchObject({memory: 2 * GIB, vcpus: 3, acpi: true});
  });

  test.each(["pv", "pvh"] as const)("a %s kernel cannot move itself", (type) => {
    expect(resolveXenMachine({type, memory: kib(GIB), commandLine: "quiet"}).guest.kernel.commandLine).toBe("quiet nokaslr");
  });

  test("an HVM kernel can, and its command line is left as it is", () => {
    expect(resolveXenMachine({type: "hvm", memory: kib(GIB), commandLine: "quiet"}).guest.kernel.commandLine).toBe("quiet");
    expect(resolveXenMachine({type: "hvm", memory: kib(GIB), kernel: {commandLine: "mem=1G"}}).guest.kernel.commandLine).toBe("mem=1G");
    expect(resolveXenMachine({type: "hvm", memory: kib(GIB)}).guest.kernel.commandLine).toBe("");
  });

  test("PV and dom0 are paravirtual", () => {
    expect((["pv", "dom0", "pvh", "hvm"] as const).map((type) => isPv({type}))).toEqual([true, true, false, false]);
  });

  const bad: readonly [string, XenMachineSpec][] = [
    ["memory", {type: "pv", memory: kib(65535)}],
    ["memory", {type: "pv", memory: kib(GIB + 0.5)}],
    ["maxmem", {type: "pv", memory: kib(GIB), maxmem: kib(GIB - 1)}],
    ["maxmem", {type: "pv", memory: kib(GIB), maxmem: kib(1024 * GIB + 1)}],
    ["videoram", {type: "pvh", memory: kib(GIB), videoram: kib(1)}],
    ["videoram", {type: "hvm", memory: kib(GIB), videoram: kib(GIB + 1)}],
    ["mmioHole", {type: "hvm", memory: kib(GIB), mmioHole: kib(3 * GIB + 1)}],
    ["mmioHole", {type: "hvm", memory: kib(GIB), mmioHole: kib(-1)}]
  ];
  test.each(bad)("an impossible %s is refused by name", (path, spec) => {
    expect(() => resolveXenMachine(spec)).toThrow(expect.objectContaining({code: "out-of-range", path, expected: containing("KiB from"), hint: `give ${path} in KiB`}));
  });

  test("the limits themselves are taken", () => {
    expect(resolveXenMachine({type: "pv", memory: kib(65536), maxmem: kib(1024 * GIB)})).toMatchObject({memory: 65536, maxmem: 1024 * GIB});
    expect(resolveXenMachine({type: "hvm", memory: kib(GIB), videoram: kib(GIB), mmioHole: kib(3 * GIB)})).toMatchObject({videoram: GIB, mmioHole: 3 * GIB});
  });

  test("dom0 needs the machine under it", () => {
    expect(() => resolveXenMachine({type: "dom0", memory: kib(GIB)})).toThrow(expect.objectContaining({code: "missing-field", path: "hostMachine"}));
    expect(resolveXenMachine({type: "dom0", memory: kib(GIB), hostMachine: {memory: kib(4 * GIB)}}).hostMachine?.memory).toBe(4 * GIB);
  });

  test("an unknown parameter set is refused", () => {
    expect(() => xenParameters("2015")).toThrow(expect.objectContaining({code: "unknown-parameters", path: "parameters", expected: "2009 or today", message: "unknown parameter set: 2015"}));
  });

  test("what is resolved does not change", () => {
    fc.assert(
      fc.property(fc.integer({min: 65536, max: 8 * GIB}), fc.integer({min: 0, max: 8 * GIB}), (memory, more) => {
        const machine = resolveXenMachine({type: "pv", memory: kib(memory), maxmem: kib(memory + more)});
        expect(Object.isFrozen(machine)).toBe(true);
        expect(machine.maxmem).toBeGreaterThanOrEqual(machine.memory);
      })
    );
  });
});

describe("2009 and today", () => {
  const [then, today] = [xenParameters("2009"), xenParameters("today")];
  test("differ in nearly everything listed, and every value names its source", () => {
    const sourced = (set: typeof then): Sourced<unknown>[] => Object.values(set as unknown as Record<string, Sourced<unknown> | string>).flatMap((item) => (typeof item === "string" ? [] : [item]));
    const values = (set: typeof then): unknown[] => sourced(set).map(({value}) => value);
    expect(values(then)).toEqual([8192, "static-max", false, 0, {ratio: 10, ofTotal: true}, 0, 32, false, false, false, true]);
    expect(values(today)).toEqual([0, "target", true, 1024, {ratio: 10, ofTotal: false}, 4, 20, true, true, true, true]);
    for (const {source} of [then, today].flatMap(sourced)) expect([source.text, source.place, source.version]).not.toContain("");
  });
});
