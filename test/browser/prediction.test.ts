import {expect} from "vitest";
import type {Page} from "playwright-core";
import {button, describe, eventually, test, url} from "./harness.ts";
import {modelPages, shows, slidersOf} from "./model.ts";
import {initialState} from "../../docs/components/state/page-state.ts";

const asking = modelPages.filter((page) => page.prediction !== undefined);
const asked = (page: Page) => page.locator(".prediction .ask").filter({visible: true});
const verdict = (page: Page) => page.locator(".prediction .verdict p");
const guess = (page: Page) => asked(page).locator("input");

describe.each(asking.map((page) => [page.id, page] as const))("the prediction of %s", (id, model) => {
  const {prediction} = model;
  if (prediction === undefined) return;
  const path = `${id}.html`;
  const truth = prediction.truth(model.compute(initialState(model.spec), null));
  const shown = String(truth).replace(/\B(?=(\d{3})+$)/g, ",");
  const stored = (page: Page): Promise<string | null> => page.evaluate((key) => localStorage.getItem(key), `setmem:answer:${id}`);

  test("asks before it tells, in text and figure; a guess by keyboard is judged with both numbers, kept after a reload, and never in the address", async ({open}) => {
    const {page, requests} = await open(path);
    expect(await asked(page).count()).toBe(1);
    expect(await verdict(page).count()).toBe(0);
    expect(await page.locator(".prediction").first().textContent()).not.toContain(shown);
    await guess(page).focus();
    await page.keyboard.press("End");
    await eventually(() => guess(page).inputValue()).toBe(String(prediction.max));
    await button(page, "Show what happened").click();
    await eventually(() => verdict(page).textContent()).toContain(shown);
    expect(await verdict(page).textContent()).toMatch(/^You said /);
    expect(page.url()).toBe(url(path));
    expect(await stored(page)).toContain(String(prediction.max));
    const before = requests.length;
    await page.reload({waitUntil: "load"});
    await eventually(() => verdict(page).textContent()).toContain(shown);
    expect(requests.slice(before).every((request) => request.postData() === null)).toBe(true);
  });

  // One component for all pages: its way back is tried on one with a model of its own kind each.
  if (["qemu-kvm", "xen-pv", "esx"].includes(id)) test("skipping shows the answer; asking again hides it and forgets", async ({open}) => {
    const {page} = await open(path);
    await button(page, "Skip").click();
    await eventually(() => verdict(page).textContent()).toBe(`It is ${shown} ${prediction.unit}.`);
    await page.reload({waitUntil: "load"});
    await eventually(() => verdict(page).count()).toBe(1);
    await button(page, "Ask me again").click();
    await eventually(() => asked(page).count()).toBe(1);
    expect(await stored(page)).toBeNull();
    await page.reload({waitUntil: "load"});
    expect(await asked(page).count()).toBe(1);
  });

  test("the guess can be dragged on the figure itself", async ({open}) => {
    const {page} = await open(path);
    const grip = page.locator(".prediction .grip").filter({visible: true});
    await grip.scrollIntoViewIfNeeded();
    const box = await grip.boundingBox();
    if (box === null) throw new Error("no grip");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 60, {steps: 6});
    await page.mouse.up();
    await eventually(async () => Number(await guess(page).inputValue())).toBeGreaterThan(prediction.initial);
  });

  test("does not depend on the sliders", async ({open}) => {
    const {page} = await open(path);
    const [param] = slidersOf(model);
    if (param === undefined) return;
    await page.locator(`#control-${param.name}`).focus();
    await page.keyboard.press("End");
    await shows(page, model, {[param.name]: param.max});
    await button(page, "Skip").click();
    await eventually(() => verdict(page).textContent()).toBe(`It is ${shown} ${prediction.unit}.`);
  });

  // What is stored is read by one function for all pages.
  if (model === asking[0]) test("what is stored and unusable is as if it were not there", async ({open}) => {
    const {page} = await open(path);
    for (const value of ["nonsense", '{"kind":"said","guess":1e9}', '{"kind":"said"}', "null", "[]"]) {
      await page.evaluate(([key, text]) => localStorage.setItem(key, text), [`setmem:answer:${id}`, value] as const);
      await page.reload({waitUntil: "load"});
      expect([value, await asked(page).count()]).toEqual([value, 1]);
    }
  });
});
