import {describe, expect} from "vitest";
import type {Page} from "playwright-core";
import {button, eventually, PHONE, test} from "./harness.ts";
import {modelPages} from "./model.ts";

const asking = modelPages.filter((page) => page.prediction !== undefined).map(({id}) => id);
const isShown = (page: Page, selector: string): Promise<boolean> => page.locator(selector).first().isVisible();

describe.each(asking)("an exercise on %s", (id) => {
  test("its page stays closed until a number was committed, and skipping is no way in", async ({open}) => {
    const {page} = await open(`${id}.html?exercise`);
    const figure = "main .figure-block";
    expect(await isShown(page, figure)).toBe(false);
    expect(await page.locator("main h2:visible").count()).toBeLessThanOrEqual(1);
    expect(await button(page, "Skip").isVisible()).toBe(false);
    expect(await page.locator(".prediction .verdict").count()).toBe(0);
    await button(page, "Show what happened").click();
    await eventually(() => isShown(page, figure)).toBe(true);
    await button(page, "Ask me again").click();
    await eventually(() => isShown(page, figure)).toBe(false);
    await button(page, "Show what happened").click();
    await page.reload({waitUntil: "load"});
    await eventually(() => isShown(page, figure)).toBe(true);
  });
});

describe("an exercise", () => {
  test("whoever has skipped the question before is asked all the same", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    await button(page, "Skip").click();
    await eventually(() => page.locator(".prediction .verdict").count()).toBe(1);
    await page.goto(`${page.url().replace(/[?#].*/, "")}?exercise`);
    await eventually(() => page.locator(".prediction .ask").filter({visible: true}).count()).toBe(1);
    expect(await isShown(page, "main .figure-block")).toBe(false);
  });
  test("its link carries the state of the page", async ({open}) => {
    const {page, context} = await open("qemu-kvm.html");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator('[data-block="controls"] input[type=range]').first().focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => page.evaluate(() => location.hash)).toContain("s=");
    await button(page, "Copy an exercise link").click();
    await eventually(() => page.locator("[data-teach-said]").innerText()).toMatch(/^Copied/);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toBe(`${page.url().replace(/#.*/, "")}?exercise${await page.evaluate(() => location.hash)}`);
  });
});

test("a worksheet prints the question and boxes, and no answer, whatever this reader has said", async ({open}) => {
  const {page} = await open("qemu-kvm.html");
  await button(page, "Show what happened").click();
  await eventually(() => page.locator(".prediction .verdict").count()).toBe(1);
  await page.evaluate(() => {
    window.print = () => dispatchEvent(new Event("beforeprint"));
  });
  await page.emulateMedia({media: "print"});
  await page.locator('[data-teach="worksheet"]').evaluate((e: HTMLElement) => e.click());
  await eventually(() => isShown(page, ".worksheet")).toBe(true);
  expect(await page.locator(".prediction .verdict").count()).toBe(0);
  const shown = await page.locator("main > *:visible").evaluateAll((list) => list.map((e) => `${e.tagName}.${(e.getAttribute("class") ?? "").replace(/ .*/, "")}`));
  expect(shown).toEqual(["H1.", "P.", "DIV.prediction", "SECTION.worksheet"]);
  expect(await page.locator(".worksheet-box:visible").count()).toBe(2);
  expect(await isShown(page, ".prediction .guess")).toBe(false);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({media: "screen"});
  await eventually(() => page.locator(".prediction .verdict").count()).toBe(1);
  expect(await isShown(page, ".worksheet")).toBe(false);
});

describe("presenting", () => {
  const count = (page: Page) => page.locator(".present-bar [role=status]").innerText();
  test("one figure at a time, by arrow keys; it goes on following the state; Escape leads back", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    const figures = await page.locator("main .figure-block:visible, main figure.scene:visible").count();
    const first = page.locator("main .figure-block").first();
    const inner = await first.evaluate((e) => e.querySelector("[data-figure]")?.getAttribute("data-figure"));
    const order = (): Promise<string[]> => page.locator("main .figure-block [data-figure], main figure.scene").evaluateAll((list) => list.map((e) => e.id || (e.getAttribute("data-figure") ?? "")));
    const before = await order();
    await button(page, "Present its figures").click();
    await eventually(() => count(page)).toBe(`1 of ${figures}`);
    expect(await page.locator(`dialog.present [data-figure="${inner ?? ""}"] svg`).count()).toBe(1);
    await page.keyboard.press("ArrowRight");
    await eventually(() => count(page)).toBe(`2 of ${figures}`);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("present-title");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await eventually(() => count(page)).toBe(`1 of ${figures}`);
    for (let i = 0; i < figures + 2; i++) await page.keyboard.press("ArrowRight");
    await eventually(() => count(page)).toBe(`${figures} of ${figures}`);
    await page.keyboard.press("Escape");
    await eventually(() => page.locator("dialog.present").count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Present its figures");
    expect(await order()).toEqual(before);
  });
  test("nothing is cut off on a phone", async ({open}) => {
    const {page} = await open("esx.html", {viewport: PHONE});
    await button(page, "Present its figures").click();
    await eventually(() => count(page)).toMatch(/^1 of/);
    expect(await page.locator("dialog.present").evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(0);
    await button(page, "Leave").click();
    await eventually(() => page.locator("dialog.present").count()).toBe(0);
  });
});

test("? shows the keys of this page, and nothing that it has not; not while one types", async ({open}) => {
  const {page} = await open("qemu-kvm.html");
  await page.keyboard.press("?");
  const dialog = page.locator("dialog.keys-map");
  await eventually(() => dialog.isVisible()).toBe(true);
  expect(await dialog.locator("h3").allInnerTexts()).toEqual(["Anywhere", "The page's settings", "While presenting", "A cell that has the focus, not its text"]);
  await page.keyboard.press("Escape");
  await eventually(() => dialog.isVisible()).toBe(false);
  await page.goto(page.url().replace("qemu-kvm", "licences"));
  await page.keyboard.press("?");
  await eventually(() => page.locator("dialog.keys-map h3").allInnerTexts()).toEqual(["Anywhere"]);
});
