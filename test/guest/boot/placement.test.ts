import {describe, expect, test} from "vitest";
import {imageAddress, imageStretches} from "../../../src/guest/boot/placement.ts";
import {bytes} from "../../../src/units.ts";

const MIB = 1024 * 1024;
const range = (start: number, end: number) => ({start: bytes(start * MIB), end: bytes(end * MIB)});
const IMAGE = 50 * MIB;

describe("where the kernel image fits", () => {
  test("every 2 MiB of a stretch is a place, and the last one ends with it; the topmost 2 MiB of RAM are mapped first, by themselves", () => {
    expect(imageStretches([range(128, 256)], 64 * MIB).map(({places}) => places)).toEqual([32]);
  });

  test("a stretch that is too small is none", () => {
    expect(imageStretches([range(128, 160)], IMAGE)).toEqual([]);
  });

  test("it lies in the middle of the stretch with most places that is mapped in one piece, on a multiple of 2 MiB", () => {
    expect(imageAddress([range(16, 80), range(128, 1024)], IMAGE, true)).toBe((512 + Math.floor((512 - 50) / 4) * 2) * MIB);
  });

  test("without randomisation, or where nothing fits, it stays at 16 MiB", () => {
    expect(imageAddress([range(128, 1024)], IMAGE, false)).toBe(16 * MIB);
    expect(imageAddress([range(16, 40)], IMAGE, true)).toBe(16 * MIB);
  });
});
