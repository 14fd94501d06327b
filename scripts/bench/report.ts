import {TOLERANCE, type Row} from "./compare.ts";
import type {SliderResult} from "./drag.ts";
import type {Metric} from "./metrics.ts";

const HEADINGS = ["", "ours", "bar", "", "baseline", "ours/baseline", "reference", "vs reference"];

/** One table a page, columns aligned, for a terminal. */
export function table(rows: readonly Row[]): string {
  const pages = [...new Set(rows.map((row) => row.page))];
  return pages.map((page) => `${page}\n${align([HEADINGS, ...rows.filter((row) => row.page === page).map(cells)])}`).join("\n\n");
}

const value = ({digits, unit}: Metric, number: number): string => `${number.toFixed(digits)}${unit === "" ? "" : ` ${unit}`}`;

function cells({metric, ours, bar, met, baseline, ratio, reference, worsening}: Row): string[] {
  return [
    metric.label,
    value(metric, ours),
    bar === null ? "" : `${bar.at === "most" ? "<=" : ">="} ${bar.value}`,
    met === null ? "" : met ? "pass" : "FAIL",
    baseline === null ? "-" : value(metric, baseline),
    ratio === null ? "-" : ratio.toFixed(2),
    reference === null ? "-" : reference.toFixed(2),
    worsening === null ? "-" : `x${worsening.toFixed(2)}${worsening > TOLERANCE ? " WORSE" : ""}`
  ];
}

function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => `  ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`.trimEnd()).join("\n");
}

/** Slider by slider, since the table has only the worst. */
export function sliderLines(page: string, sliders: readonly SliderResult[]): string {
  return sliders.map((s) => `  ${page} slider ${s.slider + 1}: p50 ${s.p50.toFixed(1)}, p95 ${s.p95.toFixed(1)} (first drag ${s.firstP95.toFixed(1)}), display p95 ${s.presented.toFixed(1)} ms, ${s.fps.toFixed(1)} fps, ${s.slowFrames} frames over 50 ms; ${s.moves} moves seen, ${s.counted} changed the value; ${Math.round(s.recognised * 100)} % of redraws recognised`).join("\n");
}

export const HOW = `how it is measured
  Lighthouse   12, mobile, simulated throttling, a new browser each run; medians
  load         a counting proxy before the server; each body compressed with gzip level 6, HTML included
  drag         120 mouse moves through DevTools' input, 60 a second by the clock, over each slider's full track, CPU slowed 4x;
               from the move's event.timeStamp (moves merged by the browser count one by one) to the end of the
               frame (the first task or the next frame after it) whose figures show that value or a later one. Which picture belongs to which value is found
               afterwards, by setting each value and letting the page rest, so a page that draws frames late is charged
               for them. Worst slider, median of its drags; a frame is one animation tick. "Input to display" is Chromium's own EventLatency from a
               trace of the same drag: it ends later, when the display has the frame (here drawn without a GPU), but with the
               first frame after the move, whatever that shows; so it has no bar, and is no help to tell late pages apart
               What a worker of the page works out (the map of together, the areas and costs of overcommit) is drawn when it
               answers and is no part of the picture: its times are under maps
  layout shift Chromium's cumulative score over load; over a drag the plain sum, with nothing excused
  heap         live JavaScript objects after collection; growth over three drags of every slider
  engine       median of 201 model runs in Node for the page's default state, over a fixed loop on a typed array
  16 VMs       under engine, with the page overcommit: an hour in steps of 0.1 s with jobs that come and go on a host of a quarter
               of the machines' memory, so that with nobody to move targets it swaps all the time; medians of five runs in Node, each beside a thousand loops
  maps         the worker of the page together, six settings one after the other, of each a coarse map and then the fine one, from
               request to answer (the page asks for the fine one 150 ms after the last change): medians of the last five, the worst of
               three systems and three settings; and six plans of the page overcommit, the same way
  ratios       values below a metric's grain count as the grain, so that noise about zero is no difference`;
