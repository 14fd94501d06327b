import {expect} from "vitest";
import {describe, test} from "./harness.ts";
import {isEmbed, sitePages} from "./site-pages.ts";

interface Stop {
  readonly what: string;
  /** Its place among all elements of the page. */
  readonly order: number;
  readonly ring: boolean;
  readonly seen: boolean;
}

interface Noted extends Window {
  stops?: {
    readonly visited: readonly (Stop | null)[];
    /** All later stops in the order of the document, which without a positive tabindex is the order of the key. */
    readonly rest: () => Promise<Stop[]>;
  };
}

/** Long lists of links: so many stops by the key itself, the others by focus(). */
const PRESSES = 75;

/** A stop that is out of view for so many frames stays there: two are enough on a quiet machine. */
const FRAMES = 60;

/** Runs in the page: notes where each press of Tab leads; null outside everything. */
function noteStops(mostFrames: number): void {
  const all = Array.from(document.querySelectorAll<HTMLElement>("*"));
  const places = new Map<Element, number>(all.map((e, i) => [e, i]));
  const visited: (Stop | null)[] = [];
  const stopAt = (e: Element): Stop => {
    const box = e.getBoundingClientRect();
    const header = document.querySelector("#observablehq-header");
    const floor = header?.contains(e) === true ? 0 : (header?.getBoundingClientRect().bottom ?? 0);
    const outline = getComputedStyle(e);
    const strokes = e instanceof SVGElement ? Array.from(e.children, (child) => getComputedStyle(child)) : [];
    return {
      what: `${e.tagName.toLowerCase()}${e.id === "" ? "" : `#${e.id}`} ${(e.getAttribute("aria-label") ?? e.textContent).trim().slice(0, 40)}`,
      order: places.get(e) ?? -1,
      ring: (outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2) || strokes.some((s) => !["none", "rgba(0, 0, 0, 0)"].includes(s.stroke) && parseFloat(s.strokeWidth) >= 2),
      seen: box.width > 0 && box.height > 0 && box.bottom > floor && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    };
  };
  addEventListener("keyup", () => {
    const e = document.activeElement;
    visited.push(e === null || e === document.body || e === document.documentElement ? null : stopAt(e));
  }, {capture: true});
  const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
  /** What is far below is laid out only once it has scrolled near: its size, and so its place, is known some frames later. */
  const settled = async (e: Element): Promise<Stop> => {
    let stop = stopAt(e);
    for (let frames = 0; !stop.seen && frames < mostFrames; frames++) {
      await frame();
      stop = stopAt(e);
    }
    return stop;
  };
  const rest = async (): Promise<Stop[]> => {
    if (all.some((e) => e.tabIndex > 0)) throw new Error("a positive tabindex: the order is not that of the document");
    const last = visited.at(-1)?.order ?? -1;
    const found: Stop[] = [];
    for (const e of all.slice(last + 1).filter((one) => one.tabIndex === 0 && one.checkVisibility({visibilityProperty: true}))) {
      e.focus();
      if (document.activeElement === e) found.push(await settled(e));
    }
    return found;
  };
  (window as Noted).stops = {visited, rest};
}

describe("with the keyboard alone", () => {
  for (const name of sitePages) {
    test(`${name}: every stop is in order, visible, not under the header, and shows the focus`, async ({open}) => {
      const {page} = await open(name);
      await page.evaluate(noteStops, FRAMES);
      let visited: readonly (Stop | null)[] = [];
      // One round leads out of the page, or back to where it began.
      const round = (): number => visited.findIndex((stop, i) => stop === null || visited.slice(0, i).some((before) => before?.order === stop.order));
      while (round() < 0 && visited.length < PRESSES) {
        for (let i = 0; i < 25; i++) await page.keyboard.press("Tab");
        visited = await page.evaluate(() => (window as Noted).stops?.visited ?? []);
      }
      const pressed = round() < 0 ? visited : visited.slice(0, round());
      const rest = round() < 0 ? ((await page.evaluate(() => (window as Noted).stops?.rest())) ?? []) : [];
      const stops = [...pressed, ...rest].filter((stop) => stop !== null);
      expect(stops.filter((s) => !s.ring)).toEqual([]);
      expect(stops.filter((s) => !s.seen)).toEqual([]);
      expect(stops.map((s) => s.order)).toEqual(stops.map((s) => s.order).sort((a, b) => a - b));
      if (!isEmbed(name)) expect(stops[0]?.what).toContain("Skip to the text");
      const missed = await page.evaluate((reached) => {
        const all = Array.from(document.querySelectorAll("*"));
        return Array.from(document.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), input:not([type=radio]), select, summary, [tabindex='0']"))
          .filter((e) => e.checkVisibility({visibilityProperty: true}) && !reached.includes(all.indexOf(e)))
          .map((e) => e.outerHTML.slice(0, 80));
      }, stops.map((s) => s.order));
      expect(missed).toEqual([]);
    });
  }

  test("the skip link leads past the navigation", async ({open}) => {
    const {page} = await open("index.html");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
  });
});
