import {expect} from "vitest";
import {button, describe, eventually, figure, fragment, PHONE, test} from "./harness.ts";

const tools = (page: Parameters<typeof figure>[0]) => page.locator('[data-block="tools"]');

describe("the machine of the first page", () => {
  const numbers = (page: Parameters<typeof figure>[0]): Promise<string[]> => page.locator(".hero data").allInnerTexts();

  test("keys switch between them; numbers, figure and address follow, undo returns", async ({open}) => {
    const {page} = await open("index.html");
    const before = await numbers(page);
    await page.getByRole("radio", {name: "QEMU and KVM"}).focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => page.getByRole("radio", {name: "Xen PV"}).isChecked()).toBe(true);
    await eventually(() => numbers(page)).toEqual(["2,048\u00a0MiB", "512\u00a0MiB", "512\u00a0MiB", "512\u00a0MiB"]);
    await eventually(() => figure(page, "column").locator("svg").getAttribute("aria-label")).toMatch(/^Xen PV at 18\.0 s: configured/);
    await eventually(() => fragment(page)).toContain("?s=");
    const other = await page.context().newPage();
    await other.goto(page.url());
    await eventually(() => other.getByRole("radio", {name: "Xen PV"}).isChecked()).toBe(true);
    await page.keyboard.press("ArrowRight");
    await eventually(() => figure(page, "column").locator("svg").getAttribute("aria-label")).toMatch(/^ESX at 18\.0 s: configured/);
    await eventually(() => numbers(page)).toEqual(["2,048\u00a0MiB", "757\u00a0MiB", "757\u00a0MiB", "512\u00a0MiB"]);
    await button(page, "Undo").click();
    await button(page, "Undo").click();
    await eventually(() => numbers(page)).toEqual(before);
  });

  test("without JavaScript the QEMU guest is there, with its four numbers", async ({open}) => {
    const {page} = await open("index.html", {javaScriptEnabled: false, viewport: PHONE});
    expect(await numbers(page)).toHaveLength(4);
    expect(await figure(page, "column").locator("svg").getAttribute("aria-label")).toMatch(/^QEMU and KVM at 18\.0 s/);
  });
});

describe("PVH and HVM", () => {
  test("the five numbers follow the time, in the figure and in the prose", async ({open}) => {
    const {page} = await open("xen-fv.html");
    const promised = page.locator('data[data-number="promised"]');
    expect(await promised.innerText()).toBe("554\u00a0MiB");
    await page.locator("#entry-time").fill("12");
    await page.keyboard.press("Enter");
    await eventually(() => promised.innerText()).toBe("0\u00a0MiB");
    await figure(page, "pod").scrollIntoViewIfNeeded();
    await eventually(() => figure(page, "pod").locator("svg").getAttribute("aria-label")).toContain("Nothing is promised any more");
  });

  test("while the kernel waits there is a console and no shell; a domain that is gone has neither", async ({open}) => {
    const {page} = await open("xen-fv.html");
    expect(await tools(page).innerText()).toContain("Waiting for initial ballooning down having finished.");
    expect(await tools(page).innerText()).not.toContain("free -m");
    await page.locator("#entry-time").fill("12");
    await page.keyboard.press("Enter");
    await eventually(() => tools(page).innerText()).toContain("free -m");
    await page.locator("#scene-memtest a").click();
    await eventually(() => page.locator("#entry-time").inputValue()).toBe("1"); // the link is followed a task after the click
    await page.locator("#entry-time").fill("10");
    await page.keyboard.press("Enter");
    await eventually(() => tools(page).innerText()).toContain("guest is an invalid domain identifier (rc=-6)");
    expect(await tools(page).innerText()).toContain("out of PoD memory!");
  });

  test("HVM with a hole of 1 GiB and 6 GiB of RAM: the map is said in words", async ({open}) => {
    const {page} = await open("xen-fv.html");
    await page.getByRole("radio", {name: "HVM"}).check();
    await page.getByRole("radio", {name: "1 GiB"}).check();
    await page.locator("#entry-configured").fill("6144");
    await page.keyboard.press("Enter");
    await figure(page, "map").scrollIntoViewIfNeeded();
    await eventually(() => figure(page, "map").locator("svg").getAttribute("aria-label")).toContain("HVM: 3,072\u00a0MiB below 4 GiB and 3,072\u00a0MiB above it");
  });
});

describe("PV", () => {
  test("the tools of 2009 leave the cap where it was", async ({open}) => {
    const {page} = await open("xen-pv.html");
    await page.locator("#scene-then-2009 a").click();
    await eventually(() => page.locator('input[name="control-era"]:checked').inputValue()).toBe("0");
    await eventually(() => figure(page, "timeline").locator("svg").getAttribute("aria-label")).toContain("the host holds 2,048\u00a0MiB at most and 1,536\u00a0MiB at the end");
  });
});
