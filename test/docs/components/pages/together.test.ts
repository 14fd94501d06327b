import {h} from "preact";
import {renderToString} from "preact-render-to-string";
import {describe, expect, test} from "vitest";
import {Compare} from "../../../../docs/components/controls/compare.tsx";
import {togetherPage, spec} from "../../../../docs/components/pages/together.tsx";
import {initialState, type Setting} from "../../../../docs/components/state/page-state.ts";
import {FINE} from "../../../../docs/components/together/map.ts";

const grid = {width: FINE, height: FINE, cells: new Uint8Array(FINE * FINE)};
const page = togetherPage(() => grid);
const initial = initialState(spec);
const setting = (params: Readonly<Record<string, number>>): Setting => ({events: initial.events, params: {...initial.params, ...params}});
const drawn = (figure: string, now: Setting, pin: Setting | null): string => renderToString(page.figures[figure]?.render(page.compute(now, pin), "wide") ?? h("p", null));

describe("together, compared with a pinned setting", () => {
  const capped = setting({driver: 0, load: 700, swap: 1});
  const free = setting({driver: 0, load: 700, swap: 1, cap: 2048});

  test("nothing to compare while nothing is pinned", () => {
    expect(page.comparison?.(page.compute(capped, null))).toEqual([]);
  });

  test("what each came to and its numbers at the moment, system by system", () => {
    const rows = page.comparison?.(page.compute(free, capped)) ?? [];
    const kvm = rows.filter(({label}) => label.startsWith("KVM"));
    expect(kvm.map(({label}) => label)).toEqual(["KVM: what it came to", "KVM: MemTotal", "KVM: ballooned", "KVM: host RAM", "KVM: host swap"]);
    expect(kvm[0]).toEqual({label: "KVM: what it came to", a: "host swaps", b: "fits"});
    const [held, swapped] = [kvm[3], kvm[4]];
    expect([held?.a, held?.b, swapped?.b].map((value) => Math.round(Number(value)))).toEqual([432, 816, 0]);
    expect(rows.some(({label}) => label === "Xen: host swap")).toBe(false);
  });

  test("the table says whether they came to the same", () => {
    const html = renderToString(h(Compare, {rows: [{label: "x", a: "fits", b: "fits"}, {label: "y", a: "fits", b: "VM killed"}, {label: "z", a: 2, b: 1, unit: "MiB"}]}));
    expect(html).toContain("<tr><th scope=\"row\">x</th><td>fits</td><td>fits</td><td></td></tr>");
    expect(html).toContain("<td>fits</td><td>VM killed</td><td>differs</td>");
    expect(html).toContain("<td>2</td><td>1</td><td>−1</td>");
  });

  test("each figure has the pinned lines behind its own, on a scale for both", () => {
    for (const figure of ["kvm", "xen", "esx"]) {
      expect(drawn(figure, free, null)).not.toContain("ghost");
      expect(drawn(figure, free, capped)).toContain("ghost");
    }
    const data = drawn("kvm", setting({}), setting({maxmem: 2048}));
    expect(data).toContain("2,048");
  });

  test("what counts against a cap beside guest RAM: QEMU's own memory, and on ESX compressed pages, where there are some", () => {
    expect(drawn("kvm", setting({}), null)).toContain(">with QEMU<");
    expect(drawn("esx", setting({}), null)).not.toContain(">with cache<");
    expect(drawn("esx", setting({driver: 0, load: 700}), null)).toContain(">with cache<");
    const {charged, ceiling} = page.compute(setting({driver: 0, load: 700}), null).runs.ESX;
    expect(Math.round((charged?.at(-1) ?? NaN) / 1024)).toBe(Math.round((ceiling?.at(-1) ?? NaN) / 1024));
  });

  test("a reservation is drawn though the run does not notice it, and goes again", () => {
    const reserved = (reservation: number): string => drawn("kvm", setting({reservation}), null);
    const [none, some, more] = [reserved(0), reserved(400), reserved(500)];
    expect([none, some, more].map((html) => html.includes(">reservation<"))).toEqual([false, true, true]);
    expect(some).not.toBe(more);
    expect(reserved(0)).toBe(none);
    expect(drawn("xen", setting({reservation: 400}), null)).not.toContain(">reservation<");
  });

  test("the map marks the pinned setting, its letter inside the map", () => {
    expect(drawn("map", free, null)).not.toContain("map-pinned");
    expect(drawn("map", free, setting({target: 300}))).toMatch(/map-pinned.*text-anchor="start">A</);
    expect(drawn("map", free, setting({target: 1136}))).toMatch(/map-pinned.*text-anchor="end">A</);
  });
});
