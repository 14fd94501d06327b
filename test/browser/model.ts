import type {Page} from "playwright-core";
import {renderToString} from "preact-render-to-string";
import {pages} from "../../docs/components/pages/index.ts";
import type {PageDef, Variant} from "../../docs/components/pages/page.ts";
import {encode} from "../../docs/components/state/link.ts";
import {initialState, reduce, type PageState} from "../../docs/components/state/page-state.ts";
import {expect} from "vitest";
import {eventually, figure, fragment, slider} from "./harness.ts";

/** What a page must show in a state, worked out here by the same pure functions. */
export const modelPages: readonly PageDef[] = pages;

export function state(page: PageDef, values: Readonly<Record<string, number>> = {}): PageState {
  return Object.entries(values).reduce((s, [name, value]) => reduce(page.params, s, {type: "set", name, value}), initialState(page.params));
}

export const link = (page: PageDef, values: Readonly<Record<string, number>>, heading = ""): string => encode(page.params, state(page, values), heading);

/** Waits until sliders, figures, numbers in the prose and the address all show a state. */
export async function shows(browser: Page, page: PageDef, values: Readonly<Record<string, number>>, {heading = "", variant = "wide"}: {heading?: string; variant?: Variant} = {}): Promise<void> {
  const {params} = state(page, values);
  const computed = page.compute(params);
  for (const [name, value] of Object.entries(params)) await eventually(() => slider(browser, name).inputValue()).toBe(String(value));
  for (const [name, def] of Object.entries(page.figures)) {
    await eventually(() => sameMarkup(browser, name, renderToString(def.render(computed, variant)))).toBe(true);
  }
  const shown = await browser.locator("data[data-number]").evaluateAll((all) => all.map((e) => [(e as HTMLElement).dataset.number ?? "", e.textContent, (e as HTMLDataElement).value]));
  expect(shown.length).toBeGreaterThan(0);
  for (const [name = "", text, value] of shown) {
    const number = page.numbers[name]?.(computed);
    expect([name, text, value]).toEqual([name, number?.text, String(number?.value)]);
  }
  await eventually(() => fragment(browser)).toBe(link(page, values, heading));
}

/** True when the figure in the page is, element for element, the given markup. */
async function sameMarkup(browser: Page, name: string, markup: string): Promise<boolean> {
  return figure(browser, name).evaluate((e, expected) => {
    const template = document.createElement("template");
    template.innerHTML = expected;
    const drawn = document.createDocumentFragment();
    drawn.append(...e.cloneNode(true).childNodes);
    drawn.normalize();
    template.content.normalize();
    return template.content.isEqualNode(drawn);
  }, markup);
}
