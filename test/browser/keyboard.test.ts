import {describe, expect} from "vitest";
import {test} from "./harness.ts";
import {isEmbed, sitePages} from "./site-pages.ts";

interface Stop {
  readonly what: string;
  /** Its place among all elements of the page. */
  readonly order: number;
  readonly ring: boolean;
  readonly seen: boolean;
}

describe("with the keyboard alone", () => {
  for (const name of sitePages) {
    test(`${name}: every stop is in order, visible, not under the header, and shows the focus`, async ({open}) => {
      const {page} = await open(name);
      const stops: Stop[] = [];
      await page.evaluate(() => {
        (window as Window & {places?: Map<Element, number>}).places = new Map(Array.from(document.querySelectorAll("*"), (e, i) => [e, i]));
      });
      for (;;) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate((): Stop | null => {
          const e = document.activeElement;
          if (e === null || e === document.body || e === document.documentElement) return null;
          const style = getComputedStyle(e);
          const box = e.getBoundingClientRect();
          const header = document.querySelector("#observablehq-header");
          const floor = header?.contains(e) === true ? 0 : (header?.getBoundingClientRect().bottom ?? 0);
          return {
            what: `${e.tagName.toLowerCase()}${e.id === "" ? "" : `#${e.id}`} ${(e.getAttribute("aria-label") ?? e.textContent).trim().slice(0, 40)}`,
            order: (window as Window & {places?: Map<Element, number>}).places?.get(e) ?? -1,
            ring: [style, ...(e instanceof SVGElement ? Array.from(e.children, (c) => getComputedStyle(c)) : [])].some((s, i) => (i === 0
              ? s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2
              : !["none", "rgba(0, 0, 0, 0)"].includes(s.stroke) && parseFloat(s.strokeWidth) >= 2)),
            seen: box.width > 0 && box.height > 0 && box.bottom > floor && box.top < innerHeight && box.right > 0 && box.left < innerWidth
          };
        });
        if (stop === null || stops.some((s) => s.order === stop.order)) break;
        stops.push(stop);
      }
      expect(stops.filter((s) => !s.ring)).toEqual([]);
      expect(stops.filter((s) => !s.seen)).toEqual([]);
      expect(stops.map((s) => s.order)).toEqual(stops.map((s) => s.order).sort((a, b) => a - b));
      if (!isEmbed(name)) expect(stops[0]?.what).toContain("Skip to the text");
      const missed = await page.evaluate((reached) => {
        const all = Array.from(document.querySelectorAll("*"));
        return Array.from(document.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), input:not([type=radio]), select, summary, [tabindex='0']"))
          .filter((e) => e.checkVisibility({visibilityProperty: true}) && !reached.includes(all.indexOf(e)))
          .map((e) => e.outerHTML.slice(0, 80));
      }, stops.map((s) => s.order));
      expect(missed).toEqual([]);
    });
  }

  test("the skip link leads past the navigation", async ({open}) => {
    const {page} = await open("index.html");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
  });
});
