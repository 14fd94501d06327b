import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {balloonPages, extraPages} from "../../../src/domain/memory-map/xen-pv.ts";
import {xenMemoryMap} from "../../../src/domain/memory-map/xen-map.ts";
import {resolveXenMachine, type XenMachineSpec} from "../../../src/domain/xen/machine.ts";
import {kib} from "../../../src/units.ts";

const MIB = 1024;
const GIB = 1024 * MIB;
const map = (spec: XenMachineSpec): (readonly [string, string, string])[] =>
  xenMemoryMap(resolveXenMachine(spec)).e820.map(({start, end, type}) => [start.toString(16), end.toString(16), type] as const);
const isa = ["a0000", "fffff", "reserved"] as const;

describe("a PV guest's map", () => {
  test("reaches maxmem, whatever memory is, with the ISA range cut out", () => {
    const expected = [["0", "9ffff", "usable"], isa, ["100000", "7fffffff", "usable"]];
    expect(map({type: "pv", memory: kib(2 * GIB)})).toEqual(expected);
    expect(map({type: "pv", memory: kib(GIB), maxmem: kib(2 * GIB)})).toEqual(expected);
  });

  test("has no hole at 4 GiB", () => {
    expect(map({type: "pv", memory: kib(6 * GIB)})).toEqual([["0", "9ffff", "usable"], isa, ["100000", "17fffffff", "usable"]]);
    expect(xenMemoryMap(resolveXenMachine({type: "pv", memory: kib(6 * GIB)})).split).toMatchObject({below4g: 2 ** 32 - 0x60000, above4g: 2 * 2 ** 30, highBase: 2 ** 32});
  });

  test("is clamped to 11 times memory today: 256 of 4096 MiB end at 2816", () => {
    expect(map({type: "pv", memory: kib(256 * MIB), maxmem: kib(4 * GIB)}).at(-1)).toEqual(["100000", "afffffff", "usable"]);
    expect(map({type: "pv", memory: kib(512 * MIB), maxmem: kib(8 * GIB)}).at(-1)?.[1]).toBe((5632 * 2 ** 20 - 1).toString(16));
  });

  test("was clamped to 10 times memory in all, and had 8 MiB of slack", () => {
    expect(map({type: "pv", memory: kib(256 * MIB), maxmem: kib(4 * GIB), parameters: "2009"}).at(-1)?.[1]).toBe((2560 * 2 ** 20 - 1).toString(16));
    expect(map({type: "pv", memory: kib(GIB), parameters: "2009"}).at(-1)?.[1]).toBe((1032 * 2 ** 20 - 1).toString(16));
  });

  test("the balloon holds what is beyond memory", () => {
    const pages = (memory: number, maxmem: number): number => balloonPages(resolveXenMachine({type: "pv", memory: kib(memory), maxmem: kib(maxmem)}));
    expect(pages(GIB, GIB)).toBe(0);
    expect(pages(GIB, 2 * GIB)).toBe(262144);
    expect(pages(256 * MIB, 4 * GIB)).toBe(655360);
    expect(pages(500 * MIB, GIB)).toBe(134144);
  });

  test("for any sizes: whole pages of RAM, min(maxmem, 11 x memory), sorted, without overlap", () => {
    fc.assert(
      fc.property(fc.integer({min: 65536, max: 4 * GIB}), fc.integer({min: 0, max: 40 * GIB}), (memory, more) => {
        const machine = resolveXenMachine({type: "pv", memory: kib(memory), maxmem: kib(memory + more)});
        const {e820, usable} = xenMemoryMap(machine);
        const first = Math.floor(memory / 4);
        expect(usable / 4096 + 96).toBe(Math.min(Math.floor((memory + more) / 4), 11 * first));
        expect(extraPages(machine)).toBe(Math.min(Math.floor((memory + more) / 4), 11 * first) - first);
        e820.slice(1).forEach((entry, i) => {
          expect(entry.start).toBe((e820[i]?.end ?? 0) + 1);
        });
      })
    );
  });
});

describe("dom0's map", () => {
  const dom0 = (memory: number, maxmem: number): XenMachineSpec => ({type: "dom0", memory: kib(memory), maxmem: kib(maxmem), hostMachine: {memory: kib(2 * GIB)}});
  const recorded = [
    ["0", "9efff", "usable"],
    ["9fc00", "fffff", "reserved"],
    ["100000", "40060fff", "usable"],
    ["7ffe0000", "7fffffff", "reserved"],
    ["fec00000", "fec00fff", "reserved"],
    ["fee00000", "feefffff", "reserved"],
    ["fffc0000", "ffffffff", "reserved"],
    ["fd00000000", "ffffffffff", "reserved"]
  ];
  test("is the machine's, with RAM up to dom0's maximum: the pages its holes lack come at the end", () => {
    expect(map(dom0(GIB, GIB))).toEqual(recorded);
    expect(map(dom0(500 * MIB, GIB))).toEqual(recorded);
  });

  test("pages moved out of holes are no balloon", () => {
    expect(balloonPages(resolveXenMachine(dom0(GIB, GIB)))).toBe(0);
    expect(balloonPages(resolveXenMachine(dom0(500 * MIB, GIB)))).toBe(134144);
    expect(extraPages(resolveXenMachine(dom0(GIB, GIB)))).toBe(97);
  });

  test("continues above 4 GiB when the machine's low RAM is used up", () => {
    const high = map({type: "dom0", memory: kib(4 * GIB), hostMachine: {memory: kib(8 * GIB)}}).filter(([, , type]) => type === "usable");
    expect(high.map(([start]) => start)).toEqual(["0", "100000", "100000000"]);
    const whole = xenMemoryMap(resolveXenMachine({type: "dom0", memory: kib(4 * GIB), hostMachine: {memory: kib(8 * GIB)}}));
    expect(whole.usable).toBe(4 * 2 ** 30);
  });
});

describe("PVH and HVM", () => {
  test("PVH: no firmware, its tables at 0xFC000000", () => {
    expect(map({type: "pvh", memory: kib(GIB), maxmem: kib(2 * GIB)})).toEqual([
      ["0", "9ffff", "usable"],
      isa,
      ["100000", "7fffffff", "usable"],
      ["fc000000", "fc00803f", "ACPI data"],
      ["feff8000", "feffffff", "reserved"]
    ]);
  });

  test("PVH: RAM that does not fit below 0xFC000000 continues at 4 GiB", () => {
    expect(map({type: "pvh", memory: kib(4 * GIB)}).filter(([, , type]) => type === "usable")).toEqual([
      ["0", "9ffff", "usable"],
      ["100000", "fbffffff", "usable"],
      ["100000000", "103ffffff", "usable"]
    ]);
    expect(map({type: "pvh", memory: kib(4032 * MIB)}).filter(([, , type]) => type === "usable")).toHaveLength(2);
  });

  test("HVM: SeaBIOS's page at the top, hvmloader's tables", () => {
    expect(map({type: "hvm", memory: kib(2 * GIB)})).toEqual([
      ["0", "9fbff", "usable"],
      ["9fc00", "9ffff", "reserved"],
      ["f0000", "fffff", "reserved"],
      ["100000", "7fffefff", "usable"],
      ["7ffff000", "7fffffff", "reserved"],
      ["fc000000", "fc00afff", "ACPI NVS"],
      ["fc00b000", "ffffffff", "reserved"]
    ]);
  });

  test("HVM: a hole from 0xF0000000, which mmio_hole enlarges and never shrinks, and video memory taken out", () => {
    const split = (more: Partial<XenMachineSpec>): unknown => xenMemoryMap(resolveXenMachine({type: "hvm", memory: kib(4 * GIB), ...more})).split;
    expect(split({})).toMatchObject({below4g: 0xf0000000, above4g: 0x10000000, highBase: 2 ** 32});
    expect(split({mmioHole: kib(GIB)})).toMatchObject({below4g: 0xc0000000, above4g: 0x40000000});
    expect(split({mmioHole: kib(16 * MIB)})).toMatchObject({below4g: 0xf0000000});
    expect(split({videoram: kib(16 * MIB)})).toMatchObject({above4g: 0xf000000});
  });
});
