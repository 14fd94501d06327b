import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {resolveMachine, type MachineSpec} from "../../../src/domain/machine.ts";
import {bootGuest} from "../../../src/guest/boot/boot.ts";
import type {BootState} from "../../../src/guest/boot/types.ts";
import {bytes, kib} from "../../../src/units.ts";

interface Boot {
  readonly name: string;
  readonly machine: MachineSpec;
  readonly e820: readonly string[];
  readonly memTotalKiB: number;
  readonly memFreeKiB: number;
  readonly bounceBuffer: boolean;
  readonly zones: readonly {zone: string; min: number; low: number; high: number; spanned: number; present: number; managed: number}[];
}

const {boots} = JSON.parse(readFileSync(new URL("../../../data/boots/boots.json", import.meta.url), "utf8")) as {boots: Boot[]};
const GIB = 1024 * 1024;
const hex = (value: number): string => `0x${value.toString(16).padStart(16, "0")}`;
const boot = (spec: MachineSpec): BootState => bootGuest(resolveMachine(spec));
const term = (state: BootState, key: string): number | undefined => state.terms.find((one) => one.key === key)?.size;

/** A zone whose allocator had to break a block of another kind shows one pageblock more (Linux 6.1 mm/page_alloc.c boost_watermark). */
const BOOST = 512;

/** KiB: how objects smaller than a page fill pages; UEFI's own map of memory is not modelled. */
const slack = (machine: MachineSpec): number => (machine.firmware?.name === "ovmf" ? 8 : 4);

describe("real boots, told where the kernel image lay", () => {
  test.each(boots)("$name", ({machine, e820, memTotalKiB, bounceBuffer, zones}) => {
    const state = boot(machine);
    expect(state.map.e820.map(({start, end, type}) => `[mem ${hex(start)}-${hex(end)}] ${type}`)).toEqual(e820);
    expect(term(state, "bounce-buffer") !== undefined).toBe(bounceBuffer);
    expect(Math.abs(state.memTotal - memTotalKiB)).toBeLessThanOrEqual(slack(machine));
    expect(state.zones.map(({zone, spanned, present}) => ({zone, spanned, present}))).toEqual(zones.map(({zone, spanned, present}) => ({zone, spanned, present})));
    state.zones.forEach((zone, i) => {
      const real = zones[i];
      const boosted = real !== undefined && real.min - zone.min >= BOOST - 4 ? BOOST : 0;
      expect(Math.abs((real?.min ?? 0) - boosted - zone.min)).toBeLessThanOrEqual(boosted > 0 ? 2 : 0);
      expect(Math.abs((real?.low ?? 0) - boosted - zone.low)).toBeLessThanOrEqual(boosted > 0 ? 2 : 0);
      expect(Math.abs((real?.high ?? 0) - boosted - zone.high)).toBeLessThanOrEqual(boosted > 0 ? 2 : 0);
      expect(Math.abs((real?.managed ?? 0) - zone.managed)).toBeLessThanOrEqual(slack(machine) / 4);
    });
  });

  test("all but a handful to the KiB", () => {
    const seabios = boots.filter(({machine}) => machine.firmware?.name !== "ovmf");
    const exact = seabios.filter(({machine, memTotalKiB}) => boot(machine).memTotal === memTotalKiB);
    expect(seabios.length).toBeGreaterThan(110);
    expect(seabios.length - exact.length).toBeLessThanOrEqual(2);
  });

  test("not told, within what it says its place changes: up to 36 KiB of 20 GiB", () => {
    for (const {name, machine, memTotalKiB} of boots) {
      const {imageAddress, ...kernel} = machine.kernel ?? {};
      expect(imageAddress, name).toBeGreaterThan(0);
      const untold = boot({...machine, kernel});
      expect(Math.abs(untold.memTotal - memTotalKiB), name).toBeLessThanOrEqual(untold.memTotalWobble + slack(machine));
      expect(untold.memTotalWobble).toBeLessThanOrEqual(36);
    }
  });

  test("MemFree within 1 % or 3 MiB with one processor, whose initramfs is smaller than the recordings'", () => {
    for (const {name, machine, memFreeKiB} of boots.filter((one) => (one.machine.maxVcpus ?? one.machine.vcpus ?? 1) === 1)) {
      expect(Math.abs(boot(machine).memFree - memFreeKiB), name).toBeLessThanOrEqual(Math.max(0.01 * memFreeKiB, 3072));
    }
  });
});

describe("the terms", () => {
  const at = (mib: number, extra: Partial<MachineSpec> = {}): BootState => boot({memory: kib(mib * 1024), ...extra});

  test("of 2048 MiB, from the map down to MemTotal", () => {
    const state = at(2048);
    expect(state.usable).toBe(2096639);
    expect(state.terms.map(({key, size}) => [key, size])).toEqual([
      ["low-mib", 639],
      ["kernel-image", 45204],
      ["page-structures", 32768],
      ["dentry-table", 2048],
      ["inode-table", 1024],
      ["per-cpu", 248],
      ["node-data", 172],
      ["sections", 36.875],
      ["page-tables", 88],
      ["small", 11.125]
    ]);
    expect(state.memTotal).toBe(2014400);
    expect(state.memTotalWobble).toBe(0);
  });

  test("each has words and a source", () => {
    const state = at(4096, {kernel: {commandLine: "mem=4500M"}});
    expect(state.terms.map(({label}) => label)).toEqual([
      "cut off by mem=",
      "first MiB",
      "kernel code and data",
      "page structures",
      "bounce buffer",
      "bounce buffer's table",
      "directory-entry hash table",
      "inode hash table",
      "per-processor data",
      "memory node",
      "section directory",
      "kernel page tables",
      "small objects and part pages"
    ]);
    for (const {source} of state.terms) {
      expect(source.place.length).toBeGreaterThan(5);
      expect(source.text.length).toBeGreaterThan(5);
      expect(source.version).toMatch(/^Linux 6\.1/);
    }
  });

  test("the bounce buffer comes with the first address above 4 GiB, not with a size", () => {
    const has = (spec: MachineSpec): boolean => term(boot(spec), "bounce-buffer") === 65536 && term(boot(spec), "bounce-slots") === 768;
    const mib = (n: number): MachineSpec["memory"] => kib(n * 1024);
    expect(has({memory: mib(3583)})).toBe(false);
    expect(has({memory: mib(3584)})).toBe(true);
    expect(has({memory: mib(2815), machine: "q35"})).toBe(false);
    expect(has({memory: mib(2816), machine: "q35"})).toBe(true);
    expect(has({memory: mib(3584), machine: "pc-i440fx-1.7"})).toBe(false);
    expect(has({memory: mib(2048), maxRamBelow4g: kib(GIB)})).toBe(true);
    expect(has({memory: mib(512), hotplug: {maxMemory: kib(GIB), slots: 1}})).toBe(true);
    expect(has({memory: mib(512), hotplug: {maxMemory: kib(512 * 1024), slots: 1}})).toBe(false);
    expect(has({memory: mib(512), acpi: false, hotplug: {maxMemory: kib(GIB), slots: 1}})).toBe(false);
    expect(has({memory: mib(4096), kernel: {commandLine: "swiotlb=noforce"}})).toBe(false);
    expect(has({memory: mib(512), kernel: {commandLine: "swiotlb=force"}})).toBe(true);
    expect(has({memory: mib(4096), kernel: {commandLine: "mem=2G"}})).toBe(false);
  });

  test("swiotlb= sizes it, and its table with it", () => {
    const state = at(4096, {kernel: {commandLine: "swiotlb=65536"}});
    expect([term(state, "bounce-buffer"), term(state, "bounce-slots")]).toEqual([131072, 1536]);
  });

  test("a bounce buffer that does not fit below 4 GiB is not made", () => {
    expect(term(at(128, {kernel: {commandLine: "swiotlb=65536,force"}}), "bounce-buffer")).toBeUndefined();
  });

  test("page structures are paid for whole sections", () => {
    expect(term(at(1024), "page-structures")).toBe(8 * 2048);
    expect(term(at(1025), "page-structures")).toBe(9 * 2048);
    expect(term(at(4096), "page-structures")).toBe(32 * 2048);
  });

  test("each processor that could come has its data; the lock tables stay while one is missing", () => {
    expect(term(at(1024, {vcpus: 4}), "per-cpu")).toBe(992);
    expect(term(at(1024, {vcpus: 16}), "per-cpu")).toBe(16 * 248);
    expect(term(at(1024, {vcpus: 1, maxVcpus: 2}), "per-cpu")).toBe(496);
    expect(term(at(1024, {vcpus: 1, maxVcpus: 2}), "kernel-image")).toBe(45204 + 36);
    expect(term(at(1024, {vcpus: 2, maxVcpus: 4}), "kernel-image")).toBe(45204);
  });

  test("mem= cuts RAM off before anything else is counted", () => {
    const state = at(2048, {kernel: {commandLine: "mem=1G"}});
    expect(term(state, "memory-limit")).toBe(GIB - 128);
    expect(state.memTotal).toBe(983872);
    expect(term(at(2048), "memory-limit")).toBeUndefined();
  });

  test("a second directory of sections, and a second table of structures, with distance", () => {
    expect((term(at(16 * 1024), "sections") ?? 0) - (term(at(15 * 1024 - 128), "sections") ?? 0)).toBeCloseTo(4 + (9 * 56) / 1024, 6);
    const tables = (gib: number): number => term(at(gib * 1024, {kernel: {imageAddress: bytes(2 ** 24)}}), "page-tables") ?? 0;
    expect(tables(64) - tables(62)).toBe(8 + 4);
  });
});

describe("the state", () => {
  test("of 2048 MiB", () => {
    const state = boot({memory: kib(2 * GIB)});
    expect(state.zones).toEqual([
      {zone: "DMA", startPfn: 1, spanned: 4095, present: 3998, managed: 3840, min: 86, low: 107, high: 128},
      {zone: "DMA32", startPfn: 4096, spanned: 520160, present: 520160, managed: 499760, min: 11177, low: 13971, high: 16765}
    ]);
    expect(state).toMatchObject({cached: 3212, anon: 660, slab: 14598, slabReclaimable: 8704, pageTables: 56, kernelStack: 752, perCpu: 260, perCpuLists: 9900, unaccounted: 19749});
    const {memTotal, memFree, cached, anon, slab, pageTables, kernelStack, perCpu, unaccounted} = state;
    expect(memFree + cached + anon + slab + pageTables + kernelStack + perCpu + unaccounted).toBe(memTotal);
    expect(Object.isFrozen(state)).toBe(true);
  });

  test("how far MemTotal may move with the image is said", () => {
    const wobble = (mib: number, extra: Partial<MachineSpec> = {}): number => boot({memory: kib(mib * 1024), ...extra}).memTotalWobble;
    expect([128, 2048, 3072, 3584, 4096, 16384].map((mib) => wobble(mib))).toEqual([0, 0, 4, 12, 12, 32]);
    expect(wobble(3072, {machine: "q35"})).toBe(8);
    expect(wobble(4096, {kernel: {commandLine: "nokaslr"}})).toBe(0);
    expect(wobble(4096, {kernel: {imageAddress: bytes(2 ** 30)}})).toBe(0);
  });

  test("a machine too small for this kernel does not boot", () => {
    const fits = (mib: number, extra: Partial<MachineSpec> = {}): boolean => {
      try {
        return boot({memory: kib(mib * 1024), ...extra}).memTotal > 0;
      } catch (error) {
        expect(error).toMatchObject({code: "kernel-does-not-fit", path: extra.kernel?.imageAddress === undefined ? "memory" : "kernel.imageAddress"});
        return false;
      }
    };
    expect([1, 16, 64, 68, 96].map((mib) => fits(mib))).toEqual([false, false, false, false, true]);
    expect(fits(1024, {kernel: {commandLine: "mem=4K"}})).toBe(false);
    expect(fits(1024, {kernel: {imageAddress: bytes(972 * 2 ** 20)}})).toBe(false);
    expect(fits(1024, {kernel: {imageAddress: bytes(968 * 2 ** 20)}})).toBe(true);
    expect(fits(80, {vcpus: 256})).toBe(false);
  });

  test("the same machine boots the same", () => {
    expect(boot({memory: kib(4 * GIB)})).toEqual(boot({memory: kib(4 * GIB)}));
  });

  test("the watermarks do not yet know of what the initramfs gives back", () => {
    const low = (initramfs: number): number => boot({memory: kib(512 * 1024), userland: {initramfs: kib(initramfs)}}).zones[1]?.min ?? 0;
    expect([low(1500), low(16 * 1024)]).toEqual([654, 642]);
  });
});
