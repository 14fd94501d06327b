import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Browser} from "playwright-core";
import {launch} from "../../../scripts/bench/chromium.ts";
import {measureDrag, type SliderResult} from "../../../scripts/bench/drag.ts";
import {recorderSource} from "../../../scripts/bench/page/recorder-source.ts";
import {serve, type Served} from "../../../scripts/server.ts";

const DELAY = 50;

/** A slider and a bar; `input` draws it, at once or late. */
const page = (input: string): string => `<!doctype html><title>delay</title><main>
<input type="range" min="0" max="20" style="width: 600px"><svg width="600" height="40"><rect width="1" height="40"/></svg></main>
<script>
const [slider, bar] = [document.querySelector("input"), document.querySelector("rect")];
const draw = (value) => bar.setAttribute("width", value * 30);
const block = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };
slider.oninput = () => { const {value} = slider; ${input} };
</script>`;

/** The same drawing, with known delays between input and picture. */
const pages = {
  late: page(`setTimeout(() => draw(value), ${DELAY});`),
  blocking: page(`block(${DELAY}); requestAnimationFrame(() => draw(value));`)
};

let [folder, served, browser, recorder]: [string, Served | undefined, Browser | undefined, string] = ["", undefined, undefined, ""];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-"));
  for (const [name, html] of Object.entries(pages)) await writeFile(join(folder, `${name}.html`), html);
  [served, browser, recorder] = await Promise.all([serve(folder), launch(), recorderSource()]);
});

afterAll(async () => {
  await Promise.all([served?.close(), browser?.close()]);
  await rm(folder, {recursive: true});
});

async function drag(name: keyof typeof pages): Promise<SliderResult> {
  if (served === undefined || browser === undefined) throw new Error("not started");
  const [result] = await measureDrag(browser, recorder, `${served.url}${name}.html`, 1, 1);
  if (result === undefined) throw new Error("no slider found");
  return result;
}

/** Lower bounds hold on any machine, since a delay is never shorter than it is. */
describe("the drag is measured to the frame that shows the value", () => {
  it.each(["late", "blocking"] as const)("finds a known delay: %s", {timeout: 120_000}, async (name) => {
    const {moves, counted, recognised, p50, p95} = await drag(name);
    expect(moves).toBe(120);
    expect(counted).toBeGreaterThan(15);
    expect(recognised).toBe(1);
    expect(p50).toBeGreaterThanOrEqual(DELAY);
    expect(p95).toBeGreaterThanOrEqual(p50);
  });
});
