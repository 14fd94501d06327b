import {describe, expect, test} from "vitest";
import {imbalance, listedPages, memFree, memTotal} from "../../src/guest/accounts.ts";
import {startGuest} from "../../src/guest/start.ts";
import {kib} from "../../src/units.ts";
import {fakeBoot, fakeGuest, threeZones, twoZones} from "./fixture.ts";

describe("a started guest", () => {
  test("has every page of MemTotal in one account", () => {
    for (const listed of [0, 100, 2475]) {
      const guest = fakeGuest({}, twoZones, 250000, listed);
      expect(memTotal(guest)).toBe(260000);
      expect(memFree(guest)).toBe(250000);
      expect(listedPages(guest)).toBe(listed);
      expect(imbalance(guest)).toBe(0);
    }
  });

  test("takes what the boot says, in pages", () => {
    const guest = fakeGuest();
    expect(guest.anon).toBe(160);
    expect(guest.shmem).toBe(800);
    expect(guest.slabReclaimable).toBe(2000);
    expect(guest.slabUnreclaimable).toBe(1000);
    expect(guest.pageTables).toBe(14);
    expect(guest.kernelStack).toBe(188);
    expect(guest.percpu).toBe(65);
    expect(guest.kernel).toBe(260000 - 250000 - 160 - 800 - 3000 - 14 - 188 - 65);
  });

  test("starts with nothing done", () => {
    const guest = fakeGuest();
    expect(guest.file).toEqual({active: 0, inactive: 0, workingSet: 0, toRead: 0});
    expect(guest.counters).toEqual({balloonInflate: 0, balloonDeflate: 0, oomKills: 0, swappedIn: 0, swappedOut: 0, majorFaults: 0, minorFaults: 0, refaults: 0, refused: 0});
    expect(guest.processes).toEqual([]);
    expect([guest.balloon, guest.balloonInTotal, guest.committed, guest.panicked, guest.shmemSwapped, guest.swapUsed, guest.nextPid]).toEqual([0, false, 0, false, 0, 0, 90]);
    expect([...guest.zones.used, ...guest.zones.ballooned]).toEqual([0, 0, 0, 0]);
  });

  test("has the kernel's defaults, or what is asked for", () => {
    const plain = fakeGuest();
    expect([plain.swapTotal, plain.swappiness, plain.overcommit, plain.random]).toEqual([0, 60, 0, 0]);
    const set = fakeGuest({swap: kib(4099), swappiness: 100, overcommit: 2, seed: 7});
    expect([set.swapTotal, set.swappiness, set.overcommit, set.random]).toEqual([1024, 100, 2, 7]);
  });

  test("leaves zone DMA almost whole; the top zone has paid for the boot", () => {
    expect([...fakeGuest().zones.free]).toEqual([4000 - 96, 256000 - 9904]);
    expect([...fakeGuest({}, threeZones, 380000).zones.free]).toEqual([4000 - 96, 256000 - 1976, 128000 - 5928]);
  });

  test("a zone gives no more than it has, and nothing is taken when all is free", () => {
    const tight = [{managed: 50, min: 1, low: 2, high: 3}, {managed: 1000, min: 1, low: 2, high: 3}];
    expect([...fakeGuest({}, tight, 900).zones.free]).toEqual([0, 900]);
    expect([...fakeGuest({}, tight, 1050).zones.free]).toEqual([50, 1000]);
  });

  test("a zone keeps a 256th of what lies above it", () => {
    expect([...fakeGuest().zones.reserve]).toEqual([1000, 0]);
    expect([...fakeGuest({}, threeZones, 380000).zones.reserve]).toEqual([1500, 500, 0]);
  });

  test("marks are the boot's", () => {
    const {zones} = fakeGuest();
    expect([[...zones.min], [...zones.low], [...zones.high], zones.count]).toEqual([[80, 1000], [100, 1250], [120, 1500], 2]);
  });
});

describe("the per-CPU lists of a started guest", () => {
  test("batches grow with the zone up to 63", () => {
    const batch = (managed: number): number | undefined => fakeGuest({}, [{managed: 4000, min: 1, low: 2, high: 3}, {managed, min: 1, low: 2, high: 3}], managed).perCpu.batch[1];
    expect([batch(3839), batch(7168), batch(32768), batch(65536), batch(131072), batch(262144), batch(2621440)]).toEqual([1, 1, 7, 15, 31, 63, 63]);
  });

  test("are full at the zone's low watermark, split between the processors, and at four batches at least", () => {
    expect([...fakeGuest().perCpu.high]).toEqual([100, 1250]);
    expect([...startGuest(fakeBoot(), 4).perCpu.high]).toEqual([25, 312]);
    expect([...startGuest(fakeBoot(), 1000).perCpu.high]).toEqual([4, 252]);
  });

  test("hold mostly kernel pages, all in the top zone", () => {
    const many = fakeGuest({}, twoZones, 250000, 2475).perCpu;
    expect([[...many.movable], [...many.other], [...many.fresh], [...many.factor]]).toEqual([[0, 417], [0, 2058], [0, 0], [0, 0]]);
    const few = fakeGuest({}, twoZones, 250000, 100).perCpu;
    expect([[...few.movable], [...few.other]]).toEqual([[0, 10], [0, 90]]);
  });

  test("with a zone Normal the kernel's are there, and the others in DMA32", () => {
    const {movable, other} = fakeGuest({}, threeZones, 380000, 2475).perCpu;
    expect([[...movable], [...other]]).toEqual([[0, 2160, 0], [0, 0, 315]]);
    const few = fakeGuest({}, threeZones, 380000, 100).perCpu;
    expect([[...few.movable], [...few.other]]).toEqual([[0, 10, 0], [0, 0, 90]]);
  });
});

describe("huge pages", () => {
  test("from 512 MiB on", () => {
    const guest = (managed: number): boolean => fakeGuest({}, [{managed: 4000, min: 1, low: 2, high: 3}, {managed, min: 1, low: 2, high: 3}], managed).hugePages;
    expect(guest(131072 - 4000)).toBe(true);
    expect(guest(131072 - 4001)).toBe(false);
  });
});
