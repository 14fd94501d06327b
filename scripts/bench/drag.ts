import type {Browser, Page} from "playwright-core";
import {withPage} from "./chromium.ts";
import {summarise, type Drag, type DragResult, type PictureValues, type Recording} from "./latency.ts";
import type {Values} from "./metrics.ts";
import {findTracks, locate, press, release, sweep} from "./mouse.ts";
import {median} from "./stats.ts";
import {traceDrag} from "./trace.ts";

const CPU_SLOWDOWN = 4;

/** Medians of the rounds, and the first round by itself: code and layout are cold in it, as for a reader's first drag. */
interface Rounds extends DragResult {
  readonly firstP95: number;
}

export interface SliderResult extends Rounds {
  readonly slider: number;
}

/** Drags every slider of a page, each on a fresh load; `rounds` drags a slider, of which the medians count. */
export async function measureDrag(browser: Browser, recorder: string, url: string, rounds: number, slowdown = CPU_SLOWDOWN): Promise<SliderResult[]> {
  const open = <T>(use: (page: Page) => Promise<T>): Promise<T> =>
    withPage(browser, recorder, async (page) => {
      await page.goto(url, {waitUntil: "load"});
      await page.waitForTimeout(1000);
      return use(page);
    });
  const results: SliderResult[] = [];
  for (const slider of await open(findTracks)) results.push({slider, ...(await open((page) => dragSlider(browser, page, slider, rounds, slowdown)))});
  return results;
}

async function dragSlider(browser: Browser, page: Page, index: number, rounds: number, slowdown: number): Promise<Rounds> {
  const session = await page.context().newCDPSession(page);
  const drags: Drag[] = [];
  for (let round = 0; round < rounds; round++) {
    await session.send("Emulation.setCPUThrottlingRate", {rate: slowdown});
    const track = await locate(page, index);
    await press(page, track);
    await page.evaluate((i) => window.benchRecorder.start(i), index);
    const presented = await traceDrag(browser, async () => {
      await sweep(session, track);
      await release(page);
    });
    drags.push({recording: await page.evaluate(() => window.benchRecorder.stop()), presented});
  }
  await session.send("Emulation.setCPUThrottlingRate", {rate: 1});
  const pictures = await settle(page, index, drags.map(({recording}) => recording));
  return middle(drags.map((drag) => summarise(drag, pictures)));
}

async function settle(page: Page, index: number, recordings: readonly Recording[]): Promise<PictureValues> {
  const values = [...new Set(recordings.flatMap(({moves}) => moves.map(({value}) => value)))];
  const found = await page.evaluate(([i, list]) => window.benchRecorder.settle(i, list), [index, values] as const);
  const pictures = new Map<number, Set<string>>();
  for (const [picture, value] of found) pictures.set(picture, (pictures.get(picture) ?? new Set()).add(value));
  return pictures;
}

function middle(results: readonly DragResult[]): Rounds {
  const of = (read: (result: DragResult) => number): number => median(results.map(read));
  return {
    p50: of((r) => r.p50), p95: of((r) => r.p95), fps: of((r) => r.fps), presented: of((r) => r.presented), slowFrames: of((r) => r.slowFrames),
    shift: of((r) => r.shift), moves: of((r) => r.moves), counted: of((r) => r.counted), recognised: of((r) => r.recognised), firstP95: results[0]?.p95 ?? NaN
  };
}

/** A page is as good as its worst slider. */
export function worst(results: readonly SliderResult[]): Values {
  if (results.length === 0) return {};
  const most = (read: (result: DragResult) => number): number => Math.max(...results.map(read));
  return {
    "drag.p50": most((r) => r.p50), "drag.p95": most((r) => r.p95), "drag.presented": most((r) => r.presented), "drag.slow": most((r) => r.slowFrames),
    "drag.shift": most((r) => r.shift), "drag.fps": Math.min(...results.map((r) => r.fps))
  };
}
