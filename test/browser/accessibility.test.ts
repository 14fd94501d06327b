import axe from "axe-core";
import {expect} from "vitest";
import type {Page} from "playwright-core";
import {button, describe, eventually, PHONE, test, unfold, WIDE} from "./harness.ts";
import {modelPages} from "./model.ts";
import {sitePages} from "./site-pages.ts";

interface Violation {
  readonly id: string;
  readonly nodes: readonly {readonly target: readonly unknown[]; readonly failureSummary?: string}[];
}

/** The rules that a page breaks, with where. */
async function violations(page: Page): Promise<string[]> {
  const first = !(await page.evaluate(() => "axe" in window));
  if (first) await page.evaluate(axe.source);
  const found = await page.evaluate(async (preload) => {
    const {axe: injected} = window as unknown as {axe: {run: (what: Document, options: object) => Promise<{violations: Violation[]}>}};
    // Style sheets are read again for one rule, and are the same in every view.
    return (await injected.run(document, {resultTypes: ["violations"], preload})).violations.map(({id, nodes}) => ({id, nodes: nodes.map(({target, failureSummary}) => ({target, failureSummary}))}));
  }, first);
  return found.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${(node.failureSummary ?? "").split("\n").slice(1, 2).join("").trim()}`));
}

/** Both themes and both widths; what is revealed is looked at in the other two pairs, page by page in turn. */
const VIEWS = [["light", WIDE], ["dark", PHONE]] as const;
const OTHERS = [[["dark", WIDE]], [["light", PHONE]]] as const;
type Views = typeof VIEWS | (typeof OTHERS)[number];

/** The same page, light and dark, wide and narrow. */
async function inBothThemes(page: Page, what: string, views: Views = VIEWS): Promise<void> {
  for (const [colorScheme, viewport] of views) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({colorScheme});
    expect([what, colorScheme, viewport.width, await violations(page)]).toEqual([what, colorScheme, viewport.width, []]);
  }
}

describe("axe finds nothing, light and dark, at 1280 and 390 px", () => {
  for (const name of sitePages) {
    test(`on ${name}`, async ({open}) => {
      const {page} = await open(name);
      await inBothThemes(page, name);
    });
  }

  test("with the search open", async ({open}) => {
    const {page} = await open("index.html");
    await button(page, "Search").click();
    await page.getByRole("searchbox").fill("memory");
    await eventually(() => page.locator(".search-results a").count()).toBeGreaterThan(0);
    await inBothThemes(page, "search");
  });

  for (const [i, model] of modelPages.filter((m) => m.prediction !== undefined).entries()) {
    test(`on ${model.id} with the prediction revealed, menus and numbers unfolded and a field in error`, async ({open}) => {
      const {page} = await open(`${model.id}.html`);
      await button(page, "Skip").click();
      await unfold(page);
      const field = page.locator(".controls .entry input").first();
      await field.fill("many");
      await field.press("Enter");
      await page.getByRole("alert").waitFor();
      if (model.comparison !== undefined) await button(page, "Pin as A").click();
      await inBothThemes(page, model.id, OTHERS[i % 2 === 0 ? 0 : 1]);
    });
  }

  test("with a notice about a broken link", async ({open}) => {
    const {page} = await open("qemu-kvm.html#?s=1.broken", {viewport: PHONE});
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
