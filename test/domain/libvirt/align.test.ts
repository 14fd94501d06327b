import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {alignForQemu, deviceAlignment, sizeAlignment} from "../../../src/domain/libvirt/align.ts";
import {kib} from "../../../src/units.ts";
import {definition, errorOf} from "./fixture.ts";

const dimm = (size: number): ReturnType<typeof definition>["devices"][number] => ({model: "dimm", size: kib(size), node: 0, block: kib(0), requested: kib(0)});

describe("sizes at start", () => {
  test.each([
    [1, 1024],
    [1024, 1024],
    [1025, 2048],
    [976563, 976896],
    [65537, 66560],
    [9007199254739968, 9007199254739968]
  ])("%d KiB starts with %d", (total, aligned) => {
    expect(alignForQemu(definition({total: kib(total)})).total).toBe(aligned);
  });
  test("current memory is not aligned", () => {
    expect(alignForQemu(definition({current: kib(32001)})).current).toBe(32001);
  });
  test("every NUMA cell is aligned on its own", () => {
    expect(alignForQemu(definition({total: kib(2050), cells: [kib(1025), kib(1025)]}))).toMatchObject({total: 4096, cells: [2048, 2048]});
  });
  test("devices are aligned to 2 MiB and come on top; room to 1 MiB", () => {
    expect(alignForQemu(definition({total: kib(525313), max: kib(4194305), devices: [dimm(1025)]}))).toMatchObject({total: 524288 + 2048, max: 4195328, devices: [dimm(2048)]});
  });
  test("PowerPC counts in 256 MiB", () => {
    expect(["x86_64", "aarch64", "ppc64", "ppc64le"].map(sizeAlignment)).toEqual([1024, 1024, 262144, 262144]);
    expect(["x86_64", "ppc64", "ppc64le"].map(deviceAlignment)).toEqual([2048, 262144, 262144]);
    expect(alignForQemu(definition({arch: "ppc64", total: kib(300000)})).total).toBe(524288);
  });
  test("an NVDIMM on PowerPC is rounded down, its labels apart; elsewhere it goes up", () => {
    const nvdimm = {...dimm(550000), model: "nvdimm" as const, label: kib(128)};
    const sizeOn = (arch: string, device: ReturnType<typeof dimm>): number | undefined => alignForQemu(definition({arch, total: kib(4194304), devices: [device]})).devices[0]?.size;
    expect(["ppc64", "ppc64le", "x86_64"].map((arch) => sizeOn(arch, nvdimm))).toEqual([524416, 524416, 550912]);
    expect(sizeOn("ppc64", {...dimm(550000), model: "nvdimm"})).toBe(524288);
    expect(sizeOn("ppc64", {...nvdimm, size: kib(262144 + 128)})).toBe(262272);
    expect(errorOf(() => sizeOn("ppc64", {...nvdimm, size: kib(262144 + 127)}))).toEqual(["VIR_ERR_XML_ERROR", "XML error: minimum target size for the NVDIMM must be 256MB plus the label size"]);
  });
  test.each([
    [definition({total: kib(9007199254740991)}), "initial memory size overflowed after alignment"],
    [definition({total: kib(9007199254740991), cells: [kib(9007199254740991)]}), "memory size of NUMA node '0' overflowed after alignment"],
    [definition({total: kib(9007199254739968), cells: [kib(9007199254739968), kib(1)]}), "initial memory size overflowed after alignment"],
    [definition({max: kib(9007199254740991)}), "maximum memory size overflowed after alignment"],
    [definition({total: kib(9007199254740991), devices: [dimm(9007199254740000)]}), "size of memory module '0' overflowed after alignment"]
  ])("%#: what does not fit is refused", (def, message) => {
    expect(errorOf(() => alignForQemu(def))).toEqual(["VIR_ERR_CONFIG_UNSUPPORTED", `unsupported configuration: ${message}`]);
  });
  test("never smaller, less than 1 MiB larger, and once is enough", () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 2 ** 40}), (total) => {
        const once = alignForQemu(definition({total: kib(total)}));
        expect(once.total >= total && once.total - total < 1024 && once.total % 1024 === 0).toBe(true);
        expect(alignForQemu(once)).toEqual(once);
      }),
      {numRuns: 10_000}
    );
  });
});
