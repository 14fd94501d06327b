import {existsSync} from "node:fs";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {spawnSync} from "node:child_process";
import {cpus, loadavg} from "node:os";
import type {Browser} from "playwright-core";
import {serve} from "../server.ts";
import {buildBaseline} from "./baseline.ts";
import {withBrowser} from "./chromium.ts";
import {compare, missed, readReference, regressions, updated, writeReference, TOLERANCE, type PageValues, type Row} from "./compare.ts";
import {measureDrag, worst, type SliderResult} from "./drag.ts";
import {measureEngine, measureHosts} from "./engine.ts";
import {measureHeap} from "./heap.ts";
import {measureLighthouse} from "./lighthouse.ts";
import {measureLoad} from "./load.ts";
import {measureMaps, measurePlans} from "./maps.ts";
import type {Kind, Values} from "./metrics.ts";
import {parseOptions, USAGE, type Options} from "./options.ts";
import {recorderSource} from "./page/recorder-source.ts";
import {HOW, sliderLines, table} from "./report.ts";

const DIST = "dist";
const REFERENCE = "bench/reference.json";
const MOST_DRAGS = 3;
/** Pages that have a worker do part of the work. */
const ANSWERS: Readonly<Record<string, typeof measureMaps>> = {together: measureMaps, overcommit: measurePlans};
/** The page beside which hosts of many machines are measured. */
const HOSTS = "overcommit";
const QUIET_LOAD = 0.5;

interface Bench {
  readonly browser: Browser;
  readonly recorder: string;
  readonly options: Options;
  /** Lines for the reader beside the table. */
  readonly notes: string[];
  readonly sliders: Record<string, readonly SliderResult[]>;
}

async function measure({browser, recorder, options, notes, sliders}: Bench, page: string, url: string, kind: Kind): Promise<Values> {
  const values: Values = {};
  const step = (name: string): void => void process.stderr.write(`${page}: ${name}\n`);
  const {only, runs} = options;
  if (only.has("load")) {
    step("load");
    const {values: loaded, served, foreign} = await measureLoad(browser, recorder, url);
    Object.assign(values, loaded);
    for (const {path, status} of served) if (status >= 400) notes.push(`${page}: ${status} for ${path}`);
    notes.push(...foreign.map((asked) => `${page}: asks ${asked}`));
  }
  if (only.has("drag") && kind === "model") {
    step("drag");
    const results = await measureDrag(browser, recorder, url, Math.min(runs, MOST_DRAGS));
    sliders[page] = results;
    notes.push(sliderLines(page, results));
    Object.assign(values, worst(results));
  }
  if (only.has("heap")) {
    step("heap");
    Object.assign(values, await measureHeap(browser, url));
  }
  if (only.has("engine")) Object.assign(values, measureEngine(page) ?? {}, page === HOSTS ? measureHosts() : {});
  const answers = ANSWERS[page];
  if (only.has("maps") && answers !== undefined) {
    step("maps");
    const {values: times, lines} = await answers(browser, DIST, url);
    Object.assign(values, times);
    notes.push(...lines);
  }
  if (only.has("lighthouse")) {
    step("lighthouse");
    const {values: scores, failed} = await measureLighthouse(url, runs);
    Object.assign(values, scores);
    if (failed.length > 0) notes.push(`${page}: Lighthouse marks down ${failed.join(", ")}`);
  }
  return values;
}

/** A page with a slider is held to the bars of model pages. */
async function sitePages({pages}: Options): Promise<{page: string; kind: Kind}[]> {
  const names = (await readdir(DIST)).filter((name) => name.endsWith(".html") && name !== "404.html").map((name) => name.slice(0, -".html".length)).sort();
  const unknown = pages?.filter((page) => !names.includes(page)) ?? [];
  if (unknown.length > 0) throw new Error(`no page ${unknown.join(", ")} in ${DIST}; there are ${names.join(", ")}`);
  const wanted = names.filter((name) => pages === null || pages.includes(name));
  const hasFigure = (html: string): boolean => ['type="range"', 'data-block="figure"'].some((mark) => html.includes(mark));
  return Promise.all(wanted.map(async (page) => ({page, kind: hasFigure(await readFile(`${DIST}/${page}.html`, "utf8")) ? "model" as const : "text" as const})));
}

function buildSite(): void {
  if (existsSync(DIST)) return;
  const {status} = spawnSync(process.execPath, ["--import", "tsx", "scripts/build.ts"], {stdio: ["ignore", 2, 2]});
  if (status !== 0) throw new Error("the site does not build");
}

async function measureAll(options: Options): Promise<{pages: PageValues[]; baseline: Values; bench: Bench}> {
  buildSite();
  const [ours, plain] = await Promise.all([serve(DIST), serve(await buildBaseline())]);
  try {
    return await withBrowser(async (browser) => {
      const bench: Bench = {browser, recorder: await recorderSource(), options, notes: [], sliders: {}};
      const baseline = await measure(bench, "baseline", plain.url, "model");
      const pages: PageValues[] = [];
      for (const {page, kind} of await sitePages(options)) pages.push({page, kind, values: await measure(bench, page, `${ours.url}${page}.html`, kind)});
      return {pages, baseline, bench};
    });
  } finally {
    await Promise.all([ours.close(), plain.close()]);
  }
}

/** Absolute values of a busy machine mean little, and its ratios not much more. */
function machine(load: number, browser: Browser): string[] {
  const [cpu] = cpus();
  const about = `${cpus().length} cores, ${cpu?.model ?? "unknown"}; Chromium ${browser.version()}; Node ${process.version}; load ${load.toFixed(1)} before the run`;
  return load > QUIET_LOAD ? [about, "the machine was busy: absolute values are too high, and this is no run for --update"] : [about];
}

function print(rows: readonly Row[], notes: readonly string[]): void {
  console.log(`${table(rows)}\n\nnotes\n${notes.map((note) => (note.startsWith("  ") ? note : `  ${note}`)).join("\n")}\n\n${HOW}\n`);
  for (const {page, metric, ours} of missed(rows)) console.log(`misses its bar: ${page}, ${metric.label}: ${ours.toFixed(metric.digits)} ${metric.unit}`);
  for (const {page, metric, worsening} of regressions(rows)) console.log(`worse than ${TOLERANCE} times its reference: ${page}, ${metric.label}: x${(worsening ?? 0).toFixed(2)}`);
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const [load = 0] = loadavg();
  const {pages, baseline, bench} = await measureAll(options);
  const reference = await readReference(REFERENCE);
  const rows = compare(pages, baseline, reference);
  const notes = [...machine(load, bench.browser), ...bench.notes];
  print(rows, notes);
  if (options.json !== null) await writeFile(options.json, `${JSON.stringify({pages, baseline, sliders: bench.sliders, notes}, null, 2)}\n`);
  if (options.update) await writeReference(REFERENCE, updated(reference, rows));
  return regressions(rows).length > 0 || (options.strict && missed(rows).length > 0) ? 1 : 0;
}

process.exitCode = await main();
