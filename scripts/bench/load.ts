import type {Browser} from "playwright-core";
import {withPage} from "./chromium.ts";
import type {Values} from "./metrics.ts";
import {countingProxy, type Served} from "./proxy.ts";

const IDLE_MS = 5000;

/** Loads the page with an empty cache and lets it be for five seconds. */
export async function measureLoad(browser: Browser, recorder: string, url: string): Promise<{values: Values; served: readonly Served[]; foreign: string[]}> {
  const target = new URL(url);
  const proxy = await countingProxy(target.origin);
  try {
    const {shift, foreign} = await withPage(browser, recorder, async (page) => {
      const elsewhere: string[] = [];
      page.on("request", (request) => {
        const asked = new URL(request.url());
        if (asked.protocol.startsWith("http") && asked.origin !== proxy.url) elsewhere.push(request.url());
      });
      await page.goto(new URL(target.pathname, proxy.url).href, {waitUntil: "load"});
      await page.waitForTimeout(IDLE_MS);
      return {shift: await page.evaluate(() => window.benchRecorder.cumulativeShift()), foreign: elsewhere};
    });
    const bytes = proxy.served.reduce((sum, {gzipBytes}) => sum + gzipBytes, 0);
    return {values: {"load.requests": proxy.served.length, "load.kB": bytes / 1000, "load.shift": shift, "load.foreign": foreign.length}, served: proxy.served, foreign};
  } finally {
    await proxy.close();
  }
}
