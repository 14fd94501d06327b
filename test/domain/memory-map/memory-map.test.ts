import {describe, expect, test} from "vitest";
import {firmwareRanges} from "../../../src/domain/memory-map/firmware.ts";
import {announcesHotplug, hotplugEnd} from "../../../src/domain/memory-map/hotplug.ts";
import {memoryMap} from "../../../src/domain/memory-map/memory-map.ts";
import {splitRam} from "../../../src/domain/memory-map/split.ts";
import {resolveMachine, type MachineSpec} from "../../../src/domain/machine.ts";
import {kib} from "../../../src/units.ts";
import {containing} from "../../matchers.ts";

const MIB = 1024;
const GIB = 1024 * MIB;
const machine = (spec: Partial<MachineSpec> = {}): ReturnType<typeof resolveMachine> => resolveMachine({memory: kib(GIB), ...spec});
const kept = (spec: Partial<MachineSpec> = {}): ReturnType<typeof firmwareRanges> => firmwareRanges(machine(spec), splitRam(machine(spec)));
const atTop = (spec: Partial<MachineSpec> = {}): ReturnType<typeof firmwareRanges>[number] | undefined => kept(spec).find(({end}) => end === machine(spec).memory * 1024);
const top = (spec: Partial<MachineSpec>): number => {
  const range = atTop(spec);
  return range ? (range.end - range.start) / 1024 : 0;
};

describe("what firmware keeps", () => {
  test.each([
    [{}, 128],
    [{machine: "pc-i440fx-2.1"}, 128],
    [{machine: "pc-i440fx-2.0"}, 8],
    [{machine: "pc-i440fx-1.4"}, 8],
    [{machine: "pc-q35-2.0"}, 128],
    [{acpi: false}, 0],
    [{acpi: false, machine: "pc-i440fx-2.0"}, 0],
    [{virtioDisks: 1}, 140],
    [{virtioDisks: 2}, 152],
    [{virtioDisks: 1, acpi: false}, 12],
    [{firmware: {topReservation: kib(200)}}, 200],
    [{firmware: {name: "coreboot", topReservation: kib(0)}}, 0],
    [{firmware: {name: "ovmf", topReservation: kib(4)}}, 4]
  ] as [Partial<MachineSpec>, number][])("%j: %i KiB at the top of low RAM", (spec, expected) => {
    expect(top(spec)).toBe(expected);
  });

  test("each amount says where it comes from", () => {
    expect(atTop()?.source.text).toContain("padded to 128 KiB");
    expect(atTop({virtioDisks: 1})?.source.text).toContain("virtio disk");
    expect(atTop({firmware: {topReservation: kib(1)}})?.source.place).toBe("firmware.topReservation");
    expect(atTop({machine: "pc-i440fx-2.0"})?.source.text).toContain("whole pages");
    for (const {source} of kept({machine: "q35"})) expect(source.version).toMatch(/SeaBIOS 1\.16\.2-1|QEMU 7\.2/);
  });

  test("a firmware without a rule has to say it", () => {
    expect(() => memoryMap(machine({firmware: {name: "coreboot"}}))).toThrow(
      expect.objectContaining({message: "unknown firmware: coreboot", code: "unknown-firmware", path: "firmware.name", expected: "seabios, ovmf, or any firmware with topReservation", hint: containing("topReservation")})
    );
  });

  test("fixed ranges", () => {
    const ranges = (type: string): string[] => kept({machine: type, acpi: false, cpu: {vendor: "intel"}}).map(({start, end, type: kind}) => `${start.toString(16)}-${end.toString(16)} ${kind}`);
    expect(ranges("pc")).toEqual(["9fc00-a0000 reserved", "f0000-100000 reserved", "fffc0000-100000000 reserved"]);
    expect(ranges("q35")).toEqual(["9fc00-a0000 reserved", "f0000-100000 reserved", "b0000000-c0000000 reserved", "fed1c000-fed20000 reserved", "fffc0000-100000000 reserved"]);
  });

  test("names from elsewhere are no firmware", () => {
    expect(() => memoryMap(machine({firmware: {name: "toString"}}))).toThrow("unknown firmware: toString");
  });

  test("UEFI keeps most at fixed distances from the end of low RAM", () => {
    const ranges = (type: string): string[] => kept({machine: type, firmware: {name: "ovmf"}}).map(({start, end, type: kind}) => `${start.toString(16)}-${end.toString(16)} ${kind}`);
    const fixed = ["800000-808000 ACPI NVS", "80b000-80c000 ACPI NVS", "810000-900000 ACPI NVS"];
    const below = ["3f4ed000-3f76d000 reserved", "3f76d000-3f77f000 ACPI data", "3f77f000-3f7ff000 ACPI NVS", "3ff58000-3ff78000 reserved", "3ff78000-40000000 ACPI NVS"];
    expect(ranges("pc")).toEqual([...fixed, "3eabb000-3eb7c000 reserved", ...below]);
    expect(ranges("q35")).toEqual([...fixed, "3eab7000-3eb78000 reserved", ...below, "b0000000-c0000000 reserved"]);
    for (const {source} of kept({firmware: {name: "ovmf"}})) expect(source.version).toContain("OVMF 2022.11-6");
    expect(machine({firmware: {name: "ovmf"}}).firmware.version).toBe("2022.11");
  });
});

describe("room for memory devices", () => {
  const end = (spec: Partial<MachineSpec>): number | null => {
    const resolved = machine(spec);
    const bytes = hotplugEnd(resolved, splitRam(resolved));
    return bytes === null ? null : bytes / 2 ** 30;
  };
  const hotplug = (maxGib: number, slots: number): MachineSpec["hotplug"] => ({maxMemory: kib(maxGib * GIB), slots});

  test.each([
    ["recorded: slots=2,maxmem=8G", {hotplug: hotplug(8, 2)}, 13],
    ["recorded: slots=2,maxmem=2G", {hotplug: hotplug(2, 2)}, 7],
    ["recorded: q35 4 GiB", {memory: kib(4 * GIB), machine: "q35", hotplug: hotplug(8, 2)}, 12],
    ["recorded: no slots", {machine: "q35", hotplug: hotplug(8, 0)}, 11],
    ["starts at a whole GiB", {memory: kib(4.5 * GIB), hotplug: hotplug(5, 0)}, 6.5],
    ["before 2.2 without room for alignment", {machine: "pc-i440fx-2.1", hotplug: hotplug(2, 2)}, 5],
    ["none", {}, null],
    ["no more than there is", {hotplug: hotplug(1, 2)}, null]
  ] as [string, Partial<MachineSpec>, number | null][])("%s", (_, spec, expected) => {
    expect(end(spec)).toBe(expected);
  });

  test.each([
    [{hotplug: hotplug(2, 2)}, true],
    [{hotplug: hotplug(2, 0)}, true],
    [{hotplug: hotplug(2, 2), machine: "pc-q35-2.11"}, true],
    [{hotplug: hotplug(2, 2), machine: "pc-q35-2.10"}, false],
    [{hotplug: hotplug(2, 2), acpi: false}, false],
    [{hotplug: hotplug(1, 2)}, false],
    [{}, false]
  ] as [Partial<MachineSpec>, boolean][])("told to the kernel at boot: %j %s", (spec, expected) => {
    expect(announcesHotplug(machine(spec))).toBe(expected);
  });
});

describe("the map", () => {
  const text = (spec: Partial<MachineSpec>): string[] => memoryMap(machine(spec)).e820.map(({start, end, type}) => `${start.toString(16)}-${end.toString(16)} ${type}`);

  test("pc with 1 GiB", () => {
    expect(text({})).toEqual([
      "0-9fbff usable",
      "9fc00-9ffff reserved",
      "f0000-fffff reserved",
      "100000-3ffdffff usable",
      "3ffe0000-3fffffff reserved",
      "fffc0000-ffffffff reserved",
      "fd00000000-ffffffffff reserved"
    ]);
  });

  test("q35 with 4 GiB on Intel", () => {
    expect(text({machine: "q35", memory: kib(4 * GIB), cpu: {vendor: "intel"}})).toEqual([
      "0-9fbff usable",
      "9fc00-9ffff reserved",
      "f0000-fffff reserved",
      "100000-7ffdffff usable",
      "7ffe0000-7fffffff reserved",
      "b0000000-bfffffff reserved",
      "fed1c000-fed1ffff reserved",
      "fffc0000-ffffffff reserved",
      "100000000-17fffffff usable"
    ]);
  });

  test("without ACPI there is no reserved end of low RAM", () => {
    expect(text({acpi: false})).not.toContain("3ffe0000-3fffffff reserved");
    expect(text({acpi: false})[3]).toBe("100000-3fffffff usable");
  });

  test("AMD's hole is announced with 40 address bits, or when RAM moved behind it", () => {
    const hole = "fd00000000-ffffffffff reserved";
    expect(text({})).toContain(hole);
    expect(text({cpu: {physicalBits: 39}})).not.toContain(hole);
    expect(text({cpu: {physicalBits: 39}, memory: kib(1024 * GIB)})).toContain(hole);
    expect(text({cpu: {vendor: "intel"}})).not.toContain(hole);
    expect(text({machine: "pc-i440fx-7.0"})).not.toContain(hole);
  });

  test("a machine smaller than its firmware's needs has what RAM there is", () => {
    const spec = {memory: kib(512)};
    expect(text(spec)).toContain("0-7ffff usable");
    expect(memoryMap(machine(spec)).usable).toBe(512 * 1024);
    expect(text({memory: kib(1024 + 64)})).toContain("100000-10ffff reserved");
  });

  test("is frozen, and says what it adds up to", () => {
    const map = memoryMap(machine());
    expect(map.usable).toBe(GIB * 1024 - 513 * 1024);
    expect(map.hotplugEnd).toBeNull();
    expect(Object.isFrozen(map)).toBe(true);
    expect(Object.isFrozen(map.e820)).toBe(true);
  });
});
