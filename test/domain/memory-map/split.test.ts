import {describe, expect, test} from "vitest";
import {resolveMachine} from "../../../src/domain/machine.ts";
import {FOUR_GIB, HT_HOLE_END, HT_HOLE_START, keepsHtHole, splitRam} from "../../../src/domain/memory-map/split.ts";
import {kib} from "../../../src/units.ts";

const MIB = 1024;
const split = (machine: string, mib: number, below: number | null = null, cpu: "amd" | "intel" = "amd"): [number, number, number] => {
  const {below4g, above4g, highBase} = splitRam(resolveMachine({memory: kib(mib * MIB), machine, maxRamBelow4g: below === null ? null : kib(below * MIB), cpu: {vendor: cpu}}));
  return [below4g / 2 ** 20, above4g / 2 ** 20, highBase / 2 ** 30];
};

describe("i440FX", () => {
  test.each([
    ["pc", 512, [512, 0]],
    ["pc", 3072, [3072, 0]],
    ["pc", 3500, [3500, 0]],
    ["pc", 3583, [3583, 0]],
    ["pc", 3584, [3072, 512]],
    ["pc", 4096, [3072, 1024]],
    ["pc", 8192, [3072, 5120]],
    ["pc-i440fx-2.0", 4096, [3072, 1024]],
    ["pc-i440fx-1.7", 3584, [3584, 0]],
    ["pc-i440fx-1.7", 3600, [3584, 16]],
    ["pc-i440fx-1.7", 4096, [3584, 512]],
    ["pc-1.3", 4096, [3584, 512]]
  ])("%s with %i MiB", (machine, mib, [below, above]) => {
    expect(split(machine, mib)).toEqual([below, above, 4]);
  });

  test.each([
    ["pc", 4096, 2048, [2048, 2048]],
    ["pc", 2047, 2048, [2047, 0]],
    ["pc", 2048, 2048, [2048, 0]],
    ["pc", 3968, 4096, [3968, 0]],
    ["pc", 4096, 4096, [3072, 1024]],
    ["pc", 4096, 3072, [3072, 1024]],
    ["pc", 4096, 3584, [3072, 1024]],
    ["pc", 3200, 3328, [3200, 0]],
    ["pc-i440fx-1.7", 4096, 2048, [2048, 2048]],
    ["pc-i440fx-1.7", 4096, 4096, [4096, 0]]
  ])("%s with %i MiB and max-ram-below-4g=%iM", (machine, mib, below, [low, high]) => {
    expect(split(machine, mib, below)).toEqual([low, high, 4]);
  });
});

describe("Q35", () => {
  test.each([
    ["q35", 2048, null, [2048, 0]],
    ["q35", 2815, null, [2815, 0]],
    ["q35", 2816, null, [2048, 768]],
    ["q35", 3072, null, [2048, 1024]],
    ["q35", 4096, null, [2048, 2048]],
    ["pc-q35-2.4", 4096, null, [2048, 2048]],
    ["q35", 2048, 1024, [1024, 1024]],
    ["q35", 4096, 3072, [2048, 2048]],
    ["q35", 2600, 2700, [2600, 0]],
    ["q35", 2600, 2500, [2500, 100]],
    ["q35", 4096, 4096, [2048, 2048]]
  ])("%s with %i MiB and max-ram-below-4g %s", (machine, mib, below, [low, high]) => {
    expect(split(machine, mib, below)).toEqual([low, high, 4]);
  });

  test("each rule names its board's source", () => {
    expect(splitRam(resolveMachine({memory: kib(MIB), machine: "q35"})).source.place).toContain("pc_q35.c");
    expect(splitRam(resolveMachine({memory: kib(MIB), machine: "pc"})).source.place).toContain("pc_piix.c");
  });
});

describe("AMD's HyperTransport hole", () => {
  const tib = 1024 * 1024;

  test("is 12 GiB below 1 TiB", () => {
    expect([FOUR_GIB, HT_HOLE_START, HT_HOLE_END]).toEqual([2 ** 32, 1012 * 2 ** 30, 2 ** 40]);
  });

  test.each([
    ["pc", "amd", true],
    ["pc", "intel", false],
    ["pc-i440fx-7.1", "amd", true],
    ["pc-i440fx-7.0", "amd", false],
    ["pc-q35-7.0", "amd", false]
  ] as const)("%s on %s: %s", (machine, vendor, kept) => {
    expect(keepsHtHole(resolveMachine({memory: kib(MIB), machine, cpu: {vendor}}))).toBe(kept);
  });

  test("RAM that would reach into it starts at 1 TiB instead", () => {
    expect(split("pc", tib)).toEqual([3072, tib - 3072, 1024]);
    expect(split("pc", tib, null, "intel")).toEqual([3072, tib - 3072, 4]);
    expect(split("pc-i440fx-7.0", tib)).toEqual([3072, tib - 3072, 4]);
  });

  test("RAM that ends at its first byte stays", () => {
    expect(split("pc", 1008 * 1024 + 3072)[2]).toBe(4);
    expect(split("pc", 1008 * 1024 + 3073)[2]).toBe(1024);
  });
});
