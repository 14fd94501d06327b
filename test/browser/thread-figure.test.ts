import {expect} from "vitest";
import type {Page} from "playwright-core";
import {button, describe, eventually, figure, fragment, test} from "./harness.ts";

const shown = (page: Page): Promise<string | null> => figure(page, "timeline").locator("svg").first().getAttribute("aria-label");
const chosen = (page: Page): Promise<string> => page.locator('input[name="control-words"]:checked').locator("..").innerText();

describe("words in the mails", () => {
  test("set the figure in place: named, undone, found again by link and by the way back; by keyboard too", async ({open}) => {
    const {page} = await open("thread.html");
    expect(await shown(page)).toMatch(/^Xen: free follows\./);
    const claim = page.locator('[data-claim="M6"]');
    await claim.getByRole("button", {name: "true", exact: true}).click();
    await claim.getByRole("link", {name: "ESX: no driver"}).focus();
    await page.keyboard.press("Enter");
    await eventually(() => shown(page)).toMatch(/^ESX: no driver\./);
    expect(await chosen(page)).toBe("ESX: no driver");
    await eventually(() => figure(page, "timeline").evaluate((e) => e.getBoundingClientRect().top)).toBeLessThan(800);
    await page.getByRole("link", {name: "KVM: target and cap"}).first().click();
    await eventually(() => shown(page)).toMatch(/^KVM: target and cap\./);
    await page.goBack();
    await eventually(() => shown(page)).toMatch(/^ESX: no driver\./);
    await page.getByRole("link", {name: "KVM: target and cap"}).first().click();
    await eventually(() => shown(page)).toMatch(/^KVM: target and cap\./);
    await button(page, "Undo").click();
    await eventually(() => shown(page)).toMatch(/^ESX: no driver\./);
    await eventually(() => fragment(page)).toContain("?s=");
    const other = await page.context().newPage();
    await other.goto(page.url());
    await eventually(() => shown(other)).toMatch(/^ESX: no driver\./);
  });

  test("without JavaScript each run that is no recording stands still with its claim", async ({open}) => {
    const {page} = await open("thread.html", {javaScriptEnabled: false});
    for (const claim of ["M2", "M3", "D5", "M6"]) expect(await page.locator(`[data-claim="${claim}"] figure svg path`).count()).toBeGreaterThan(2);
  });
});
