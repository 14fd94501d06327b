import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {resolveMachine, type MachineSpec} from "../../../src/domain/machine.ts";
import {memoryMap} from "../../../src/domain/memory-map/memory-map.ts";
import {bootGuest} from "../../../src/guest/boot/boot.ts";
import {kib} from "../../../src/units.ts";
import {cases} from "../../cases.ts";

const MIB = 1024;
const types = ["pc", "q35", "pc-i440fx-1.7", "pc-i440fx-2.0", "pc-i440fx-2.10", "pc-i440fx-7.0", "pc-q35-2.4", "pc-q35-7.1"];

/** Machines of 128 MiB to 24 GiB; sizes near the boards' splits are as likely as any other. */
export const machines: fc.Arbitrary<MachineSpec> = fc
  .record({
    mib: fc.oneof(fc.integer({min: 128, max: 24 * 1024}), fc.integer({min: 2800, max: 4200}), fc.constantFrom(512, 1024, 2048, 2815, 2816, 3072, 3583, 3584, 4096)),
    machine: fc.constantFrom(...types),
    below: fc.option(fc.constantFrom(1024, 2048, 2560, 3072, 3584)),
    vcpus: fc.integer({min: 1, max: 16}),
    vendor: fc.constantFrom("amd" as const, "intel" as const),
    room: fc.option(fc.record({more: fc.integer({min: 0, max: 8}), slots: fc.integer({min: 0, max: 4})})),
    acpi: fc.boolean()
  })
  .map(({mib, machine, below, vcpus, vendor, room, acpi}) => ({
    memory: kib(mib * MIB),
    machine,
    maxRamBelow4g: below === null ? null : kib(below * MIB),
    vcpus,
    acpi,
    cpu: {vendor},
    hotplug: room && {maxMemory: kib((mib + room.more * 1024) * MIB), slots: room.slots}
  }));

/** Fails when a named class of cases is too rare to mean anything. */
function expectClasses(counts: Readonly<Record<string, number>>, runs: number): void {
  for (const [name, count] of Object.entries(counts)) expect(count / runs, `share of cases with ${name}`).toBeGreaterThanOrEqual(0.01);
}

describe("any machine", () => {
  test("its map is sorted, without overlap, and has all RAM in it", () => {
    const runs = cases(10_000);
    const seen = {"a hole": 0, "no hole": 0, "room for devices": 0, "no ACPI": 0, "a lowered split": 0};
    fc.assert(
      fc.property(machines, (spec) => {
        const machine = resolveMachine(spec);
        const map = memoryMap(machine);
        seen[map.split.above4g > 0 ? "a hole" : "no hole"] += 1;
        if (map.hotplugEnd !== null) seen["room for devices"] += 1;
        if (!machine.acpi) seen["no ACPI"] += 1;
        if (machine.maxRamBelow4g !== null) seen["a lowered split"] += 1;
        map.e820.forEach((entry, i) => {
          expect(entry.end).toBeGreaterThanOrEqual(entry.start);
          expect(entry.start).toBeGreaterThan(map.e820[i - 1]?.end ?? -1);
        });
        expect(map.split.below4g + map.split.above4g).toBe(machine.memory * 1024);
        expect(map.usable).toBeLessThanOrEqual(machine.memory * 1024);
        expect(map.usable).toBeGreaterThanOrEqual(machine.memory * 1024 - 513 * 1024);
        expect(map.hotplugEnd ?? Infinity).toBeGreaterThanOrEqual(map.split.highBase + map.split.above4g);
      }),
      {numRuns: runs, seed: 1}
    );
    expectClasses(seen, runs);
  });

  test("its guest's MemTotal is the usable map less the terms, the zones' sum, and never more than the map", () => {
    const runs = cases(10_000);
    const seen = {"a bounce buffer": 0, "no bounce buffer": 0, "a Normal zone": 0, "several processors": 0};
    fc.assert(
      fc.property(machines, (spec) => {
        const boot = bootGuest(resolveMachine(spec));
        const bounce = boot.terms.find(({key}) => key === "bounce-buffer");
        seen[bounce ? "a bounce buffer" : "no bounce buffer"] += 1;
        if (boot.zones.length === 3) seen["a Normal zone"] += 1;
        if ((spec.vcpus ?? 1) > 1) seen["several processors"] += 1;
        const terms = boot.terms.reduce((sum, {size}) => sum + size, 0);
        expect(boot.usable - terms).toBe(boot.memTotal);
        expect(boot.zones.reduce((sum, {managed}) => sum + managed, 0) * 4).toBe(boot.memTotal);
        expect(boot.memTotal).toBeLessThan(boot.usable);
        expect(boot.memFree).toBeLessThan(boot.memTotal);
        expect(bounce?.size ?? 65536).toBe(65536);
        for (const {size} of boot.terms) expect(size).toBeGreaterThan(0);
        for (const zone of boot.zones) {
          expect(zone.managed).toBeLessThanOrEqual(zone.present);
          expect(zone.present).toBeLessThanOrEqual(zone.spanned);
          expect(zone.min).toBeLessThanOrEqual(zone.low);
          expect(zone.low).toBeLessThanOrEqual(zone.high);
        }
      }),
      {numRuns: runs, seed: 2}
    );
    expectClasses(seen, runs);
  });

  test("more memory on the same board never means less MemTotal than the bounce buffer and one section's structures explain", () => {
    fc.assert(
      fc.property(machines, fc.integer({min: 1, max: 64}), (spec, more) => {
        const fixed = {...spec, hotplug: null};
        const less = bootGuest(resolveMachine(fixed));
        const grown = bootGuest(resolveMachine({...fixed, memory: kib(spec.memory + more * MIB)}));
        // Crossing a power of two doubles both hash tables; 24 MiB at 16 GiB.
        expect(grown.memTotal - less.memTotal).toBeGreaterThan(-(65536 + 1024 + 4096 + 24 * 1024));
      }),
      {numRuns: cases(2_000), seed: 3}
    );
  });
});
