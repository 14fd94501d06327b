import {expect} from "vitest";
import {describe, eventually, test} from "./harness.ts";

const PAGE = "thread.html";

describe("the claims of the mails", () => {
  test("verdicts are folded until one answers, with the keyboard too; answers stay, and can be forgotten", async ({open}) => {
    const {page} = await open(PAGE);
    const claim = page.locator('[data-claim="M4"]');
    const opened = page.locator(".claim-verdict[open]");
    await eventually(() => page.locator("[data-claim][data-ready]").count()).toBe(23);
    expect(await opened.count()).toBe(0);
    await claim.getByRole("button", {name: "true", exact: true}).focus();
    await page.keyboard.press("Enter");
    expect(await claim.locator("dl").isVisible()).toBe(true);
    expect(await page.locator("[data-tally]").textContent()).toMatch(/1 of 23 claims and agree .* 1 of 1/);
    await page.reload();
    await eventually(() => claim.locator('[aria-pressed="true"]').textContent()).toBe("true");
    expect(await opened.count()).toBe(1);
    await page.getByRole("button", {name: "Forget my answers"}).click();
    expect(await opened.count()).toBe(0);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("setmem:claim:")))).toEqual([]);
  });

  test("an answer that is none of ours is ignored", async ({open}) => {
    const {page} = await open(PAGE, {stored: {"setmem:claim:M4": "maybe"}});
    await eventually(() => page.locator("[data-claim][data-ready]").count()).toBe(23);
    expect(await page.locator(".claim-verdict[open]").count()).toBe(0);
  });

  test("without JavaScript every verdict is open and nothing is asked", async ({open}) => {
    const {page} = await open(PAGE, {javaScriptEnabled: false});
    expect(await page.locator(".claim-verdict dl:visible").count()).toBe(23);
    expect(await page.locator(".claim-answers:visible, .tally:visible").count()).toBe(0);
  });
});
