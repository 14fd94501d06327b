import {describe, expect, test} from "vitest";
import {parseCommandLine} from "../../../src/guest/boot/command-line.ts";
import {DENTRY_TABLE, hashTableBytes, INODE_TABLE} from "../../../src/guest/boot/hash-tables.ts";
import {DEBIAN_6_1, kernelProfile} from "../../../src/guest/boot/kernel-profile.ts";
import {imageAddress} from "../../../src/guest/boot/placement.ts";
import {systemRam} from "../../../src/guest/boot/reservations.ts";
import {FIXED_USAGE, bootUsage} from "../../../src/guest/boot/usage.ts";
import {minFreeKib, withWatermarks} from "../../../src/guest/boot/watermarks.ts";
import {kernelPages, layOutZones} from "../../../src/guest/boot/zone-layout.ts";
import {bytes} from "../../../src/units.ts";
import {containing} from "../../matchers.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

describe("kernel parameters", () => {
  const none = {memoryLimit: null, randomised: true, bounceSlots: null, bounce: "auto"};
  test.each([
    ["", none],
    ["console=ttyS0 loglevel=4 panic=-1", none],
    ["nokaslr", {...none, randomised: false}],
    ["xnokaslr", none],
    ["quiet   mem=1G", {...none, memoryLimit: GIB}],
    ["mem=512M", {...none, memoryLimit: 512 * MIB}],
    ["mem=4096k", {...none, memoryLimit: 4 * MIB}],
    ["mem=1T", {...none, memoryLimit: 1024 * GIB}],
    ["mem=1000000", {...none, memoryLimit: 1000000}],
    ["mem=1G mem=2G", {...none, memoryLimit: 2 * GIB}],
    ["xmem=1G", none],
    ["swiotlb=65536", {...none, bounceSlots: 65536}],
    ["swiotlb=1", {...none, bounceSlots: 128}],
    ["swiotlb=129,force", {...none, bounceSlots: 256, bounce: "always"}],
    ["swiotlb=force", {...none, bounce: "always"}],
    ["swiotlb=noforce", {...none, bounce: "never"}],
    ["iommu=off", {...none, bounce: "never"}],
    ["iommu=soft", none],
    ["iommu=off swiotlb=force", {...none, bounce: "never"}]
  ])("%j", (line, expected) => {
    expect(parseCommandLine(line)).toEqual(expected);
  });

  test.each(["mem=", "mem=x", "mem=1X", "mem=1GB", "mem=-1", "mem=x1G"])("%s is refused", (line) => {
    expect(() => parseCommandLine(line)).toThrow(
      expect.objectContaining({message: `invalid mem=: ${line.slice(4)}`, code: "invalid-kernel-parameter", path: "kernel.commandLine", expected: "mem=<number>[K|M|G|T]", hint: containing("usable memory")})
    );
  });
});

describe("hash tables", () => {
  const kib = (table: {scale: number; bucketBytes: number}, pages: number): number => hashTableBytes(table, pages) / 1024;
  test.each([
    [126 * 256, 128, 64],
    [126 * 256 + 1, 128, 64],
    [128 * 256, 128, 64],
    [128 * 256 + 1, 256, 128],
    [1000 * 256, 1024, 512],
    [1024 * 256, 1024, 512],
    [1024 * 256 + 1, 2048, 1024],
    [4096 * 256, 4096, 2048],
    [64 * 1024 * 256, 65536, 32768],
    [64 * 1024 * 256 + 1, 65536, 32768],
    [256 * 1024 * 256, 131072, 65536],
    [256 * 1024 * 256 + 1, 131072, 65536]
  ])("%i pages", (pages, dentry, inode) => {
    expect(kib(DENTRY_TABLE.value, pages)).toBe(dentry);
    expect(kib(INODE_TABLE.value, pages)).toBe(inode);
  });

  test("never less than a page", () => {
    expect(hashTableBytes(DENTRY_TABLE.value, 0)).toBe(4096);
    expect(hashTableBytes(INODE_TABLE.value, 256)).toBe(4096);
  });

  test("say what they are", () => {
    expect(DENTRY_TABLE.source).toMatchObject({grade: "read", text: "one 8-byte bucket for every 8 KiB"});
    expect(INODE_TABLE.source).toMatchObject({grade: "read", text: "one 8-byte bucket for every 16 KiB"});
  });
});

describe("zones", () => {
  const low = [{start: 4096, end: 0x9fc00}, {start: MIB, end: 2 * GIB - 128 * 1024}];
  test("below 4 GiB: DMA and DMA32, holes not present", () => {
    expect(layOutZones(low)).toEqual([
      {zone: "DMA", startPfn: 1, endPfn: 4096, present: 3998},
      {zone: "DMA32", startPfn: 4096, endPfn: 0x7ffe0, present: 520160}
    ]);
  });

  test("above 4 GiB DMA32 spans the hole", () => {
    expect(layOutZones([...low, {start: 4 * GIB, end: 5 * GIB}])).toEqual([
      {zone: "DMA", startPfn: 1, endPfn: 4096, present: 3998},
      {zone: "DMA32", startPfn: 4096, endPfn: 2 ** 20, present: 520160},
      {zone: "Normal", startPfn: 2 ** 20, endPfn: 5 * 2 ** 18, present: 2 ** 18}
    ]);
  });

  test("a zone without RAM is none", () => {
    expect(layOutZones([{start: 4 * GIB, end: 5 * GIB}]).map(({zone}) => zone)).toEqual(["Normal"]);
    expect(layOutZones([{start: 4096, end: 8 * MIB}])).toEqual([{zone: "DMA", startPfn: 1, endPfn: 2048, present: 2047}]);
  });

  test("pages that tables are sized by", () => {
    const zone = (spanned: number, present: number): {zone: "DMA32"; startPfn: number; endPfn: number; present: number} => ({zone: "DMA32", startPfn: 4096, endPfn: 4096 + spanned, present});
    expect(kernelPages([zone(64000, 64000)], 64, 0)).toBe(63000);
    expect(kernelPages([zone(64000, 64000)], 64, 10)).toBe(62990);
    // Up to a sixteenth of holes, their structures are counted too.
    expect(kernelPages([zone(68000, 64000)], 64, 0)).toBe(64000 - Math.ceil(68000 / 64));
    expect(kernelPages([zone(68001, 64000)], 64, 0)).toBe(63000);
    expect(kernelPages([zone(64001, 64001)], 64, 0)).toBe(64001 - 1001);
    expect(kernelPages([zone(64000, 64000), zone(64000, 64000)], 64, 0)).toBe(126000);
    // A zone smaller than its structures keeps its pages.
    expect(kernelPages([zone(64, 1)], 4096, 0)).toBe(0);
    expect(kernelPages([zone(64, 1)], 8192, 0)).toBe(1);
  });
});

describe("where the image lies", () => {
  const size = 52 * MIB;
  const low = (end: number): {start: number; end: number}[] => [{start: 4096, end: 0x9fc00}, {start: MIB, end}];

  test("16 MiB without randomisation", () => {
    expect(imageAddress(low(2 * GIB), size, false)).toBe(16 * MIB);
  });

  test("otherwise the middle of the stretch it most often falls into", () => {
    expect(imageAddress(low(2 * GIB - 128 * 1024), size, true)).toBe(486 * MIB);
    expect(imageAddress([...low(3 * GIB), {start: 4 * GIB, end: 5 * GIB}], size, true)).toBe(1510 * MIB);
    expect(imageAddress([...low(3 * GIB), {start: 4 * GIB, end: 17 * GIB}], size, true) / GIB).toBeCloseTo(10.2, 1);
  });

  test("never below 16 MiB, and always at a multiple of 2 MiB", () => {
    expect(imageAddress(low(70 * MIB), size, true)).toBe(16 * MIB);
    expect(imageAddress(low(333 * MIB), size, true) % (2 * MIB)).toBe(0);
    expect(imageAddress(low(30 * MIB), size, true)).toBe(16 * MIB);
  });
});

describe("watermarks", () => {
  const watermarks = (managed: number[]): object[] => withWatermarks(managed.map((pages) => ({pages})), ({pages}) => pages).map(({min, low, high}) => ({min, low, high}));

  test("stand beside the zone they are for", () => {
    expect(withWatermarks([{name: "z", pages: 400_000}], ({pages}) => pages)).toEqual([{name: "z", pages: 400_000, min: 5632, low: 7040, high: 8448}]);
  });

  test("below 512 MiB: 4 x sqrt(KiB), shared by managed pages", () => {
    expect(minFreeKib([3840, 111000])).toBe(Math.floor(Math.sqrt(114840 * 64)));
    expect(watermarks([3840, 111000])).toEqual([
      {min: 22, low: 27, high: 32},
      {min: 654, low: 817, high: 980}
    ]);
  });

  test("huge pages raise it from 512 MiB on, to eleven pageblocks a zone", () => {
    expect(minFreeKib([3840, 400000])).toBe(512 * 2 * 11 * 4);
    expect(minFreeKib([3840, 400000, 400000])).toBe(512 * 3 * 11 * 4);
    expect(minFreeKib([131071])).toBe(Math.floor(Math.sqrt(131071 * 64)));
    expect(minFreeKib([131072])).toBe(512 * 11 * 4);
  });

  test("but to no more than 5 % of what lies above the high marks", () => {
    // 147914 pages: plain 3076 KiB = 769 pages, high marks 29 + 1121 pages.
    expect(minFreeKib([3840, 144074])).toBe(Math.floor((147914 - 28 - 1121) / 20) * 4);
  });

  test("limits of the plain rule", () => {
    expect(minFreeKib([100])).toBe(128);
    expect(minFreeKib([2 ** 34])).toBe(262144);
  });

  test("the distance is a quarter of min, or a thousandth of the zone when that is more", () => {
    expect(watermarks([4_000_000])).toEqual([{min: 5632, low: 9632, high: 13632}]);
    expect(watermarks([400_000])).toEqual([{min: 5632, low: 7040, high: 8448}]);
  });
});

describe("memory in use at boot", () => {
  const base = {vcpus: 1, sections: 16, dentryTableKib: 2048, lowKib: 56312, hasNormalZone: false};

  test("2048 MiB", () => {
    expect(bootUsage(base)).toEqual({
      cached: 3212,
      anon: 660,
      slab: 14598,
      slabReclaimable: 8704,
      pageTables: 56,
      kernelStack: 752,
      perCpu: 260,
      lateTables: 1364,
      perCpuLists: 9900,
      other: 8485
    });
  });

  test("what follows memory", () => {
    expect(bootUsage({...base, sections: 4}).slab).toBe(14502);
    expect([512, 1024, 4096, 8192, 16384].map((dentryTableKib) => bootUsage({...base, dentryTableKib}).lateTables)).toEqual([548, 820, 2452, 4628, 6932]);
    expect([512, 1024, 4096].map((dentryTableKib) => bootUsage({...base, dentryTableKib}).other)).toEqual([8100, 8100, 9255]);
    expect([4096, 8192].map((dentryTableKib) => bootUsage({...base, dentryTableKib}).perCpuLists)).toEqual([9900, 11129]);
    expect(bootUsage({...base, lowKib: 3268}).perCpuLists).toBe(2353);
    expect(bootUsage({...base, hasNormalZone: true}).perCpuLists).toBe(10800);
  });

  test("what follows processors", () => {
    expect(bootUsage({...base, vcpus: 2})).toMatchObject({slab: 15198, perCpu: 520, perCpuLists: 11200, other: 6485});
    expect(bootUsage({...base, vcpus: 4})).toMatchObject({slab: 16398, perCpu: 1040, perCpuLists: 13800, other: 6485});
  });

  test("every fixed size has its source", () => {
    for (const {value, source} of Object.values(FIXED_USAGE)) {
      expect(value).toBeGreaterThan(0);
      expect(["recorded", "derived"]).toContain(source.grade);
      expect(source.text.length).toBeGreaterThan(5);
    }
  });
});

describe("the kernel's own sizes", () => {
  test("are known for the recorded build, which stands in for others", () => {
    expect(kernelProfile("6.1.0-56-amd64")).toEqual({profile: DEBIAN_6_1, isRecorded: true});
    expect(kernelProfile("6.12.0")).toEqual({profile: DEBIAN_6_1, isRecorded: false});
  });

  test("in KiB", () => {
    const {version, ...sizes} = DEBIAN_6_1;
    expect(version).toBe("6.1.0-56-amd64");
    expect(Object.fromEntries(Object.entries(sizes).map(([name, {value}]) => [name, value]))).toEqual({
      imageSpan: 53248 * 1024,
      imageFreed: 8008 * 1024,
      smpAlternatives: 36 * 1024,
      brk: 68 * 1024,
      pageTableBuffer: 16,
      perCpu: 248 * 1024,
      nodeData: 172 * 1024,
      pageStruct: 64,
      sectionEntry: 32,
      sectionUsage: 56,
      sectionRoots: 32 * 1024,
      bounceSlot: 24
    });
    for (const {source} of Object.values(sizes)) expect(source.text + source.place + source.version).toMatch(/6\.1/);
  });
});

describe("the RAM a kernel keeps", () => {
  const none = {memoryLimit: null};
  const source = {text: "made up", place: "this test", version: "none", grade: "derived"} as const;
  const entry = (start: number, end: number, type: "usable" | "reserved") => ({start: bytes(start), end: bytes(end), type, source});
  const map = {e820: [entry(0, 0x9fbff, "usable"), entry(0x9fc00, 0x9ffff, "reserved"), entry(0x100000, 0x3fffffff, "usable"), entry(0x100000000, 0x13fffffff, "usable")]};

  test("is what is usable, without page 0", () => {
    expect(systemRam(map, none)).toEqual([{start: 4096, end: 0x9fc00}, {start: 0x100000, end: 0x40000000}, {start: 0x100000000, end: 0x140000000}]);
  });

  test.each([0x80000000, 0x100000000])("and ends at mem=: what begins there or later is not kept (%i)", (memoryLimit) => {
    expect(systemRam(map, {memoryLimit})).toEqual([{start: 4096, end: 0x9fc00}, {start: 0x100000, end: 0x40000000}]);
  });

  test("a range that mem= cuts ends there", () => {
    expect(systemRam(map, {memoryLimit: 0x20000000}).at(-1)).toEqual({start: 0x100000, end: 0x20000000});
  });
});
