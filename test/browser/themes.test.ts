import {expect} from "vitest";
import type {Page} from "playwright-core";
import {describe, eventually, test, url} from "./harness.ts";

const background = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const [r = 0, g = 0, b = 0] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
    return (r + g + b) / 3;
  });
const toggle = (page: Page) => page.locator("#theme-toggle");
const isDark = async (page: Page): Promise<boolean> => (await background(page)) < 100;

describe("themes", () => {
  for (const scheme of ["light", "dark"] as const) {
    test(`without a choice the page is ${scheme} where the system is`, async ({open}) => {
      const {page} = await open("qemu-kvm.html", {colorScheme: scheme});
      expect(await isDark(page)).toBe(scheme === "dark");
      expect(await toggle(page).textContent()).toContain("auto");
    });
  }

  test("the button goes round auto, light and dark; the choice holds on other pages and after a reload", async ({open}) => {
    const {page} = await open("qemu-kvm.html", {colorScheme: "dark"});
    const seen = [];
    for (let i = 0; i < 3; i++) {
      await toggle(page).click();
      seen.push([await toggle(page).textContent(), await isDark(page)]);
    }
    expect(seen).toEqual([["Theme: light", false], ["Theme: dark", true], ["Theme: auto", true]]);
    await toggle(page).click();
    await page.reload({waitUntil: "load"});
    expect(await isDark(page)).toBe(false);
    await page.goto(url("sources.html"), {waitUntil: "load"});
    expect([await toggle(page).textContent(), await isDark(page)]).toEqual(["Theme: light", false]);
  });

  test("a chosen theme is there before anything is painted", async ({open}) => {
    const {page, context} = await open("index.html", {colorScheme: "light", stored: {"setmem:theme": "dark"}});
    await context.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (document.querySelector("body") === null) return;
        observer.disconnect();
        (window as Window & {themeAtBody?: string}).themeAtBody = document.documentElement.dataset.theme ?? "none";
      }).observe(document, {childList: true, subtree: true});
    });
    await page.goto(url("qemu-kvm.html"), {waitUntil: "load"});
    expect(await page.evaluate(() => (window as Window & {themeAtBody?: string}).themeAtBody)).toBe("dark");
    expect(await isDark(page)).toBe(true);
  });

  test("an unknown stored theme is no theme", async ({open}) => {
    const {page} = await open("index.html", {stored: {"setmem:theme": "<script>"}});
    await eventually(() => toggle(page).textContent()).toBe("Theme: auto");
  });
});
