import {h} from "preact";
import {renderToString} from "preact-render-to-string";
import {gzipSync} from "node:zlib";
import {describe, expect, it} from "vitest";
import {lacking, pagesOf, safeBalloon} from "../../../../docs/components/guest/client.ts";
import {ComparedTable} from "../../../../docs/components/guest/compared-table.tsx";
import {inflate} from "../../../../docs/components/guest/files.ts";
import {columnOf, timelineOf, WINDOW, type Live} from "../../../../docs/components/guest/live.ts";
import {PageMap} from "../../../../docs/components/guest/page-map.tsx";
import {toRecording} from "../../../../docs/components/guest/recording.ts";
import {beforeOf, commandOf, runs} from "../../../../docs/components/guest/runs.ts";
import {usedKib} from "../../../../docs/components/guest/sample.ts";
import {bootFlat} from "../../../../src/guest/boot/flat-boot.ts";
import {mib} from "../../../../src/units.ts";

const MIB = 1024;
const measured = (uptime: number, balloon: number, deflateOnOom = false) => ({
  sample: {uptime, MemTotal: (deflateOnOom ? 240 : 240 - balloon) * MIB, MemFree: (200 - balloon) * MIB, Buffers: 4 * MIB, Cached: 6 * MIB},
  held: {asked: balloon * 256, actual: balloon * 256}
});
const live = (change: Partial<Live> = {}): Live => ({memory: 256, deflateOnOom: false, bootTotal: 240 * MIB, history: [measured(5, 0), measured(6, 64)], ...change});
const segments = (of: Live, key: string): Record<string, number> => Object.fromEntries((columnOf(of)?.columns.find((c) => c.key === key)?.segments ?? []).map((s) => [s.key, s.value]));

describe("the column of a running guest", () => {
  it("has nothing to show before the first measurement", () => expect(columnOf(live({history: []}))).toBeNull());
  it("adds up to the machine, as the guest says", () => {
    expect(segments(live(), "guest")).toEqual({kernel: 16, used: 30, cache: 10, free: 136, balloon: 64});
  });
  it("and as the model says", () => expect(segments(live(), "model")).toEqual({kernel: 16, rest: 176, balloon: 64}));
  it("with deflate-on-oom takes the balloon out of what is used", () => {
    expect(segments(live({deflateOnOom: true, history: [measured(5, 64, true)]}), "guest")).toEqual({kernel: 16, used: 30, cache: 10, free: 136, balloon: 64});
  });
  it("cannot be asked for more than there is", () => {
    const {rest, balloon} = segments(live({history: [{...measured(5, 64), held: {asked: 300 * 256, actual: 64 * 256}}]}), "model");
    expect([rest, balloon]).toEqual([0, 240]);
  });
});

describe("the timeline of a running guest", () => {
  it("shows what is measured and what the model says, from the first second", () => {
    const {series, duration} = timelineOf(live());
    expect(duration).toBe(WINDOW);
    expect(series.map(({key, points}) => [key, points])).toEqual([
      ["used", [[5, 30], [6, 30]]], ["total", [[5, 240], [6, 176]]], ["model", [[5, 240], [6, 176]]], ["configured", [[0, 256], [60, 256]]]
    ]);
  });
  it("moves on after a minute and leaves out what is older", () => {
    const {series} = timelineOf(live({history: [measured(5, 0), measured(50, 0), measured(100, 64)]}));
    expect(series[1]?.points).toEqual([[10, 240], [60, 176]]);
  });
  it("keeps MemTotal with deflate-on-oom", () => {
    const {series} = timelineOf(live({deflateOnOom: true, history: [measured(5, 64, true)]}));
    expect(series.slice(0, 3).map(({points}) => points[0]?.[1])).toEqual([30, 240, 240]);
  });
  it("is empty without measurements", () => expect(timelineOf(live({history: []})).series[1]?.points).toEqual([]));
});

describe("the page map", () => {
  it("says how much the balloon holds, and where nobody else may be", () => {
    const frames = new Uint16Array(80);
    frames.set([256, 128], 10);
    const html = renderToString(h(PageMap, {frames, memory: 80}));
    expect(html).toContain("the balloon holds 384 pages in 2 of 80 MiB.");
    expect(html.match(/class="held"/g)?.length).toBe(2);
    expect(html.match(/class="kept"/g)?.length).toBe(17);
    expect(html).toContain('fill-opacity="0.63"');
  });
});

describe("the table of predictions", () => {
  it("shows differences with their sign, and words as the same or not", () => {
    const row = (predicted: number | string, said: number | string) => ({said: "act", compared: {what: "w", unit: "KiB", predicted, measured: said} as const});
    const html = renderToString(h(ComparedTable, {caption: "c", rows: [row(2048, 2048), row(2048, 1024), row(1024, 2048), row("lives", "lives"), row("lives", "killed")]}));
    expect([...html.matchAll(/<td>([^<]*)<\/td><\/tr>/g)].map(([, cell]) => cell)).toEqual(["0", "\u22121,024\u00a0KiB", "+1,024\u00a0KiB", "the same", "differs"]);
  });
});

describe("what a browser needs", () => {
  it("is nothing where all is there", () => expect(lacking({WebAssembly: 1, DecompressionStream: 1, Worker: 1})).toBeNull());
  it.each([["WebAssembly", {DecompressionStream: 1, Worker: 1}], ["DecompressionStream", {WebAssembly: 1, Worker: 1}], ["web workers", {WebAssembly: 1, DecompressionStream: 1}]])("is %s", (word, scope) => expect(lacking(scope)).toContain(word));
});

describe("files", () => {
  const text = new TextEncoder().encode("a guest");
  it("are inflated", async () => expect(new Uint8Array(await inflate(new Uint8Array(gzipSync(text))))).toEqual(text));
  it("or taken as they are where the host inflated them on the way", async () => expect(new Uint8Array(await inflate(text))).toEqual(text));
});

describe("guided runs", () => {
  it("have names of their own, answers that differ, and sizes that a machine can have", () => {
    expect(new Set(runs.map(({id}) => id)).size).toBe(runs.length);
    for (const run of runs) {
      expect(new Set(run.answers).size).toBe(run.answers.length);
      expect(bootFlat(mib(run.memory)).memTotal).toBeGreaterThan(40 * MIB);
    }
  });
  it("type what a reader could type", () => {
    expect(([{kind: "process", size: 3}, {kind: "cgroup", limit: 2, size: 3}, {kind: "swap", size: 4}, {kind: "read", size: 5}, {kind: "drop"}, {kind: "balloon", size: 6}] as const).map(commandOf)).toEqual(["hog 3 0", "limit 2 hog 3 0", "swap 4", "readdisk 5", "drop", null]);
  });
  it("start from what the guest says", () => {
    expect(beforeOf(measured(1, 64), true)).toEqual({memTotal: 176 * MIB, memFree: 136 * MIB, reclaimable: 4 * MIB, swapFree: 0, balloon: 64 * MIB, deflateOnOom: true});
  });
  it("become recordings", () => {
    const act = {kind: "drop"} as const;
    const after = {...measured(9, 64), sample: {...measured(9, 64).sample, "cgroup.limit": 8, "cgroup.peak": 7, "cgroup.swap": 6, "cgroup.oom_kill": 1}};
    const made = toRecording({about: "a", memory: 256, deflateOnOom: false, start: measured(5, 0), date: "2026-11-23", done: [{act, said: "drop", answer: "", after, compared: []}, {act, said: "balloon: hold 1 MiB", answer: "", after: measured(10, 1), compared: []}]});
    expect(made).toMatchObject({
      setup: {memoryMiB: 256, deflateOnOom: false},
      steps: [
        {tSeconds: 5, act: {tool: "v86 0.5.462", text: "boot with 256 MiB"}, after: {atSeconds: 5, guest: {MemTotalKiB: 240 * MIB, oomKills: 0}, host: {balloonPages: 0}}},
        {act: {tool: "sh", text: "drop"}, after: {cgroup: {limitBytes: 8, peakBytes: 7, swapBytes: 6, oomKills: 1}}},
        {act: {tool: "v86 0.5.462", text: "balloon: hold 1 MiB"}}
      ]
    });
  });
  it("leave a guest room to live", () => expect([safeBalloon(100 * MIB), safeBalloon(10 * MIB), pagesOf(2)]).toEqual([76, 0, 512]));
  it("know what is used", () => expect(usedKib(measured(1, 0).sample)).toBe(30 * MIB));
});
