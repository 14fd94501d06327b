import {statSync} from "node:fs";
import type {Page} from "playwright-core";
import {describe, expect} from "vitest";
import {PHONE, test} from "./harness.ts";

const LONG = 90_000;

async function start(page: Page, memory: string): Promise<void> {
  await page.selectOption("[name=memory]", memory);
  await page.getByRole("button", {name: "Start Linux"}).click();
  await page.locator("[data-phase=running]").waitFor({timeout: LONG});
}
const rows = (page: Page): Promise<string[][]> => page.locator(".guest-app .guest-compared tbody tr").evaluateAll((all) => all.map((row) => Array.from(row.children, (cell) => cell.textContent.replace(/\s/g, " "))));

describe("the page with a real Linux", () => {
  test("fetches nothing of it before Start, then boots, balloons, answers and stops", {timeout: 2 * LONG}, async ({open}) => {
    const {page, requests} = await open("guest.html", {viewport: PHONE});
    const ofGuest = (): string[] => requests.map((request) => request.url()).filter((url) => /guest-files|mount/.test(url));
    expect(ofGuest()).toEqual([]);
    const before = requests.length;
    await start(page, "80");
    // The files as they lie on the host: nothing is won by a server that compresses.
    const fetched = requests.slice(before).filter((request) => request.url().startsWith("http")).map((request) => statSync(`dist/${new URL(request.url()).pathname.replace("/some/where/", "")}`).size);
    expect(fetched.length).toBeGreaterThanOrEqual(7);
    expect(fetched.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(1_600_000);
    expect(fetched.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(2_000_000);
    expect(await rows(page)).toEqual([["boot with 80 MiB", "MemTotal after boot", "61,052 KiB", "61,052 KiB", "0"]]);
    await page.locator("#guest-balloon").fill("16");
    await page.locator(".guest-app .guest-compared tbody tr").nth(1).waitFor({timeout: LONG});
    expect((await rows(page))[1]).toEqual(["balloon: hold 16 MiB", "MemTotal", "44,668 KiB", "44,668 KiB", "0"]);
    expect(await page.getByRole("img", {name: /the balloon holds 4096 pages/}).count()).toBe(1);
    await page.getByLabel("Command").fill("grep MemTotal /proc/meminfo");
    await page.getByLabel("Command").press("Enter");
    await page.getByText("MemTotal:          44668 kB").waitFor({timeout: LONG});
    await page.locator(".guest-console pre").focus();
    await page.keyboard.type("echo typed-$((6*7))\n");
    await page.locator(".guest-console pre", {hasText: "typed-42"}).waitFor({timeout: LONG});
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole("button", {name: "Stop"}).click();
    await page.getByText("The guest is stopped").waitFor();
    expect(await page.locator(".guest-app").count()).toBe(0);
  });

  test("says why it cannot run where WebAssembly is missing", async ({open}) => {
    const {context, page} = await open("index.html", {fresh: true});
    await context.addInitScript("delete globalThis.WebAssembly");
    await page.goto(page.url().replace("index.html", "guest.html"));
    await page.getByText("This browser has no WebAssembly").waitFor();
    expect(await page.getByRole("button", {name: "Start Linux"}).isDisabled()).toBe(true);
  });

  test("without JavaScript shows a recorded run and no form", async ({open}) => {
    const {page} = await open("guest.html", {javaScriptEnabled: false});
    expect(await page.locator("[data-guest-start]").isVisible()).toBe(false);
    expect(await page.locator(".guest-record tbody tr").count()).toBe(4);
    expect(await page.locator(".guest-record tbody td:last-child").allTextContents()).toEqual(["0", "0", "0", "0"]);
  });
});
