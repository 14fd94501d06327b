import {expect} from "vitest";
import {button, describe, drag, entry, eventually, fragment, slider, test, url} from "./harness.ts";
import {link, modelPages, shows} from "./model.ts";

const model = modelPages.find((page) => page.prediction !== undefined);
if (model === undefined) throw new Error("no page with a model");
const path = `${model.id}.html`;
const HEADING = "what-to-look-for";

describe("undo and redo by keyboard", () => {
  test("Ctrl+Z and Ctrl+Shift+Z walk the changes", async ({open}) => {
    const {page} = await open(path);
    await drag(page, "target", 1024, 3000);
    const target = Number(await slider(page, "target").inputValue());
    await drag(page, "configured", 2048, 4096);
    await shows(page, model, {target, configured: 4096});
    await page.keyboard.press("Control+z");
    await shows(page, model, {target});
    await page.keyboard.press("Control+z");
    await shows(page, model, {});
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+Shift+Z");
    await shows(page, model, {target});
    await page.keyboard.press("Control+Shift+z");
    await shows(page, model, {target, configured: 4096});
  });

  test("inside a number field Ctrl+Z belongs to the field", async ({open}) => {
    const {page} = await open(path);
    await slider(page, "time").focus();
    await page.keyboard.press("End");
    await shows(page, model, {time: 24});
    await entry(page, "target").focus();
    await page.keyboard.press("End");
    await page.keyboard.type("9");
    await page.keyboard.press("Control+z");
    await eventually(() => entry(page, "target").inputValue()).toBe("1024");
    expect(await slider(page, "time").inputValue()).toBe("24");
  });

  test("a button that has nothing more to do does not drop the keyboard's place", async ({open}) => {
    const {page} = await open(path);
    await slider(page, "time").focus();
    await page.keyboard.press("End");
    await button(page, "Undo").focus();
    await page.keyboard.press("Enter");
    await shows(page, model, {});
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Undo");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await shows(page, model, {time: 24});
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Redo");
  });
});

describe("links", () => {
  const there = {configured: 3000, target: 700, time: 13.7};

  test("a copied link opens the same state elsewhere, and the page says that it was copied", async ({open}) => {
    const {page, context} = await open(path, {fresh: true});
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    for (const [name, value] of Object.entries(there)) {
      await entry(page, name).fill(String(value));
      await entry(page, name).press("Enter");
    }
    await button(page, "Copy link").click();
    await page.getByText("Link copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(url(path) + link(model, there));
    const other = await open(copied);
    await shows(other.page, model, there);
    expect(await button(other.page, "Undo").isDisabled()).toBe(true);
  });

  test("without permission to copy it says what to do instead", async ({open}) => {
    const {page} = await open(path);
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", {value: {writeText: () => Promise.reject(new Error("no"))}});
    });
    await button(page, "Copy link").click();
    await page.getByText("Copy the address from the address bar").waitFor();
  });

  test("the default state has no fragment, not even after a change was taken back", async ({open}) => {
    const {page} = await open(path);
    expect(page.url()).toBe(url(path));
    await slider(page, "time").focus();
    await page.keyboard.press("End");
    await shows(page, model, {time: 24});
    await button(page, "Reset").click();
    await eventually(() => page.url()).toBe(url(path));
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ["cut", link(model, there).slice(0, -5), /cut or damaged/],
    ["an older version", link(model, there).replace("s=1.", "s=0."), /another version/],
    ["out of range", `#?s=1.${Buffer.from('{"p":{"target":1e9}}').toString("base64url")}`, /expected a number from \d+ to \d+ MiB/],
    ["hostile", "#?s=1.<img src=x onerror=alert(1)>", /damaged/],
    ["hostile inside", `#?s=1.${Buffer.from('{"p":{"<script>alert(1)</script>":1}}').toString("base64url")}`, /does not have/],
    ["badly percent-encoded", "#%E0%A4%A?s=1.%", /damaged/],
    ["very long", `#?s=1.${"A".repeat(20_000)}`, /too long/]
  ];
  for (const [what, hash, reason] of bad) {
    test(`a link that is ${what}: the default page and a notice that can be dismissed`, async ({open}) => {
      const {page} = await open(path + hash);
      const notice = page.getByRole("alert");
      await notice.waitFor();
      expect(await notice.textContent()).toMatch(reason);
      expect(await slider(page, "target").inputValue()).toBe("1024");
      expect(await page.locator("#notice img, #notice script").count()).toBe(0);
      await button(page, "Dismiss").click();
      await eventually(() => notice.count()).toBe(0);
      await drag(page, "time", 18, 24);
      await shows(page, model, {time: 24});
    });
  }

  test("a link with the question mark percent-encoded by a mail program still opens", async ({open}) => {
    const {page} = await open(path + link(model, there).replace("?", "%3F").replace("=", "%3D"));
    await eventually(() => slider(page, "configured").inputValue()).toBe("3000");
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  test("a heading with a state scrolls to the heading and restores the state", async ({open}) => {
    const {page} = await open(path + link(model, there, HEADING));
    await shows(page, model, there, {heading: HEADING});
    const top = await page.locator(`#${HEADING}`).evaluate((e) => e.getBoundingClientRect().top);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(200);
  });

  test("a link inside the page, to a heading, keeps the state and its undo", async ({open}) => {
    const {page} = await open(path);
    await slider(page, "time").focus();
    await page.keyboard.press("End");
    await shows(page, model, {time: 24});
    await page.locator(`.toc-wide a[href="#${HEADING}"]`).click();
    await shows(page, model, {time: 24}, {heading: HEADING});
    await page.keyboard.press("Control+z");
    await shows(page, model, {}, {heading: HEADING});
  });

  test("pasting another link into the address of the open page shows its state, and undo goes back to one's own", async ({open}) => {
    const {page} = await open(path);
    await drag(page, "time", 18, 24);
    await page.evaluate((hash) => void (location.hash = hash), link(model, there));
    await shows(page, model, there);
    await button(page, "Undo").click();
    await shows(page, model, {time: 24});
  });
});

describe("the back button", () => {
  test("leaves the page, however much was changed, and comes back to the state", async ({open}) => {
    const {page} = await open("index.html");
    await page.locator(`main a[href$="${path}"]`).first().click();
    await page.waitForURL(url(path));
    await drag(page, "target", 1024, 256);
    await drag(page, "time", 18, 24);
    await shows(page, model, {target: 256, time: 24});
    await page.goBack();
    await page.waitForURL(url("index.html"));
    await page.goForward();
    await shows(page, model, {target: 256, time: 24});
    expect(fragment(page)).toBe(link(model, {target: 256, time: 24}));
  });

  test("after a link inside the page goes back to where it was, with the state of then", async ({open}) => {
    const {page} = await open(path);
    await drag(page, "time", 18, 24);
    await shows(page, model, {time: 24});
    await page.locator(`.toc-wide a[href="#${HEADING}"]`).click();
    await shows(page, model, {time: 24}, {heading: HEADING});
    await page.goBack();
    await shows(page, model, {time: 24});
  });

  test("a change made just before leaving is not lost", async ({open}) => {
    const {page} = await open(path);
    await slider(page, "target").focus();
    await page.keyboard.press("End");
    await eventually(() => slider(page, "target").inputValue()).toBe("4096");
    await page.locator("nav.pages a").first().click();
    await page.waitForURL(url("index.html"));
    await page.goBack();
    await shows(page, model, {target: 4096});
  });
});
