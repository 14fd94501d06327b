import {h, type VNode} from "preact";
import {renderToString} from "preact-render-to-string";
import {describe, expect, test} from "vitest";
import {pages} from "../../../../docs/components/pages/index.ts";
import type {PageDef} from "../../../../docs/components/pages/page.ts";
import {Timeline, NARROW, WIDE} from "../../../../docs/components/figure/timeline.tsx";
import {initialState, reduce, type Action, type PageState} from "../../../../docs/components/state/page-state.ts";
import {isChoice} from "../../../../docs/components/state/params.ts";

/** One element a line, indented, numbers to two decimals: a change of a figure is a readable difference. */
function pretty(markup: string): string {
  let depth = 0;
  return (markup.match(/<[^>]+>|[^<]+/g) ?? []).map((piece) => {
    if (piece.startsWith("</")) depth--;
    const line = "  ".repeat(Math.max(0, depth)) + piece.replace(/-?\d+\.\d{3,}/g, (n) => String(Math.round(Number(n) * 100) / 100));
    if (/^<[^/!]/.test(piece) && !piece.endsWith("/>")) depth++;
    return line;
  }).join("\n") + "\n";
}

const snapshot = (name: string): string => `../../../figures/${name}.svg`;
const draw = (node: VNode): string => pretty(renderToString(node));

/** The default state and, beside it, every parameter at its least, at its most, and without events. */
function statesOf(page: PageDef): readonly (readonly [string, PageState])[] {
  const set = (value: "min" | "max"): PageState =>
    page.spec.params.filter((p) => p.name !== "time" || page.spec.params.length === 1).reduce((s, p) => {
      const action: Action = {type: "set", name: p.name, value: isChoice(p) ? (p.options.at(value === "min" ? 0 : -1)?.value ?? 0) : p[value]};
      return reduce(page.spec, s, action);
    }, initialState(page.spec));
  const initial = initialState(page.spec);
  const other = reduce(page.spec, initial, {type: "set", name: "time", value: 14});
  return [["default", initial], ["least", set("min")], ["most", set("max")], ["compared", reduce(page.spec, reduce(page.spec, initial, {type: "pin"}), {type: "set", name: "target", value: 400})], ["earlier", other]];
}

describe.each(pages.map((page) => [page.id, page] as const))("figures of %s", (id, page) => {
  describe.each(statesOf(page))("%s", (name, state) => {
    const computed = page.compute(state, state.pin);

    for (const [figure, def] of Object.entries(page.figures)) {
      for (const variant of def.responsive ? (["wide", "narrow"] as const) : (["wide"] as const)) {
        test(`${figure}, ${variant}`, async () => {
          await expect(draw(def.render(computed, variant))).toMatchFileSnapshot(snapshot(`${id}-${figure}-${name}-${variant}`));
        });

        test(`${figure}, ${variant}, has no number that is none, stays inside its frame and says what it shows`, () => {
          const markup = renderToString(def.render(computed, variant));
          expect(markup).not.toMatch(/NaN|undefined|Infinity|null/);
          const [, width = "0", height = "0"] = /viewBox="0 0 (\d+) (\d+)"/.exec(markup) ?? [];
          for (const [, axis = "", value = ""] of markup.matchAll(/ (x|y|x1|x2|y1|y2|cx|cy)="(-?[\d.]+)"/g)) {
            expect(Number(value)).toBeGreaterThanOrEqual(0);
            expect(Number(value)).toBeLessThanOrEqual(Number(axis.startsWith("x") || axis === "cx" ? width : height));
          }
          expect(markup).toMatch(/role="(img|group)" aria-label="[^"]{20,}"/);
        });
      }

      test(`${figure}: tables have a number or a word in every cell`, () => {
        for (const table of [def.moments(computed), def.data(computed)]) {
          expect(table.rows.length).toBeGreaterThan(0);
          for (const row of table.rows) {
            expect(row.length).toBe(table.columns.length);
            for (const cell of row) expect(typeof cell === "string" ? cell !== "" : Number.isFinite(cell)).toBe(true);
          }
        }
      });
    }

    test("numbers in the prose and the spoken summary are usable", () => {
      for (const [number, read] of Object.entries(page.numbers)) {
        const {value, text} = read(computed);
        expect([number, Number.isFinite(value)]).toEqual([number, true]);
        expect(text).not.toMatch(/NaN|undefined/);
      }
      expect(page.summary(computed)).not.toMatch(/NaN|undefined/);
    });
  });

  const {prediction} = page;
  if (prediction === undefined) return;
  const computed = page.compute(initialState(page.spec), null);

  test.each([["asked", prediction.initial, false], ["told", prediction.max, true], ["skipped", null, true]] as const)("the prediction, %s", async (name, guess, revealed) => {
    for (const size of [WIDE, NARROW]) {
      const data = prediction.timeline(computed, guess, revealed);
      const markup = draw(h(Timeline, {data, size, title: prediction.describe(computed, revealed)}) as VNode);
      await expect(markup).toMatchFileSnapshot(snapshot(`${id}-prediction-${name}-${size.name}`));
    }
  });

  test("the prediction's truth and its beliefs are values one can say", () => {
    const truth = prediction.truth(computed);
    for (const value of [truth, ...prediction.beliefs.map((b) => b.value)]) {
      expect(value).toBeGreaterThanOrEqual(prediction.min);
      expect(value).toBeLessThanOrEqual(prediction.max);
    }
  });
});
