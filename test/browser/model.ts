import {expect} from "vitest";
import type {Page} from "playwright-core";
import {renderToString} from "preact-render-to-string";
import {pages} from "../../docs/components/pages/index.ts";
import type {PageDef, Variant} from "../../docs/components/pages/page.ts";
import {encode} from "../../docs/components/state/link.ts";
import {isChoice, type ChoiceParam, type NumberParam} from "../../docs/components/state/params.ts";
import {initialState, reduce, type PageState} from "../../docs/components/state/page-state.ts";
import {eventually, figure, fragment, slider} from "./harness.ts";

/** What a page must show in a state, worked out here by the same pure functions. */
export const modelPages: readonly PageDef[] = pages;

type Values = Readonly<Record<string, number>>;

/** The number parameters of a page: those that have a slider. */
export const slidersOf = (page: PageDef): readonly NumberParam[] => page.spec.params.filter((p): p is NumberParam => !isChoice(p));

export const choicesOf = (page: PageDef): readonly ChoiceParam[] => page.spec.params.filter(isChoice);

/** The default state with some values set, by the page's own reducer. */
export function state(page: PageDef, values: Values = {}): PageState {
  return Object.entries(values).reduce((s, [name, value]) => reduce(page.spec, s, {type: "set", name, value}), initialState(page.spec));
}

export const link = (page: PageDef, wanted: PageState | Values, heading = ""): string => encode(page.spec, asState(page, wanted), heading);

const asState = (page: PageDef, wanted: PageState | Values): PageState => (isState(wanted) ? wanted : state(page, wanted));

const isState = (wanted: PageState | Values): wanted is PageState => typeof wanted.params === "object";

/** Waits until controls, figures, numbers in the prose and the address all show a state. */
export async function shows(browser: Page, page: PageDef, wanted: PageState | Values, {heading = "", variant = "wide"}: {heading?: string; variant?: Variant} = {}): Promise<void> {
  const {params, events, pin} = asState(page, wanted);
  const computed = page.compute({params, events}, pin);
  for (const {name} of slidersOf(page)) await eventually(() => slider(browser, name).inputValue()).toBe(String(params[name]));
  for (const {name} of choicesOf(page)) await eventually(() => browser.locator(`input[name="control-${name}"]:checked`).inputValue()).toBe(String(params[name]));
  for (const [name, def] of Object.entries(page.figures)) {
    await eventually(() => sameMarkup(browser, name, renderToString(def.render(computed, variant)))).toBe(true);
  }
  const numbers = browser.locator("data[data-number]");
  const names = await numbers.evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.number ?? ""));
  expect(names.length).toBeGreaterThan(0);
  // Those out of view follow once things have come to rest.
  const expected = names.map((name) => [name, page.numbers[name]?.(computed).text, String(page.numbers[name]?.(computed).value)]);
  await eventually(() => numbers.evaluateAll((all) => all.map((e) => [(e as HTMLElement).dataset.number ?? "", e.textContent, (e as HTMLDataElement).value]))).toEqual(expected);
  await eventually(() => fragment(browser)).toBe(link(page, wanted, heading));
}

/** True when a figure in the page is, element for element, the given markup; what can be taken hold of lies over it. */
async function sameMarkup(browser: Page, name: string, markup: string): Promise<boolean> {
  return figure(browser, name).evaluate((e, expected) => {
    const template = document.createElement("template");
    template.innerHTML = expected;
    const drawn = document.createDocumentFragment();
    drawn.append(...e.cloneNode(true).childNodes);
    for (const handles of drawn.querySelectorAll(".handles")) handles.remove();
    for (const tree of [drawn, template.content]) {
      for (const svg of tree.querySelectorAll("svg")) svg.removeAttribute("role");
      tree.normalize();
    }
    return template.content.isEqualNode(drawn);
  }, markup);
}
