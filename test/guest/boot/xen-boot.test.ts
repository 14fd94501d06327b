import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {resolveXenMachine, type XenMachineSpec} from "../../../src/domain/xen/machine.ts";
import {bootXen} from "../../../src/guest/boot/xen-boot.ts";
import type {BootState} from "../../../src/guest/boot/types.ts";
import {kib} from "../../../src/units.ts";

const MIB = 1024;
const GIB = 1024 * MIB;
const boot = (spec: XenMachineSpec): BootState => bootXen(resolveXenMachine(spec));
const pv = (memory: number, maxmem = memory): BootState => boot({type: "pv", memory: kib(memory), maxmem: kib(maxmem)});
const term = (state: BootState, key: string): number | undefined => state.terms.find((one) => one.key === key)?.size;

/** MemTotal of real guests, KiB. Only 1024/1024 was used to find a number. */
const recorded: readonly [string, XenMachineSpec, number, number][] = [
  ["PV 1024/1024", {type: "pv", memory: kib(GIB)}, 980332, 0],
  ["PV 500/1024", {type: "pv", memory: kib(500 * MIB), maxmem: kib(GIB)}, 443756, 0],
  ["PV 256/4096, clamped (held out)", {type: "pv", memory: kib(256 * MIB), maxmem: kib(4 * GIB)}, 153372, 0],
  ["PV 1024/2048 (held out)", {type: "pv", memory: kib(GIB), maxmem: kib(2 * GIB)}, 958276, -2],
  ["PV 2048/2048 (held out)", {type: "pv", memory: kib(2 * GIB)}, 2006852, -2],
  ["PVH 2048", {type: "pvh", memory: kib(2 * GIB)}, 2014532, -1],
  ["HVM 2048", {type: "hvm", memory: kib(2 * GIB), commandLine: "nokaslr"}, 2014524, 0],
  ["dom0 1024/1024 (held out)", {type: "dom0", memory: kib(GIB), hostMachine: {memory: kib(2 * GIB)}}, 912332, 1],
  ["dom0 500/1024 (held out)", {type: "dom0", memory: kib(500 * MIB), maxmem: kib(GIB), hostMachine: {memory: kib(2 * GIB)}}, 375756, 1]
];

describe("MemTotal of real Xen guests", () => {
  test.each(recorded)("%s", (_, spec, memTotal, pagesOff) => {
    expect((boot(spec).memTotal - memTotal) / 4).toBe(pagesOff);
  });

  test("headroom costs the guest, though it is not there: 22064 KiB for a second GiB (22056 recorded)", () => {
    expect(pv(GIB).memTotal - pv(GIB, 2 * GIB).memTotal).toBe(22064);
  });
});

describe("the terms of a PV guest", () => {
  test("add up to the map", () => {
    fc.assert(
      fc.property(fc.integer({min: 128, max: 8192}), fc.integer({min: 0, max: 4096}), (memory, more) => {
        const state = pv(memory * MIB, Math.min(memory + more, 4 * memory) * MIB);
        expect(state.terms.reduce((sum, {size}) => sum + size, Number(state.memTotal))).toBeCloseTo(state.usable, 6);
        expect(state.zones.reduce((sum, {managed}) => sum + managed, 0) * 4).toBe(state.memTotal);
        expect(state.memFree).toBeLessThan(state.memTotal);
      }),
      {numRuns: 25}
    );
  });

  test("name what was never populated, the frame table and the first 64 KiB", () => {
    const state = pv(GIB, 2 * GIB);
    expect(term(state, "never-populated")).toBe(GIB);
    // 1024 pages of frames, 2 tables of them, 2 pages of the list Xen reads.
    expect(term(state, "frame-table")).toBe(1028 * 4);
    expect(term(state, "low-mib")).toBe(64);
    expect(term(state, "page-structures")).toBe(32 * MIB);
    // 17 behind the image, 1024 + 2 for the direct map less 13 of the buffer and 11 more, 2 + 16 for the structures.
    expect(term(state, "page-tables")).toBe((17 + 1026 - 13 + 11 + 2 + 16) * 4);
    expect(term(state, "bounce-buffer")).toBeUndefined();
  });

  test("without headroom nothing is in the balloon", () => {
    expect(term(pv(GIB), "never-populated")).toBeUndefined();
  });

  test("dom0 has a bounce buffer unless told otherwise; a guest has one when told", () => {
    const dom0 = (commandLine: string): BootState => boot({type: "dom0", memory: kib(GIB), commandLine, hostMachine: {memory: kib(2 * GIB)}});
    expect(term(dom0(""), "bounce-buffer")).toBe(64 * MIB);
    expect(term(dom0("swiotlb=noforce"), "bounce-buffer")).toBeUndefined();
    expect(term(boot({type: "pv", memory: kib(GIB), commandLine: "swiotlb=force"}), "bounce-buffer")).toBe(64 * MIB);
  });
});

describe("watermarks", () => {
  test("of a PV guest are the plain ones: it has no huge pages (recorded for 500/1024 and dom0)", () => {
    expect(boot({type: "dom0", memory: kib(GIB), hostMachine: {memory: kib(2 * GIB)}}).zones.map(({min, low, high}) => [min, low, high])).toEqual([
      [16, 20, 24],
      [933, 1166, 1399]
    ]);
    expect(pv(GIB).zones.map(({zone, spanned, present, managed}) => [zone, spanned, present, managed])).toEqual([
      ["DMA", 4095, 3999, 3984],
      ["DMA32", 258048, 258048, 241099]
    ]);
  });

  test("of PVH and HVM are a PC's", () => {
    expect(boot({type: "pvh", memory: kib(2 * GIB)}).zones[1]?.min).toBeGreaterThan(11000);
  });
});

test("above 4 GiB a PV guest has a Normal zone and still no bounce buffer; a PVH guest has one", () => {
  expect(pv(6 * GIB).zones.map(({zone}) => zone)).toEqual(["DMA", "DMA32", "Normal"]);
  expect(term(pv(6 * GIB), "bounce-buffer")).toBeUndefined();
  expect(term(boot({type: "pvh", memory: kib(6 * GIB)}), "bounce-buffer")).toBe(64 * MIB);
});
