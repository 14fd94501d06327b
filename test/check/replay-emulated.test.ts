import {describe, expect, test} from "vitest";
import {checkRecording} from "../../src/check/check.ts";
import {parseRecordingText} from "../../src/check/parse.ts";
import type {CheckReport} from "../../src/check/types.ts";
import {bootFlat} from "../../src/guest/boot/flat-boot.ts";
import {mib} from "../../src/units.ts";

const BOOTED = bootFlat(mib(80)).memTotal;

type Numbers = Record<string, number>;

const step = (text: string, guest: Numbers, host: Numbers = {}, cgroup?: Numbers): object => ({tSeconds: 1, act: {tool: "sh", text}, after: {guest, host, ...(cgroup === undefined ? {} : {cgroup})}});

function check(steps: readonly object[], {deflateOnOom = false, memoryMiB = 80, hypervisor = "v86 0.5.462"}: {deflateOnOom?: boolean; memoryMiB?: unknown; hypervisor?: string} = {}): CheckReport {
  return checkRecording(parseRecordingText(JSON.stringify({about: "a test", recorded: {hypervisor}, setup: {memoryMiB, deflateOnOom}, units: [], steps}), "test.json"));
}

/** What was predicted, by the step's number and the field's name. */
const predictions = ({comparisons}: CheckReport): Record<string, unknown> =>
  Object.fromEntries(comparisons.map(({path, predicted}) => [path.replace(/^steps\[(\d+)\]\.after\.\w+\./, "$1 "), predicted]));

const zero = {MemTotalKiB: 0, SwapTotalKiB: 0, oomKills: 0, balloonInflatePages: 0, balloonDeflatePages: 0, MemFreeKiB: 50_000, BuffersKiB: 0, SwapFreeKiB: 0};
const device = {targetBalloonPages: 0, balloonPages: 0};
const boot = step("boot with 80 MiB", zero, device);

describe("a run of the emulated guest", () => {
  test("the balloon takes its pages from MemTotal and gives them back", () => {
    const seen = predictions(check([boot, step("balloon: hold 32 MiB", zero, device), step("balloon: hold 8 MiB", {...zero, MemFreeKiB: 17_000}, {...device, balloonPages: 8192}), step("drop", zero, device)]));
    expect([0, 1, 2, 3].map((i) => seen[`${i} MemTotalKiB`])).toEqual([BOOTED, BOOTED - 32 * 1024, BOOTED - 8 * 1024, BOOTED - 8 * 1024]);
    expect([1, 2, 3].map((i) => [seen[`${i} targetBalloonPages`], seen[`${i} balloonPages`], seen[`${i} balloonInflatePages`], seen[`${i} balloonDeflatePages`]])).toEqual([[8192, 8192, 8192, 0], [2048, 2048, 8192, 6144], [2048, 2048, 8192, 6144]]);
  });

  test("a target beyond what is free is not predicted, and neither is what it leaves, until all is back", () => {
    const report = check([boot, step("balloon: hold 60 MiB", zero, device), step("balloon: hold 0 MiB", zero, device)]);
    const seen = predictions(report);
    expect(seen).toMatchObject({"1 targetBalloonPages": 60 * 256, "2 balloonPages": 0, "2 MemTotalKiB": BOOTED});
    for (const field of ["1 MemTotalKiB", "1 balloonPages", "1 balloonInflatePages", "2 balloonInflatePages"]) expect(seen).not.toHaveProperty([field]);
    expect(report.unpredicted.map(({path}) => path)).toContain("steps[1].after.host.balloonPages");
  });

  test("cache counts as what the balloon can have", () => {
    const seen = predictions(check([step("boot with 80 MiB", {...zero, MemFreeKiB: 1024, BuffersKiB: 1024}, device), step("balloon: hold 2 MiB", zero, device)]));
    expect(seen["1 balloonPages"]).toBe(512);
    expect(predictions(check([step("boot with 80 MiB", {...zero, MemFreeKiB: 1024, BuffersKiB: 1020}, device), step("balloon: hold 2 MiB", zero, device)]))).not.toHaveProperty(["1 balloonPages"]);
  });

  test("a process that does not fit is killed; with deflate-on-oom the balloon gives way, by how much is not said", () => {
    const steps = [boot, step("balloon: hold 32 MiB", {...zero, MemFreeKiB: 20_000}, {...device, balloonPages: 8192}), step("hog 40 0", zero, device)];
    expect(predictions(check(steps))).toMatchObject({"2 oomKills": 1, "2 balloonPages": 8192, "2 MemTotalKiB": BOOTED - 32 * 1024});
    const granted = predictions(check(steps, {deflateOnOom: true}));
    expect(granted).toMatchObject({"2 oomKills": 0, "1 MemTotalKiB": BOOTED, "2 MemTotalKiB": BOOTED});
    for (const field of ["2 balloonPages", "2 balloonInflatePages", "2 balloonDeflatePages"]) expect(granted).not.toHaveProperty([field]);
  });

  test("without a balloon deflate-on-oom changes nothing", () => {
    expect(predictions(check([boot, step("hog 40 0", zero, device)], {deflateOnOom: true}))).toMatchObject({"1 oomKills": 0, "1 balloonPages": 0});
  });

  test("a cgroup stops at its limit, kills, or swaps; below it the peak is not predicted", () => {
    const group = {limitBytes: 0, peakBytes: 0, oomKills: 0};
    const killed = check([boot, step("limit 8 hog 12 0", zero, device, group)]);
    expect(killed.comparisons.filter(({path}) => path.includes("cgroup")).map(({predicted}) => predicted)).toEqual([8_388_608, 8_388_608, 1]);
    expect(predictions(killed)["1 SwapTotalKiB"]).toBe(0);
    const swapped = check([boot, step("swap 16", {...zero, SwapFreeKiB: 16_380}, device), step("limit 8 hog 12 0", zero, device, group)]);
    expect(swapped.comparisons.filter(({path}) => path.includes("cgroup")).map(({predicted}) => predicted)).toEqual([8_388_608, 8_388_608, 0]);
    expect(predictions(swapped)).toMatchObject({"1 SwapTotalKiB": 16_380, "2 SwapTotalKiB": 16_380});
    const small = check([boot, step("limit 8 hog 4 0", zero, device, group)]);
    expect(small.unpredicted.map(({path}) => path)).toContain("steps[1].after.cgroup.peakBytes");
  });

  test("a run that begins on a used guest: what it begins with is given, MemTotal follows from the balloon", () => {
    const used = step("boot with 80 MiB", {...zero, oomKills: 3, balloonInflatePages: 9000, balloonDeflatePages: 808, SwapTotalKiB: 100}, {targetBalloonPages: 8192, balloonPages: 8192});
    const report = check([used, step("balloon: hold 0 MiB", zero, device)]);
    expect(predictions(report)).toMatchObject({"0 MemTotalKiB": BOOTED - 32 * 1024, "1 MemTotalKiB": BOOTED, "1 oomKills": 3, "1 balloonInflatePages": 9000, "1 balloonDeflatePages": 9000, "1 SwapTotalKiB": 100});
    expect(report.unpredicted).toContainEqual({path: "steps[0].after.host.balloonPages", reason: "where the run begins: given"});
    expect(predictions(check([step("boot with 80 MiB", zero, {targetBalloonPages: 9, balloonPages: 8})]))).toEqual({});
  });

  test("what the model has no rule for is named, and an act it does not know", () => {
    const report = check([boot, step("rm -rf /", zero, device)]);
    expect(report.unpredicted).toContainEqual({path: "steps[0].after.guest.MemFreeKiB", reason: "depends on what the guest's programs hold and read"});
    expect(report.unpredicted).toContainEqual({path: "steps[1]", reason: "an act that the replay does not understand"});
  });

  test("only recordings of the emulator; one without a size is not of the format", () => {
    expect(check([boot], {hypervisor: "QEMU 7.2.22"}).replayers).not.toContain("emulated guest");
    expect(() => check([boot], {memoryMiB: "80"})).toThrow("setup.memoryMiB");
    expect(() => check([boot], {memoryMiB: 80.5})).toThrow("setup.memoryMiB");
    expect(() => check([boot], {memoryMiB: 67})).toThrow("setup.memoryMiB");
    expect(check([boot], {memoryMiB: 68}).replayers).toEqual(["emulated guest"]);
  });
});
