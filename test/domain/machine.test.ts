import {describe, expect, test} from "vitest";
import {resolveMachine, type MachineSpec} from "../../src/domain/machine.ts";
import {bytes, kib} from "../../src/units.ts";
import {containing} from "../matchers.ts";

const GIB = 1024 * 1024;
const refused = (spec: MachineSpec, path: string, expected: string): void => {
  expect(() => resolveMachine(spec)).toThrow(expect.objectContaining({code: "out-of-range", path, expected, message: containing(`invalid ${path}: `), hint: containing(path)}));
};

describe("resolveMachine", () => {
  test("defaults are those of a plain start with the recordings' guest", () => {
    expect(resolveMachine({memory: kib(2 * GIB)})).toEqual({
      memory: 2 * GIB,
      type: {name: "pc", chipset: "pc", version: null},
      maxRamBelow4g: null,
      firmware: {name: "seabios", version: "1.16.2", topReservation: null},
      virtioDisks: 0,
      vcpus: 1,
      maxVcpus: 1,
      acpi: true,
      cpu: {vendor: "amd", physicalBits: 40, gigabytePages: false},
      balloon: {deflateOnOom: false, freePageReporting: false},
      hotplug: null,
      kernel: {version: "6.1.0-56-amd64", commandLine: "", imageAddress: null},
      userland: {name: "busybox initramfs of the recordings", initramfs: null}
    });
  });

  test("everything given is kept", () => {
    const machine = resolveMachine({
      memory: kib(GIB),
      machine: "pc-q35-6.2",
      maxRamBelow4g: kib(2 * GIB),
      firmware: {name: "ovmf", version: "2022.11", topReservation: kib(512)},
      virtioDisks: 2,
      vcpus: 2,
      maxVcpus: 4,
      acpi: false,
      cpu: {vendor: "intel", physicalBits: 46, gigabytePages: true},
      balloon: {deflateOnOom: true},
      hotplug: {maxMemory: kib(4 * GIB), slots: 3},
      kernel: {commandLine: "nokaslr", imageAddress: bytes(16 * 2 ** 20)},
      userland: {initramfs: kib(1000)}
    });
    expect(machine).toEqual({
      memory: GIB,
      type: {name: "pc-q35-6.2", chipset: "q35", version: [6, 2]},
      maxRamBelow4g: 2 * GIB,
      firmware: {name: "ovmf", version: "2022.11", topReservation: 512},
      virtioDisks: 2,
      vcpus: 2,
      maxVcpus: 4,
      acpi: false,
      cpu: {vendor: "intel", physicalBits: 46, gigabytePages: true},
      balloon: {deflateOnOom: true, freePageReporting: false},
      hotplug: {maxMemory: 4 * GIB, slots: 3},
      kernel: {version: "6.1.0-56-amd64", commandLine: "nokaslr", imageAddress: 16 * 2 ** 20},
      userland: {name: "busybox initramfs of the recordings", initramfs: 1000}
    });
    expect(Object.isFrozen(machine)).toBe(true);
  });

  test("no balloon device is not the same as one with its features off", () => {
    expect(resolveMachine({memory: kib(GIB), balloon: null}).balloon).toBeNull();
    expect(resolveMachine({memory: kib(GIB), balloon: {freePageReporting: true}}).balloon).toEqual({deflateOnOom: false, freePageReporting: true});
  });

  test("maxVcpus follows vcpus unless given", () => {
    expect(resolveMachine({memory: kib(GIB), vcpus: 3}).maxVcpus).toBe(3);
  });

  test.each([
    [1, 8],
    [8, 8],
    [9, 16],
    [2097153, 2097160]
  ])("memory of %i KiB is rounded up to %i, as QEMU does", (given, rounded) => {
    expect(resolveMachine({memory: kib(given)}).memory).toBe(rounded);
  });

  test("out of range", () => {
    const limit = 2 ** 40;
    const memory = kib(GIB);
    refused({memory: kib(0)}, "memory", `a whole number of KiB from 1 to ${limit}`);
    refused({memory: kib(limit + 1)}, "memory", `a whole number of KiB from 1 to ${limit}`);
    refused({memory: kib(1.5)}, "memory", `a whole number of KiB from 1 to ${limit}`);
    refused({memory: kib(Number.NaN)}, "memory", `a whole number of KiB from 1 to ${limit}`);
    refused({memory, vcpus: 0}, "vcpus", "a whole number of processors from 1 to 8192");
    refused({memory, vcpus: 8193}, "vcpus", "a whole number of processors from 1 to 8192");
    refused({memory, vcpus: 2, maxVcpus: 1}, "maxVcpus", "a whole number of processors from 2 to 8192");
    refused({memory, maxVcpus: 8193}, "maxVcpus", "a whole number of processors from 1 to 8192");
    refused({memory, maxRamBelow4g: kib(0)}, "maxRamBelow4g", `a whole number of KiB from 1 to ${4 * GIB}`);
    refused({memory, maxRamBelow4g: kib(4 * GIB + 1)}, "maxRamBelow4g", `a whole number of KiB from 1 to ${4 * GIB}`);
    refused({memory, cpu: {physicalBits: 35}}, "cpu.physicalBits", "a whole number of bits from 36 to 52");
    refused({memory, cpu: {physicalBits: 53}}, "cpu.physicalBits", "a whole number of bits from 36 to 52");
    refused({memory, virtioDisks: -1}, "virtioDisks", "a whole number of disks from 0 to 10");
    refused({memory, virtioDisks: 11}, "virtioDisks", "a whole number of disks from 0 to 10");
    refused({memory, hotplug: {maxMemory: kib(GIB - 8), slots: 1}}, "hotplug.maxMemory", `a whole number of KiB from ${GIB} to ${limit}`);
    refused({memory, hotplug: {maxMemory: kib(2 * GIB), slots: -1}}, "hotplug.slots", "a whole number of slots from 0 to 256");
    refused({memory, hotplug: {maxMemory: kib(2 * GIB), slots: 257}}, "hotplug.slots", "a whole number of slots from 0 to 256");
  });

  test("the ends of the ranges are in", () => {
    const memory = kib(GIB);
    expect(resolveMachine({memory: kib(2 ** 40), vcpus: 8192, virtioDisks: 10, cpu: {physicalBits: 52}}).vcpus).toBe(8192);
    expect(resolveMachine({memory, maxRamBelow4g: kib(4 * GIB), cpu: {physicalBits: 36}}).maxRamBelow4g).toBe(4 * GIB);
    expect(resolveMachine({memory, hotplug: {maxMemory: memory, slots: 256}}).hotplug).toEqual({maxMemory: GIB, slots: 256});
    expect(resolveMachine({memory, maxRamBelow4g: null}).maxRamBelow4g).toBeNull();
  });
});
