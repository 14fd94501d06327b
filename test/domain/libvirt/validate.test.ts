import {describe, expect, test} from "vitest";
import type {MemoryDevice} from "../../../src/domain/libvirt/domain-def.ts";
import {validateHotplug, validateMemoryDevice} from "../../../src/domain/libvirt/validate.ts";
import {kib} from "../../../src/units.ts";
import {definition, errorOf} from "./fixture.ts";

const device = (more: Partial<MemoryDevice> = {}): MemoryDevice => ({model: "dimm", size: kib(262144), node: 0, block: kib(0), requested: kib(0), ...more});
const roomy = definition({max: kib(2097152), slots: 2, cells: [kib(1048576)]});

describe("room for a device", () => {
  test("may be used up and no more", () => {
    expect(() => validateHotplug(roomy, device({size: kib(1048576)}))).not.toThrow();
    expect(errorOf(() => validateHotplug(roomy, device({size: kib(1048577)})))).toEqual([
      "VIR_ERR_CONFIG_UNSUPPORTED",
      "unsupported configuration: memory device total size exceeds hotplug space"
    ]);
    const used = {...roomy, devices: [device({size: kib(1048576)})], total: kib(2097152)};
    expect(errorOf(() => validateHotplug(used, device()))[1]).toBe("unsupported configuration: memory device total size exceeds hotplug space");
    expect(() => validateHotplug(used)).not.toThrow();
  });
  test("every device needs a slot", () => {
    const two = {...roomy, devices: [device(), device()], total: kib(1572864)};
    expect(() => validateHotplug(two)).not.toThrow();
    expect(errorOf(() => validateHotplug(two, device()))[1]).toBe("unsupported configuration: memory device count '3' exceeds slots count '2'");
  });
  test("PowerPC needs no NUMA cell", () => {
    expect(() => validateHotplug({...roomy, cells: [], arch: "ppc64"}, device({node: null}))).not.toThrow();
    expect(() => validateHotplug({...roomy, cells: [], arch: "ppc64le"})).not.toThrow();
  });
  test("a virtio-pmem device has no node, an SGX section cannot come later", () => {
    expect(() => validateHotplug(roomy, device({model: "virtio-pmem", node: null}))).not.toThrow();
    expect(errorOf(() => validateHotplug(roomy, device({node: null})))[1]).toContain("target NUMA node needs to be specified");
    expect(errorOf(() => validateHotplug(roomy, device({model: "sgx-epc"})))[1]).toBe("unsupported configuration: hotplug is not supported for the sgx-epc device");
    expect(() => validateHotplug({...roomy, devices: [device({model: "sgx-epc"})], total: kib(1310720)})).not.toThrow();
  });
  test("without maxMemory nothing fits, and nothing is fine", () => {
    expect(() => validateHotplug(definition())).not.toThrow();
    expect(errorOf(() => validateHotplug(definition(), device()))[1]).toContain("'maxMemory' is not defined");
  });
});

describe("virtio-mem", () => {
  const mem = (more: Partial<MemoryDevice>): MemoryDevice => device({model: "virtio-mem", size: kib(524288), block: kib(2048), requested: kib(262144), ...more});
  test("is fine in whole blocks", () => {
    expect(() => validateMemoryDevice(roomy, mem({}))).not.toThrow();
    expect(() => validateMemoryDevice(roomy, mem({requested: kib(0)}))).not.toThrow();
    expect(() => validateMemoryDevice(roomy, mem({requested: kib(524288), block: kib(4096)}))).not.toThrow();
  });
  test.each([
    [mem({requested: kib(1048576)}), "requested size must be smaller than or equal to @size (524288KiB)"],
    [mem({block: kib(3072)}), "block size must be a power of two"],
    [mem({block: kib(0)}), "block size must be a power of two"],
    [mem({block: kib(1024)}), "block size too small, must be at least 2048KiB"],
    [mem({requested: kib(261120)}), "requested size must be an integer multiple of block size"]
  ])("%j", (given, message) => {
    expect(errorOf(() => validateMemoryDevice(roomy, given))).toEqual(["VIR_ERR_XML_DETAIL", message]);
  });
});

test("a device may name a node only where there are any", () => {
  expect(() => validateMemoryDevice(definition(), device({node: null}))).not.toThrow();
  expect(errorOf(() => validateMemoryDevice(definition(), device()))[1]).toBe("can't add memory backend as guest has no NUMA nodes configured");
  expect(errorOf(() => validateMemoryDevice(roomy, device({node: 1})))[1]).toContain("for guest node '1' as the guest has only '1'");
});
