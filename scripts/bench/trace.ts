import type {Browser} from "playwright-core";

/** The smallest category that has EventLatency in it: tracing more would slow what is measured. */
const CATEGORY = "input.scrolling";

interface TraceEvent {
  readonly name?: unknown;
  readonly ph?: unknown;
  readonly id?: unknown;
  readonly id2?: {readonly local?: unknown};
  readonly pid?: unknown;
  /** Microseconds. */
  readonly ts?: unknown;
  readonly args?: {readonly event_latency?: {readonly event_type?: unknown}};
}

/** Traces the whole browser while `run` runs; returns Chromium's own latencies of mouse drags, ms. */
export async function traceDrag(browser: Browser, run: () => Promise<void>): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({value}) => void events.push(...value));
  const complete = new Promise<void>((resolve) => void session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.start", {transferMode: "ReportEvents", traceConfig: {includedCategories: [CATEGORY]}});
  await run();
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return dragLatencies(events);
}

/** From the making of an event to the presentation of the first frame after it, whatever that frame shows. */
export function dragLatencies(events: readonly TraceEvent[]): number[] {
  const begun = new Map<string, number>();
  const found: number[] = [];
  for (const {name, ph, id, id2, pid, ts, args} of events.toSorted((a, b) => Number(a.ts) - Number(b.ts))) {
    if (name !== "EventLatency" || typeof ts !== "number") continue;
    const key = `${String(pid)} ${String(id ?? id2?.local)}`;
    if (ph === "b" && args?.event_latency?.event_type === "MOUSE_DRAGGED") begun.set(key, ts);
    const start = begun.get(key);
    if (ph !== "e" || start === undefined) continue;
    found.push((ts - start) / 1000);
    begun.delete(key);
  }
  return found;
}
