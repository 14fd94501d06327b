import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {UNLIMITED} from "../../../src/domain/libvirt/domain-def.ts";
import {defineDomain} from "../../../src/domain/libvirt/resolve.ts";
import type {DomainSpec, NumaCellSpec} from "../../../src/domain/libvirt/spec.ts";
import {errorOf, size} from "./fixture.ts";

const gib: DomainSpec = {memory: size("1048576"), currentMemory: size("524288")};
const numa = (memory: string, unit = "MiB"): readonly NumaCellSpec[] => [{id: "0", cpus: "0", memory: size(memory, unit)}];
const dimm = {model: "dimm", size: size("256", "MiB"), node: "0"};

describe("sizes as they are kept", () => {
  test("defaults", () => {
    expect(defineDomain(gib, "qemu")).toEqual({
      name: "",
      type: "qemu",
      arch: "x86_64",
      vcpus: 1,
      total: 1048576,
      current: 524288,
      max: 0,
      slots: 0,
      limits: {hard: UNLIMITED, soft: UNLIMITED, swapHard: UNLIMITED, minGuarantee: 0},
      cells: [],
      devices: [],
      balloon: {model: "virtio", autodeflate: false, freePageReporting: false, period: 0}
    });
  });
  test("each driver adds its own balloon", () => {
    expect((["qemu", "test", "xen"] as const).map((driver) => defineDomain(gib, driver).balloon.model)).toEqual(["virtio", "none", "xen"]);
  });
  test("current memory is all of it when it is absent, 0 or too much", () => {
    const current = (given: DomainSpec["currentMemory"]): number => defineDomain({...gib, currentMemory: given ?? null}, "qemu").current;
    expect([null, size("0"), size("1048577"), size("2", "G"), size(""), size("1048575")].map(current)).toEqual([1048576, 1048576, 1048576, 1048576, 1048576, 1048575]);
  });
  test("on QEMU NUMA cells override memory, elsewhere only where there is none", () => {
    const given = {...gib, numa: numa("512")};
    expect(defineDomain(given, "qemu")).toMatchObject({total: 524288, current: 524288, cells: [524288]});
    expect(defineDomain(given, "test")).toMatchObject({total: 1048576, current: 524288, cells: [524288]});
    expect(defineDomain({numa: numa("512")}, "test").total).toBe(524288);
    expect(defineDomain({...gib, numa: numa("0")}, "qemu").total).toBe(1048576);
  });
  test("memory devices are part of memory", () => {
    const given = {...gib, numa: numa("512"), maxMemory: {...size("4", "GiB"), slots: "4"}, memoryDevices: [dimm]};
    expect(defineDomain(given, "qemu")).toMatchObject({total: 786432, current: 524288, max: 4194304, slots: 4});
    expect(defineDomain(given, "test").total).toBe(1048576);
  });
  test("limits", () => {
    const {limits} = defineDomain({...gib, hardLimit: size("500", "MiB"), softLimit: size("1", "GB"), swapHardLimit: size("700000", null)}, "qemu");
    expect(limits).toEqual({hard: 512000, soft: 976563, swapHard: 700000, minGuarantee: 0});
    expect(defineDomain({...gib, minGuarantee: size("100", "MiB")}, "test").limits.minGuarantee).toBe(102400);
  });
});

describe("errors", () => {
  const xml = "VIR_ERR_XML_ERROR";
  const hotplug = {...size("4", "GiB"), slots: "4"};
  test.each<readonly [string, DomainSpec, string, string]>([
    ["no memory at all", {}, xml, "XML error: Memory size must be specified via <memory> or in the <numa> configuration"],
    ["0 memory", {memory: size("0")}, xml, "XML error: Memory size must be specified via <memory> or in the <numa> configuration"],
    ["slots that are no number", {...gib, maxMemory: {...size("4", "GiB"), slots: "x"}}, xml, "XML error: Failed to parse memory slot count"],
    ["room without slots", {...gib, maxMemory: {...size("4", "GiB"), slots: null}}, xml, "XML error: both maximum memory size and memory slot count must be specified"],
    ["slots without room", {...gib, maxMemory: {...size("0"), slots: "3"}}, xml, "XML error: both maximum memory size and memory slot count must be specified"],
    ["less room than memory", {...gib, maxMemory: {...size("512", "MiB"), slots: "3"}}, xml, "XML error: maximum memory size must be equal or greater than the actual memory size"],
    [
      "room without NUMA",
      {...gib, maxMemory: hotplug},
      "VIR_ERR_CONFIG_UNSUPPORTED",
      "unsupported configuration: At least one numa node has to be configured when enabling memory hotplug"
    ],
    ["a minimum guarantee", {...gib, minGuarantee: size("1")}, "VIR_ERR_CONFIG_UNSUPPORTED", "unsupported configuration: Parameter 'min_guarantee' not supported by QEMU."],
    [
      "a device without room",
      {...gib, memoryDevices: [dimm]},
      "VIR_ERR_CONFIG_UNSUPPORTED",
      "unsupported configuration: cannot use/hotplug a memory device when domain 'maxMemory' is not defined"
    ],
    ["devices larger than memory", {...gib, memoryDevices: [{...dimm, size: size("2", "GiB")}]}, xml, "XML error: Total size of memory devices exceeds the total memory size"],
    [
      "nothing but devices",
      {...gib, memoryDevices: [{...dimm, size: size("1", "GiB")}]},
      xml,
      "XML error: Memory size must be specified via <memory> or in the <numa> configuration"
    ],
    [
      "more DIMMs than slots",
      {...gib, numa: numa("512"), maxMemory: {...hotplug, slots: "1"}, memoryDevices: [dimm, dimm]},
      "VIR_ERR_INTERNAL_ERROR",
      "internal error: failed to find an empty memory slot"
    ],
    [
      "more devices than slots",
      {...gib, numa: numa("512"), maxMemory: {...hotplug, slots: "1"}, memoryDevices: [dimm, {model: "virtio-mem", size: size("2", "MiB"), node: "0", block: size("2", "MiB")}]},
      "VIR_ERR_CONFIG_UNSUPPORTED",
      "unsupported configuration: memory device count '2' exceeds slots count '1'"
    ],
    [
      "a device on no node",
      {...gib, numa: numa("512"), maxMemory: hotplug, memoryDevices: [{...dimm, node: null}]},
      "VIR_ERR_CONFIG_UNSUPPORTED",
      "unsupported configuration: target NUMA node needs to be specified for memory device"
    ],
    [
      "a device on a node that is not there",
      {...gib, numa: numa("512"), maxMemory: hotplug, memoryDevices: [{...dimm, node: "3"}]},
      "VIR_ERR_XML_DETAIL",
      "can't add memory backend for guest node '3' as the guest has only '1' NUMA nodes configured"
    ],
    ["another hypervisor's balloon", {...gib, balloons: [{model: "xen"}]}, "VIR_ERR_CONFIG_UNSUPPORTED", "unsupported configuration: Memory balloon device type 'xen' is not supported by this version of qemu"]
  ])("%s", (_, spec, code, message) => {
    expect(errorOf(() => defineDomain(spec, "qemu"))).toEqual([code, message]);
  });

  test("the first of several mistakes is the one of the element libvirt reads first", () => {
    const bad = size("x");
    const order: readonly (readonly [keyof DomainSpec, string])[] = [
      ["memory", "./memory[1]"],
      ["currentMemory", "./currentMemory[1]"],
      ["hardLimit", "./memtune/hard_limit[1]"],
      ["softLimit", "./memtune/soft_limit[1]"],
      ["minGuarantee", "./memtune/min_guarantee[1]"],
      ["swapHardLimit", "./memtune/swap_hard_limit[1]"]
    ];
    order.forEach(([, path], i) => {
      const spec = {memory: size("1"), ...Object.fromEntries(order.slice(i).map(([key]) => [key, bad]))};
      expect(errorOf(() => defineDomain(spec, "qemu"))[1]).toBe(`XML error: Invalid value 'x' for element or attribute '${path}'`);
    });
    const max = {...bad, slots: "y"};
    expect(errorOf(() => defineDomain({...gib, maxMemory: max, hardLimit: bad}, "qemu"))[1]).toBe("XML error: Invalid value 'x' for element or attribute './maxMemory[1]'");
  });

  test("other drivers take what only QEMU refuses", () => {
    expect(defineDomain({...gib, maxMemory: hotplug, minGuarantee: size("1")}, "test")).toMatchObject({max: 4194304, slots: 4});
    expect(errorOf(() => defineDomain({...gib, memoryDevices: [dimm]}, "test"))).toEqual(["VIR_ERR_XML_DETAIL", "can't add memory backend as guest has no NUMA nodes configured"]);
  });
});

describe("other releases", () => {
  const over = (kib: number): DomainSpec => ({memory: size("1048576"), currentMemory: size(`${1048576 + kib}`)});
  const refused = (kib: number): readonly [string, string] => ["VIR_ERR_XML_ERROR", `XML error: current memory '${1048576 + kib}k' exceeds maximum '1048576k'`];
  test("a current memory above memory: taken, refused beyond a rounding, cut", () => {
    expect(defineDomain(over(1), "qemu", [0, 6, 3]).current).toBe(1048577);
    expect(errorOf(() => defineDomain(over(1), "qemu", [0, 9, 11]))).toEqual(refused(1));
    const odd = {memory: size("1048000"), currentMemory: size("1048576")};
    expect(defineDomain(odd, "qemu", [0, 9, 13]).current).toBe(1048000);
    expect(errorOf(() => defineDomain(over(1), "qemu", [1, 0, 1]))).toEqual(refused(1));
    expect(defineDomain({memory: size("1045000"), currentMemory: size("1048576")}, "qemu", [1, 2, 15]).current).toBe(1045000);
    expect(errorOf(() => defineDomain({memory: size("1044480"), currentMemory: size("1048576")}, "qemu", [1, 2, 15]))[1]).toBe("XML error: current memory '1048576k' exceeds maximum '1044480k'");
    expect(defineDomain(over(1048576), "qemu", [1, 2, 16]).current).toBe(1048576);
    expect(defineDomain(over(1048576), "qemu").current).toBe(1048576);
  });
  test("a current memory of 0 is all of it in every release", () => {
    for (const version of [[0, 6, 3], [1, 0, 0], [9, 0, 0]] as const) expect(defineDomain({memory: size("7"), currentMemory: size("0")}, "qemu", version).current).toBe(7);
  });
});

test("whatever is written, a defined domain has 0 < current <= total <= max, and defining it again changes nothing", () => {
  const kib = fc.integer({min: 0, max: 2 ** 32});
  const seen = {absent: 0, cut: 0, kept: 0, hotplug: 0};
  fc.assert(
    fc.property(fc.integer({min: 1, max: 2 ** 32}), fc.option(kib), fc.option(kib), (memory, current, extra) => {
      const spec: DomainSpec = {
        memory: size(`${memory}`),
        currentMemory: current === null ? null : size(`${current}`),
        maxMemory: extra === null ? null : {...size(`${memory + extra}`), slots: "4"}
      };
      const def = defineDomain(spec, "test");
      expect(def.current > 0 && def.current <= def.total && def.total === memory).toBe(true);
      expect(def.max === 0 || def.max >= def.total).toBe(true);
      const again = defineDomain({...spec, currentMemory: size(`${def.current}`)}, "test");
      expect(again).toEqual(def);
      if (extra !== null) seen.hotplug++;
      if (current === null) seen.absent++;
      else if (current > memory) seen.cut++;
      else seen.kept++;
    }),
    {numRuns: 10_000}
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
});
