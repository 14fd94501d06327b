import lighthouse, {type Result} from "lighthouse";
import {freePort, withBrowser} from "./chromium.ts";
import type {Values} from "./metrics.ts";
import {median} from "./stats.ts";

const CATEGORIES = {performance: "performance", accessibility: "accessibility", practices: "best-practices", seo: "seo"} as const;
const TIMES = {fcp: "first-contentful-paint", lcp: "largest-contentful-paint", tbt: "total-blocking-time", speed: "speed-index", cls: "cumulative-layout-shift"} as const;

/** Lighthouse's default: a slow phone on a slow network, simulated from one unthrottled load; each run in a new browser. */
async function once(url: string): Promise<Result> {
  const port = await freePort();
  const run = await withBrowser(() => lighthouse(url, {port, logLevel: "error", output: "json", onlyCategories: Object.values(CATEGORIES)}), [`--remote-debugging-port=${port}`]);
  if (run === undefined) throw new Error(`Lighthouse gave no result for ${url}`);
  const {runtimeError} = run.lhr;
  if (runtimeError !== undefined) throw new Error(`Lighthouse on ${url}: ${runtimeError.message}`);
  return run.lhr;
}

/** Medians, and the names of the audits that cost points in the last run. */
export async function measureLighthouse(url: string, runs: number): Promise<{values: Values; failed: string[]}> {
  const results: Result[] = [];
  for (let i = 0; i < runs; i++) results.push(await once(url));
  const middle = (read: (result: Result) => number | null | undefined): number => median(results.map((result) => read(result) ?? 0));
  const values: Values = {};
  for (const [name, id] of Object.entries(CATEGORIES)) values[`lighthouse.${name}`] = Math.round(middle((r) => r.categories[id]?.score) * 100);
  for (const [name, id] of Object.entries(TIMES)) values[`lighthouse.${name}`] = middle((r) => r.audits[id]?.numericValue);
  const last = results.at(-1);
  return {values, failed: last === undefined ? [] : failedAudits(last)};
}

/** Of the three categories that must be full; what costs performance shows in its times. */
function failedAudits({categories, audits}: Result): string[] {
  const scored = ["accessibility", "best-practices", "seo"].flatMap((id) => categories[id]?.auditRefs ?? []);
  return scored.filter(({id, weight}) => weight > 0 && (audits[id]?.score ?? 1) < 1).map(({id}) => id);
}
