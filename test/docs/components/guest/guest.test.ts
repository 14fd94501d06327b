import {afterAll, describe, expect, it} from "vitest";
import {bootCompared, perform, runs, type Compared, type Done, type GuidedRun} from "../../../../docs/components/guest/runs.ts";
import {toRecording} from "../../../../docs/components/guest/recording.ts";
import {of} from "../../../../docs/components/guest/sample.ts";
import {checkRecording} from "../../../../src/check/check.ts";
import {parseRecordingText} from "../../../../src/check/parse.ts";
import {bootFlat} from "../../../../src/guest/boot/flat-boot.ts";
import {mib} from "../../../../src/units.ts";
import {randomAct, seeded} from "../../../../scripts/guest/random-acts.ts";
import {boot, type Booted} from "./boot.ts";

/** A real Linux: what it prints is compared with what the model says. One boot serves all tests of one setting; only one guest runs at a time. */
let running: {readonly key: string; readonly guest: Promise<Booted>} | null = null;

async function stop(): Promise<void> {
  await (await running?.guest)?.guest.stop();
  running = null;
}

async function guestFor(memory: number, deflateOnOom: boolean): Promise<Booted> {
  const key = `${memory} ${deflateOnOom}`;
  if (running?.key !== key) {
    await stop();
    running = {key, guest: boot(memory, deflateOnOom)};
  }
  return running.guest;
}

afterAll(stop);

const SLOW = 120_000;
const runOf = (id: string): GuidedRun => {
  const found = runs.find((run) => run.id === id);
  if (found === undefined) throw new Error(`no run ${id}`);
  return found;
};

/** Does a run; every number of it has to be what the model said. */
async function exactly(id: string, told: (done: Done, guest: Booted) => Promise<void> = () => Promise.resolve()): Promise<Booted> {
  const run = runOf(id);
  const guest = await guestFor(run.memory, run.deflateOnOom);
  const start = await guest.session.sample();
  const compared: Compared[] = [];
  const all: Done[] = [];
  for (const act of run.acts) {
    const done = await perform(guest.session, act, run);
    all.push(done);
    compared.push(...done.compared);
    await told(done, guest);
  }
  expect(compared.length).toBeGreaterThanOrEqual(run.acts.length);
  expect(compared.map(({what, measured}) => [what, measured])).toEqual(compared.map(({what, predicted}) => [what, predicted]));
  // What the page saves of such a run is judged like any other recording.
  const saved = JSON.stringify(toRecording({about: id, memory: run.memory, deflateOnOom: run.deflateOnOom, start, done: all, date: "2026-11-23"}));
  const report = checkRecording(parseRecordingText(saved, id));
  expect(report.comparisons.filter(({within}) => !within)).toEqual([]);
  expect(report.comparisons.filter(({bar}) => bar.kind === "exact").length).toBeGreaterThan(4 * run.acts.length);
  return guest;
}

describe("a real Linux", () => {
  const boots = async (memory: number): Promise<void> => {
    const {session} = await guestFor(memory, false);
    const {usableEnd} = bootFlat(mib(memory));
    expect(await session.command("dmesg | grep e820")).toContain(`[mem 0x0000000000100000-0x${(usableEnd - 1).toString(16).padStart(16, "0")}] usable`);
    const {predicted, measured} = bootCompared(memory, await session.sample());
    expect(measured).toBe(predicted);
  };

  it("boots with the e820 map and the MemTotal that 256 MiB ask for", () => boots(256), SLOW);

  it("loses exactly 65,536 kB of MemTotal for each 64 MiB, while the map stays", async () => {
    const {session} = await guestFor(256, false);
    const map = await session.command("dmesg | grep e820");
    const totals: number[] = [];
    const held: number[] = [];
    await exactly("steps", async (_, {session, guest}) => {
      totals.push(Number(/MemTotal: +(\d+) kB/.exec(await session.command("cat /proc/meminfo"))?.[1]));
      held.push(guest.frames().size);
      for (const frame of guest.frames()) if (frame >= bootFlat(mib(256)).usableEnd / 4096) throw new Error(`no RAM at page ${frame}`);
    });
    expect(totals).toEqual([239_372 - 65_536, 239_372 - 131_072, 239_372]);
    expect(held).toEqual([16_384, 32_768, 0]);
    expect(await session.command("dmesg | grep e820")).toBe(map);
  }, SLOW);

  it("gives the process the balloon's pages with deflate-on-oom, and keeps MemTotal", async () => {
    await exactly("granted", (done) => {
      if (done.act.kind === "process") expect(done.after.held.actual).toBeLessThan(32 * 256);
      return Promise.resolve();
    });
  }, SLOW);

  it("boots with the e820 map and the MemTotal that 80 MiB ask for", () => boots(80), SLOW);

  it("kills a process that does not fit, and the balloon keeps its pages", async () => {
    await exactly("refused", (done) => {
      if (done.act.kind === "process") expect(done.after.held.actual).toBe(32 * 256);
      return Promise.resolve();
    });
  }, SLOW);

  it("stops a cgroup at its limit to the byte, kills, and says so in its log", async () => {
    const {session} = await exactly("cgroup");
    expect(await session.command("dmesg | grep -i 'out of memory' | tail -n 1")).toMatch(/Memory cgroup out of memory: Killed process \d+ \(hog\)/);
    expect(await session.command("cat /sys/fs/cgroup/run/memory.peak")).toBe("8388608\n");
  }, SLOW);

  it("swaps what a limit keeps out, once there is swap", async () => {
    const {session} = await exactly("cgroup-swap");
    expect(of((await session.sample()).sample, "pswpout")).toBeGreaterThan(4 * 256);
  }, SLOW);

  it("answers after seeded random acts, with the MemTotal that the model says", async () => {
    const {session} = await guestFor(80, false);
    const random = seeded(7);
    const total = bootFlat(mib(80)).memTotal;
    for (let i = 0; i < 6; i += 1) await perform(session, randomAct(random, total), {memory: 80, deflateOnOom: false});
    expect(of((await session.balloon(0)).sample, "MemTotal")).toBe(total);
    expect(await session.command("echo alive")).toBe("alive\n");
  }, SLOW);

  it("sleeps, and what sleeps stays", async () => {
    const {session} = await guestFor(80, false);
    const before = of((await session.sample()).sample, "uptime");
    await session.command("sleep 2");
    expect(of((await session.sample()).sample, "uptime") - before).toBeGreaterThanOrEqual(2);
  }, SLOW);

  it("caches what is read and drops it when told", async () => {
    const {session} = await guestFor(80, false);
    await session.command("drop");
    expect(of((await session.sample()).sample, "Buffers")).toBeLessThan(1024);
    expect(await session.command("readdisk 8")).toContain("read 8 MiB");
    expect(of((await session.sample()).sample, "Buffers")).toBe(8 * 1024);
    await session.command("drop");
    expect(of((await session.sample()).sample, "Buffers")).toBeLessThan(1024);
  }, SLOW);
});
