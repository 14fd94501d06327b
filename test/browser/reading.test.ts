import {expect} from "vitest";
import type {CDPSession, Page} from "playwright-core";
import {describe, eventually, figure, PHONE, slider, test, thumb, unfold} from "./harness.ts";
import {modelPages, shows, slidersOf, state} from "./model.ts";
import {isEmbed, sitePages} from "./site-pages.ts";

describe("without JavaScript", () => {
  for (const model of modelPages) {
    test(`${model.id}: every figure, the numbers and the answer are there, and no dead control`, async ({open}) => {
      const {page} = await open(`${model.id}.html`, {javaScriptEnabled: false});
      const {prediction} = model;
      for (const name of Object.keys(model.figures)) expect(await figure(page, name).locator("svg path, svg rect").count()).toBeGreaterThan(5);
      for (const text of await page.locator("data[data-number]").allTextContents()) expect(text).toMatch(/\d|^(fits|guest swaps|host swaps|guest kills|VM killed|Proxmox)$/);
      if (prediction !== undefined) {
        const truth = String(prediction.truth(model.compute(state(model), null))).replace(/\B(?=(\d{3})+$)/g, ",");
        expect(await page.locator(".verdict").filter({visible: true}).textContent()).toContain(`It is ${truth} ${prediction.unit}.`);
        expect(await page.locator(".ask").filter({visible: true}).count()).toBe(0);
      }
      expect(await page.locator("button, input, select, .handle, .grip").filter({visible: true}).count()).toBe(0);
    });
  }

  test.for(sitePages.filter((n) => !isEmbed(n)))("%s can be read and left", async (name, {open}) => {
    const {page} = await open(name, {javaScriptEnabled: false, viewport: PHONE});
    expect(await page.locator("main h1").isVisible()).toBe(true);
    await page.locator(".menu summary").click();
    expect(await page.locator(".menu nav a").first().isVisible()).toBe(true);
    expect(await page.locator("button").filter({visible: true}).count()).toBe(0);
  });
});

describe("on paper", () => {
  for (const model of modelPages) {
    test(`${model.id}: figures, not controls`, async ({open}) => {
      const {page} = await open(`${model.id}.html`);
      await page.emulateMedia({media: "print"});
      for (const name of Object.keys(model.figures)) expect(await figure(page, name).locator("svg").first().isVisible()).toBe(true);
      expect(await page.locator("button, input, select, .controls, .toc, nav, summary").filter({visible: true}).count()).toBe(0);
      expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(28, 27, 25)");
    });
  }
});

/** Elements that stick out to the right, unless they scroll by themselves. */
const widest = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const {clientWidth, scrollWidth} = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = Array.from(document.querySelectorAll("body *")).filter((e) => e.getBoundingClientRect().right > clientWidth + 0.5 && e.checkVisibility());
    return [`${scrollWidth} > ${clientWidth}`, ...out.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}#${e.id}`)];
  });

/** Targets of less than 24 px; a button of a radio group is as large as its label, and what nothing draws is no target. */
const small = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll<HTMLElement>("a[href], button, input, select, summary, [role=slider]"))
      .filter((e) => e.checkVisibility({visibilityProperty: true}) && !(e.tagName === "A" && getComputedStyle(e).display === "inline"))
      .map((e) => ({e, box: (e.matches("input[type=radio], input[type=checkbox]") ? (e.closest("label") ?? e) : e).getBoundingClientRect()}))
      .filter(({box}) => box.width < 23.95 || box.height < 23.95)
      .map(({e, box}) => `${e.tagName.toLowerCase()}#${e.id}.${e.getAttribute("class") ?? ""} ${(e.getAttribute("aria-label") ?? e.textContent).slice(0, 30)} ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`));

describe("narrow screens and large text", () => {
  for (const name of sitePages) {
    test(`${name} does not scroll sideways at any width and text size, and every target is at least 24 px, apart from links in running text`, async ({open}) => {
      const {page} = await open(name);
      await unfold(page, "main");
      for (const [width, text] of [[390, 100], [320, 100], [1280, 200], [390, 200], [320, 200]] as const) {
        await page.setViewportSize({width, height: 800});
        await page.evaluate((percent) => document.documentElement.style.setProperty("font-size", `${1.0625 * percent}%`), text);
        expect([width, text, await widest(page)]).toEqual([width, text, []]);
      }
      await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
      await unfold(page);
      for (const width of [1280, 390, 320]) {
        await page.setViewportSize({width, height: 800});
        expect([width, await small(page)]).toEqual([width, []]);
      }
    });
  }

  for (const model of modelPages) {
    test(`${model.id} on a phone: the narrow figures follow the sliders`, async ({open}) => {
      const {page} = await open(`${model.id}.html`, {viewport: PHONE});
      const [param] = slidersOf(model);
      if (param === undefined) return;
      await shows(page, model, {}, {variant: "narrow"});
      await slider(page, param.name).focus();
      await page.keyboard.press("End");
      await shows(page, model, {[param.name]: param.max}, {variant: "narrow"});
    });
  }
});

async function touch(cdp: CDPSession, type: "touchStart" | "touchMove" | "touchEnd", at?: {x: number; y: number}): Promise<void> {
  await cdp.send("Input.dispatchTouchEvent", {type, touchPoints: at === undefined ? [] : [at]});
}

describe("with a finger", () => {
  for (const model of modelPages.filter((m) => slidersOf(m).length > 0)) {
    test(`${model.id}: dragging a slider moves it and not the page`, async ({open}) => {
      const {page, context} = await open(`${model.id}.html`, {viewport: PHONE, hasTouch: true, isMobile: true});
      const cdp = await context.newCDPSession(page);
      for (const param of slidersOf(model).slice(0, 2)) {
        const before = await slider(page, param.name).inputValue();
        const value = (): Promise<string> => slider(page, param.name).inputValue();
        let scrolled = 0;
        // On a busy machine the page may still be drawing what came into view when the finger goes down, beside the thumb then.
        for (let tries = 0; tries < 3 && (await value()) === before; tries++) {
          const at = await thumb(page, param.name, Number(before));
          const half = await thumb(page, param.name, param.min + 0.5 * (param.max - param.min));
          scrolled = await page.evaluate(() => scrollY);
          await touch(cdp, "touchStart", at);
          for (let i = 1; i <= 4; i++) await touch(cdp, "touchMove", {x: half.x + i * 20, y: half.y + i * 5});
          await touch(cdp, "touchEnd");
          await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        }
        await eventually(value).not.toBe(before);
        expect([param.name, await page.evaluate(() => scrollY)]).toEqual([param.name, scrolled]);
      }
    });
  }
});
