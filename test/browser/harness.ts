import {chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page, type Request} from "playwright-core";
import {LAUNCH_ARGS} from "../../scripts/chromium.ts";
import {describe as alone, expect, inject, test as base, vi} from "vitest";

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every request of the page so far. */
  readonly requests: readonly Request[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** What is to be in the browser's storage before the page runs. */
  readonly stored?: Readonly<Record<string, string>>;
  /** A context of its own, for a test that changes more than pages and what they store: permissions, scripts that run first. */
  readonly fresh?: boolean;
}

type Open = (path: string, options?: OpenOptions) => Promise<Opened>;

/** What one test hears of a context. */
interface Heard {
  readonly requests: Request[];
  readonly complaints: string[];
}

/** A context with one page that tests take in turn. */
interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly kind: string;
  heard: Heard;
}

let connected: Promise<Browser> | undefined;
/** Opening a page in a new context takes three times as long as in a page that is there. */
const idle = new Map<string, Tab[]>();

export const WIDE = {width: 1280, height: 900};
export const PHONE = {width: 390, height: 844};

/** Tests that wait at the same time, each in a page of its own (see vitest.config.ts). */
export const describe = alone.concurrent;

/**
 * `open` shows a page of the site in a browser that has seen and stored
 * nothing. After each test, whatever the test was about, nothing may have been
 * said on the console, no policy violated, no other origin asked.
 */
export const test = base.extend<{open: Open}>({
  open: async ({}, use) => {
    const tabs: Tab[] = [];
    const complaints: string[] = [];
    await use(async (path, {viewport = WIDE, colorScheme = "light", fresh = false, stored = {}, ...rest} = {}) => {
      const own = fresh || Object.keys(stored).length > 0;
      const kind = JSON.stringify(rest);
      const tab = (own ? undefined : idle.get(kind)?.pop()) ?? (await newTab({viewport, ...rest}, own ? "" : kind, stored));
      tabs.push(tab);
      const requests: Request[] = [];
      tab.heard = {requests, complaints};
      await tab.page.setViewportSize(viewport ?? WIDE);
      await tab.page.emulateMedia({media: null, colorScheme, reducedMotion: "reduce"});
      await tab.page.goto(url(path), {waitUntil: "load"});
      if (rest.javaScriptEnabled !== false) await live(tab.page);
      return {page: tab.page, context: tab.context, requests};
    });
    for (const tab of tabs) await putBack(tab);
    expect(complaints).toEqual([]);
  }
});

/** A page with a model takes over what the build drew once there is a reader: what the first move of the mouse would do. */
async function live(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    dispatchEvent(new Event("pointermove"));
    return document.querySelector('[data-block="controls"]') === null || performance.getEntriesByName("setmem:live").length > 0;
  });
}

async function newTab(options: BrowserContextOptions, kind: string, stored: Readonly<Record<string, string>>): Promise<Tab> {
  connected ??= chromium.launch({executablePath: inject("browser"), args: [...LAUNCH_ARGS]});
  const context = await (await connected).newContext(options);
  // A worker that works out a map of runs answers nobody meanwhile: patience costs nothing where all is well.
  context.setDefaultTimeout(45_000);
  if (Object.keys(stored).length > 0) {
    await context.addInitScript((entries: [string, string][]) => {
      if (!location.protocol.startsWith("http")) return;
      for (const [key, value] of entries) localStorage.setItem(key, value);
    }, Object.entries(stored));
  }
  const tab: Tab = {context, page: await context.newPage(), kind, heard: {requests: [], complaints: []}};
  watch(context, () => tab.heard);
  return tab;
}

/** Leaves the page, so that it stores what it stores on leaving; then forgets it all. */
async function putBack(tab: Tab): Promise<void> {
  const {context, page, kind} = tab;
  if (kind === "" || page.isClosed()) return context.close();
  for (const other of context.pages()) if (other !== page) await other.close();
  await page.goto("about:blank");
  const session = await context.newCDPSession(page);
  for (const origin of new Set([inject("site"), inject("root")].map((address) => new URL(address).origin))) await session.send("Storage.clearDataForOrigin", {origin, storageTypes: "all"});
  await session.detach();
  idle.set(kind, [...(idle.get(kind) ?? []), tab]);
}

/** The page for lost addresses names its files from the root of its host; all others by relative paths. */
export const isLost = (path: string): boolean => /^(404\.html|nowhere)/.test(path);

export const url = (path: string): string => new URL(path, inject(isLost(path) ? "root" : "site")).href;

function watch(context: BrowserContext, heard: () => Heard): void {
  const origins = [inject("site"), inject("root")].map((address) => new URL(address).origin);
  context.on("request", (request) => {
    heard().requests.push(request);
    if (/^(https?|wss?):/.test(request.url()) && !origins.includes(new URL(request.url()).origin)) heard().complaints.push(`asked another origin: ${request.url()}`);
  });
  context.on("console", (message) => {
    // A page that is not there is what the test of the 404 page asks for.
    const expected = message.text().includes("status of 404") && message.location().url.includes("/nowhere");
    if (["error", "warning"].includes(message.type()) && !expected) heard().complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (error) => heard().complaints.push(`uncaught: ${String(error.error())}`));
}

/** What a figure shows, as its markup; the layout for the width at hand. */
export const figure = (page: Page, name: string): Locator => page.locator(`[data-figure="${name}"]:visible`);

export const slider = (page: Page, name: string): Locator => page.locator(`#control-${name}`);
export const entry = (page: Page, name: string): Locator => page.locator(`#entry-${name}`);
export const button = (page: Page, name: string): Locator => page.getByRole("button", {name, exact: true});

/** The address's fragment, undecoded. */
export const fragment = (page: Page): string => new URL(page.url()).hash;

type Polled<T> = ReturnType<typeof expect.poll<T>>;

/** Waits until something is as expected; conditions, never times. `expect.poll` is for one test at a time. */
export function eventually<T>(read: () => T | Promise<T>, not = false): Polled<T> {
  return new Proxy({} as Polled<T>, {
    get: (_, matcher: string) => matcher === "not" ? eventually(read, true) : (...args: unknown[]) => vi.waitFor(async () => {
      const assertion = not ? expect(await read()).not : expect(await read());
      (Reflect.get(assertion, matcher) as (...expected: unknown[]) => void).apply(assertion, args);
    }, {timeout: 45_000, interval: 40})
  });
}

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

/** The centre of a slider's thumb at a value, once the slider is in view, rests and is what a pointer would hit. */
export async function thumb(page: Page, name: string, value: number): Promise<{x: number; y: number}> {
  await slider(page, name).hover({trial: true});
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
