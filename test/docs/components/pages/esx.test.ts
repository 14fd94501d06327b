import {h} from "preact";
import {renderToString} from "preact-render-to-string";
import {describe, expect, test} from "vitest";
import {renderEsx} from "../../../../docs/components/build/esx.tsx";
import {figure6, figure7Data, figure8, figure8Boot} from "../../../../docs/components/build/esx-figures.tsx";
import {PaperFigure} from "../../../../docs/components/figure/paper-figure.tsx";
import {commandOf, END, events, run, scenarioOf, type EsxRun} from "../../../../docs/components/model/esx.ts";
import {toolsAt} from "../../../../docs/components/model/esx-tools.ts";
import {page} from "../../../../docs/components/pages/esx.tsx";
import {initialState, type Setting} from "../../../../docs/components/state/page-state.ts";
import {seconds} from "../../../../src/units.ts";

const initial = initialState(page.spec);
const setting = (params: Readonly<Record<string, number>>): Setting => ({...initial, params: {...initial.params, ...params}});
const mib = (made: EsxRun, t: number, name: "memTotal" | "balloon" | "resident" | "consumed" | "cache" | "hostSwapped" | "compressed" | "guestSwapUsed"): number => Math.round(made.stateAt(seconds(t))[name] / 1024);

describe("the page's run", () => {
  const made = run(initial);
  test("says what its prose says: MemTotal stays, the balloon fills the gap, the guest swaps, the host does not", () => {
    expect(new Set(made.columns.memTotal).size).toBe(1);
    expect([mib(made, 19, "resident") > 1500, mib(made, 40, "consumed"), mib(made, 40, "hostSwapped"), mib(made, END, "balloon"), mib(made, END, "resident")]).toEqual([true, 1024, 0, 0, 1024]);
    expect(mib(made, 40, "balloon")).toBeGreaterThan(900);
    expect(mib(made, 40, "guestSwapUsed")).toBeGreaterThan(500);
  });
  test("without a driver is compressed and swapped by the host, and waits", () => {
    const alone = run(setting({driver: 0}));
    expect([mib(alone, 40, "consumed") + mib(alone, 40, "cache"), mib(alone, 40, "balloon"), mib(alone, 40, "hostSwapped") > 300, mib(alone, 40, "compressed") > 300, alone.stateAt(seconds(40)).target === alone.stateAt(seconds(40)).configured]).toEqual([1024, 0, true, true, true]);
    expect(alone.stateAt(seconds(40)).stall).toBeGreaterThan(10);
  });
  test("without swap in the guest is both ballooned and swapped", () => {
    const made2 = run(setting({swap: 0}));
    expect([mib(made2, 45, "balloon") > 300, mib(made2, 45, "hostSwapped") > 300, mib(made2, 45, "guestSwapUsed")]).toEqual([true, true, 0]);
  });
  test("knows every event of the page", () => {
    for (const {type} of events.types) expect(scenarioOf({...initial, events: [{type, at: 1, value: 100}]}).events).toHaveLength(1);
    expect(scenarioOf({...initial, events: [{type: "other", at: 1, value: 0}]}).events).toEqual([]);
    expect(events.types.map(({type}) => commandOf({type, at: 0, value: 7}, {limit: 512}))).toEqual(["virsh setmem vm 512M", null, "virsh setmem vm 7M", null, null, null, null]);
  });
});

describe("tools", () => {
  const made = run(initial);
  test("print the run at the moment looked at", () => {
    const outputs = toolsAt(made, initial, 40);
    expect(outputs.map(({command}) => command)).toEqual(["virsh setmem vm 1024M", "esxtop, then m", "esxtop, then m: the machine's columns", "performance counters of the API", "free -m", "head -2 /sys/kernel/debug/vmmemctl"]);
    expect(outputs[1]?.output).toMatch(/PMEM {2}\/MB: 16384 {3}total: [^]*high state/);
    expect(outputs[3]?.output).toContain("mem.consumed             1048576 KB");
    expect(outputs[4]?.output).toMatch(/Mem: +1967/);
  });
  test("show no command before one was typed, and no driver where there is none", () => {
    expect(toolsAt(made, initial, 10)[0]?.command).toBe("esxtop, then m");
    const alone = setting({driver: 0});
    expect(toolsAt(run(alone), alone, 40)[2]?.output).toMatch(/MCTL\? +N/);
  });
});

describe("the paper's figures", () => {
  test.each([["figure 6", figure6()], ["figure 7", figure7Data()], ["figure 8", figure8()], ["figure 8, boot", figure8Boot()]] as const)("%s is drawn within its frame, without a hole", (title, data) => {
    const markup = renderToString(h(PaperFigure, {data, title}));
    expect(markup).not.toMatch(/NaN|undefined|Infinity|null/);
    for (const series of data.series) {
      expect(series.own.length).toBeGreaterThan(50);
      for (const [t, v] of [...series.own, ...series.published]) expect([t >= data.from && t <= data.to + 1, v >= 0 && v <= data.max]).toEqual([true, true]);
    }
  });
  test("7: our run is near the published plateaus", () => {
    const [dbench, idle] = figure7Data().series;
    const mean = (points: readonly (readonly [number, number])[] = [], from = 33, to = 60): number => {
      const values = points.filter(([t]) => t >= from && t <= to).map(([, v]) => v);
      return values.reduce((a, b) => a + b, 0) / values.length;
    };
    expect(Math.abs(mean(dbench?.own) - mean(idle?.own) - (mean(dbench?.published) - mean(idle?.published)))).toBeLessThan(5);
    expect(Math.abs(mean(idle?.own, 15, 30) - mean(idle?.published, 15, 30))).toBeLessThan(2);
  });
  test("8b: what is granted, shared and ballooned comes within a quarter of the published heights; paging is far off, and said to be", () => {
    const [granted, shared, ballooned, paged] = figure8Boot().series;
    const peak = (points: readonly (readonly [number, number])[] = [], to = 3): number => Math.max(...points.filter(([t]) => t <= to).map(([, v]) => v));
    for (const series of [granted, shared, ballooned]) expect(Math.abs(peak(series?.own) / peak(series?.published) - 1)).toBeLessThan(0.25);
    expect(peak(paged?.own, 5)).toBeGreaterThan(35);
    expect(peak(paged?.own, 5)).toBeLessThan(120);
    // Shared before paged: of what had to go, most was zeroes.
    expect(peak(shared?.own)).toBeGreaterThan(2 * peak(paged?.own));
  });
  test("8: the law follows the published division", () => {
    for (const series of figure8().series) {
      const own = new Map(series.own);
      const errors = series.published.flatMap(([t, v]) => (own.has(t) ? [Math.abs((own.get(t) ?? 0) - v)] : []));
      expect(errors.length).toBeGreaterThan(50);
      expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(12);
    }
  });
  test("are asked for by name, and nothing else is", () => {
    expect(renderEsx("figure-7")).toContain("tax 75 %");
    expect(renderEsx("states")).toContain("1,925");
    for (const said of ["ESXi 6.0 (Epping, Yellow Bricks)", "break large pages below 7,700", "break large pages, share at once", "share at once, compress, swap"]) expect(renderEsx("states")).toContain(said);
    expect(() => renderEsx("figure-9")).toThrow("no such part");
  });
});
