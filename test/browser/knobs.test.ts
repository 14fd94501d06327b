import type {Locator, Page} from "playwright-core";
import {expect} from "vitest";
import {decodeCells} from "../../docs/components/figure/regions.ts";
import {outcomes} from "../../docs/components/together/outcome.ts";
import {describe, drag, entry, eventually, figure, fragment, PHONE, slider, test} from "./harness.ts";

const handle = (page: Page): Locator => page.locator(".map-handle:visible");
const regions = (page: Page): Promise<string> => page.locator(".regime-map").getAttribute("data-cells").then((cells) => cells ?? "");
const choose = (page: Page, name: string, value: number): Promise<void> => page.locator(`input[name="control-${name}"][value="${value}"]`).check();
const SIDE = 64;

/** The outcome that a fine map has for a setting, in words; null while a coarse one stands. */
async function cellAt(page: Page, target: number, load: number): Promise<string | null> {
  const cells = decodeCells(await regions(page), SIDE * SIDE);
  const outcome = cells?.[Math.round(load / 16) * SIDE + Math.round((target - 128) / 16)];
  return outcome === undefined ? null : (outcomes[outcome]?.label ?? null);
}

const box = async (locator: Locator): Promise<{readonly x: number; readonly y: number; readonly width: number; readonly height: number}> => {
  const found = await locator.boundingBox();
  if (found === null) throw new Error("not on the screen");
  return found;
};

/** Whether all of it is in the window, below the page's header. */
const isInView = (locator: Locator): Promise<boolean> => locator.evaluate((element) => {
  const {top, bottom} = element.getBoundingClientRect();
  const header = document.getElementById("observablehq-header")?.getBoundingClientRect().bottom ?? 0;
  return top >= header - 1 && bottom <= innerHeight;
});

describe("the regime map", () => {
  test("a press anywhere opens the run of that cell, and it comes to what the cell says", async ({open}) => {
    const {page} = await open("together.html");
    await handle(page).scrollIntoViewIfNeeded();
    const before = await figure(page, "kvm").innerHTML();
    const area = await box(handle(page).locator("rect"));
    const seen = new Set<string>();
    for (const [right, up] of [[0.1, 0.1], [0.2, 0.8], [0.55, 0.35], [0.8, 0.9], [0.9, 0.2]] as const) {
      await page.mouse.click(area.x + right * area.width, area.y + (1 - up) * area.height);
      await eventually(async () => Math.abs((Number(await slider(page, "target").inputValue()) - 128) / 1008 - right)).toBeLessThan(0.02);
      const [target, load] = [Number(await slider(page, "target").inputValue()), Number(await slider(page, "load").inputValue())];
      expect([(target - 128) % 16, load % 16, Math.abs(load / 1008 - up) < 0.02]).toEqual([0, 0, true]);
      const cell = await cellAt(page, target, load);
      await eventually(() => page.locator('[data-number="kvmOutcome"]').first().innerText()).toBe(cell);
      expect(await handle(page).getAttribute("aria-valuetext")).toContain(`: ${cell}`);
      seen.add(cell ?? "");
    }
    expect([...seen].sort()).toEqual(["VM killed", "fits", "guest kills"]);
    expect(await figure(page, "kvm").innerHTML()).not.toBe(before);
    await eventually(() => fragment(page)).toContain("?s=");
  });

  test("arrow keys go from cell to cell", async ({open}) => {
    const {page} = await open("together.html");
    await handle(page).focus();
    for (const [key, name, value] of [["ArrowRight", "target", "512"], ["ArrowLeft", "target", "496"], ["ArrowUp", "load", "304"], ["Shift+ArrowDown", "load", "176"]] as const) {
      await page.keyboard.press(key);
      await eventually(() => slider(page, name).inputValue()).toBe(value);
    }
  });

  test("its regions move while a third knob is dragged, and rest as a fine map", async ({open}) => {
    const {page} = await open("together.html");
    const before = await regions(page);
    await drag(page, "cap", 500, 1024, {steps: 12, release: false});
    await eventually(() => regions(page)).not.toBe(before);
    await page.mouse.up();
    await eventually(async () => decodeCells(await regions(page), SIDE * SIDE) !== null).toBe(true);
    await eventually(async () => [await cellAt(page, 496, 608), await page.locator('[data-number="kvmOutcome"]').first().innerText()]).toEqual(["guest kills", "fits"]);
  });

  test("it is of the system that is chosen; recorded runs stand on KVM's only", async ({open}) => {
    const {page} = await open("together.html");
    expect(await page.locator(".map-run:visible").count()).toBe(1);
    const kvm = await regions(page);
    await choose(page, "map", 1);
    await eventually(() => regions(page)).not.toBe(kvm);
    await eventually(() => page.locator(".map-run:visible").count()).toBe(0);
    await eventually(() => handle(page).getAttribute("aria-valuetext")).toContain(": fits");
  });

  test("dots of recorded runs come with their switches, and go with others", async ({open}) => {
    const {page} = await open("together.html");
    const dots = async (name: string): Promise<number> => ((await figure(page, name).locator(".recorded .dot").evaluateAll((all) => all.map((path) => path.getAttribute("d") ?? "").join(""))).match(/M/g) ?? []).length;
    await eventually(async () => [await dots("kvm"), await dots("xen"), await dots("esx")]).toEqual([3, 4, 0]);
    await choose(page, "driver", 0);
    await choose(page, "swap", 1);
    await entry(page, "load").fill("700");
    await page.keyboard.press("Enter");
    await eventually(async () => [await dots("kvm"), await dots("xen")]).toEqual([3, 0]);
    await eventually(() => page.locator('[data-number="kvmOutcome"]').first().innerText()).toBe("host swaps");
  });
});

describe("figures beside their knobs", () => {
  test("whichever knob is turned, the three runs and the map are in view", async ({open}) => {
    const {page} = await open("together.html");
    for (const name of ["target", "cap", "reservation", "load", "time"]) {
      await slider(page, name).evaluate((element) => element.scrollIntoView({block: "center"}));
      for (const shown of ["kvm", "xen", "esx", "map"]) await eventually(() => isInView(figure(page, shown))).toBe(true);
    }
  });

  test("on a phone the map stays, with what each run came to", async ({open}) => {
    const {page} = await open("together.html", {viewport: PHONE});
    for (const name of ["cap", "load"]) {
      await slider(page, name).evaluate((element) => element.scrollIntoView({block: "end"}));
      for (const shown of [figure(page, "map"), page.locator(".watch-line")]) await eventually(() => isInView(shown)).toBe(true);
    }
    expect(await page.locator(".watch-line").innerText()).toBe("KVM: fits · Xen: fits · ESX: fits");
  });

  test("the controls of overcommit stay beside its figures", async ({open}) => {
    const {page} = await open("overcommit.html");
    for (const shown of ["nobody", "costs", "web"]) {
      await figure(page, shown).evaluate((element) => element.scrollIntoView({block: "center"}));
      await eventually(() => isInView(slider(page, "ram"))).toBe(true);
    }
  });
});

describe("the policy that is picked", () => {
  test("its host is drawn machine by machine, and the link brings it", async ({open}) => {
    const {page} = await open("overcommit.html");
    const drawn = (name: string): Promise<string> => figure(page, name).innerHTML();
    const proxmox = await drawn("batch");
    await choose(page, "policy", 3);
    await eventually(() => drawn("batch")).not.toBe(proxmox);
    await eventually(() => page.locator('[data-number="picked"]').innerText()).toBe("ESX");
    await eventually(() => fragment(page)).toContain("?s=");
    const there = await drawn("batch");
    await page.reload();
    await eventually(() => drawn("batch")).toBe(there);
    await choose(page, "policy", 1);
    await eventually(() => drawn("batch")).toBe(proxmox);
  });
});
