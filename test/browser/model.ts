import type {Page} from "playwright-core";
import {renderToString} from "preact-render-to-string";
import {pages} from "../../docs/components/pages/index.ts";
import type {PageDef, Variant} from "../../docs/components/pages/page.ts";
import {encode} from "../../docs/components/state/link.ts";
import {isChoice, isNumber, type ChoiceParam, type NumberParam} from "../../docs/components/state/params.ts";
import {initialState, reduce, type PageState} from "../../docs/components/state/page-state.ts";
import {eventually, fragment} from "./harness.ts";

/** What a page must show in a state, worked out here by the same pure functions. */
export const modelPages: readonly PageDef[] = pages;

type Values = Readonly<Record<string, number>>;

/** The number parameters of a page: those that have a slider. */
export const slidersOf = (page: PageDef): readonly NumberParam[] => page.spec.params.filter(isNumber);

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
  const controls = page.spec.params.map(({name}) => [name, String(params[name])]);
  const figures = Object.entries(page.figures).map(([name, def]) => [name, renderToString(def.render(computed, variant))] as const);
  const numbers = Object.entries(page.numbers).map(([name, number]) => [name, number(computed).text, String(number(computed).value)] as const);
  // The address and what is read out are quickly compared, and come last: what is out of view is drawn just before the reading.
  await eventually(() => fragment(browser)).toBe(link(page, wanted, heading));
  await eventually(() => summary(browser)).toBeOneOf(["", page.summary(computed)]);
  await eventually(() => browser.evaluate(differences, {controls, figures, numbers})).toEqual([]);
}

/** Nothing is read out before the first change. */
const summary = (browser: Page): Promise<string> => browser.locator("#live-summary").evaluate((e) => e.textContent);

interface Wanted {
  readonly controls: readonly (readonly string[])[];
  readonly figures: readonly (readonly [string, string])[];
  readonly numbers: readonly (readonly [string, string, string])[];
}

/** Runs in the page: what it shows otherwise. A figure has to be, element for element, the given markup; what can be taken hold of lies over it. */
function differences({controls, figures, numbers}: Wanted): string[] {
  const wrong: string[] = [];
  for (const [name, value] of controls) {
    const control = document.querySelector<HTMLInputElement>(`#control-${name}`) ?? document.querySelector<HTMLInputElement>(`input[name="control-${name}"]:checked`);
    if (control?.value !== value) wrong.push(`${name}: ${control?.value}, not ${value}`);
  }
  for (const [name, markup] of figures) {
    const shown = Array.from(document.querySelectorAll(`[data-figure="${name}"]`)).filter((e) => e.checkVisibility());
    const template = document.createElement("template");
    template.innerHTML = markup;
    const drawn = document.createDocumentFragment();
    for (const node of shown[0]?.childNodes ?? []) drawn.append(node.cloneNode(true));
    for (const handles of drawn.querySelectorAll(".handles")) handles.remove();
    for (const tree of [drawn, template.content]) {
      for (const svg of tree.querySelectorAll("svg")) svg.removeAttribute("role");
      tree.normalize();
    }
    if (shown.length !== 1 || !template.content.isEqualNode(drawn)) wrong.push(`figure ${name}`);
  }
  const places = Array.from(document.querySelectorAll<HTMLDataElement>("data[data-number]"));
  if (places.length === 0) wrong.push("no numbers");
  for (const place of places) {
    const expected = numbers.find(([name]) => name === place.dataset.number);
    if (place.textContent !== expected?.[1] || place.value !== expected[2]) wrong.push(`${place.dataset.number}: ${place.textContent} (${place.value}), not ${expected?.[1]} (${expected?.[2]})`);
  }
  return wrong;
}
