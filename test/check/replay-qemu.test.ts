import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {createFindings} from "../../src/check/collector.ts";
import {parseRecording, parseRecordingText} from "../../src/check/parse.ts";
import {replayQemu} from "../../src/check/replay-qemu.ts";
import type {Comparison, Json, JsonObject, Recording, Unpredicted} from "../../src/check/types.ts";

interface Found {
  readonly comparisons: readonly Comparison[];
  readonly unpredicted: readonly Unpredicted[];
}
function replay(recording: Recording): Found {
  const found = createFindings();
  expect(replayQemu.accepts(recording)).toBe(true);
  replayQemu.replay(recording, found);
  return found;
}
const setup = (line = "", more: JsonObject = {}): JsonObject => ({qemuArguments: ["qemu", "-machine", "pc", "-m", "2048", ...(line === "none" ? [] : ["-device", `virtio-balloon-pci,id=b0${line}`])], ...more});
const boot: JsonObject = {tSeconds: 5, act: {tool: "qemu", text: "start QEMU"}};
const make = (steps: readonly JsonObject[], parts: JsonObject = {}, line = "", more: JsonObject = {}): Recording => parseRecording({about: "a", recorded: {}, setup: setup(line, more), steps: [boot, ...steps], ...parts}, "x.json");
const insmod = (t: number): JsonObject => ({tSeconds: t, act: {tool: "guest shell", text: "insmod virtio_balloon"}, exitCode: 0, stdout: ""});
const balloon = (t: number, value: Json, more: JsonObject = {}): JsonObject => ({tSeconds: t, act: {tool: "qmp", json: {execute: "balloon", arguments: {value}}}, reply: {return: {}}, ...more});
const host = (fields: JsonObject, at?: number): JsonObject => ({after: {...(at === undefined ? {} : {atSeconds: at}), host: fields}});
const guest = (fields: JsonObject): JsonObject => ({after: {guest: fields}});
const values = ({comparisons}: Found): Record<string, Json> => Object.fromEntries(comparisons.map(({path, predicted}) => [path, predicted]));
const bars = ({comparisons}: Found): Record<string, string> => Object.fromEntries(comparisons.map(({path, bar}) => [path, bar.kind]));

const directory = new URL("../../data/recordings/", import.meta.url);
const files = readdirSync(directory).filter((name) => name.startsWith("qemu-") && name.endsWith(".json"));

describe("the shared recordings", () => {
  test("are all there", () => {
    expect(files.length).toBeGreaterThanOrEqual(19);
  });

  test.each(files)("%s is within every bar", (name) => {
    const recording = parseRecordingText(readFileSync(new URL(name, directory), "utf8"), name);
    const {comparisons} = replay(recording);
    expect(comparisons.filter(({within}) => !within)).toEqual([]);
    expect(comparisons.length).toBeGreaterThan(1);
  });

  test("nothing is compared twice", () => {
    for (const name of files) {
      const {comparisons, unpredicted} = replay(parseRecordingText(readFileSync(new URL(name, directory), "utf8"), name));
      const paths = [...comparisons.map(({path}) => path), ...unpredicted.map(({path}) => path)];
      expect(new Set(paths).size, name).toBe(paths.length);
    }
  });
});

describe("which recordings", () => {
  test("those with QEMU's arguments that start with QEMU", () => {
    expect(replayQemu.name).toBe("qemu");
    expect(replayQemu.accepts(make([]))).toBe(true);
    expect(replayQemu.accepts(parseRecording({about: "a", recorded: {}, setup: {}, steps: [boot]}, "x"))).toBe(false);
    expect(replayQemu.accepts(parseRecording({about: "a", recorded: {}, setup: setup(), steps: [{act: {tool: "host shell"}}]}, "x"))).toBe(false);
    expect(replayQemu.accepts(parseRecording({about: "a", recorded: {}, setup: setup(), rows: [{given: {}, command: "c"}]}, "x"))).toBe(false);
  });
});

describe("answers", () => {
  test("QMP with a device and without", () => {
    const query = {tSeconds: 6, act: {tool: "qmp", json: {execute: "query-balloon"}}, reply: {}};
    expect(values(replay(make([query, balloon(7, 2 ** 30)])))).toEqual({"steps[1].reply": {return: {actual: 2147483648}}, "steps[2].reply": {return: {}}});
    const error = {error: {class: "DeviceNotActive", desc: "No balloon device has been activated"}};
    expect(values(replay(make([query, balloon(7, 2 ** 30)], {}, "none")))).toEqual({"steps[1].reply": error, "steps[2].reply": error});
  });

  test("targets of 0 and less", () => {
    const refused = {error: {class: "GenericError", desc: "Parameter 'target' expects a size"}};
    expect(values(replay(make([balloon(6, 0), balloon(7, -1)])))).toEqual({"steps[1].reply": refused, "steps[2].reply": refused});
  });

  test("what cannot be told is listed, with the state after it", () => {
    const {comparisons, unpredicted} = replay(
      make([
        balloon(6, "many"),
        {tSeconds: 7, act: {tool: "qmp", json: {execute: "stop"}}, reply: {return: {}}, ...host({actualKiB: 1})},
        {tSeconds: 8, act: {tool: "guest shell", text: "ls"}, exitCode: 0},
        {tSeconds: 9, act: {tool: "guest shell", text: "vm.laptop_mode = 1"}, exitCode: 0},
        {tSeconds: 10, act: {tool: "qmp", json: {execute: "qom-set", arguments: {property: "other", value: 1}}}},
        {tSeconds: 10, act: {tool: "qmp", json: {execute: "qom-set", arguments: {property: "guest-stats-polling-interval", value: "x"}}}}
      ])
    );
    expect(comparisons).toEqual([]);
    expect(unpredicted.map(({path, reason}) => `${path}: ${reason}`)).toEqual([
      "steps[1].reply: the replay does not predict this answer",
      "steps[2]: an act whose effect is not modelled",
      "steps[2].after: the state after an act that is not understood",
      "steps[3]: a shell command the replay does not understand",
      "steps[4]: an act whose effect is not modelled",
      "steps[5]: an act whose effect is not modelled",
      "steps[6]: an act whose effect is not modelled"
    ]);
  });

  test("loading twice and unloading nothing are not predicted; other modules do nothing", () => {
    const other = {tSeconds: 6, act: {tool: "guest shell", text: "insmod virtio_net"}, exitCode: 0, stdout: ""};
    const rmmod = (t: number): JsonObject => ({tSeconds: t, act: {tool: "guest shell", text: "rmmod virtio_balloon"}, exitCode: 0, stdout: ""});
    const found = replay(make([other, rmmod(7), insmod(8), insmod(9), rmmod(10)]));
    expect(values(found)).toEqual({"steps[1].exitCode": 0, "steps[1].stdout": "", "steps[3].exitCode": 0, "steps[3].stdout": "", "steps[5].exitCode": 0, "steps[5].stdout": ""});
    expect(found.unpredicted.map(({path}) => path)).toEqual(["steps[2]", "steps[4]"]);
  });
});

describe("states", () => {
  test("a target before the driver waits for it", () => {
    const found = replay(make([balloon(6, 2 ** 30, host({actualKiB: 0})), {...insmod(8), ...host({actualKiB: 0, guestRamResidentKiB: 135168, processSwappedKiB: 0})}]));
    expect(values(found)).toMatchObject({"steps[1].after.host.actualKiB": 2097152, "steps[2].after.host.actualKiB": 1048576, "steps[2].after.host.processSwappedKiB": 0});
    expect(bars(found)).toMatchObject({"steps[2].after.host.actualKiB": "exact", "steps[2].after.host.guestRamResidentKiB": "relative-or-absolute", "steps[2].after.host.processSwappedKiB": "exact"});
  });

  test("MemTotal: absolute within the bar of the boot, the change exact", () => {
    const start = {...boot, ...guest({MemTotalKiB: 2014404})};
    const recording = parseRecording({about: "a", recorded: {}, setup: setup(), steps: [start, insmod(6), balloon(7, 2 ** 30, guest({MemTotalKiB: 965828, managedPages: 241457, CommitLimitKiB: 482912}))]}, "x");
    const found = replay(recording);
    expect(found.comparisons.filter(({within}) => !within)).toEqual([]);
    expect(values(found)).toMatchObject({"steps[2].after.guest.MemTotalKiB": 965824, "steps[2].after.guest.MemTotalKiB (change)": -1048576});
    expect(bars(found)).toMatchObject({"steps[2].after.guest.MemTotalKiB": "relative", "steps[2].after.guest.MemTotalKiB (change)": "exact", "steps[2].after.guest.managedPages": "relative"});
    expect(Object.keys(values(found))).not.toContain("steps[2].after.guest.managedPages (change)");
  });

  test("a field of another type than predicted is out of its bar", () => {
    const start = {...boot, ...guest({MemTotalKiB: null})};
    const recording = parseRecording({about: "a", recorded: {}, setup: setup(), steps: [start, {...insmod(6), ...guest({MemTotalKiB: null, oomKills: "none", MemFreeKiB: null})}]}, "x");
    expect(replay(recording).comparisons.filter(({within}) => !within).map(({path, bar}) => [path, bar.kind])).toEqual([
      ["steps[1].after.guest.MemTotalKiB", "exact"],
      ["steps[1].after.guest.oomKills", "exact"],
      ["steps[1].after.guest.MemFreeKiB", "exact"]
    ]);
  });

  test("a stall has its own bar, and the counters keep it", () => {
    const fields = {MemTotalKiB: 88264, balloonInflatePages: 481534};
    const found = replay(make([insmod(6), balloon(7, 1, {after: {guest: fields, host: {actualKiB: 171016}}}), balloon(20, 2 ** 31, {after: {guest: {...fields, MemTotalKiB: 2014400}, host: {actualKiB: 2097152}}})]));
    expect(bars(found)).toMatchObject({
      "steps[2].after.guest.MemTotalKiB": "relative",
      "steps[2].after.guest.balloonInflatePages": "relative",
      "steps[2].after.host.actualKiB": "relative",
      "steps[3].after.guest.balloonInflatePages": "relative",
      "steps[3].after.host.actualKiB": "exact"
    });
    expect(found.comparisons.filter(({within}) => !within)).toEqual([]);
  });

  test("zones, and fields that are not predicted", () => {
    const found = replay(make([insmod(6), balloon(7, 2 ** 30, {after: {guest: {zones: [{zone: "DMA", freePages: 3776, managedPages: 3840}, 5, {zone: "x"}, {freePages: 1}], presentPages: 524158, DirectMap4kKiB: 5, Unheard: 1, perCpuLists: []}, host: {processAnonHugePagesKiB: 1, Unheard: 2}}})]));
    expect(values(found)).toMatchObject({"steps[2].after.guest.zones[0].freePages": 3744, "steps[2].after.guest.zones[0].managedPages": 3840, "steps[2].after.guest.presentPages": 524158});
    expect(bars(found)).toMatchObject({"steps[2].after.guest.zones[0].freePages": "none"});
    expect(found.unpredicted.map(({path, reason}) => [path.replace("steps[2].after.", ""), reason])).toEqual([
      ["guest.DirectMap4kKiB", "how the kernel splits its direct map is not modelled"],
      ["guest.Unheard", "not a field the model knows"],
      ["host.processAnonHugePagesKiB", "which host pages are huge is not modelled"],
      ["host.Unheard", "not a field the model knows"]
    ]);
    const none = replay(make([{...insmod(6), ...guest({zones: 5})}]));
    expect(Object.keys(values(none))).toEqual(["steps[1].exitCode", "steps[1].stdout"]);
  });

  test("the state at boot: the host's part, but not what the boot's replay reports", () => {
    const recording = parseRecording({about: "a", recorded: {}, setup: setup(), steps: [{...boot, after: {host: {actualKiB: 1, guestRamResidentKiB: 153600}}}]}, "x");
    expect(Object.keys(values(replay(recording)))).toEqual(["steps[0].after.host.guestRamResidentKiB"]);
  });
});

describe("guest statistics", () => {
  const stats = (total: number | null, updated: number): JsonObject => ({guestStats: {totalMemoryBytes: total, lastUpdateEpochSeconds: updated, majorFaults: 5}});
  const poll = (t: number): JsonObject => ({tSeconds: t, act: {tool: "qmp", json: {execute: "qom-set", arguments: {property: "guest-stats-polling-interval", value: 1}}}, reply: {return: {}}});

  test("are empty, then stale, then polled", () => {
    const found = replay(make([balloon(6, 2 ** 30, host(stats(null, 0))), {...insmod(7), ...host(stats(1, 5), 10)}, {...poll(11), ...host(stats(1, 6), 14)}]));
    expect(values(found)).toMatchObject({
      "steps[1].after.host.guestStats.totalMemoryBytes": null,
      "steps[1].after.host.guestStats.lastUpdateEpochSeconds (never)": true,
      "steps[2].after.host.guestStats.totalMemoryBytes": 2062745600,
      "steps[2].after.host.guestStats.lastUpdateEpochSeconds (never)": false,
      "steps[3].after.host.guestStats.totalMemoryBytes": 989003776,
      "steps[3].reply": {return: {}}
    });
    expect(found.unpredicted.filter(({path}) => path.endsWith("majorFaults")).length).toBe(3);
  });

  test("without a time of the last answer", () => {
    expect(Object.keys(values(replay(make([{...insmod(6), ...host({guestStats: {swapInBytes: 0}})}]))))).toEqual(["steps[1].exitCode", "steps[1].stdout", "steps[1].after.host.guestStats.swapInBytes"]);
  });

  test("are polled from the start when the setup says so", () => {
    const found = replay(make([insmod(6), balloon(7, 2 ** 30, host(stats(1, 5), 12))], {}, "", {guestStatsPollingIntervalSeconds: 1}));
    expect(values(found)).toMatchObject({"steps[2].after.host.guestStats.totalMemoryBytes": 989003776});
  });
});

describe("workloads", () => {
  const hog = (t: number, memoryMiB: number, more: JsonObject = {}): JsonObject => ({tSeconds: t, startedAtSeconds: t - 5, act: {tool: "guest process", text: "hog", memoryMiB, holdSeconds: 2}, exitCode: 0, stdout: "", ...more});
  const fill = (t: number, count: number, limit = "900m"): JsonObject => ({tSeconds: t, startedAtSeconds: t - 2, act: {tool: "guest shell", text: `mount -t tmpfs -o size=${limit} t m; dd if=/dev/zero of=m/x bs=1M count=${count}`}, exitCode: 0});

  test("a hog exits, is refused, or is killed", () => {
    const found = replay(make([insmod(6), hog(15, 500, {...guest({oomKills: 0})}), balloon(16, 2 ** 29), hog(30, 1000, {failure: {}}), {tSeconds: 31, act: {tool: "guest shell", text: "vm.overcommit_memory = 1"}, exitCode: 0}, hog(40, 1000, guest({oomKills: 1}))]));
    expect(values(found)).toMatchObject({
      "steps[2].exitCode": 0,
      "steps[2].stdout": "",
      "steps[4].exitCode": 2,
      "steps[4].failure": {call: "mmap", error: "Cannot allocate memory", memoryMiB: 1000},
      "steps[6].exitCode": 137,
      "steps[6].stdout": "Killed",
      "steps[6].after.guest.oomKills": 1
    });
  });

  test("vm.overcommit_memory=2 in the setup counts from the start", () => {
    expect(values(replay(make([hog(12, 1200)], {}, "", {vmOvercommitMemory: 2})))).toMatchObject({"steps[1].exitCode": 2});
    expect(values(replay(make([hog(12, 1200)], {}, "", {vmOvercommitMemory: 0})))).toMatchObject({"steps[1].exitCode": 0});
    const refusable = [balloon(6, 2 ** 29), hog(15, 1000)];
    expect(values(replay(make([insmod(5.5), ...refusable], {}, "", {vmOvercommitMemory: 1})))).toMatchObject({"steps[3].exitCode": 137});
    expect(values(replay(make([insmod(5.5), ...refusable, {tSeconds: 20, act: {tool: "guest shell", text: "vm.overcommit_memory = 1"}}], {}, "", {vmOvercommitMemory: 1})))).toMatchObject({"steps[3].exitCode": 2});
    const set = (mode: number): JsonObject => ({tSeconds: 6, act: {tool: "guest shell", text: `vm.overcommit_memory = ${mode}`}, exitCode: 0});
    expect(values(replay(make([set(2), hog(12, 1200)])))).toMatchObject({"steps[2].exitCode": 2});
    expect(values(replay(make([set(0), hog(12, 1200)])))).toMatchObject({"steps[2].exitCode": 0});
  });

  test("a file fits, finds its mount full, or ends the guest", () => {
    expect(values(replay(make([fill(10, 100)])))).toEqual({"steps[1].exitCode": 0});
    expect(values(replay(make([fill(10, 100, "50m")])))).toEqual({"steps[1].exitCode": 1});
    const ended = {tSeconds: 25, act: {tool: "none", text: "guest panicked; QEMU ended"}, exitCode: 0};
    const found = replay(make([insmod(6), balloon(7, 2 ** 29), fill(20, 800), ended]));
    expect(values(found)).toMatchObject({"steps[3].exitCode": 137, "steps[4].exitCode": 0});
    expect(values(replay(make([{tSeconds: 6, act: {tool: "none", text: "QEMU ended"}, exitCode: 0}])))).toEqual({"steps[1].exitCode": null});
  });

  test("what a file made the balloon give has the bar of a stall, what a process did is exact", () => {
    const field = (t: number): JsonObject => ({...guest({balloonDeflatePages: 1}), tSeconds: t});
    const on = ",deflate-on-oom=on";
    const process = replay(make([insmod(6), balloon(7, 2 ** 29), {...hog(20, 1000), ...field(20)}], {}, on));
    expect(bars(process)["steps[3].after.guest.balloonDeflatePages"]).toBe("exact");
    const file = replay(make([insmod(6), balloon(7, 2 ** 29), {...fill(20, 800), ...field(20)}], {}, on));
    expect(bars(file)["steps[3].after.guest.balloonDeflatePages"]).toBe("relative");
  });

  test("commands after the end are still answered as QEMU would have", () => {
    const late = (t: number): JsonObject => balloon(t, 2 ** 30);
    const found = replay(make([insmod(6), balloon(7, 2 ** 29), fill(20, 800), {tSeconds: 25, act: {tool: "none", text: "wait"}}, {tSeconds: 40, act: {tool: "none", text: "ended"}, exitCode: 0}, late(50)]));
    expect(values(found)).toMatchObject({"steps[5].exitCode": 0, "steps[6].reply": {return: {}}});
  });

  test("a second start is not an act that changes anything", () => {
    expect(values(replay(make([{...boot, tSeconds: 9, exitCode: 0}])))).toEqual({});
  });

  test("settings and removed files", () => {
    const sysctl = (text: string): JsonObject => ({tSeconds: 12, act: {tool: "guest shell", text}, exitCode: 0, stdout: ""});
    const found = replay(make([fill(10, 100), {...sysctl("rm m/x"), ...guest({ShmemKiB: 1})}, sysctl("vm.swappiness = 10; vm.drop_caches = 3; vm.compact_memory = 1")]));
    expect(values(found)).toMatchObject({"steps[2].after.guest.ShmemKiB": 3212, "steps[3].exitCode": 0, "steps[3].stdout": ""});
  });

  test("a reset empties the balloon", () => {
    const reset = {tSeconds: 12, act: {tool: "qmp", json: {execute: "system_reset"}}, reply: {return: {}}, ...host({actualKiB: 2097152})};
    expect(values(replay(make([insmod(6), balloon(7, 2 ** 30), reset])))).toMatchObject({"steps[3].reply": {return: {}}, "steps[3].after.host.actualKiB": 2097152});
  });

  test("times that were not noted do not matter", () => {
    const untimed = {...hog(10, 500), tSeconds: null, startedAtSeconds: null};
    const recording = parseRecording({about: "a", recorded: {}, setup: setup(), steps: [{act: {tool: "qemu", text: "start"}}, untimed, {...fill(0, 10), tSeconds: null, startedAtSeconds: null}, {...balloon(0, 2 ** 30), tSeconds: null}]}, "x");
    expect(values(replay(recording))).toMatchObject({"steps[1].exitCode": 0, "steps[2].exitCode": 0, "steps[3].reply": {return: {}}});
  });
});

describe("events and series", () => {
  const puff = {source: "guest kernel", text: "virtio_balloon virtio0: Out of puff! Can't get 1 pages", count: 9};

  test("the kernel's story is compared: puffs once, kills one by one", () => {
    const stall = make([insmod(6), balloon(7, 1)], {events: [puff, {source: "guest kernel", text: "fill_balloon: 15 callbacks suppressed"}, puff]});
    const found = replay(stall);
    expect(values(found)["events (guest kernel)"]).toEqual(["out of puff"]);
    expect(found.comparisons.at(-1)?.within).toBe(true);
    const quiet = replay(make([insmod(6)], {events: [puff]}));
    expect(quiet.comparisons.at(-1)).toMatchObject({path: "events (guest kernel)", predicted: [], within: false});
  });

  test("events of QEMU depend on speed", () => {
    const found = replay(make([], {events: [{source: "qmp", text: "BALLOON_CHANGE", actualKiB: 5}, {source: "qmp"}]}));
    expect(found.unpredicted.map(({path}) => path)).toEqual(["events (BALLOON_CHANGE)"]);
    expect(replay(make([], {events: [{source: "qmp", text: "BALLOON_CHANGE"}]})).unpredicted.length).toBe(1);
    expect(replay(make([], {events: [{source: "guest kernel", text: 5}]})).unpredicted).toEqual([]);
  });

  test("series are listed", () => {
    expect(replay(make([], {series: {guest: {tSeconds: [1]}, host: {tSeconds: [1]}}})).unpredicted.map(({path}) => path)).toEqual(["series.guest", "series.host"]);
  });
});
