import {expect} from "vitest";
import type {Page} from "playwright-core";
import {button, describe, eventually, PHONE, test, url} from "./harness.ts";

const MESSAGE = "Unable to change memory of active domain without the balloon device and guest OS balloon driver";
const dialog = (page: Page) => page.getByRole("dialog", {name: "Search this site"});
const input = (page: Page) => dialog(page).getByRole("searchbox");
const results = (page: Page) => dialog(page).locator(".search-results a");
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");

describe("search", () => {
  for (const [how, start] of [
    ["the button", (page: Page) => button(page, "Search").click()],
    ["/", (page: Page) => page.keyboard.press("/")],
    ["Ctrl+K", (page: Page) => page.keyboard.press("Control+k")]
  ] as const) {
    test(`opens with ${how}, and Escape gives the focus back`, async ({open}) => {
      const {page} = await open("sources.html");
      const before = how === "the button" ? "search-open" : "";
      await start(page);
      await input(page).waitFor();
      await eventually(() => focused(page)).toBe("search-input");
      await page.keyboard.press("Escape");
      await eventually(() => dialog(page).count()).toBe(0);
      await eventually(() => focused(page)).toBe(before);
    });
  }

  test("an exact error message is found first and marked", async ({open}) => {
    const {page} = await open("index.html");
    await page.keyboard.press("/");
    await input(page).fill(MESSAGE);
    await eventually(() => results(page).count()).toBeGreaterThan(0);
    expect((await results(page).first().textContent())?.toLowerCase()).toContain(MESSAGE.toLowerCase());
    await eventually(async () => (await results(page).locator("mark").allTextContents()).map((text) => text.toLowerCase())).toContain(MESSAGE.toLowerCase());
    await input(page).fill("to");
    await input(page).fill(MESSAGE.slice(0, 40));
    await eventually(async () => (await results(page).first().textContent())?.toLowerCase()).toContain(MESSAGE.slice(0, 40).toLowerCase());
  });

  test("by keyboard: down into the results, up again, Enter goes to the section", async ({open}) => {
    const {page} = await open("index.html");
    await page.keyboard.press("/");
    await eventually(() => focused(page)).toBe("search-input");
    await page.keyboard.type("memory.current");
    await eventually(() => results(page).count()).toBeGreaterThan(0);
    await eventually(() => dialog(page).getByRole("status").textContent()).toMatch(/^\d+ sections?$/);
    await page.keyboard.press("ArrowDown");
    expect(await results(page).first().evaluate((e) => e === document.activeElement)).toBe(true);
    await page.keyboard.press("ArrowUp");
    expect(await focused(page)).toBe("search-input");
    await page.keyboard.press("ArrowDown");
    const target = await results(page).first().getAttribute("href");
    await page.keyboard.press("Enter");
    await page.waitForURL(target ?? "none");
    await eventually(() => dialog(page).count()).toBe(0);
  });

  test("says when there is nothing, and starts empty when opened again", async ({open}) => {
    const {page} = await open("index.html");
    await button(page, "Search").click();
    await input(page).fill("zzzzqqqq");
    await eventually(() => dialog(page).getByRole("status").textContent()).toBe("Nothing found.");
    await button(page, "Close").click();
    await button(page, "Search").click();
    expect(await input(page).inputValue()).toBe("");
    expect(await dialog(page).getByRole("status").textContent()).toBe("");
  });

  test("the slash in a field is a slash", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    await page.locator("#entry-target").focus();
    await page.keyboard.type("/");
    expect(await page.locator("#entry-target").inputValue()).toContain("/");
    expect(await dialog(page).count()).toBe(0);
    await page.keyboard.press("Escape");
  });

  test("fits a phone, and a click beside it closes it", async ({open}) => {
    const {page} = await open("index.html", {viewport: PHONE});
    await button(page, "Search").click();
    await input(page).fill("target");
    await eventually(() => results(page).count()).toBeGreaterThan(0);
    const box = await dialog(page).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(PHONE.width);
    await page.mouse.click(5, PHONE.height - 5);
    await eventually(() => dialog(page).count()).toBe(0);
  });

  test("leads from the page for lost addresses, in folders too, to pages that are there", async ({open}) => {
    const {page} = await open("nowhere");
    await page.keyboard.press("/");
    await input(page).fill("balloon");
    await eventually(() => results(page).count()).toBeGreaterThan(0);
    const target = await results(page).first().getAttribute("href");
    expect(target?.startsWith(new URL(".", url("nowhere")).href)).toBe(true);
  });
});
