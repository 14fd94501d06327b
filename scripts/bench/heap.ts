import type {Browser, CDPSession, Page} from "playwright-core";
import {withPage} from "./chromium.ts";
import type {Values} from "./metrics.ts";
import {findTracks, locate, press, release, sweep} from "./mouse.ts";

const DRAGS = 3;

/** Live JavaScript objects, MB, after a collection; twice, since finalisers free what the first one found. */
async function live(session: CDPSession): Promise<number> {
  for (let i = 0; i < 2; i++) await session.send("HeapProfiler.collectGarbage");
  const {usedSize} = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

/** After load, and what three drags of every slider leave behind. Nothing of ours runs in the page. */
export function measureHeap(browser: Browser, url: string): Promise<Values> {
  return withPage(browser, "", async (page) => {
    await page.goto(url, {waitUntil: "load"});
    await page.waitForTimeout(1000);
    const session = await page.context().newCDPSession(page);
    const before = await live(session);
    const sliders = await findTracks(page);
    for (let i = 0; i < DRAGS; i++) for (const slider of sliders) await drag(page, session, slider);
    const values: Values = {"heap.load": before};
    if (sliders.length > 0) values["heap.growth"] = (await live(session)) - before;
    return values;
  });
}

async function drag(page: Page, session: CDPSession, slider: number): Promise<void> {
  const track = await locate(page, slider);
  await press(page, track);
  await sweep(session, track);
  await release(page);
}
