import {chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page, type Request} from "playwright-core";
import {expect, inject, test as base} from "vitest";

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every request of the page so far. */
  readonly requests: readonly Request[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** What is to be in the browser's storage before the page runs. */
  readonly stored?: Readonly<Record<string, string>>;
}

type Open = (path: string, options?: OpenOptions) => Promise<Opened>;

let connected: Promise<Browser> | undefined;

export const WIDE = {width: 1280, height: 900};
export const PHONE = {width: 390, height: 844};

/**
 * `open` shows a page of the site in a fresh context. After each test, whatever
 * the test was about, nothing may have been said on the console, no policy
 * violated, no other origin asked.
 */
export const test = base.extend<{open: Open}>({
  open: async ({}, use) => {
    connected ??= chromium.connect(inject("browser"));
    const browser = await connected;
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    await use(async (path, options = {}) => {
      const {stored = {}, ...rest} = options;
      const context = await browser.newContext({viewport: WIDE, colorScheme: "light", reducedMotion: "reduce", ...rest});
      context.setDefaultTimeout(15_000);
      contexts.push(context);
      const requests = watch(context, new URL(url(path)).origin, complaints);
      if (Object.keys(stored).length > 0) {
        await context.addInitScript((entries: [string, string][]) => {
          if (!location.protocol.startsWith("http")) return;
          for (const [key, value] of entries) localStorage.setItem(key, value);
        }, Object.entries(stored));
      }
      const page = await context.newPage();
      await page.goto(url(path), {waitUntil: "load"});
      return {page, context, requests};
    });
    for (const context of contexts) await context.close();
    expect(complaints).toEqual([]);
  }
});

/** The page for lost addresses names its files from the root of its host; all others by relative paths. */
export const isLost = (path: string): boolean => /^(404\.html|nowhere)/.test(path);

export const url = (path: string): string => new URL(path, inject(isLost(path) ? "root" : "site")).href;

function watch(context: BrowserContext, origin: string, complaints: string[]): Request[] {
  const requests: Request[] = [];
  context.on("request", (request) => {
    requests.push(request);
    if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).origin !== origin) complaints.push(`asked another origin: ${request.url()}`);
  });
  context.on("console", (message) => {
    // A page that is not there is what the test of the 404 page asks for.
    const expected = message.text().includes("status of 404") && message.location().url.includes("/nowhere");
    if (["error", "warning"].includes(message.type()) && !expected) complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (error) => complaints.push(`uncaught: ${String(error.error())}`));
  return requests;
}

/** What a figure shows, as its markup; the layout for the width at hand. */
export const figure = (page: Page, name: string): Locator => page.locator(`[data-figure="${name}"]:visible`);

export const slider = (page: Page, name: string): Locator => page.locator(`#control-${name}`);
export const entry = (page: Page, name: string): Locator => page.locator(`#entry-${name}`);
export const button = (page: Page, name: string): Locator => page.getByRole("button", {name, exact: true});

/** The address's fragment, undecoded. */
export const fragment = (page: Page): string => new URL(page.url()).hash;

/** Waits until something is as expected; conditions, never times. */
export const eventually = <T>(read: () => T | Promise<T>): ReturnType<typeof expect.poll<T>> => expect.poll(read, {timeout: 15_000, interval: 20});

/** Opens whatever is folded. */
export const unfold = (page: Page, within = "body"): Promise<void> =>
  page.evaluate(async (selector) => {
    // What is far below is otherwise not laid out at all.
    for (const skipped of document.querySelectorAll<HTMLElement>("body *")) {
      if (getComputedStyle(skipped).contentVisibility === "auto") skipped.style.contentVisibility = "visible";
    }
    for (const details of document.querySelectorAll<HTMLDetailsElement>(`${selector} details`)) details.open = true;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }, within);

/** The centre of a slider's thumb at a value. */
export async function thumb(page: Page, name: string, value: number): Promise<{x: number; y: number}> {
  await slider(page, name).scrollIntoViewIfNeeded();
  return slider(page, name).evaluate((e, v) => {
    const THUMB = 26;
    const input = e as HTMLInputElement;
    const box = input.getBoundingClientRect();
    const share = (v - Number(input.min)) / (Number(input.max) - Number(input.min));
    return {x: box.left + THUMB / 2 + share * (box.width - THUMB), y: box.top + box.height / 2};
  }, value);
}

/** Real mouse moves from one value to another. */
export async function drag(page: Page, name: string, from: number, to: number, {steps = 12, release = true}: {steps?: number; release?: boolean} = {}): Promise<void> {
  const a = await thumb(page, name, from);
  const b = await thumb(page, name, to);
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move(b.x, b.y, {steps});
  if (release) await page.mouse.up();
}
