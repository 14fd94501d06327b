import {h} from "preact";
import {renderToString} from "preact-render-to-string";
import {describe, expect, test} from "vitest";
import {Compare} from "../../../../docs/components/controls/compare.tsx";
import {page as built} from "../../../../docs/components/pages/overcommit-built.ts";
import {overcommitPage, spec} from "../../../../docs/components/pages/overcommit.tsx";
import {initialState, type Setting} from "../../../../docs/components/state/page-state.ts";

const initial = initialState(spec);
const setting = (params: Readonly<Record<string, number>>): Setting => ({events: initial.events, params: {...initial.params, ...params}});

describe("overcommit, compared with a pinned setting", () => {
  test("nothing to compare while nothing is pinned, or nobody has answered", () => {
    const waiting = overcommitPage(() => null);
    expect(built.comparison?.(built.compute(initial, null))).toEqual([]);
    expect(waiting.comparison?.(waiting.compute(initial, initial))).toEqual([]);
    expect(waiting.ready?.(waiting.compute(initial, null))).toBe(false);
  });

  test("an answer about a pin that is no longer there is not shown", () => {
    const late = overcommitPage(() => ({results: [], pinned: []}));
    expect(late.comparison?.(late.compute(initial, null))).toEqual([]);
  });

  test("each policy's costs, before and now, are those the page says", () => {
    const [before, now] = [setting({}), setting({guestSwap: 0})];
    const computed = built.compute(now, before);
    const rows = built.comparison?.(computed) ?? [];
    expect(rows.map(({label}) => label).slice(0, 4)).toEqual(["nobody: waited, s", "nobody: host swap, MiB", "nobody: guests' swap, MiB", "nobody: killed"]);
    expect(rows).toHaveLength(16);
    const esx = rows.find(({label}) => label === "ESX: waited, s");
    const stall = (of: Setting): number => built.numbers["esxStall"]?.(built.compute(of, null)).value ?? NaN;
    expect([esx?.a, esx?.b].map((value) => Math.round(Number(value) * 10) / 10)).toEqual([stall(before), stall(now)]);
    expect(rows.find(({label}) => label === "oVirt MOM: guests' swap, MiB")?.b).toBe(0);
    const html = renderToString(h(Compare, {rows}));
    expect(html).toContain("<caption>A, pinned, and B, the present setting</caption>");
    expect(html).toMatch(/killed<\/th><td>nobody<\/td>/);
  });
});
