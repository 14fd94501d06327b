import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {autoballoonRows} from "../../../../docs/components/build/autoballoon.tsx";
import {defaultParams, pageCells, ranCells, renderCell, renderNotebook, type CellFence} from "../../../../docs/components/build/cells.tsx";
import {figure7Data} from "../../../../docs/components/build/esx-figures.tsx";
import {sceneCode} from "../../../../docs/components/build/scene-code.ts";
import {answerTo} from "../../../../docs/components/build/matrix-run.ts";
import {calls, cellOf} from "../../../../docs/components/build/matrix-data.ts";
import {renderBlock} from "../../../../docs/components/build/blocks.tsx";
import type {CaseRun} from "../../../../docs/components/case/run.ts";
import {sourceId} from "../../../../docs/components/notebook/fence.ts";
import {examples} from "../../../../docs/components/notebook/examples.ts";
import {runNow, type Ran} from "../../../../docs/components/notebook/run-now.ts";
import * as scope from "../../../../docs/components/notebook/scope-values.ts";
import {compare} from "../../../../docs/components/overcommit/model.ts";
import {cgroups} from "../../../../docs/components/pages/cgroups-case.ts";
import {esx} from "../../../../docs/components/pages/esx-case.ts";
import {pageById} from "../../../../docs/components/pages/index.ts";
import {planOf} from "../../../../docs/components/pages/overcommit.tsx";
import {qemu} from "../../../../docs/components/pages/qemu-kvm-case.ts";
import {bootTerms} from "../../../../docs/components/pages/qemu-kvm-boot.tsx";
import {knobsOf} from "../../../../docs/components/pages/together.tsx";
import {scenesOf} from "../../../../docs/components/pages/scenes.ts";
import {xenFv} from "../../../../docs/components/pages/xen-fv-case.ts";
import {podLevels} from "../../../../docs/components/pages/xen-fv-pod.tsx";
import {map as xenMap} from "../../../../docs/components/pages/xen-fv-map.tsx";
import {xen} from "../../../../docs/components/pages/xen-pv-case.ts";
import {initialState, type PageState} from "../../../../docs/components/state/page-state.ts";
import {mapOf, COARSE} from "../../../../docs/components/together/map.ts";
import {runs} from "../../../../docs/components/together/systems.ts";
import {mib, mibToKib} from "../../../../src/units.ts";
import {readPage} from "../../../../scripts/page-code.ts";

interface PageCells {
  readonly path: string;
  readonly cells: readonly CellFence[];
  readonly figures: readonly string[];
}

const pages: readonly PageCells[] = readdirSync("docs").filter((name) => name.endsWith(".md")).map((name) => {
  const markdown = readFileSync(`docs/${name}`, "utf8");
  return {path: `/${name.slice(0, -3)}`, cells: readPage(name, markdown).cells, figures: Array.from(markdown.matchAll(/^```setmem figure (\S+)/gm), ([, figure = ""]) => figure)};
}).filter(({cells}) => cells.length > 0);

const pageOf = (path: string): PageCells => pages.find((page) => page.path === path) ?? {path, cells: [], figures: []};
const texts = (path: string): string[] => pageOf(path).cells.map(({text}) => text);

/** What a page's cells declare, all together, for parameters some of which were moved. */
function declared(path: string, changed: Readonly<Record<string, number>> = {}): {outputs: Record<string, unknown>; shown: (figure: string) => unknown} {
  const ran = runNow(pageCells(texts(path)), {...scope, params: {...defaultParams(path), ...changed}});
  const outputs = Object.assign({}, ...[...ran.values()].map((one: Ran) => one.outputs)) as Record<string, unknown>;
  const at = (figure: string): number => pageOf(path).cells.findIndex(({figures}) => figures.includes(figure));
  return {outputs, shown: (figure) => ran.get(`c${at(figure) + 1}`)?.shown.at(-1)};
}

function settingOf(path: string, changed: Readonly<Record<string, number>> = {}): PageState {
  const spec = pageById(path.slice(1))?.spec;
  if (spec === undefined) throw new Error(`no page ${path}`);
  const state = initialState(spec);
  return {...state, params: {...state.params, ...changed}};
}

describe("cells of the pages", () => {
  test("every case page has some, and each of its figures has its source", () => {
    for (const path of ["/qemu-kvm", "/xen-pv", "/xen-fv", "/esx", "/cgroups", "/together", "/overcommit"]) {
      const {cells, figures} = pageOf(path);
      const sources = cells.flatMap((cell) => cell.figures);
      for (const figure of figures) expect(sources, `${path}: ${figure}`).toContain(figure);
    }
  });
  for (const {path, cells} of pages) {
    test(`${path}: every cell runs and shows something, and the page shows its very source`, () => {
      const ran = ranCells(path, cells.map(({text}) => text));
      cells.forEach(({text, figures}, i) => {
        expect(ran.get(`c${i + 1}`)?.shown.length, text).toBeGreaterThan(0);
        const html = renderCell(path, cells, i);
        expect(html.replace(/^.*?<pre class="cell-code">(.*?)<\/pre>.*/s, "$1").replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&")).toBe(text.trimEnd());
        for (const figure of figures) expect(html).toContain(`id="${sourceId(figure)}"`);
      });
    });
  }
  test("a figure leads to its source where there is one", () => {
    const page = pageById("qemu-kvm");
    if (page === undefined) throw new Error("no page");
    expect(renderBlock(page, "figure", "boot", ["boot"])).toContain('href="#source-boot"');
    expect(renderBlock(page, "figure", "boot")).not.toContain("#source-");
  });
});

/** Cases whose run is one cell's: its name there, the page's own run, and parameters that change it. */
const oneRun: readonly (readonly [path: string, name: string, figure: (state: PageState) => CaseRun, changes: readonly Readonly<Record<string, number>>[]])[] = [
  ["/qemu-kvm", "run", (state) => qemu.compute(state, null).run, [{target: 700}, {configured: 3000}]],
  ["/xen-pv", "run", (state) => xen.compute(state, null).run, [{target: 700}, {memory: 1024, configured: 3000}, {era: 0}, {driver: 0}]],
  ["/xen-fv", "run", (state) => xenFv.compute(state, null).run, [{type: 1, vga: 16, hole: 1024, configured: 4096}, {speed: 240, memory: 512}, {driver: 0}]],
  ["/esx", "vm", (state) => esx.compute(state, null).run, [{limit: 700}, {driver: 0, swap: 0}, {configured: 3000}]],
  ["/cgroups", "run", (state) => cgroups.compute(state, null).run, [{kind: 1}, {kind: 2}, {swap: 3072, cap: 400}, {deflate: 1, target: 300, own: 100}]],
  ["/together", "onKvm", (state) => runs.KVM(knobsOf(state)), [{short: 1, swap: 1, reservation: 500}, {driver: 0, load: 0}, {guestSwap: 1, cap: 2048}]],
  ["/together", "onXen", (state) => runs.Xen(knobsOf(state)), [{guestSwap: 1, target: 300}, {driver: 0}, {cap: 300, load: 0}]],
  ["/together", "onEsx", (state) => runs.ESX(knobsOf(state)), [{short: 1, reservation: 1024, maxmem: 512}, {driver: 0, guestSwap: 1}, {target: 128, load: 700}]]
];

describe("the run of a cell is the run that the page's figures show", () => {
  for (const [path, name, figure, changes] of oneRun) {
    for (const changed of [{}, ...changes]) {
      test(`${path} ${name} ${JSON.stringify(changed)}`, () => {
        const run = declared(path, changed).outputs[name] as CaseRun;
        const {times, columns} = figure(settingOf(path, changed));
        expect(run.times).toEqual(times);
        // The page's cgroup charges all of the process: its `resident` is the column cgroupCurrent.
        const own: Readonly<Record<string, Float64Array>> = path === "/cgroups" ? {...run.columns, resident: (run.columns as Readonly<Record<string, Float64Array>>)["cgroupCurrent"] ?? new Float64Array()} : run.columns;
        for (const [key, column] of Object.entries(columns)) expect(own[key], key).toEqual(column);
      });
    }
  }
  test("/overcommit: the four hosts", () => {
    for (const changed of [{}, {ram: 3072, swap: 0}, {job: 512, minimum: 1024, guestSwap: 0}]) {
      const {outputs, shown} = declared("/overcommit", changed);
      const results = compare(planOf(settingOf("/overcommit", changed)));
      const costs = shown("costs") as Record<string, number>[];
      const names = ["nobody (s)", "Proxmox (s)", "oVirt MOM (s)", "ESX (s)"];
      results.forEach(({vms}, host) => vms.forEach(({stall}, i) => expect(costs[i]?.[names[host] ?? ""]).toBe(Math.round(stall * 10) / 10)));
      const [nobody] = outputs["linuxHosts"] as [string, ReturnType<typeof scope.simulateHost>][];
      expect((nobody?.[1].vms[1]?.columns.resident.at(-1) ?? 0) / 1024).toBeCloseTo(results[0]?.vms[1]?.resident.at(-1)?.[1] ?? NaN, 6);
    }
  });
});

describe("other figures of the pages", () => {
  test("/together: the map, one letter a run", () => {
    const {cells} = mapOf("KVM", knobsOf(settingOf("/together")), COARSE);
    expect((declared("/together").outputs["map"] as string[]).join("")).toBe(Array.from(cells, (cell) => "fghok"[cell]).join(""));
  });
  test("/qemu-kvm: the terms of the boot", () => {
    const {terms} = bootTerms(mibToKib(mib(2048)));
    expect(declared("/qemu-kvm").shown("boot")).toEqual(terms.map(({label, size}) => ({term: label, "size (KiB)": size})));
  });
  test("/xen-fv: the levels of populate on demand, at several moments", () => {
    for (const time of [0, 4, 20, 46]) {
      const {maximum, map, owned, populated} = podLevels(xenFv.compute(settingOf("/xen-fv", {time}), null));
      expect((declared("/xen-fv", {time}).shown("pod") as {KiB: number}[]).map(({KiB}) => KiB)).toEqual([maximum, map, owned, populated]);
    }
  });
  test("/xen-fv: the maps of the three types", () => {
    const configured = 4096;
    const {rows} = xenMap.data(xenFv.compute(settingOf("/xen-fv", {configured, hole: 1024}), null));
    const shown = declared("/xen-fv", {configured, hole: 1024}).shown("map") as Record<string, string>[];
    expect(shown.map(({type, from, to, what}) => [configured, type?.toUpperCase(), from, to, what])).toEqual(rows.filter(([size]) => size === configured).map((row) => row.slice(0, 5)));
  });
  test("/xen-pv: who pays for a new domain", () => {
    const at = texts("/xen-pv").findIndex((text) => text.includes("createWithAutoballoon"));
    const shown = ranCells("/xen-pv", texts("/xen-pv")).get(`c${at + 1}`)?.shown.at(-1) as Record<string, unknown>[];
    expect(shown).toEqual(autoballoonRows().map(({memory, result}) => ({"new domain (MiB)": memory / 1024, "needs (MiB)": result.need / 1024, "dom0 is told (MiB)": result.dom0Target / 1024, built: result.created})));
  });
  test("/esx: Figure 7's lines are the page's", () => {
    const [dbench, idle] = figure7Data().series;
    const shown = declared("/esx").shown("figure-7") as Record<string, number | string>[];
    const at = (series: typeof idle, minute: number): number => Math.round(series?.own.find(([t]) => t === minute)?.[1] ?? NaN);
    expect(shown).toEqual([["idle", idle], ["dbench", dbench]].map(([machine, series]) => ({machine, ...Object.fromEntries([25, 45, 60].map((minute) => [`at ${minute} min (MB)`, at(series as typeof idle, minute)]))})));
  });
  test("/libvirt: the sessions are the matrix's", () => {
    const shown = ranCells("/libvirt", texts("/libvirt")).get("c1")?.shown.at(-1) as Record<string, unknown>[];
    const inMatrix = calls.flatMap(({id}) => (["running", "shut off"] as const).map((state) => cellOf(id, "qemu", state))).map((cell) => ({command: cell.command, answer: answerTo(cell)}));
    const same = shown.filter(({command}) => inMatrix.some((cell) => cell.command === command));
    for (const one of same) expect(one["exit code"]).toBe(inMatrix.find(({command}) => command === one["command"])?.answer.exitCode);
    expect(shown).toHaveLength(3);
  });
});

describe("the source of a scene is the run that it shows", () => {
  const models: Readonly<Record<string, (state: PageState) => CaseRun>> = {"qemu-kvm": (s) => qemu.compute(s, null).run, cgroups: (s) => cgroups.compute(s, null).run, "xen-pv": (s) => xen.compute(s, null).run, "xen-fv": (s) => xenFv.compute(s, null).run};
  for (const [page, run] of Object.entries(models)) {
    for (const name of scenesOf[page]?.names ?? []) {
      test(`${page} ${name}`, () => {
        const setting = scenesOf[page]?.find(name)?.scene.setting ?? settingOf(`/${page}`);
        const code = sceneCode(page, setting) ?? "";
        const made = runNow(pageCells([code]), {...scope, chart: (it: unknown) => it, params: {}}).get("c1")?.shown.at(-1) as CaseRun;
        const {columns} = run({...settingOf(`/${page}`), ...setting});
        for (const [key, column] of Object.entries(columns)) expect(page === "cgroups" && key === "resident" ? (made.columns as Readonly<Record<string, Float64Array>>)["cgroupCurrent"] : (made.columns as Readonly<Record<string, Float64Array>>)[key], key).toEqual(column);
        expect(runNow(pageCells([code]), {...scope, params: {}}).get("c1")?.shown).toHaveLength(1);
      });
    }
  }
  test("a page whose scenes are no single run has none", () => expect(sceneCode("esx", settingOf("/esx"))).toBeNull());
});

describe("examples", () => {
  for (const {id, cells} of examples) {
    test(`${id}: runs as it stands, its last cell shows something`, () => {
      const ran = runNow(cells, {...scope, params: {}});
      expect(ran.get(cells.findLast(({kind}) => kind === "ts")?.id ?? "")?.shown.length).toBeGreaterThan(0);
    });
  }
  test("ids differ, and the page lists them all", () => {
    const ids = examples.flatMap(({cells}) => cells.map((cell) => cell.id));
    expect(new Set(ids).size).toBe(ids.length);
    const html = renderNotebook();
    for (const {id} of examples) expect(html).toContain(`data-insert="${id}"`);
  });
  const outputsOf = (example: string, change = (code: string): string => code): {get: (id: string) => readonly unknown[]; outputs: Record<string, unknown>} => {
    const cells = examples.find(({id}) => id === example)?.cells ?? [];
    const ran = runNow(cells.map((cell) => ({...cell, code: change(cell.code)})), {...scope, params: {}});
    return {get: (id) => ran.get(id)?.shown ?? [], outputs: Object.assign({}, ...[...ran.values()].map(({outputs}) => outputs)) as Record<string, unknown>};
  };
  test("compare: three hypervisors; two guests see it, the one on ESX does not", () => {
    const {get} = outputsOf("compare");
    const table = get("compare-3").at(-1) as Record<string, number | string>[];
    expect(table.map(({hypervisor}) => hypervisor)).toEqual(["QEMU", "Xen PV", "ESX"]);
    const totals = table.map((row) => Number(row["MemTotal (MiB)"]));
    expect(totals[0]).toBeLessThan(1024);
    expect(totals[1]).toBeGreaterThan(1024);
    expect(totals[1]).toBeLessThan(1400);
    expect(totals[2]).toBeGreaterThan(1900);
    expect(get("compare-4")).toHaveLength(3);
  });
  test("policy: it moves targets, and less is swapped than when nobody does", () => {
    const {get, outputs} = outputsOf("policy");
    const table = get("policy-3").at(-1) as Record<string, number | string>[];
    expect(table.map((row) => row["who moves targets"])).toEqual(["nobody", "Proxmox", "MOM", "a margin each"]);
    const swapped = table.map((row) => Number(row["host swap written (MiB)"]));
    expect(swapped[3]).toBeLessThan(swapped[0] ?? 0);
    const {vms} = outputs["governed"] as ReturnType<typeof scope.simulateHost>;
    expect(new Set(vms[0]?.columns.target).size).toBeGreaterThan(2);
  });
  test("policy: with a greater margin the targets are greater", () => {
    const target = (margin: number): number => {
      const {outputs} = outputsOf("policy", (code) => code.replace("256 * 1024; // KiB", `${margin} * 1024; // KiB`));
      return (outputs["governed"] as ReturnType<typeof scope.simulateHost>).vms[1]?.columns.target[200] ?? 0;
    };
    expect(target(512) - target(256)).toBeGreaterThan(150 * 1024);
  });
  test("samples: the recording's size and targets are found, and the totals with them", () => {
    const {get, outputs} = outputsOf("samples");
    expect(outputs["configured"]).toBe(2048);
    expect((outputs["targets"] as {target: number}[]).map(({target}) => target / 1024)).toEqual([1024, 512, 2048]);
    for (const row of get("samples-4").at(-1) as Record<string, number>[]) {
      expect(Math.abs((row["total seen"] ?? 0) - (row["total of the model"] ?? 0))).toBeLessThanOrEqual(1);
      expect(Math.abs((row["free seen"] ?? 0) - (row["free of the model"] ?? 0))).toBeLessThanOrEqual(64);
    }
    expect(String(get("samples-4")[0])).not.toBe("");
  });
  test("samples: of another size too", () => {
    const total = Math.floor(scope.bootGuest(scope.resolveMachine({memory: mibToKib(mib(3000))})).memTotal / 1024);
    const {outputs} = outputsOf("samples", (code) => code.replace(/0,1967,1928[^`]*/, `0,${total},1000\n5,${total - 700},190\n`));
    expect(Math.abs(Number(outputs["configured"]) - 3000)).toBeLessThanOrEqual(1);
    expect((outputs["targets"] as {target: number}[]).map(({target}) => target / 1024)).toEqual([Number(outputs["configured"]) - 700]);
  });
  test("csv: quotes are no matter, numbers are numbers, empty lines are left out", () => {
    expect(scope.csv("time, total\n\n1,2\r\nx, \n")).toEqual([{time: 1, total: 2}, {time: "x", total: ""}]);
  });
});
