import type {BrowserContext, Page} from "playwright-core";
import {expect} from "vitest";
import {link, modelPages} from "./model.ts";
import {button, describe, eventually, figure, fragment, PHONE, slider, test, url} from "./harness.ts";

/** Reads the state a fragment carries. */
const carried = (hash: string): object => (hash.includes("?s=") ? JSON.parse(Buffer.from(hash.split(".")[1] ?? "", "base64url").toString()) as object : {});

describe("a page that nobody has touched", () => {
  /** Without the time after which a page stops waiting for its reader. */
  const patient = async (context: BrowserContext): Promise<void> => {
    await context.addInitScript(() => {
      const set = window.setTimeout.bind(window);
      Object.assign(window, {setTimeout: (run: () => void, ms?: number) => (ms === 4000 ? 0 : set(run, ms))});
    });
  };
  const opened = async (context: BrowserContext, address: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(address);
    expect(await page.locator(".handle").count()).toBe(0);
    return page;
  };

  test("is given what can be dragged with the first move, scroll or key", async ({open}) => {
    const {page, context} = await open("qemu-kvm.html", {fresh: true});
    await patient(context);
    const signs: readonly ((untouched: Page) => Promise<void>)[] = [(p) => p.mouse.move(5, 5), (p) => p.mouse.wheel(0, 50), (p) => p.keyboard.press("Tab")];
    for (const sign of signs) {
      const untouched = await opened(context, page.url());
      await sign(untouched);
      await eventually(() => untouched.locator(".handle").count()).toBeGreaterThan(0);
    }
  });

  test("hands its first press to a handle that comes with it", async ({open}) => {
    const {page, context} = await open("together.html", {fresh: true, hasTouch: true});
    await patient(context);
    const untouched = await context.newPage();
    // So tall that nobody has to scroll.
    await untouched.setViewportSize({width: 1280, height: 3000});
    await untouched.goto(page.url());
    const box = await untouched.locator('[data-figure="map"] svg').boundingBox();
    if (box === null) throw new Error("no map");
    expect(await untouched.locator(".map-handle").count()).toBe(0);
    await untouched.touchscreen.tap(box.x + box.width * 0.6, box.y + box.height * 0.3);
    await eventually(() => slider(untouched, "target").inputValue()).not.toBe("500");
    await eventually(() => carried(fragment(untouched))).toHaveProperty("p.target");
  });

  test("does not lose its first press, not even one that comes from no pointer", async ({open}) => {
    const {page, context} = await open("qemu-kvm.html");
    const untouched = await opened(context, page.url());
    await untouched.evaluate(() => Array.from(document.querySelectorAll("button")).find((button) => button.textContent === "Skip")?.click());
    expect(await untouched.locator(".verdict").count()).toBe(1);
  });
});

describe("events on the timeline", () => {
  const handles = '[data-figure="timeline"]:visible .handle';

  test("an event can be dragged along the time, and the drag undoes as one", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    const handle = page.locator(handles).nth(3);
    await handle.scrollIntoViewIfNeeded();
    const before = await handle.getAttribute("aria-valuenow");
    const box = await handle.boundingBox();
    if (box === null) throw new Error("the handle is not on the screen");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 80, y, {steps: 16});
    await page.mouse.up();
    await eventually(async () => Number(await handle.getAttribute("aria-valuenow"))).toBeLessThan(10);
    await eventually(() => carried(fragment(page))).toHaveProperty("e");
    await button(page, "Undo").click();
    await eventually(() => handle.getAttribute("aria-valuenow")).toBe(before);
    expect(await button(page, "Undo").isDisabled()).toBe(true);
  });

  test("keys move an event and delete it", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    const handle = page.locator(handles).nth(3);
    await handle.focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => handle.getAttribute("aria-valuenow")).toBe("13");
    await page.keyboard.press("PageDown");
    await eventually(() => handle.getAttribute("aria-valuenow")).toBe("8");
    const count = await page.locator(handles).count();
    await page.keyboard.press("Delete");
    await eventually(() => page.locator(handles).count()).toBe(count - 1);
  });

  test("the list of events does what the handles do: add, change, delete", async ({open}) => {
    const {page} = await open("qemu-kvm.html", {viewport: PHONE});
    await page.getByLabel("kind of event").selectOption("setmem");
    await button(page, "Add event").click();
    await eventually(() => page.locator(".events li").count()).toBe(7);
    await page.getByLabel(/^setmem, event 7: target/).fill("300");
    await page.keyboard.press("Enter");
    await page.getByLabel(/^setmem, event 7: time/).fill("20");
    await page.keyboard.press("Enter");
    await eventually(() => carried(fragment(page))).toMatchObject({e: expect.arrayContaining([["setmem", 20, 300]]) as unknown});
    await page.getByRole("button", {name: /^delete setmem, event 7/}).click();
    await eventually(() => fragment(page)).toBe("");
    expect(await page.locator(".events li").count()).toBe(6);
  });

  test("pressing into the plot looks at that moment", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    const plot = page.locator('[data-figure="timeline"]:visible .scrub');
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    if (box === null) throw new Error("no plot");
    await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
    await eventually(() => page.locator("#control-time").inputValue()).toBe("6");
  });
});

describe("time", () => {
  test("play runs to the end and stops; pause holds; a run undoes as one", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    await page.getByLabel("speed").selectOption("4");
    await button(page, "Play").click();
    await button(page, "Pause").click();
    const held = await page.locator("#control-time").inputValue();
    await button(page, "Play").click();
    await eventually(() => page.locator("#control-time").inputValue()).toBe("24");
    await eventually(() => button(page, "Play").count()).toBe(1);
    expect(Number(held)).toBeLessThanOrEqual(24);
    await button(page, "Undo").click();
    await eventually(() => page.locator("#control-time").inputValue()).toBe(held);
  });

  test("step and step back move by one step, and the space bar plays", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    await button(page, "Step").click();
    await eventually(() => page.locator("#control-time").inputValue()).toBe("18.1");
    await button(page, "Step back").click();
    await button(page, "Step back").click();
    await eventually(() => page.locator("#control-time").inputValue()).toBe("17.9");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("Space");
    await eventually(() => button(page, "Pause").count()).toBe(1);
    await page.keyboard.press("Space");
    await eventually(() => button(page, "Play").count()).toBe(1);
  });
});

describe("one frame", () => {
  test("a change taken back before it was drawn leaves the slider where the state is", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    await page.evaluate(() => {
      const slider = document.querySelector<HTMLInputElement>("#control-time");
      if (slider === null) throw new Error("no slider");
      slider.value = "24";
      slider.dispatchEvent(new Event("input", {bubbles: true}));
      dispatchEvent(new KeyboardEvent("keydown", {key: "z", ctrlKey: true}));
    });
    await eventually(() => page.locator("#control-time").inputValue()).toBe("18");
  });
});

describe("pin and compare", () => {
  test("A stays as a ghost while B changes; the difference is said in numbers; the link keeps both", async ({open}) => {
    const {page, context} = await open("qemu-kvm.html");
    await button(page, "Pin as A").click();
    await page.locator("#entry-configured").fill("3000");
    await page.keyboard.press("Enter");
    const totals = page.locator(".compare tr", {hasText: "MemTotal"});
    await eventually(() => totals.innerText()).toMatch(/431\s+412\s+−19/);
    // A figure is drawn when it can be seen.
    await figure(page, "timeline").scrollIntoViewIfNeeded();
    await eventually(() => figure(page, "timeline").locator(".ghost").count()).toBe(3);
    await eventually(() => carried(fragment(page))).toEqual({p: {configured: 3000}, a: {}});
    const other = await context.newPage();
    await other.goto(page.url());
    await eventually(() => other.locator(".compare tr", {hasText: "MemTotal"}).innerText()).toMatch(/431\s+412\s+−19/);
    await button(page, "Unpin A").click();
    await eventually(() => page.locator(".compare").count()).toBe(1);
    await eventually(() => page.locator(".compare tr").count()).toBe(0);
  });
});

describe("pin and compare where a worker has the answers", () => {
  interface Heard extends Window {
    asked?: {readonly cap: number; readonly fine: boolean; readonly at: number}[];
  }

  test("a link asks the worker for its own setting and for no other, also when the rest of the page is taken over", async ({open}) => {
    const {context} = await open("together.html", {fresh: true});
    await context.addInitScript(() => {
      const asked: Heard["asked"] = [];
      const Listened = class extends Worker {
        override postMessage({knobs, fine}: {knobs: {cap: number}; fine: boolean}): void {
          asked.push({cap: knobs.cap, fine, at: performance.now()});
          super.postMessage({knobs, fine, system: "KVM"});
        }
      };
      Object.assign(window, {asked, Worker: Listened});
    });
    const page = await context.newPage();
    const together = modelPages.find(({id}) => id === "together");
    if (together === undefined) throw new Error("no such page");
    await page.goto(url(`together.html${link(together, {cap: 600})}`));
    // The worker is asked twice a second at most: from here on a request would be sent at once.
    await page.waitForFunction(() => {
      const asked = (window as Heard).asked ?? [];
      return asked.some(({fine}) => fine) && performance.now() - (asked.at(-1)?.at ?? 0) > 500;
    });
    await page.mouse.move(5, 5);
    await eventually(() => page.evaluate(() => performance.getEntriesByName("setmem:live").length)).toBe(1);
    expect(await page.evaluate(() => ((window as Heard).asked ?? []).filter(({cap}) => cap !== 600))).toEqual([]);
  });

  test.for([["together", "load", "100", "KVM: host RAM"], ["overcommit", "ram", "3072", "ESX: waited"]] as const)("%s: each change is compared, and the link keeps both", async ([id, name, value, row], {open}) => {
    const {page, context} = await open(`${id}.html`);
    await button(page, "Pin as A").click();
    const cells = (of: typeof page): Promise<string[]> => of.locator(".compare tr", {hasText: row}).locator("td").allInnerTexts();
    await eventually(async () => (await cells(page))[2]).toBe("0");
    await page.locator(`#entry-${name}`).fill(value);
    await page.keyboard.press("Enter");
    await eventually(async () => (await cells(page))[2]).toMatch(/^[+−]\d/);
    await eventually(() => carried(fragment(page))).toEqual({p: {[name]: Number(value)}, a: {}});
    const other = await context.newPage();
    await other.goto(page.url());
    const there = await cells(page);
    await eventually(() => cells(other)).toEqual(there);
    await button(page, "Unpin A").click();
    await eventually(() => page.locator(".compare tr").count()).toBe(0);
  });
});

/** All that the page says, but for what is read out. */
const text = (page: Page): Promise<string> => page.evaluate(() => Array.from(document.querySelectorAll("main > :not(#live-summary)"), (e) => e.textContent).join("\n"));

describe("cases", () => {
  test.for([["qemu-kvm", 8], ["xen-pv", 11], ["xen-fv", 6]] as const)("each case's link sets the large figure to its state; undo and the back button both return: %s", async ([id, least], {open}) => {
    const {page} = await open(`${id}.html`);
    const names = await page.locator(".scene[id]").evaluateAll((all) => all.map((e) => e.id));
    expect(names.length).toBeGreaterThanOrEqual(least);
    const start = await figure(page, "timeline").innerHTML();
    const said = await text(page);
    for (const name of names) {
      await page.locator(`#${name} a`).click();
      await eventually(() => carried(fragment(page))).toHaveProperty("e");
      await eventually(() => figure(page, "timeline").innerHTML()).not.toBe(start);
      expect(await page.locator("#notice").count()).toBe(0);
      await page.goBack();
      await eventually(() => figure(page, "timeline").innerHTML()).toBe(start);
      // The text follows the figures, and moves what is below it: the next link is pressed once all rests.
      await eventually(() => text(page)).toBe(said);
    }
    await page.locator(`#${names[0] ?? ""} a`).click();
    await eventually(() => figure(page, "timeline").innerHTML()).not.toBe(start);
    await button(page, "Undo").click();
    await eventually(() => figure(page, "timeline").innerHTML()).toBe(start);
  });

  test("a plain link to a heading keeps the state", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    await page.locator("#entry-configured").fill("3000");
    await page.keyboard.press("Enter");
    await page.locator(".toc-wide a", {hasText: "Beyond the ends"}).click();
    await eventually(() => fragment(page)).toMatch(/^#beyond-the-ends\?s=/);
    expect(await page.locator("#control-configured").inputValue()).toBe("3000");
  });
});

describe("taking a figure away", () => {
  test("SVG, PNG, CSV and JSON are files that say what the figure shows", async ({open}) => {
    const {page} = await open("qemu-kvm.html");
    const menu = page.locator(".figure-block", {has: page.locator('[data-figure="timeline"]')}).locator(".export");
    await menu.locator("summary").first().click();
    const download = async (kind: string): Promise<Buffer> => {
      const [file] = await Promise.all([page.waitForEvent("download"), menu.getByRole("button", {name: kind, exact: true}).click()]);
      expect(file.suggestedFilename()).toBe(`setmem-qemu-kvm-timeline.${kind.toLowerCase()}`);
      const parts: Buffer[] = [];
      for await (const part of await file.createReadStream()) parts.push(part as Buffer);
      return Buffer.concat(parts);
    };
    const svg = (await download("SVG")).toString();
    expect(svg).toMatch(/^<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(/var\(--|class=|role="slider"/.exec(svg)?.[0]).toBeUndefined();
    expect(svg.length).toBeLessThan(20_000);
    const png = await download("PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(1280);
    const csv = (await download("CSV")).toString().trim().split("\r\n");
    expect(csv[0]).toMatch(/^time \(s\),configured \(MiB\),target \(MiB\)/);
    expect(csv).toHaveLength(242);
    const rows = JSON.parse((await download("JSON")).toString()) as Record<string, unknown>[];
    expect(rows).toHaveLength(241);
    expect(rows[0]).toMatchObject({"time (s)": 0, "configured (MiB)": 2048});
    expect(await menu.locator("tbody tr").count()).toBe(7);
  });

  test("the embed code shows the figure in the present state", async ({open}) => {
    const {page, context} = await open("qemu-kvm.html");
    await page.locator("#entry-configured").fill("3000");
    await page.keyboard.press("Enter");
    await eventually(() => fragment(page)).toContain("?s=");
    const menu = page.locator(".figure-block", {has: page.locator('[data-figure="timeline"]')}).locator(".export");
    await menu.locator("summary").first().click();
    const code = await menu.locator(".embed input").inputValue();
    const source = /src="([^"]+)"/.exec(code)?.[1] ?? "";
    const frame = await context.newPage();
    await frame.goto(source);
    const shown = await figure(page, "timeline").locator("svg").getAttribute("aria-label");
    await eventually(() => frame.locator('[data-figure="timeline"]:visible svg').getAttribute("aria-label")).toBe(shown);
  });
});
