import {describe, expect, test} from "vitest";
import {simulate} from "../../src/simulation/simulate.ts";
import type {Happening} from "../../src/simulation/events.ts";
import type {ScenarioSpec} from "../../src/simulation/scenario.ts";
import type {Timeline} from "../../src/simulation/timeline.ts";
import {kib, mib, mibToKib, seconds} from "../../src/units.ts";

const MIB = (n: number): ReturnType<typeof mibToKib> => mibToKib(mib(n));
const at = (t: number, event: Happening): NonNullable<ScenarioSpec["events"]>[number] => ({at: seconds(t), ...event});
const setmem = (t: number, target: number): NonNullable<ScenarioSpec["events"]>[number] => at(t, {type: "setmem", target: MIB(target)});

function run(events: ScenarioSpec["events"], spec: Partial<ScenarioSpec> = {}): Timeline {
  return simulate({machine: {memory: MIB(2048)}, duration: seconds(40), events, ...spec});
}
const last = (timeline: Timeline): ReturnType<Timeline["stateAt"]> => timeline.stateAt(seconds(1e9));
const texts = (timeline: Timeline): string[] => timeline.log.map(({source, text}) => `${source}: ${text}`);

describe("the balloon, as recorded", () => {
  test("down and up: actual exact, MemTotal follows, host memory does not come back", () => {
    const timeline = run([setmem(1, 1024), setmem(10, 512), setmem(20, 2048)]);
    const [boot, half, quarter, full] = [0, 9, 19, 39].map((t) => timeline.stateAt(seconds(t)));
    expect([boot?.actual, half?.actual, quarter?.actual, full?.actual]).toEqual([2097152, 1048576, 524288, 2097152]);
    expect([boot?.memTotal, half?.memTotal, quarter?.memTotal, full?.memTotal]).toEqual([2014400, 965824, 441536, 2014400]);
    expect(half?.target).toBe(1048576);
    expect(half?.balloon).toBe(1048576);
    expect(half?.resident).toBeLessThan(boot?.resident ?? 0);
    expect(full?.resident).toBe(quarter?.resident);
    expect(Math.abs((full?.memFree ?? 0) - 1934612)).toBeLessThan(4096);
  });

  test("a target before the driver waits for it", () => {
    const timeline = run([setmem(1, 1024)], {driver: {loadsAt: 5}});
    expect(timeline.stateAt(seconds(4.9)).actual).toBe(2097152);
    expect(timeline.stateAt(seconds(4.9)).target).toBe(1048576);
    expect(timeline.stateAt(seconds(9)).actual).toBe(1048576);
  });

  test("without a driver nothing ever happens", () => {
    const timeline = run([setmem(1, 1024)], {driver: {loadsAt: null}});
    expect([last(timeline).target, last(timeline).actual, last(timeline).memTotal]).toEqual([1048576, 2097152, 2014400]);
  });

  test("without a device the command fails, and a target of nothing is no size", () => {
    const none = run([setmem(1, 1024)], {machine: {memory: MIB(2048), balloon: null}});
    expect(texts(none)).toEqual(["qmp: No balloon device has been activated"]);
    expect(last(none).target).toBe(2097152);
    const zero = run([setmem(1, 0), at(2, {type: "balloon", target: kib(-1)})]);
    expect(texts(zero)).toEqual(["qmp: Parameter 'target' expects a size"]);
    expect(zero.log[0]).toMatchObject({at: 1, count: 2, until: 2});
  });

  test("a driver cannot be loaded without a device, or twice, or unloaded without being loaded", () => {
    expect(last(run([setmem(1, 1024)], {machine: {memory: MIB(2048), balloon: null}})).memTotal).toBe(2014400);
    const twice = run([at(1, {type: "load-driver"}), setmem(2, 1024), at(9, {type: "load-driver"})]);
    expect(last(twice).actual).toBe(1048576);
    const early = run([at(1, {type: "unload-driver"})], {driver: {loadsAt: 2}});
    expect(last(early).memTotal).toBe(2014400);
  });

  test("unloading gives everything back, and the target waits for the next driver", () => {
    const timeline = run([setmem(1, 1024), at(10, {type: "unload-driver"}), at(20, {type: "load-driver"})]);
    const unloaded = timeline.stateAt(seconds(15));
    expect([unloaded.actual, unloaded.memTotal, unloaded.target, unloaded.balloon]).toEqual([2097152, 2014400, 1048576, 0]);
    expect(last(timeline).actual).toBe(1048576);
  });

  test("below the floor it stalls and says so, and nobody is killed", () => {
    const timeline = run([at(1, {type: "balloon", target: kib(1)})]);
    const {memTotal, memFree, actual} = last(timeline);
    expect(Math.abs(memTotal - 88264)).toBeLessThan(0.05 * 88264);
    expect(Math.abs(actual - 171016)).toBeLessThan(0.05 * 171016);
    expect(Math.abs(memFree - 52736)).toBeLessThan(0.05 * 52736);
    expect(texts(timeline)).toEqual(["kernel: virtio_balloon virtio0: Out of puff! Can't get 1 pages"]);
    expect(timeline.log[0]?.count).toBeGreaterThan(150);
  });

  test("deflate-on-oom: MemTotal stands still, the balloon gives, and takes again when told", () => {
    const machine = {memory: MIB(2048), balloon: {deflateOnOom: true}};
    const timeline = run([setmem(1, 512), at(10, {type: "allocate", size: MIB(1000), hold: seconds(2)}), setmem(30, 512)], {machine});
    expect(new Set(timeline.columns.memTotal)).toEqual(new Set([2014400]));
    const given = timeline.stateAt(seconds(29)).actual;
    expect(Math.abs(given - 1214464)).toBeLessThan(8 * 1024);
    expect(last(timeline).actual).toBe(524288);
    expect(texts(timeline)).toEqual([]);
  });

  test("the other drivers ride on the same interface", () => {
    const xen = run([setmem(1, 1024)], {driver: {kind: "xen"}});
    expect([last(xen).actual, last(xen).memTotal]).toEqual([1048576, 965824]);
    const esx = run([setmem(1, 1024)], {driver: {kind: "vmmemctl"}});
    expect([last(esx).actual, last(esx).memTotal]).toEqual([1048576, 2014400]);
    expect(last(esx).memFree).toBe(last(xen).memFree);
    const unloaded = run([setmem(1, 1024), at(10, {type: "unload-driver"})], {driver: {kind: "xen"}});
    expect(last(unloaded).memTotal).toBe(965824);
  });
});

describe("out of memory, as recorded", () => {
  const squeezed = [setmem(1, 512)];
  const fill = at(10, {type: "write-tmpfs", size: MIB(800), limit: MIB(900)});

  test("a mapping larger than MemTotal is refused", () => {
    const timeline = run([...squeezed, at(10, {type: "allocate", size: MIB(1000)})]);
    expect(texts(timeline)).toEqual(["workload: hog: mmap: Cannot allocate memory"]);
    expect(last(timeline).anon).toBe(timeline.stateAt(seconds(0)).anon);
  });

  test("with overcommit it is killed while the balloon stays", () => {
    const timeline = run([...squeezed, at(5, {type: "set-overcommit", mode: 1}), at(10, {type: "allocate", name: "agent", size: MIB(1000)})]);
    expect(texts(timeline)[0]).toMatch(/^kernel: Out of memory: Killed process 90 \(agent\) total-vm:1024000kB, anon-rss:3[45]\d{4}kB$/);
    expect([timeline.log.length, last(timeline).actual]).toEqual([1, 524288]);
    expect(Math.abs(last(timeline).resident - 479232)).toBeLessThan(0.05 * 479232);
  });

  test("a tmpfs that no kill can shrink ends in a panic, and the process with it", () => {
    const timeline = run([...squeezed, fill]);
    expect(texts(timeline).map((line) => line.replace(/ process \d.*/, ""))).toEqual([
      "kernel: Out of memory: Killed",
      "kernel: Kernel panic - not syncing: System is deadlocked on memory",
      "host: the guest has panicked: its process ends"
    ]);
    const {resident, processRss, neverTouched, hostFree} = last(timeline);
    expect([resident, processRss, neverTouched]).toEqual([0, 0, 2097152]);
    expect(hostFree).toBe(timeline.scenario.host.ram);
  });

  test("nothing happens to a machine that has ended", () => {
    const ended = run([...squeezed, fill]);
    const more = run([...squeezed, fill, setmem(30, 2048), at(31, {type: "cache", size: MIB(10)})]);
    expect([...more.columns.cached]).toEqual([...ended.columns.cached]);
    expect(last(more).target).toBe(524288);
  });

  test("in a tmpfs with a limit the writer fails, and the guest lives", () => {
    const timeline = run([at(1, {type: "write-tmpfs", name: "dd", size: MIB(800), limit: MIB(100)})]);
    expect([last(timeline).cached - timeline.stateAt(seconds(0)).cached, texts(timeline)]).toEqual([102400, []]);
  });
});

describe("workloads", () => {
  test("free returns part of a process, or all of it", () => {
    const timeline = run([at(1, {type: "allocate", name: "a", size: MIB(100)}), at(2, {type: "allocate", name: "b", size: MIB(100)}), at(5, {type: "free", name: "a", size: MIB(40)}), at(10, {type: "free"}), at(15, {type: "free", name: "b"})]);
    const anon = (t: number): number => timeline.stateAt(seconds(t)).anon - timeline.stateAt(seconds(0)).anon;
    expect([anon(4), anon(6), anon(11), anon(16)]).toEqual([204800, 204800 - 40960, 61440, 61440]);
  });

  test("rate, hold and jitter", () => {
    const timeline = run([at(1, {type: "allocate", size: MIB(100), rate: 10240, hold: seconds(5)})]);
    const anon = (t: number): number => timeline.stateAt(seconds(t)).anon - timeline.stateAt(seconds(0)).anon;
    expect([anon(1), anon(6), anon(11), anon(15.8), anon(16.2)]).toEqual([0, 51200, 102400, 102400, 0]);
    const wander = (seed: number): number[] => [...run([at(1, {type: "allocate", size: MIB(100), rate: 10240, jitter: 0.5})], {seed}).columns.anon];
    expect(wander(1)).toEqual(wander(1));
    expect(wander(1)).not.toEqual(wander(2));
  });

  test("files are cached, dropped, and read again", () => {
    const timeline = run([at(1, {type: "cache", size: MIB(100)}), at(10, {type: "drop-caches"}), at(15, {type: "working-set", size: MIB(50)})]);
    const cached = (t: number): number => timeline.stateAt(seconds(t)).cached - timeline.stateAt(seconds(0)).cached;
    expect([cached(1), cached(9), cached(11), cached(20)]).toEqual([0, 102400, 0, 51200]);
  });

  test("settings reach the kernel", () => {
    const swap = {workload: {swap: MIB(500)}};
    const events = (value: number): ScenarioSpec["events"] => [at(0, {type: "set-swappiness", value}), at(0, {type: "allocate", size: MIB(800)}), at(1, {type: "cache", size: MIB(800)}), at(10, {type: "setmem", target: MIB(1024)})];
    const files = last(run(events(0), swap));
    const anon = last(run(events(200), swap));
    expect(anon.guestSwapUsed).toBeGreaterThan(files.guestSwapUsed);
    expect(anon.cached).toBeGreaterThan(files.cached);
    const shorthand = last(run([at(1, {type: "cache", size: MIB(800)}), at(10, {type: "setmem", target: MIB(1024)})], {workload: {swap: MIB(500), anon: MIB(800), swappiness: 200}}));
    expect(shorthand.guestSwapUsed).toBeGreaterThan(files.guestSwapUsed);
  });

  test("polled statistics keep the world awake, but change nothing", () => {
    const plain = run([setmem(1, 1024)]);
    const polled = run([setmem(1, 1024), at(0.5, {type: "poll-stats", interval: seconds(1)})]);
    expect([...polled.columns.memFree]).toEqual([...plain.columns.memFree]);
  });
});

describe("the host", () => {
  const small = {host: {ram: MIB(2400), swap: MIB(4096), overhead: MIB(100)}};

  test("under pressure swaps what the guest has touched, coldest first, and touching brings it back", () => {
    const events = [at(1, {type: "allocate", size: MIB(1000)}), at(5, {type: "free"}), at(6, {type: "allocate", size: MIB(300)}), at(10, {type: "host-pressure", size: MIB(1800)}), at(20, {type: "host-pressure", size: kib(0)}), at(21, {type: "touch"})] as const;
    const timeline = run(events, small);
    const [before, under, after, touched] = [9, 19, 20.5, 30].map((t) => timeline.stateAt(seconds(t)));
    expect(before?.hostSwapped).toBe(0);
    expect(under?.hostSwapped).toBeGreaterThan(600 * 1024);
    expect((under?.resident ?? 0) + (under?.hostSwapped ?? 0)).toBe(before?.resident);
    expect([under?.hostFree, under?.memFree]).toEqual([0, before?.memFree]);
    expect(after?.hostSwapped).toBe(under?.hostSwapped);
    expect(touched?.hostSwapped).toBeLessThanOrEqual(under?.hostSwapped ?? 0);
  });

  test("touching part of the memory brings part of it back", () => {
    const events = (size: number): ScenarioSpec["events"] => [at(1, {type: "allocate", size: MIB(1500)}), at(10, {type: "host-pressure", size: MIB(1800)}), at(20, {type: "host-pressure", size: kib(0)}), at(21, {type: "touch", size: MIB(size)})];
    const under = run(events(0), small).stateAt(seconds(20)).hostSwapped;
    expect(last(run(events(0), small)).hostSwapped).toBe(under);
    expect(last(run(events(100), small)).hostSwapped).toBe(under - 100 * 1024);
    expect(last(run(events(2000), small)).hostSwapped).toBe(24192);
  });

  test("without room in swap kills the VM's process", () => {
    const timeline = run([at(1, {type: "allocate", size: MIB(1000)}), at(5, {type: "host-pressure", size: MIB(1800)})], {host: {ram: MIB(2400), swap: kib(0)}});
    expect(texts(timeline)).toEqual(["host: Out of memory: the host kills the VM's process"]);
    expect(last(timeline).processRss).toBe(0);
  });

  test("a machine that is gone has nothing anywhere, and no guest to say anything", () => {
    const run = simulate({machine: {memory: MIB(1024)}, currentMemory: kib(512000), host: {cgroup: {max: kib(512000)}}, duration: seconds(40), events: [{at: seconds(5), type: "allocate", size: kib(360 * 1024)}]});
    expect(run.stateAt(seconds(4))).toMatchObject({balloon: 1048576 - 512000, actual: 512000});
    expect(run.stateAt(seconds(40))).toMatchObject({configured: 1048576, target: 512000, actual: 0, memTotal: 0, memFree: 0, memAvailable: 0, anon: 0, guestKernel: 0, balloon: 0, resident: 0, hostSwapped: 0, neverTouched: 1048576});
  });

  test("is never sampled between an event and what it does about it", () => {
    const ram = kib(2 * 1024 * 1024);
    const run = simulate({machine: {memory: MIB(1024)}, host: {ram, swap: ram}, duration: seconds(3), events: [{at: seconds(1), type: "host-pressure", size: kib(ram - 65536)}]});
    expect(run.stateAt(seconds(1))).toMatchObject({hostFree: 0, cgroupCurrent: 65536});
    const boot = simulate({machine: {memory: MIB(1024)}, host: {ram, swap: ram, others: kib(ram - 65536)}, duration: seconds(1)});
    expect(boot.stateAt(seconds(0))).toMatchObject({hostFree: 0, cgroupCurrent: 65536});
  });

  test("with free page reporting has freed memory back in steps, MemTotal and actual unmoved", () => {
    const machine = {memory: MIB(2048), balloon: {freePageReporting: true}};
    const timeline = run([at(1, {type: "allocate", size: MIB(1500), hold: seconds(1)})], {machine});
    const residents = [...new Set(timeline.columns.resident)];
    const steps = residents.slice(residents.indexOf(Math.max(...residents))).map((value, i, all) => (all[i - 1] ?? value) - value).slice(1);
    expect(steps.slice(0, 5)).toEqual([262144, 262144, 262144, 262144, 262144]);
    expect(steps.length).toBe(6);
    expect([last(timeline).actual, last(timeline).memTotal]).toEqual([2097152, 2014400]);
    const off = run([at(1, {type: "allocate", size: MIB(1500), hold: seconds(1)})]);
    expect(last(off).resident).toBe(Math.max(...off.columns.resident));
    const unloaded = run([at(1, {type: "allocate", size: MIB(1500), hold: seconds(1)}), at(5, {type: "unload-driver"})], {machine});
    expect(last(unloaded).resident).toBeGreaterThan(last(timeline).resident + 1024 * 1024);
  });
});

describe("a restart of the guest", () => {
  test("empties guest and balloon; the host keeps what it backed, the target stays", () => {
    const timeline = run([at(1, {type: "allocate", size: MIB(1000)}), setmem(5, 1024), at(20, {type: "restart"})]);
    const [before, after] = [19, 21].map((t) => timeline.stateAt(seconds(t)));
    expect([after?.memTotal, after?.actual, after?.target, after?.balloon, after?.anon]).toEqual([2014400, 2097152, 1048576, 0, timeline.stateAt(seconds(0)).anon]);
    expect(after?.memFree).toBe(timeline.stateAt(seconds(0)).memFree);
    expect(after?.resident).toBe(before?.resident);
    const loaded = run([setmem(5, 1024), at(20, {type: "restart"}), at(25, {type: "load-driver"})]);
    expect(last(loaded).actual).toBe(1048576);
  });

  test("ends reporting, and keeps what the driver does with MemTotal", () => {
    const machine = {memory: MIB(2048), balloon: {freePageReporting: true, deflateOnOom: true}};
    const timeline = run([at(1, {type: "allocate", size: MIB(1000), hold: seconds(0)}), at(3, {type: "restart"}), at(20, {type: "load-driver"}), setmem(30, 1024)], {machine});
    expect(timeline.stateAt(seconds(19)).resident).toBe(timeline.stateAt(seconds(3.5)).resident);
    expect([last(timeline).memTotal, last(timeline).actual]).toEqual([2014400, 1048576]);
  });
});

describe("time", () => {
  test("idle time is filled in, and comes out as if stepped through", () => {
    const events = [setmem(1, 1024), at(10.05, {type: "allocate", size: MIB(100), hold: seconds(3)}), setmem(30, 2048)];
    const skipped = run(events);
    const stepped = run([...events, at(0, {type: "poll-stats", interval: seconds(1)})]);
    for (const name of ["actual", "memFree", "anon", "resident"] as const) expect([...skipped.columns[name]]).toEqual([...stepped.columns[name]]);
  });

  test("an event between two rows happens at the next one", () => {
    const timeline = run([setmem(0.31, 1024)]);
    expect([timeline.stateAt(seconds(0.3)).target, timeline.stateAt(seconds(0.4)).target]).toEqual([2097152, 1048576]);
    expect(run([setmem(0.3, 1024)]).stateAt(seconds(0.3)).target).toBe(1048576);
  });

  test("events after the end do not happen, and those of one instant happen in order", () => {
    expect(last(run([setmem(41, 1024)])).target).toBe(2097152);
    expect(last(run([setmem(5, 1024), setmem(5, 1500)])).target).toBe(1536000);
  });
});
