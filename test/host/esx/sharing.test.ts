import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {FIGURE_4, found, references, SCAN_2, scanRate4, shareable, sharedFrames} from "../../../src/host/esx/sharing.ts";

/** Figure 4 of the 2002 paper, read off its drawing: MB of all machines together. */
const figure4 = {
  memory: [38.8, 78.1, 117.2, 156.6, 195.6, 234.5, 273.5, 312.6, 351.9, 390.8],
  shared: [6.5, 47.7, 76.0, 103.3, 130.2, 156.7, 181.7, 210.7, 235.6, 262.0],
  reclaimed: [4.9, 28.4, 53.8, 79.9, 106.2, 130.9, 155.6, 183.2, 208.0, 234.1]
};

describe("sharing", () => {
  test("of one to ten machines is within 3 points of the paper's Figure 4", () => {
    figure4.memory.forEach((memory, i) => {
      const machines = i + 1;
      const shared = shareable(FIGURE_4, machines);
      const reclaimed = shared - sharedFrames(FIGURE_4, machines) / machines;
      expect(Math.abs(100 * shared - (100 * (figure4.shared[i] ?? NaN)) / memory)).toBeLessThan(3);
      expect(Math.abs(100 * reclaimed - (100 * (figure4.reclaimed[i] ?? NaN)) / memory)).toBeLessThan(3);
    });
  });

  test("of a machine alone is within itself", () => {
    expect(shareable(FIGURE_4, 1)).toBe(FIGURE_4.duplicate);
    expect(sharedFrames(FIGURE_4, 1)).toBeCloseTo(FIGURE_4.duplicate / FIGURE_4.copies, 12);
    expect(references(FIGURE_4, 1)).toBeCloseTo(FIGURE_4.copies, 12);
  });

  test("never makes more frames than pages", () => {
    const part = fc.double({min: 0, max: 1, noNaN: true});
    fc.assert(
      fc.property(part, fc.double({min: 1, max: 50, noNaN: true}), part, part, fc.integer({min: 1, max: 40}), (duplicate, copies, common, agreement, machines) => {
        const profile = {image: "x", duplicate, copies, common, agreement};
        expect(references(profile, machines)).toBeGreaterThanOrEqual(1);
        expect(shareable(profile, machines + 1)).toBeGreaterThanOrEqual(shareable(profile, machines) - 1e-12);
      })
    );
  });

  test("of nothing is nothing", () => {
    const nothing = {image: "x", duplicate: 0, copies: 1, common: 0, agreement: 0};
    expect([shareable(nothing, 9), references(nothing, 9)]).toEqual([0, 1]);
  });

  test("is scanned at 50 pages a second in ESX 2, and once an hour since", () => {
    expect(SCAN_2.value).toEqual({perVm: 50, total: 200});
    expect(scanRate4(360000, 24)).toEqual({perVm: 100, total: 24576});
    expect(scanRate4(36e6, 1)).toEqual({perVm: 1024, total: 1024});
  });

  test("finds less the less there is left to find", () => {
    expect(found(1000, 0, 0.5, 100)).toBe(50);
    expect(found(1000, 400, 0.5, 100)).toBe(10);
    expect(found(1000, 500, 0.5, 100)).toBe(0);
    expect(found(1000, 600, 0.5, 100)).toBe(0);
    expect(found(1000, 499, 0.5, 1e6)).toBe(1);
    expect(found(0, 0, 0.5, 100)).toBe(0);
  });
});
