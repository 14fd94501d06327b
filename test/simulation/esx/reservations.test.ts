import {describe, expect, test} from "vitest";
import {FIGURE_4} from "../../../src/host/esx/sharing.ts";
import type {EsxEventSpec, EsxHappening} from "../../../src/simulation/esx/events.ts";
import type {EsxHostSpec, EsxVmSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx, type EsxTimeline} from "../../../src/simulation/esx/simulate-esx.ts";
import {kib, seconds, type KiB} from "../../../src/units.ts";

const mib = (n: number): KiB => kib(n * 1024);
const inMib = (size: number): number => Math.round(size / 1024);
const at = (time: number, happening: EsxHappening, vm?: string): EsxEventSpec => ({at: seconds(time), ...(vm === undefined ? {} : {vm}), ...happening});
const vm = (more: Partial<EsxVmSpec> = {}): EsxVmSpec => ({name: "a", memory: mib(1024), overhead: mib(40), ...more});
const run = (ram: number, vms: readonly EsxVmSpec[], events: readonly EsxEventSpec[] = [], host: Partial<EsxHostSpec> = {}, duration = 60): EsxTimeline => simulateEsx({host: {ram: mib(ram), ...host}, vms, events, duration: seconds(duration), step: seconds(0.5)});
const end = (timeline: EsxTimeline, index = 0) => {
  const found = timeline.vms[index]?.stateAt(timeline.scenario.duration);
  if (found === undefined) throw new Error("no such machine");
  return found;
};
const texts = ({log}: EsxTimeline): readonly string[] => log.map(({text}) => text);

describe("a reservation", () => {
  test("bounds the balloon as it is now, below what the administrator allows", () => {
    const workload = {anon: mib(900), swap: mib(1024), overcommit: 1 as const};
    const timeline = run(4096, [vm({limit: mib(900), workload})], [at(20, {type: "set-reservation", reservation: mib(900)}), at(40, {type: "set-reservation", reservation: mib(0)}), at(40, {type: "set-limit", limit: mib(100)})]);
    expect([10, 30, 59].map((t) => inMib(timeline.vms[0]?.stateAt(seconds(t)).balloonMax ?? NaN))).toEqual([666, 124, 666]);
    expect(end(timeline).balloon).toBeGreaterThan(mib(600));
    expect(timeline.scenario.vms[0]).toMatchObject({balloonCap: 0.65 * mib(1024), balloonMax: 0.65 * mib(1024)});
  });
  test("that the host cannot promise is refused, and so is a swap file that has no room", () => {
    const two = run(1500, [vm(), vm({name: "b", reservation: mib(600)})], [at(1, {type: "set-reservation", reservation: mib(821)}), at(2, {type: "set-reservation", reservation: mib(820)}), at(3, {type: "set-reservation", reservation: mib(601)}, "b")], {}, 10);
    expect(texts(two)).toEqual(["a: refused: insufficient memory for the reservation", "b: refused: insufficient memory for the reservation"]);
    expect([inMib(end(two).reservation), inMib(end(two, 1).reservation)]).toEqual([820, 600]);
    const files = run(4096, [vm({reservation: mib(500)})], [at(1, {type: "set-reservation", reservation: mib(499)})], {swapSpace: mib(524)}, 10);
    expect(texts(files)).toEqual(["refused: no space for the swap file"]);
    const off = run(1000, [vm({powerOn: seconds(5)})], [at(1, {type: "set-reservation", reservation: mib(990)})], {}, 10);
    expect(texts(off)).toEqual(["not powered on: insufficient memory for its reservation and overhead"]);
  });
  test("is not taken by other programs of the host", () => {
    const timeline = run(2048, [vm({reservation: mib(1000), workload: {anon: mib(850)}}), vm({name: "b", driver: {loadsAt: null}, workload: {anon: mib(400)}})], [at(20, {type: "host-pressure", size: mib(4096)})]);
    expect(inMib(timeline.host.kernel.at(-1) ?? NaN)).toBe(2048 - 1000 - 80);
    expect(texts(timeline)).toContain("other programs get 968 MiB: the rest is reserved for machines");
    expect([end(timeline).hostSwapped, end(timeline).balloon, end(timeline).resident > mib(900)]).toEqual([0, 0, true]);
    expect(Math.min(...timeline.host.free)).toBeGreaterThanOrEqual(0);
  });
  test("is kept where most that is paged out compresses", () => {
    const timeline = run(4096, [vm({reservation: mib(700), limit: mib(700), driver: {loadsAt: null}, compressible: 1, workload: {anon: mib(900), active: mib(400)}})]);
    const last = end(timeline);
    expect([inMib(last.resident), inMib(last.consumed + last.cache) <= 700 + 1, last.hostSwapped > last.compressed, inMib(last.hostSwapped + last.compressed) <= 324]).toEqual([700, true, true, true]);
  });
});

describe("a machine that may have nothing", () => {
  test("under a limit of 0 holds nothing, its cache neither", () => {
    const last = end(run(4096, [vm({limit: kib(0), driver: {loadsAt: null}, workload: {anon: mib(300)}})]));
    expect([last.ceiling, last.consumed + last.cache <= mib(1), last.compressed]).toEqual([0, true, 0]);
  });
  test("whose limit came to lie below its cache gives that up", () => {
    const last = end(run(4096, [vm({limit: mib(300), driver: {loadsAt: null}, compressible: 1, workload: {anon: mib(900)}})], [at(30, {type: "set-limit", limit: mib(20)})]));
    expect(last.consumed + last.cache).toBeLessThanOrEqual(mib(20));
  });
  test("has no shares: on ESX Server 2 exactly its minimum, later whatever is free", () => {
    const of = (version: "2002" | "4.0") => end(run(4096, [vm({shares: 0, reservation: mib(256), workload: {anon: mib(700), swap: mib(1024)}})], [], {version}));
    expect([inMib(of("2002").consumed), inMib(of("2002").ceiling), inMib(of("2002").hostFree)]).toEqual([256, 256, 4096 - 256 - 40]);
    expect(inMib(of("4.0").consumed)).toBeGreaterThan(700);
  });
});

describe("large pages and sharing, by state", () => {
  const pair = (state: number, host: Partial<EsxHostSpec> = {}): EsxTimeline =>
    // So much pressure that the host comes to lie in the state that is asked for, with 246 MiB wanted free.
    run(4096, ["a", "b"].map((name) => vm({name, sharing: FIGURE_4, workload: {anon: mib(700)}})), [at(20, {type: "host-pressure", size: mib(state)})], {sharing: "all", largePages: true, ...host}, 300);
  const shared = (timeline: EsxTimeline): number => inMib(end(timeline).shared);

  test("in clear large pages are broken and shared at once, in high by the next scan", () => {
    const [plenty, below, clear] = [pair(100), pair(1500), pair(2270)];
    const nameOf = (timeline: EsxTimeline): number => timeline.host.state.at(41) ?? NaN;
    expect([nameOf(plenty), nameOf(below), nameOf(clear)]).toEqual([0, 0, 1]);
    expect([shared(plenty), shared(below) > 10, shared(clear) > 4 * shared(below)]).toEqual([0, true, true]);
  });
  test("how fast at once is, is a parameter", () => {
    expect(shared(pair(2270, {shareNowRate: 1}))).toBeLessThan(shared(pair(2270)) / 10);
  });
});
