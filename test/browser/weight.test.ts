import {gzipSync} from "node:zlib";
import {expect} from "vitest";
import {describe, test} from "./harness.ts";
import {hasModel, sitePages} from "./site-pages.ts";

/** Requests and compressed bytes, everything that is loaded without input. */
const LIMITS = {figures: {requests: 10, bytes: 130_000}, text: {requests: 8, bytes: 60_000}};

describe("what a page loads", () => {
  for (const name of sitePages) {
    test(name, async ({open}) => {
      const {page, requests} = await open(name);
      await page.waitForLoadState("networkidle");
      const limit = hasModel(name) ? LIMITS.figures : LIMITS.text;
      let bytes = 0;
      for (const request of requests) {
        const response = await request.response();
        expect([request.url(), response?.status()]).toEqual([request.url(), 200]);
        bytes += gzipSync((await response?.body()) ?? "", {level: 6}).length;
      }
      console.log(`${name}: ${requests.length} requests, ${(bytes / 1000).toFixed(1)} kB gzip`);
      expect(requests.length).toBeLessThanOrEqual(limit.requests);
      expect(bytes).toBeLessThanOrEqual(limit.bytes);
    });
  }
});
