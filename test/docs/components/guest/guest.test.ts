import {afterAll, describe, expect, it} from "vitest";
import {bootCompared, guide, runs} from "../../../../docs/components/guest/runs.ts";
import {of} from "../../../../docs/components/guest/sample.ts";
import {bootFlat} from "../../../../src/guest/boot/flat-boot.ts";
import {mib} from "../../../../src/units.ts";
import {boot, type Booted} from "./boot.ts";

/** A real Linux: what it prints is compared with what the model says. One boot serves all runs of one setting. */
const booted = new Map<string, Promise<Booted>>();
const guestFor = (memory: number, deflateOnOom: boolean): Promise<Booted> => {
  const key = `${memory} ${deflateOnOom}`;
  const found = booted.get(key) ?? boot(memory, deflateOnOom);
  booted.set(key, found);
  return found;
};

afterAll(async () => {
  for (const one of booted.values()) await (await one).guest.stop();
});

describe.each(runs)("guided run $id", (run) => {
  it("is what the model said, number for number", async () => {
    const {session} = await guestFor(run.memory, run.deflateOnOom);
    const done = await guide(session, run, () => undefined);
    const compared = done.flatMap((one) => one.compared);
    expect(compared.length).toBeGreaterThanOrEqual(run.acts.length);
    expect(compared.map(({what, measured}) => [what, measured])).toEqual(compared.map(({what, predicted}) => [what, predicted]));
  }, 120_000);
});

describe("the guest in the page", () => {
  it("boots with the e820 map and the MemTotal that its memory size asks for", async () => {
    for (const memory of [128, 256]) {
      const {session} = await guestFor(memory, false);
      const {usableEnd} = bootFlat(mib(memory));
      expect(await session.command("dmesg | grep e820")).toContain(`[mem 0x0000000000100000-0x${(usableEnd - 1).toString(16).padStart(16, "0")}] usable`);
      const {predicted, measured} = bootCompared(memory, await session.sample());
      expect(measured).toBe(predicted);
    }
  }, 120_000);

  it("loses exactly 65,536 kB of MemTotal for each 64 MiB, while the map stays", async () => {
    const {session, guest} = await guestFor(256, false);
    const map = await session.command("dmesg | grep e820");
    const total = async (): Promise<number> => Number(/MemTotal: +(\d+) kB/.exec(await session.command("cat /proc/meminfo"))?.[1]);
    const start = await total();
    await session.balloon(64);
    expect(await total()).toBe(start - 65_536);
    expect(guest.frames().size).toBe(16_384);
    await session.balloon(128);
    expect(await total()).toBe(start - 131_072);
    expect(Math.max(...guest.frames())).toBeLessThan(bootFlat(mib(256)).usableEnd / 4096);
    await session.balloon(0);
    expect(await total()).toBe(start);
    expect(guest.frames().size).toBe(0);
    expect(await session.command("dmesg | grep e820")).toBe(map);
  }, 120_000);

  it("gives a process the balloon's pages with deflate-on-oom, and keeps MemTotal", async () => {
    const {session} = await guestFor(128, true);
    const start = (await session.sample()).sample;
    const full = await session.balloon(48);
    expect(of(full.sample, "MemTotal")).toBe(of(start, "MemTotal"));
    expect(await session.command("hog 64 0")).toContain("hog: holds 64 MiB");
    const after = await session.sample();
    expect(after.held.actual).toBeLessThan(full.held.actual);
    expect(of(after.sample, "oom_kill")).toBe(of(start, "oom_kill"));
    await session.balloon(0);
  }, 120_000);

  it("says in its log why it killed, and whom", async () => {
    const {session} = await guestFor(128, false);
    await session.command("swapoff /dev/zram0; limit 12 hog 20 0");
    const log = await session.command("dmesg | grep -i 'out of memory' | tail -n 1");
    expect(log).toMatch(/Memory cgroup out of memory: Killed process \d+ \(hog\)/);
    expect(await session.command("cat /sys/fs/cgroup/run/memory.peak")).toBe("12582912\n");
  }, 120_000);

  it("caches what is read and drops it when told", async () => {
    const {session} = await guestFor(128, false);
    expect(await session.command("readdisk 16")).toContain("read 16 MiB");
    expect(of((await session.sample()).sample, "Buffers")).toBeGreaterThanOrEqual(15 * 1024);
    await session.command("drop");
    expect(of((await session.sample()).sample, "Buffers")).toBeLessThan(1024);
  }, 120_000);
});
