import {describe, expect, test} from "vitest";
import type {EsxColumn} from "../../../src/simulation/esx/columns.ts";
import type {EsxHostSpec, EsxVmSpec} from "../../../src/simulation/esx/scenario.ts";
import type {EsxEventSpec} from "../../../src/simulation/esx/events.ts";
import {simulateEsx, type EsxTimeline} from "../../../src/simulation/esx/simulate-esx.ts";
import {kib, seconds, type KiB} from "../../../src/units.ts";

const mib = (n: number): KiB => kib(n * 1024);
const run = (more: Partial<EsxVmSpec>, host: Partial<EsxHostSpec> = {}, events: readonly EsxEventSpec[] = []): EsxTimeline =>
  simulateEsx({host: {ram: mib(8192), ...host}, vms: [{name: "a", memory: mib(1024), limit: mib(512), workload: {anon: mib(700), active: mib(700), swap: mib(1024)}, ...more}], events, duration: seconds(120)});
const end = (timeline: EsxTimeline) => {
  const found = timeline.vms[0]?.stateAt(timeline.scenario.duration);
  if (found === undefined) throw new Error("no machine");
  return found;
};
const risesOnly = (column: Float64Array): boolean => column.every((value, i) => i === 0 || value >= (column[i - 1] ?? 0));

describe("active memory in the guest's own swap", () => {
  test("is read back again and again, and waited for", () => {
    const {guestSwapIn, guestSwapOut, hostSwapIn, stall, guestSwapUsed} = end(run({}));
    expect([guestSwapIn > mib(50), guestSwapOut >= guestSwapIn, hostSwapIn]).toEqual([true, true, 0]);
    expect(guestSwapOut - guestSwapIn).toBe(guestSwapUsed);
    expect(stall).toBeCloseTo((guestSwapIn / 4) * 0.005, 6);
  });
  test("costs nothing on a disk that takes no time, and more is read", () => {
    const quick = end(run({}, {guestSwapLatency: seconds(0)}));
    expect([quick.stall, quick.guestSwapIn > 5 * end(run({})).guestSwapIn]).toEqual([0, true]);
  });
  test("stays there when what is used fits beside it", () => {
    expect(end(run({workload: {anon: mib(700), active: mib(300), swap: mib(1024)}}))).toMatchObject({guestSwapIn: 0, stall: 0});
  });
});

describe("traffic and kills", () => {
  test("of the host's swap is counted apart from the compression cache, and only rises", () => {
    const timeline = run({driver: {loadsAt: null}});
    const {hostSwapIn, hostSwapOut, zipIn, zipOut, hostSwapped, compressed, guestSwapIn} = end(timeline);
    expect([hostSwapIn > 0, zipOut > 0, guestSwapIn]).toEqual([true, true, 0]);
    expect([hostSwapOut - hostSwapIn, zipIn - zipOut]).toEqual([hostSwapped, compressed]);
    const names: readonly EsxColumn[] = ["stall", "hostSwapIn", "hostSwapOut", "zipIn", "zipOut", "guestSwapIn", "guestSwapOut", "oomKills"];
    for (const name of names) expect(risesOnly(timeline.vms[0]?.columns[name] ?? new Float64Array([1, 0]))).toBe(true);
  });
  test("stay when the machine is off", () => {
    const timeline = run({}, {}, [{at: seconds(60), type: "power-off"}]);
    const before = timeline.vms[0]?.stateAt(seconds(59.9));
    expect(before?.guestSwapIn).toBeGreaterThan(0);
    expect(end(timeline)).toMatchObject({resident: 0, guestSwapIn: before?.guestSwapIn, guestSwapOut: before?.guestSwapOut, stall: before?.stall});
  });
  test("the kills of the guest's kernel are counted, as its log tells them", () => {
    const timeline = run({limit: null, workload: {overcommit: 1}}, {}, [{at: seconds(5), type: "allocate", size: mib(1200)}, {at: seconds(40), type: "allocate", size: mib(1200), name: "again"}]);
    expect(end(timeline).oomKills).toBe(2);
    expect(timeline.log.filter(({source, text}) => source === "kernel" && text.includes("Out of memory: Killed"))).toHaveLength(2);
  });
});
