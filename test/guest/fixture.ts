import type {Backing, BalloonRegisters, Log} from "../../src/domain/backing.ts";
import type {BalloonContext} from "../../src/guest/balloon/driver.ts";
import type {BootState, BootZone} from "../../src/guest/boot/types.ts";
import {startGuest, type GuestOptions} from "../../src/guest/start.ts";
import type {GuestState} from "../../src/guest/state.ts";
import type {OomContext, OomNotifier} from "../../src/guest/oom.ts";
import {kib, pages} from "../../src/units.ts";

/** A boot made up for tests: round numbers, so that expectations can be worked by hand. */
export interface FakeZone {
  readonly managed: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
}

const names = ["DMA", "DMA32", "Normal"] as const;

const bootZone = ({managed, min, low, high}: FakeZone, i: number): BootZone => ({
  zone: names[i] ?? "Normal",
  startPfn: 0,
  spanned: pages(managed),
  present: pages(managed),
  managed: pages(managed),
  min: pages(min),
  low: pages(low),
  high: pages(high)
});

export const twoZones: readonly FakeZone[] = [
  {managed: 4000, min: 80, low: 100, high: 120},
  {managed: 256000, min: 1000, low: 1250, high: 1500}
];

export const threeZones: readonly FakeZone[] = [...twoZones, {managed: 128000, min: 500, low: 625, high: 750}];

/** `free` pages of MemFree, `listed` pages on the per-CPU lists; the rest is the kernel's. */
export function fakeBoot(zones: readonly FakeZone[] = twoZones, free = 250000, listed = 0): BootState {
  const managed = zones.reduce((sum, zone) => sum + zone.managed, 0);
  return {
    map: {} as BootState["map"],
    usable: kib(managed * 4),
    terms: [],
    memTotal: kib(managed * 4),
    memTotalWobble: kib(0),
    zones: zones.map(bootZone),
    memFree: kib(free * 4),
    cached: kib(800 * 4),
    anon: kib(160 * 4),
    slab: kib(3000 * 4),
    slabReclaimable: kib(2000 * 4),
    pageTables: kib(14 * 4),
    kernelStack: kib(188 * 4),
    perCpu: kib(65 * 4),
    perCpuLists: kib(listed * 4),
    unaccounted: kib(0)
  };
}

export const fakeGuest = (options: GuestOptions = {}, zones = twoZones, free = 250000, listed = 0): GuestState => startGuest(fakeBoot(zones, free, listed), 1, options);

/** A backing that writes down what it is told, and backs nothing. */
export interface SpyBacking extends Backing {
  readonly calls: [name: string, zone: number, pages: number, fresh?: number][];
}

export function spyBacking(reported = 0): SpyBacking {
  const calls: SpyBacking["calls"] = [];
  return {
    calls,
    use: (zone, count, fresh) => void calls.push(["use", zone, count, fresh]),
    release: (zone, count) => void calls.push(["release", zone, count]),
    inflate: (zone, count, fresh) => void calls.push(["inflate", zone, count, fresh]),
    deflate: (zone, count) => void calls.push(["deflate", zone, count]),
    report(zone, count) {
      calls.push(["report", zone, count]);
      return reported;
    },
    touch: (count) => void calls.push(["touch", -1, count])
  };
}

export interface SpyLog {
  readonly log: Log;
  readonly lines: string[];
}

export function spyLog(): SpyLog {
  const lines: string[] = [];
  return {lines, log: (source, text) => void lines.push(`${source}: ${text}`)};
}

export interface Setup {
  readonly guest: GuestState;
  readonly backing: SpyBacking;
  readonly lines: string[];
  readonly oom: OomContext;
  readonly balloon: BalloonContext;
  readonly registers: BalloonRegisters;
}

export function setUp(guest: GuestState = fakeGuest(), notify: OomNotifier = () => 0): Setup {
  const backing = spyBacking();
  const {log, lines} = spyLog();
  const registers: BalloonRegisters = {wanted: 0, given: 0, requests: 0};
  return {guest, backing, lines, registers, oom: {guest, backing, log, notify}, balloon: {guest, backing, log, registers}};
}
