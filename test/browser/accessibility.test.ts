import axe from "axe-core";
import {describe, expect} from "vitest";
import type {Page} from "playwright-core";
import {button, eventually, PHONE, test, unfold, WIDE} from "./harness.ts";
import {modelPages} from "./model.ts";
import {sitePages} from "./site-pages.ts";

interface Violation {
  readonly id: string;
  readonly nodes: readonly {readonly target: readonly unknown[]; readonly failureSummary?: string}[];
}

/** The rules that a page breaks, with where. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const {axe: injected} = window as unknown as {axe: {run: (what: Document, options: object) => Promise<{violations: Violation[]}>}};
    return (await injected.run(document, {resultTypes: ["violations"]})).violations.map(({id, nodes}) => ({id, nodes: nodes.map(({target, failureSummary}) => ({target, failureSummary}))}));
  });
  return found.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${(node.failureSummary ?? "").split("\n").slice(1, 2).join("").trim()}`));
}

describe("axe finds nothing", () => {
  for (const [size, viewport] of [["1280", WIDE], ["390", PHONE]] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`on any page, ${colorScheme}, ${size} px, also with the search open`, async ({open}) => {
        for (const name of sitePages) {
          const {page, context} = await open(name, {viewport, colorScheme});
          expect([name, await violations(page)]).toEqual([name, []]);
          if (name === "index.html") {
            await button(page, "Search").click();
            await page.getByRole("searchbox").fill("memory");
            await eventually(() => page.locator(".search-results a").count()).toBeGreaterThan(0);
            expect(["search", await violations(page)]).toEqual(["search", []]);
          }
          await context.close();
        }
      });

      test(`with the prediction revealed, menus and numbers unfolded and a field in error, ${colorScheme}, ${size} px`, async ({open}) => {
        for (const model of modelPages.filter((m) => m.prediction !== undefined)) {
          const {page, context} = await open(`${model.id}.html`, {viewport, colorScheme});
          await button(page, "Skip").click();
          await unfold(page);
          const field = page.locator(".controls .entry input").first();
          await field.fill("many");
          await field.press("Enter");
          await page.getByRole("alert").waitFor();
          await button(page, "Pin as A").click();
          expect([model.id, await violations(page)]).toEqual([model.id, []]);
          await context.close();
        }
      });
    }
  }

  test("with a notice about a broken link", async ({open}) => {
    const {page} = await open("qemu-kvm.html#?s=1.broken", {viewport: PHONE});
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
