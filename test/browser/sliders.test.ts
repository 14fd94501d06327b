import type {Page} from "playwright-core";
import {expect} from "vitest";
import type {ChoiceParam, NumberParam} from "../../docs/components/state/params.ts";
import {button, describe, drag, entry, eventually, fragment, slider, test, thumb} from "./harness.ts";
import type {PageDef} from "../../docs/components/pages/page.ts";
import {choicesOf, modelPages, shows, slidersOf} from "./model.ts";

const checked = (browser: Page, param: ChoiceParam) => browser.locator(`input[name="control-${param.name}"]:checked`);

describe.each(modelPages.map((page) => [page.id, page] as const))("sliders of %s", (id, page) => {
  const path = `${id}.html`;

  test("the page comes alive without changing what the build drew", async ({open}) => {
    const {page: browser} = await open(path);
    await shows(browser, page, {});
    expect(await button(browser, "Undo").isDisabled()).toBe(true);
    expect(await button(browser, "Redo").isDisabled()).toBe(true);
  });

  /** One page for the sliders, each from the default state. */
  const each = (what: string, params: readonly NumberParam[], act: (browser: Page, param: NumberParam) => Promise<void>): void =>
    test(what, async ({open}) => {
      const {page: browser} = await open(path);
      for (const param of params) {
        await act(browser, param);
        await button(browser, "Reset").click();
        await eventually(() => slider(browser, param.name).inputValue()).toBe(String(param.initial));
      }
    });

  each("dragging with the mouse moves the figures, the numbers in the text and the address", slidersOf(page), async (browser, param) => {
    await drag(browser, param.name, param.initial, param.max, {steps: 5, release: false});
    await eventually(() => slider(browser, param.name).inputValue()).toBe(String(param.max));
    await browser.mouse.up();
    await drag(browser, param.name, param.max, param.min, {steps: 5});
    await shows(browser, page, {[param.name]: param.min});
    expect(await entry(browser, param.name).inputValue()).toBe(String(param.min));
  });

  // All sliders are one component, in one kind of page: what is not about the figures is tried on all of one page's sliders.
  const isTried = page.id === "qemu-kvm";
  const some = isTried ? slidersOf(page) : [];

  if (isTried) each("by keyboard: arrows, pages, ends", some, async (browser, param) => {
    const input = slider(browser, param.name);
    const value = async (): Promise<number> => Number(await input.inputValue());
    const near = (v: number): number => Number(v.toFixed(1));
    await input.focus();
    await browser.keyboard.press("ArrowRight");
    await eventually(value).toBe(near(param.initial + param.step));
    await browser.keyboard.press("ArrowDown");
    await browser.keyboard.press("ArrowLeft");
    await eventually(value).toBe(near(Math.max(param.min, param.initial - param.step)));
    await browser.keyboard.press("PageUp");
    await eventually(value).toBeGreaterThan(param.initial + param.step);
    await browser.keyboard.press("Home");
    await eventually(value).toBe(param.min);
    await browser.keyboard.press("PageUp");
    await eventually(value).toBeGreaterThan(param.min);
    await browser.keyboard.press("PageDown");
    await eventually(value).toBe(param.min);
    await browser.keyboard.press("End");
    await shows(browser, page, {[param.name]: param.max});
    expect(await input.getAttribute("aria-valuetext")).toContain(param.unit);
  });

  if (isTried) each("as a number: valid, between steps, not a number, out of range, Escape", some, async (browser, param) => {
    const field = entry(browser, param.name);
    await field.fill(String(param.max));
    await field.press("Enter");
    await eventually(() => slider(browser, param.name).inputValue()).toBe(String(param.max));
    for (const bad of ["many", "", String(param.max + 1), "1e999"]) {
      await field.fill(bad);
      await field.press("Enter");
      const error = browser.locator(`#entry-${param.name}-error`);
      await error.waitFor();
      expect(await error.textContent()).toBe(`expected a number from ${param.min} to ${param.max}`);
      expect(await field.inputValue()).toBe(bad);
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      expect(await field.getAttribute("aria-describedby")).toBe(`entry-${param.name}-error`);
      // Next to the field: in the same control, not further away than its own height or two.
      const [a, b] = [await field.boundingBox(), await error.boundingBox()];
      expect(Math.abs((a?.y ?? 0) + (a?.height ?? 0) - (b?.y ?? 999))).toBeLessThan(2 * (a?.height ?? 0));
      expect(await slider(browser, param.name).inputValue()).toBe(String(param.max));
    }
    await field.press("Escape");
    await eventually(() => field.inputValue()).toBe(String(param.max));
    expect(await field.getAttribute("aria-invalid")).toBe("false");
    await field.fill(` ${param.min + param.step * 3.2} `);
    await field.blur();
    await eventually(() => field.inputValue()).toBe(String(Number((param.min + param.step * 3).toFixed(1))));
  });

  const [first] = slidersOf(page);
  if (isTried && first !== undefined) undoing(page, first);

  const choices = choicesOf(page);
  if (choices.length > 0) test("each option of each choice is shown, by mouse and by keyboard, and undone", async ({open}) => {
    const {page: browser} = await open(path);
    for (const param of choices) {
      for (const option of param.options.filter((o) => o.value !== param.initial)) {
        await browser.getByRole("group", {name: param.label, exact: true}).getByText(option.label, {exact: true}).click();
        await shows(browser, page, {[param.name]: option.value});
      }
      for (const option of [...param.options].filter((o) => o.value !== param.initial).slice(0, -1).reverse()) {
        await button(browser, "Undo").click();
        await eventually(() => checked(browser, param).inputValue()).toBe(String(option.value));
      }
      await button(browser, "Undo").click();
      await eventually(() => checked(browser, param).inputValue()).toBe(String(param.initial));
      await checked(browser, param).focus();
      const values = param.options.map((o) => o.value);
      const next = values[(values.indexOf(param.initial) + 1) % values.length] ?? param.initial;
      await browser.keyboard.press("ArrowRight");
      await eventually(() => checked(browser, param).inputValue()).toBe(String(next));
      await button(browser, "Reset").click();
      await eventually(() => checked(browser, param).inputValue()).toBe(String(param.initial));
    }
  });
});

function undoing(page: PageDef, first: NumberParam): void {
  const path = `${page.id}.html`;

  test(`a drag of ${first.name} undoes as one, and back to where it began leaves nothing to undo`, async ({open}) => {
    const {page: browser} = await open(path);
    await drag(browser, first.name, first.initial, first.max, {steps: 10});
    await shows(browser, page, {[first.name]: first.max});
    await button(browser, "Undo").click();
    await shows(browser, page, {});
    expect(await button(browser, "Undo").isDisabled()).toBe(true);
    await button(browser, "Redo").click();
    await eventually(() => slider(browser, first.name).inputValue()).toBe(String(first.max));
    await button(browser, "Reset").click();
    await eventually(() => slider(browser, first.name).inputValue()).toBe(String(first.initial));
    await button(browser, "Undo").click();
    await button(browser, "Undo").click();
    await eventually(() => button(browser, "Undo").isDisabled()).toBe(true);
    await drag(browser, first.name, first.initial, first.max, {release: false});
    await eventually(() => slider(browser, first.name).inputValue()).toBe(String(first.max));
    const {x, y} = await thumb(browser, first.name, first.initial);
    await browser.mouse.move(x, y, {steps: 5});
    await eventually(() => slider(browser, first.name).inputValue()).toBe(String(first.initial));
    await browser.mouse.up();
    await eventually(() => button(browser, "Undo").isDisabled()).toBe(true);
  });

  test("a click on the track jumps there and the field follows", async ({open}) => {
    const {page: browser} = await open(path);
    const {x, y} = await thumb(browser, first.name, first.max);
    await browser.mouse.click(x, y);
    await eventually(() => entry(browser, first.name).inputValue()).toBe(String(first.max));
    await eventually(() => fragment(browser)).toMatch(/^#\?s=1\./);
  });
}
