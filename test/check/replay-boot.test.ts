import {describe, expect, test} from "vitest";
import {createFindings} from "../../src/check/collector.ts";
import {parseRecording} from "../../src/check/parse.ts";
import {replayBoot} from "../../src/check/replay-boot.ts";
import type {Comparison, Json, JsonObject, Unpredicted} from "../../src/check/types.ts";

const args = (line: string): JsonObject => ({qemuArguments: ["qemu-system-x86_64", ...line.split(" ")]});
const pc = args("-machine pc -m 2048 -device virtio-balloon-pci,id=b0");
const boot: JsonObject = {tool: "qemu"};

function replay(parts: JsonObject, setup: JsonObject = pc): {readonly comparisons: readonly Comparison[]; readonly unpredicted: readonly Unpredicted[]} {
  const found = createFindings();
  const recording = parseRecording({about: "a", recorded: {}, setup, steps: [{act: boot}], ...parts}, "x.json");
  expect(replayBoot.accepts(recording)).toBe(true);
  replayBoot.replay(recording, found);
  return found;
}
const predicted = (parts: JsonObject, setup?: JsonObject): [string, Json, boolean][] => replay(parts, setup).comparisons.map((one) => [one.path, one.predicted, one.within]);
const after = (state: JsonObject): JsonObject => ({steps: [{act: boot, after: state}]});

describe("which recordings", () => {
  const accepts = (setup: JsonObject, tool: string): boolean => replayBoot.accepts(parseRecording({about: "a", recorded: {}, setup, steps: [{act: {tool}}]}, "x"));
  test("those with QEMU's arguments whose first act starts it", () => {
    expect(accepts(pc, "qemu")).toBe(true);
    expect(accepts(pc, "host shell")).toBe(false);
    expect(accepts({memoryMiB: 1}, "qemu")).toBe(false);
    expect(replayBoot.accepts(parseRecording({about: "a", recorded: {}, setup: pc, rows: [{given: {}, command: "c"}]}, "x"))).toBe(false);
    expect(replayBoot.name).toBe("boot");
  });
});

describe("the map", () => {
  test("is compared whole, in bytes", () => {
    const e820 = [
      {start: 0, end: 654335, type: "usable"},
      {start: 654336, end: 655359, type: "reserved"},
      {start: 983040, end: 1048575, type: "reserved"},
      {start: 1048576, end: 2147352575, type: "usable"},
      {start: 2147352576, end: 2147483647, type: "reserved"},
      {start: 4294705152, end: 4294967295, type: "reserved"},
      {start: 1086626725888, end: 1099511627775, type: "reserved"}
    ];
    const iomem = [
      {start: 4096, end: 654335, type: "System RAM"},
      {start: 1048576, end: 2147352575, type: "System RAM"}
    ];
    expect(predicted({e820, iomem})).toEqual([
      ["e820", e820, true],
      ["iomem", iomem, true]
    ]);
    expect(predicted({e820: e820.slice(1), iomem: []}).map(([path, , within]) => [path, within])).toEqual([
      ["e820", false],
      ["iomem", false]
    ]);
  });

  test("sums", () => {
    const found = replay({derived: {e820UsableBytes: 2146958336, MemTotalBelowMemoryKiB: 82752, other: 1}});
    expect(found.comparisons.map(({path, error, bar}) => [path, error, bar.kind])).toEqual([
      ["derived.e820UsableBytes", 0, "exact"],
      ["derived.MemTotalBelowMemoryKiB", 0, "none"]
    ]);
    expect(found.unpredicted).toEqual([{path: "derived.other", reason: "not a field the model knows"}]);
  });
});

describe("the state after the start", () => {
  test("judged, shown, zero, and left to others", () => {
    const guest = {MemTotalKiB: 2014400, managedPages: 503600, presentPages: 524158, MemFreeKiB: 1, CommitLimitKiB: 1007200, SwapTotalKiB: 0, balloonInflatePages: 0, oomKills: 1, DirectMap4kKiB: 5};
    expect(replay(after({guest})).comparisons.map(({path, bar, error, within}) => [path.replace("steps[0].after.guest.", ""), bar.kind, error, within])).toEqual([
      ["MemTotalKiB", "relative", 0, true],
      ["managedPages", "relative", 0, true],
      ["presentPages", "exact", 0, true],
      ["MemFreeKiB", "none", expect.any(Number), true],
      ["CommitLimitKiB", "none", 0, true],
      ["SwapTotalKiB", "exact", 0, true],
      ["balloonInflatePages", "exact", 0, true],
      ["oomKills", "exact", -1, false]
    ]);
  });

  test("every field it shows", () => {
    const names = ["MemFreeKiB", "CachedKiB", "ShmemKiB", "AnonPagesKiB", "SlabKiB", "KReclaimableKiB", "SUnreclaimKiB", "PageTablesKiB", "KernelStackKiB", "PercpuKiB"];
    expect(predicted(after({guest: Object.fromEntries(names.map((name) => [name, 0]))})).map(([path, value]) => [path.split(".").at(-1), value])).toEqual([
      ["MemFreeKiB", 1975113],
      ["CachedKiB", 3212],
      ["ShmemKiB", 3212],
      ["AnonPagesKiB", 660],
      ["SlabKiB", 14598],
      ["KReclaimableKiB", 8704],
      ["SUnreclaimKiB", 5894],
      ["PageTablesKiB", 56],
      ["KernelStackKiB", 752],
      ["PercpuKiB", 260]
    ]);
  });

  test("fields that start at zero", () => {
    const names = ["SwapTotalKiB", "SwapFreeKiB", "BuffersKiB", "balloonInflatePages", "balloonDeflatePages", "oomKills", "pagesSwappedIn", "pagesSwappedOut"];
    const found = replay(after({guest: Object.fromEntries(names.map((name) => [name, 0]))}));
    expect(found.comparisons.map(({path, bar, predicted: value}) => [path.split(".").at(-1), bar.kind, value])).toEqual(names.map((name) => [name, "exact", 0]));
  });

  test("zones, page by page", () => {
    const zone = {zone: "DMA32", freePages: 1, minPages: 11177, lowPages: 13971, highPages: 16765, spannedPages: 520160, presentPages: 520160, managedPages: 499760};
    const found = replay(after({guest: {zones: [zone, {zone: "DMA", spannedPages: 4095}]}}));
    expect(found.comparisons.map(({path, bar, error}) => [path.replace("steps[0].after.guest.", ""), bar.kind, error])).toEqual([
      ["zones[0].minPages", "none", 0],
      ["zones[0].lowPages", "none", 0],
      ["zones[0].highPages", "none", 0],
      ["zones[0].spannedPages", "exact", 0],
      ["zones[0].presentPages", "exact", 0],
      ["zones[0].managedPages", "relative", 0],
      ["zones[1].spannedPages", "exact", 0]
    ]);
  });

  test("a zone's managed pages have no bar where the image's place decides", () => {
    const found = replay(after({guest: {zones: [{zone: "Normal", managedPages: 243907}]}}), args("-machine pc -m 4096"));
    expect(found.comparisons.map(({bar, error}) => [bar.kind, error])).toEqual([["none", 0]]);
  });

  test("a zone the model does not have is out of its bar", () => {
    expect(predicted(after({guest: {zones: [{zone: "Normal"}, {}]}}))).toEqual([
      ["steps[0].after.guest.zones[0].zone", null, false],
      ["steps[0].after.guest.zones[1].zone", null, true]
    ]);
  });

  test("actual is the memory size, or nothing without a device", () => {
    expect(predicted(after({host: {actualKiB: 2097152, processRssKiB: 5}}))).toEqual([["steps[0].after.host.actualKiB", 2097152, true]]);
    expect(predicted(after({host: {actualKiB: null}}), args("-m 1024"))).toEqual([["steps[0].after.host.actualKiB", null, true]]);
    expect(predicted(after({host: {}}))).toEqual([]);
  });
});

describe("boot lines", () => {
  const lines = (dmesg: string[], setup?: JsonObject): [string, Json, boolean][] => predicted({dmesg}, setup);

  test("e820 lines, one after the other", () => {
    expect(lines(["BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable", "BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved", "BIOS-e820: x"]).map(([path, , within]) => [path, within])).toEqual([
      ["dmesg[0]", true],
      ["dmesg[1]", true],
      ["dmesg[2]", false]
    ]);
    expect(lines(Array<string>(8).fill("BIOS-e820: x"))[7]).toEqual(["dmesg[7]", "(no such line)", false]);
  });

  test("zones", () => {
    expect(lines(["  Normal   empty", "Policy zone: DMA32"])).toEqual([
      ["dmesg[0]", "  Normal   empty", true],
      ["dmesg[1]", "Policy zone: DMA32", true]
    ]);
    expect(lines(["  Normal   [mem 0x0000000100000000-0x000000013fffffff]", "Policy zone: Normal"], args("-machine pc -m 4096"))).toEqual([
      ["dmesg[0]", "  Normal   [mem 0x0000000100000000-0x000000013fffffff]", true],
      ["dmesg[1]", "Policy zone: Normal", true]
    ]);
  });

  test("holes", () => {
    const q35 = args("-machine q35 -m 3072");
    const hole = (range: string): string => `PM: hibernation: Registered nosave memory: [mem ${range}]`;
    const real = ["0x00000000-0x00000fff", "0x0009f000-0x000fffff", "0x7ffe0000-0xffffffff"].map(hole);
    expect(lines(real, q35)).toEqual(real.map((line, i) => [`dmesg[${i}]`, line, true]));
    expect(lines([hole("0x00000000-0x00000001")], q35)).toEqual([["dmesg[0]", "(no such line)", false]]);
  });

  test("numbers inside lines whose rest is not predicted", () => {
    const memory = "Memory: 260860K/2096632K available (14343K kernel code)";
    expect(lines([memory])).toEqual([["dmesg[0].presentKiB", 2096632, true]]);
    const tlb = "software IO TLB: mapped [mem 0x000000007be6b000-0x000000007fe6b000] (64MB)";
    expect(lines([tlb, "PCI-DMA: Using software bounce buffering for IO (SWIOTLB)"], args("-machine q35 -m 3072"))).toEqual([
      ["dmesg[0].sizeMiB", 64, true],
      ["dmesg[1].bounceBuffer", true, true]
    ]);
    expect(lines([tlb, "PCI-DMA: Using software bounce buffering for IO (SWIOTLB)"])).toEqual([
      ["dmesg[0].sizeMiB", 0, false],
      ["dmesg[1].bounceBuffer", false, false]
    ]);
  });

  test("lines without a rule are said to have none", () => {
    expect(replay({dmesg: ["software IO TLB: area num 1.", "On node 0, zone Normal: 32 pages", 5]}).unpredicted).toEqual([
      {path: "dmesg[0]", reason: "wording of a line without a size"},
      {path: "dmesg[1]", reason: "no rule for this boot line"}
    ]);
  });
});
