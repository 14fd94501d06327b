import type {CDPSession, Page} from "playwright-core";

export const MOVES = 120;
const PERIOD_MS = 1000 / 60;
/** From the ends of a track to where the middle of a thumb can be. */
const THUMB = 8;
const SETTLE_MS = 500;

export interface Track {
  readonly index: number;
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

/** The sliders a reader could drag: visible and enabled. */
export async function findTracks(page: Page): Promise<number[]> {
  const sliders = await page.locator("input[type=range]").all();
  const usable = await Promise.all(sliders.map(async (slider) => (await slider.isVisible()) && (await slider.isEnabled())));
  return usable.flatMap((yes, i) => (yes ? [i] : []));
}

export async function locate(page: Page, index: number): Promise<Track> {
  const slider = page.locator("input[type=range]").nth(index);
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  if (box === null) throw new Error(`slider ${index} is not shown`);
  return {index, left: box.x + THUMB, right: box.x + box.width - THUMB, y: box.y + box.height / 2};
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Presses at one end of the track and waits until the page has followed. */
export async function press(page: Page, {left, y}: Track): Promise<void> {
  await page.mouse.move(left, y);
  await page.mouse.down();
  await page.waitForTimeout(SETTLE_MS);
}

/**
 * 120 moves to the other end, one every sixtieth of a second by the clock, as a
 * hand makes them: a page that is late gets no more time.
 */
export async function sweep(session: CDPSession, {left, right, y}: Track): Promise<void> {
  const start = performance.now();
  const sent: Promise<unknown>[] = [];
  for (let i = 1; i <= MOVES; i++) {
    await wait(Math.max(0, start + i * PERIOD_MS - performance.now()));
    const x = left + ((right - left) * i) / MOVES;
    sent.push(session.send("Input.dispatchMouseEvent", {type: "mouseMoved", x, y, button: "left", buttons: 1}));
  }
  await Promise.all(sent);
}

export async function release(page: Page): Promise<void> {
  await page.waitForTimeout(SETTLE_MS);
  await page.mouse.up();
}
