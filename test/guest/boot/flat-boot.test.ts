import {describe, expect, it} from "vitest";
import {bootFlat, FLAT_6_1} from "../../../src/guest/boot/flat-boot.ts";
import {mib} from "../../../src/units.ts";

/** MemTotal (KiB) of the guest in guest/, booted once at each memory_size (MiB). */
const MEASURED = [[68, 48884], [96, 77228], [128, 109676], [192, 174476], [256, 239372], [384, 368972], [512, 498764], [768, 757964], [1024, 895860]] as const;

describe("a flat 32-bit kernel's MemTotal", () => {
  it.each(MEASURED)("with %i MiB is %i KiB, to the page", (memory, total) => {
    expect(bootFlat(mib(memory)).memTotal).toBe(total);
  });

  it("ends usable RAM 16 MiB below the emulator's memory", () => {
    expect(bootFlat(mib(256)).usableEnd).toBe(0xf000000);
  });

  it("does not use what a kernel without high memory cannot map", () => {
    expect(bootFlat(mib(1024)).taken["above-low-memory"]).toBe(0x3f000000 - 0x377fe000);
    expect(bootFlat(mib(512)).taken["above-low-memory"]).toBe(0);
  });

  it("names what was taken, and nothing is missing but part of a page", () => {
    const {memTotal, taken} = bootFlat(mib(256));
    expect(taken).toEqual({firmware: 16 * 2 ** 20, "above-low-memory": 0, "first-MiB": 2 ** 20, image: 2801664, "page-structures": 2457600, "per-cpu": 32768, "hash-tables": 196608, small: 3616});
    const sum = Object.values(taken).reduce((a, b) => a + b, 0);
    expect(256 * 2 ** 20 - sum - memTotal * 1024).toBe(4096 - 3616);
  });

  it("pays 40 bytes for each page it might own, in steps of 4 MiB", () => {
    const structs = (memory: number): number => bootFlat(mib(memory)).taken["page-structures"];
    expect(structs(260) - structs(256)).toBe(1024 * 40);
    expect(structs(257)).toBe(structs(260));
  });

  it("does not boot where its image does not fit", () => {
    expect(() => bootFlat(mib(34), {...FLAT_6_1, perCpu: {...FLAT_6_1.perCpu, value: 2 ** 28}})).toThrow(expect.objectContaining({code: "kernel-does-not-fit"}));
  });
});
