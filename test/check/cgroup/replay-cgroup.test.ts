import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {limitWrites} from "../../../src/check/cgroup/acts.ts";
import {hostOf, limitsOf} from "../../../src/check/cgroup/setup.ts";
import {checkRecording} from "../../../src/check/check.ts";
import {parseRecording, parseRecordingText} from "../../../src/check/parse.ts";
import type {CheckReport, Json} from "../../../src/check/types.ts";

const directory = "data/recordings";
const names = readdirSync(directory).filter((name) => name.startsWith("cgroup-"));
const text = (name: string): string => readFileSync(`${directory}/${name}`, "utf8");
/** A recording with some of its text replaced: another size, limit or act, whose numbers no longer fit. */
const changed = (name: string, ...edits: readonly (readonly [string, string])[]): CheckReport => {
  const edited = edits.reduce((source, [from, to]) => source.replaceAll(from, to), JSON.stringify(JSON.parse(text(name))));
  return checkRecording(parseRecordingText(edited, name));
};
const predicted = (report: CheckReport, path: string): Json | undefined => report.comparisons.find((one) => one.path === path)?.predicted;

describe("every recording made in a cgroup", () => {
  test.each(names)("%s is within its bars", (name) => {
    const report = checkRecording(parseRecordingText(text(name), name));
    expect(report.comparisons.filter(({within}) => !within)).toEqual([]);
    expect([report.ok, report.replayers.length]).toEqual([true, 1]);
    expect(report.unpredicted.filter(({path}) => !path.endsWith("settledAfterSeconds")).filter(({reason}) => reason === "no replayer has a rule for it" || reason === "not a field the model knows")).toEqual([]);
  });

  test("there are seven of them", () => expect(names.length).toBe(7));
});

describe("other setups of the same kind", () => {
  test("a process with less swap than it lacks is killed", () => {
    const report = changed("cgroup-process-1000-swap.json", ["\"memorySwapMaxBytes\":null", "\"memorySwapMaxBytes\":300000000"]);
    expect([predicted(report, "steps[1] (outcome)"), predicted(report, "steps[1].exitCode"), predicted(report, "events.host kernel kills"), report.ok]).toEqual(["killed", 137, 1, false]);
  });

  test("a larger limit, and the process fits", () => {
    const report = changed("cgroup-process-1000-no-swap.json", ["524288000", "1100000000"]);
    expect([predicted(report, "steps[1] (outcome)"), predicted(report, "steps[1].after.cgroup.memoryPeakBytes")]).toEqual(["survives", 1050873856]);
  });

  test("memory.high and no swap: it lives, above the mark", () => {
    const report = changed("cgroup-process-1000-no-swap.json", ["\"memoryMaxBytes\":524288000", "\"memoryMaxBytes\":null,\"memoryHighBytes\":524288000"]);
    expect(predicted(report, "steps[1] (outcome)")).toBe("survives");
  });

  test("a process outside the cgroup has the whole host", () => {
    const report = changed("cgroup-process-1000-no-swap.json", ["\"cgroup\":true", "\"cgroup\":false"]);
    expect([predicted(report, "steps[1] (outcome)"), predicted(report, "steps[1].after.cgroup.memoryPeakBytes")]).toEqual(["survives", 0]);
  });

  test("a cooperating guest that takes more than the cap leaves is killed, one with swap swaps", () => {
    const hog = ["\"memoryMiB\":300", "\"memoryMiB\":350"] as const;
    const killed = changed("cgroup-vm-cooperative-no-swap-300.json", hog);
    expect([predicted(killed, "outcome"), predicted(killed, "steps[4].exitCode"), predicted(killed, "steps[4].qemuExitCode"), predicted(killed, "steps[4].after.guest.running")]).toEqual(["VM killed", null, 137, false]);
    const swaps = changed("cgroup-vm-cooperative-no-swap-300.json", hog, ["\"memorySwapMaxBytes\":0", "\"memorySwapMaxBytes\":null"]);
    expect([predicted(swaps, "outcome"), predicted(swaps, "steps[4].after.cgroup.memoryPeakBytes")]).toEqual(["survives", 524288000]);
  });

  test("a guest that cannot give what it is asked for refuses its process", () => {
    const report = changed("cgroup-vm-cooperative-no-limit-300.json", ["\"memoryMiB\":300", "\"memoryMiB\":600"]);
    expect([predicted(report, "outcome"), predicted(report, "steps[4].exitCode")]).toEqual(["guest OOM", 2]);
  });

  test("a limit written between the steps", () => {
    const report = changed("cgroup-vm-no-driver-swap-700.json", ["\"act\":{\"tool\":\"guest process\"", "\"was\":{\"tool\":\"guest process\""], ["\"was\":{", "\"act\":{\"tool\":\"host shell\",\"text\":\"echo 150M > /sys/fs/cgroup/vm/memory.max\"},\"was\":{"]);
    expect([predicted(report, "steps[3].after.cgroup.memoryMaxBytes"), predicted(report, "steps[3].after.cgroup.memoryCurrentBytes"), predicted(report, "outcome")]).toEqual([157286400, 157286400, "survives"]);
  });

  test("an act nobody knows is listed, and so is an unknown tool beside a process", () => {
    const vm = changed("cgroup-vm-no-driver-swap-700.json", ["\"text\":\"hog\",\"memoryMiB\":700,", "\"text\":\"hog\","]);
    expect(vm.unpredicted.find(({path}) => path === "steps[3]")?.reason).toBe("a guest process without a memory size");
    const process = changed("cgroup-process-1000-swap.json", ["\"tool\":\"host shell\"", "\"tool\":\"crystal ball\""]);
    expect(process.unpredicted.find(({path}) => path === "steps[0]")?.reason).toBe("an act that the replay does not understand");
  });
});

describe("limits as shells write them", () => {
  test.each<readonly [string, ReturnType<typeof limitWrites>]>([
    ["echo 500M > /sys/fs/cgroup/vm/memory.max", [{file: "max", size: 512000 as never}]],
    ["echo max >/sys/fs/cgroup/vm/memory.swap.max; echo 1G > memory.high", [{file: "swapMax", size: null}, {file: "high", size: 1048576 as never}]],
    ["echo -1 > memory.memsw.limit_in_bytes", [{file: "memswMax", size: null}]],
    ["echo 524288000 > memory.limit_in_bytes", [{file: "max", size: 512000 as never}]],
    ["systemctl set-property vm.scope MemoryMax=1G MemoryLow=infinity", [{file: "max", size: 1048576 as never}, {file: "low", size: null}]],
    ["echo much > memory.max", []],
    ["echo 5 > memory.reclaim", []],
    ["boot, swapon, make the cgroup", []]
  ])("%s", (line, writes) => expect(limitWrites(line)).toEqual(writes));

  test("of a setup", () => {
    expect(limitsOf({version: 1, memoryLimitBytes: 1048576, memoryMemswLimitBytes: null})).toEqual({version: 1, max: 1024});
    expect(limitsOf({memoryMaxBytes: 4096, memoryMinBytes: 2048})).toEqual({version: 2, max: 4, min: 2});
  });

  test("a host without a stated size, and QEMU's own memory by its translation cache", () => {
    const host = (setup: Json): ReturnType<typeof hostOf> => hostOf(parseRecording({about: "a", recorded: {}, setup, steps: [{act: {tool: "qemu"}}]}, "x"));
    expect(host({})).toEqual({ram: undefined, swap: 0, overhead: 102400, cgroup: {}});
    expect(host({hostMemoryMiB: 2, hostSwapKiB: 7, qemuArguments: ["-accel", "tcg,tb-size=32"]})).toEqual({ram: 2048, swap: 7, overhead: 69632, cgroup: {}});
    expect(host({qemuArguments: ["-accel", "tcg,tb-size=512"]}).overhead).toBe(102400);
  });
});
