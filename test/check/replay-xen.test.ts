import {readFileSync, readdirSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {checkRecording} from "../../src/check/check.ts";
import {parseRecordingText} from "../../src/check/parse.ts";
import {replayXen} from "../../src/check/replay-xen.ts";
import {replayXenLibvirt} from "../../src/check/replay-xen-libvirt.ts";
import type {CheckReport, Json, Recording} from "../../src/check/types.ts";

const folder = new URL("../../data/recordings/", import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const recording = (name: string): Recording => parseRecordingText(text(name), name);
const failures = (report: CheckReport): unknown[] => report.comparisons.filter(({within}) => !within).map(({path, predicted, observed}) => [path, predicted, observed]);
const names = readdirSync(folder).filter((name) => name.startsWith("xen-"));

/** A recording with one place changed by a function of its parsed text. */
function changed(name: string, change: (raw: {[key: string]: Json}) => void): Recording {
  const raw = JSON.parse(text(name)) as {[key: string]: Json};
  change(raw);
  return parseRecordingText(JSON.stringify(raw), name);
}

interface LooseStep {
  act: {[key: string]: Json};
  after: {[group: string]: {[key: string]: Json}};
  [key: string]: unknown;
}
const steps = (raw: {[key: string]: Json}): LooseStep[] => raw["steps"] as unknown as LooseStep[];

describe("every recording of Xen", () => {
  test("there are fourteen", () => {
    expect(names).toHaveLength(14);
  });

  test.each(names)("%s is within its bars, and all of it is claimed", (name) => {
    const report = checkRecording(recording(name));
    expect(failures(report)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.replayers).toEqual(["xen"]);
    expect(report.unpredicted.filter(({reason}) => reason === "no replayer has a rule for it")).toEqual([]);
  });

  test("through libvirt: replies, sizes, guest, xl and xenstore", () => {
    const report = checkRecording(recording("libvirt-xen-setmem.json"));
    expect(failures(report)).toEqual([]);
    expect(report.replayers).toContain("xen-libvirt");
    const held = report.comparisons.map(({path}) => path);
    for (const path of ["guest.MemTotalKiB (change)", "guest.currentKiB", "xl.memMiB", "xenstore.targetKiB"]) expect(held).toContain(`rows[13].result.${path}`);
    expect(report.unpredicted.map(({path}) => path)).toContain("rows[7].result.guest.currentKiB");
  });
});

describe("a wrong number does not pass", () => {
  const wrong: readonly [string, string, (raw: {[key: string]: Json}) => void][] = [
    ["xen-xl-pv-1024-2048.json", "steps[1].after.xen.maxKiB", (raw) => Object.assign(steps(raw)[1]?.after["xen"] ?? {}, {maxKiB: 2097152})],
    ["xen-xl-pv-1024-2048.json", "steps[2].after.guest.MemTotalKiB (change)", (raw) => Object.assign(steps(raw)[2]?.after["guest"] ?? {}, {MemTotalKiB: 958280})],
    ["xen-xl-pv-1024-2048.json", "steps[4].stderr", (raw) => Object.assign(steps(raw)[4] ?? {}, {stderr: "some other error"})],
    ["xen-xl-pv-1024-2048.json", "steps[4].exitCode", (raw) => Object.assign(steps(raw)[4] ?? {}, {exitCode: 0})],
    ["xen-xl-pv-1024-2048.json", "e820", (raw) => Object.assign(raw, {e820: []})],
    ["xen-xl-pv-1024-2048.json", "iomem", (raw) => Object.assign(raw, {iomem: [{start: 4096, end: 8191, type: "System RAM"}]})],
    ["xen-xl-pv-1024-2048.json", "dmesg[2]", (raw) => Object.assign(raw, {dmesg: ["", "", "last_pfn = 0x1 max_arch_pfn = 0x400000000"]})],
    ["xen-xl-pv-256-4096.json", "steps[0].after.guest.MemTotalKiB", (raw) => Object.assign(steps(raw)[0]?.after["guest"] ?? {}, {MemTotalKiB: 155000})],
    ["xen-xl-pv-self-balloon.json", "events[0].count", (raw) => Object.assign((raw["events"] as {[key: string]: Json}[])[0] ?? {}, {count: 7})],
    ["xen-xl-pvh-pod-crash.json", "steps[0].after.domain", (raw) => Object.assign(steps(raw)[0]?.after ?? {}, {domain: "there"})],
    ["xen-xl-pv-stall-against-load.json", "attempts[2].afterFirstFailureSeconds", (raw) => Object.assign((raw["attempts"] as {[key: string]: Json}[])[2] ?? {}, {afterFirstFailureSeconds: 8})],
    ["xen-xl-pv-stall-against-load.json", "steps[3].after.xen.totKiB", (raw) => Object.assign(steps(raw)[3]?.after["xen"] ?? {}, {totKiB: 1374208 + 2052})],
    ["xen-xl-pv-2048-2048.json", "series.host.maxKiB", (raw) => Object.assign(raw, {series: {host: {tSeconds: [12, 13], maxKiB: [2098176, 1]}}})],
    ["xen-xl-pv-2048-2048.json", "series.guest.currentKiB", (raw) => Object.assign(raw, {series: {guest: {tSeconds: [12, 13, 14], currentKiB: [2097152, 524284, 2097152]}}})],
    ["xen-dom0-500-1024.json", "hypervisorLog[8]", (raw) => Object.assign(raw, {hypervisorLog: ["", "", "", "", "", "", "", "", "System RAM: 1MB (1024kB)"]})]
  ];
  test.each(wrong)("%s %s", (name, path, change) => {
    const report = checkRecording(changed(name, change));
    expect(report.comparisons.find((one) => one.path === path)).toMatchObject({within: false});
    expect(report.ok).toBe(false);
  });
});

describe("what it does not know", () => {
  test("an act without a rule is listed, and its state is not judged", () => {
    const report = checkRecording(changed("xen-xl-pv-1024-1024.json", (raw) => Object.assign(steps(raw)[0]?.act ?? {}, {tool: "astrology", text: "x"})));
    expect(report.unpredicted).toContainEqual({path: "steps[0]", reason: "an act whose effect is not modelled"});
  });

  test("fields it has never seen are listed", () => {
    const report = checkRecording(
      changed("xen-xl-pv-1024-1024.json", (raw) => {
        Object.assign(steps(raw)[0]?.after ?? {}, {moon: 1});
        Object.assign(steps(raw)[0]?.after["guest"] ?? {}, {moonKiB: 1});
        Object.assign(raw, {dmesg: ["a line about nothing", "Linux version 9"], zones: [{zone: "Moon", spannedPages: 1}]});
      })
    );
    expect(report.unpredicted.map(({path}) => path)).toEqual(expect.arrayContaining(["steps[0].after.moon", "steps[0].after.guest.moonKiB", "dmesg[0]", "dmesg[1]", "zones[0].spannedPages"]));
    expect(report.comparisons.find(({path}) => path === "zones[0].zone")?.within).toBe(false);
  });

  test("recordings of other systems are not taken", () => {
    const qemu = recording("qemu-size-pc-512.json");
    expect([replayXen.accepts(qemu), replayXenLibvirt.accepts(qemu), replayXenLibvirt.accepts(recording("libvirt-define.json"))]).toEqual([false, false, false]);
  });

  test("a domain without a size is a malformed recording", () => {
    const without = changed("xen-xl-pv-1024-1024.json", (raw) => Object.assign(raw, {setup: {xlConfig: ['name="guest"']}}));
    expect(() => checkRecording(without)).toThrow(expect.objectContaining({code: "malformed-recording", path: "setup.memoryMiB"}));
  });
});
