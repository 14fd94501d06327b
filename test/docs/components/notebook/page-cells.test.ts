import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {defaultParams, pageCells, ranCells, renderCell, renderNotebook} from "../../../../docs/components/build/cells.tsx";
import {examples} from "../../../../docs/components/notebook/examples.ts";
import {runNow} from "../../../../docs/components/notebook/run-now.ts";
import * as scope from "../../../../docs/components/notebook/scope-values.ts";
import {qemu} from "../../../../docs/components/pages/qemu-kvm-case.ts";
import {page as qemuPage} from "../../../../docs/components/pages/qemu-kvm.tsx";
import {initialState} from "../../../../docs/components/state/page-state.ts";
import {cellTexts} from "../../../../scripts/page-code.ts";

const pages = readdirSync("docs").filter((name) => name.endsWith(".md")).map((name) => ({path: `/${name.slice(0, -3)}`, cells: cellTexts(readFileSync(`docs/${name}`, "utf8"))})).filter(({cells}) => cells.length > 0);

describe("cells of the pages", () => {
  test("at least one page has some", () => expect(pages.map(({path}) => path)).toContain("/qemu-kvm"));
  for (const {path, cells} of pages) {
    test(`${path}: every cell runs and shows something, and the page shows its very source`, () => {
      const ran = ranCells(path, cells);
      cells.forEach((text, i) => {
        expect(ran.get(`c${i + 1}`)?.shown.length, text).toBeGreaterThan(0);
        const html = renderCell(path, cells, i);
        expect(html.replace(/<pre class="cell-code">(.*?)<\/pre>.*/s, "$1").replace(/^.*?<code>/s, "").replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&")).toBe(text.trimEnd());
      });
    });
  }
  test("the cell of the page on QEMU is the run that its figures show", () => {
    const page = pages.find(({path}) => path === "/qemu-kvm");
    const run = ranCells("/qemu-kvm", page?.cells ?? []).get("c1")?.outputs["run"] as ReturnType<typeof scope.simulate>;
    const figure = qemu.compute(initialState(qemuPage.spec), null).run;
    expect(run.columns).toEqual(figure.columns);
  });
  test("and it follows the page's parameters", () => {
    const page = pages.find(({path}) => path === "/qemu-kvm");
    const params = {...defaultParams("/qemu-kvm"), target: 700};
    const run = runNow(pageCells(page?.cells ?? []), {...scope, params}).get("c1")?.outputs["run"] as ReturnType<typeof scope.simulate>;
    const state = initialState(qemuPage.spec);
    expect(run.columns).toEqual(qemu.compute({...state, params: {...state.params, target: 700}}, null).run.columns);
  });
});

describe("examples", () => {
  for (const {id, cells} of examples) {
    test(`${id}: runs as it stands, its last cell shows something`, () => {
      const ran = runNow(cells, {...scope, params: {}});
      expect(ran.get(cells.at(-1)?.id ?? "")?.shown.length).toBeGreaterThan(0);
    });
  }
  test("ids differ, and the page lists them all", () => {
    const ids = examples.flatMap(({cells}) => cells.map((cell) => cell.id));
    expect(new Set(ids).size).toBe(ids.length);
    const html = renderNotebook();
    for (const {id} of examples) expect(html).toContain(`data-insert="${id}"`);
  });
  test("samples: the configured size is found again", () => {
    const samples = examples.find(({id}) => id === "samples");
    const [found] = runNow(samples?.cells ?? [], {...scope, params: {}}).get("samples-2")?.shown ?? [];
    expect((found as Record<string, number>)["configured, MiB, at least"]).toBeGreaterThan(1963);
  });
});
