import type {Frame, Move, Recording} from "../latency.ts";

/**
 * Runs inside the measured page, before its own scripts (bundled to one string
 * by recorder-source.ts). Watches mouse moves, frames and what the figures show.
 */
export interface Recorder {
  /** Begins a recording of a drag on the nth slider of the page. */
  start(slider: number): void;
  stop(): Recording;
  /** Sets each value, waits until the figures rest, and says which picture each value gives: `[picture, value]`. */
  settle(slider: number, values: readonly string[]): Promise<[number, string][]>;
  /** Cumulative layout shift so far, as Chromium defines it. */
  cumulativeShift(): number;
}

declare global {
  interface Window {
    benchRecorder: Recorder;
  }
  /** Chromium has it; TypeScript's library does not yet. */
  const scheduler: {postTask(run: () => void, options: {priority: "user-blocking"}): Promise<void>};
}

/** Marks what a worker works out: it has bars of its own (`maps`), and is no part of the picture that a drag waits for. */
const ANSWER = "[data-answer]";

/** A figure's markup without what a worker answers; what the figure says about that part goes with it. */
function markupOf(svg: Element): string {
  if (svg.matches(ANSWER)) return "";
  const answers = svg.querySelectorAll(ANSWER);
  if (answers.length === 0) return svg.outerHTML;
  return Array.from(svg.children).filter((child) => !child.matches(ANSWER)).map((child) => child.outerHTML).join("");
}

/** What the figures of the page look like, as numbers: equal markup, equal number. */
class Figures {
  private readonly markup = new Map<Element, string>();
  private readonly known = new Map<string, number>();
  private readonly drawn: string[][] = [];
  private readonly touched = new Set<Element>();
  private readonly observer = new MutationObserver((records) => this.note(records));
  private changed = false;

  constructor() {
    addEventListener("DOMContentLoaded", () => this.observer.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true}));
  }

  /** The picture of the frame just drawn, or null if the last one still stands. */
  drawnSince(): number | null {
    this.note(this.observer.takeRecords());
    return this.changed ? this.now() : null;
  }

  now(): number {
    this.note(this.observer.takeRecords());
    this.changed = false;
    return this.drawn.push(this.read()) - 1;
  }

  /** Numbers equal pictures alike; done after the drag, since comparing takes time. */
  identify(drawn: number): number {
    const key = (this.drawn[drawn] ?? []).join("\n");
    const number = this.known.get(key) ?? this.known.size;
    this.known.set(key, number);
    return number;
  }

  private read(): string[] {
    // What is scrolled out of sight may be drawn later: nobody waits for it.
    const seen = Array.from(document.querySelectorAll("main svg")).filter((svg) => {
      const {top, bottom, height} = svg.getBoundingClientRect();
      return height > 0 && bottom > 0 && top < innerHeight;
    });
    const markup = seen.map((svg) => {
      const old = this.touched.has(svg) ? undefined : this.markup.get(svg);
      const text = old ?? markupOf(svg);
      if (old === undefined) this.markup.set(svg, text);
      return text;
    });
    this.touched.clear();
    return markup;
  }

  private note(records: readonly MutationRecord[]): void {
    for (const {type, target, addedNodes} of records) {
      const element = target instanceof Element ? target : target.parentElement;
      if (element?.closest(ANSWER)) continue;
      const svg = element?.closest("svg") ?? null;
      const replaced = svg === null && type === "childList" && Array.from(addedNodes).some((node) => node instanceof Element && (node.matches("svg") || node.querySelector("svg") !== null));
      if (svg !== null) this.touched.add(svg.ownerSVGElement ?? svg);
      if (svg !== null || replaced) this.changed = true;
    }
  }
}

const figures = new Figures();

const shifts: {readonly at: number; readonly score: number; readonly excused: boolean}[] = [];
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}
new PerformanceObserver((list) => {
  for (const entry of list.getEntries() as LayoutShift[]) shifts.push({at: entry.startTime, score: entry.value, excused: entry.hadRecentInput});
}).observe({type: "layout-shift", buffered: true});

const sliders = (): HTMLInputElement[] => Array.from(document.querySelectorAll<HTMLInputElement>("input[type=range]"));

function sliderAt(index: number): HTMLInputElement {
  const slider = sliders()[index];
  if (slider === undefined) throw new Error(`no slider ${index}`);
  return slider;
}

interface Session {
  readonly moves: {at: number; value: string | null; firstFrame: number}[];
  readonly frames: Frame[];
  readonly since: number;
  readonly slider: HTMLInputElement;
  readonly initial: string;
  ticks: number;
  picture: number;
  /** Tick of the frame that is being drawn. */
  open: number | null;
}

let session: Session | null = null;

/** Moves that the browser merged into one event were still made one by one. */
addEventListener("pointermove", (event) => {
  if (session === null || event.buttons === 0) return;
  const merged = event.getCoalescedEvents();
  for (const {timeStamp} of merged.length === 0 ? [event] : merged) session.moves.push({at: timeStamp, value: null, firstFrame: session.ticks});
}, {capture: true, passive: true});

/** What the moves so far have left the slider at. */
function noteValue(): void {
  for (const move of session?.moves ?? []) move.value ??= session?.slider.value ?? null;
}
addEventListener("input", noteValue, {capture: true, passive: true});

function onFrame(tick: number): void {
  const recording = session;
  if (recording === null) return;
  endFrame(recording);
  recording.open = tick;
  recording.ticks++;
  noteValue();
  void scheduler.postTask(() => endFrame(recording), {priority: "user-blocking"});
  requestAnimationFrame(onFrame);
}

/**
 * Runs in the first task after a frame. A busy page may get its next frame
 * before any task, since Chromium puts frames first while a pointer is down:
 * then the beginning of that next frame ends this one.
 */
function endFrame(recording: Session): void {
  const {open} = recording;
  if (open === null) return;
  const end = performance.now();
  const drawn = figures.drawnSince();
  recording.open = null;
  recording.picture = drawn ?? recording.picture;
  recording.frames.push({tick: open, end, picture: recording.picture, changed: drawn !== null});
}

/** Frames without a change after which the figures count as at rest: Framework's cells alone take three. */
const REST_FRAMES = 5;
const nextFrame = (): Promise<void> => new Promise((resolve) => void requestAnimationFrame(() => resolve()));

async function atRest(): Promise<number> {
  let [picture, still] = [figures.identify(figures.now()), 0];
  while (still < REST_FRAMES) {
    await nextFrame();
    const next = figures.identify(figures.now());
    still = next === picture ? still + 1 : 0;
    picture = next;
  }
  return picture;
}

window.benchRecorder = {
  start(index) {
    const slider = sliderAt(index);
    session = {moves: [], frames: [], since: performance.now(), slider, initial: slider.value, ticks: 0, picture: figures.now(), open: null};
    requestAnimationFrame(onFrame);
  },
  stop() {
    if (session === null) throw new Error("nothing is being recorded");
    const {initial, moves, frames, since} = session;
    session = null;
    return {
      initial,
      moves: moves.flatMap(({at, value, firstFrame}): Move[] => (value === null ? [] : [{at, value, firstFrame}])),
      frames: frames.map((frame) => ({...frame, picture: figures.identify(frame.picture)})),
      shift: shifts.filter(({at}) => at >= since).reduce((sum, {score}) => sum + score, 0)
    };
  },
  async settle(index, values) {
    const slider = sliderAt(index);
    const found: [number, string][] = [];
    for (const value of values) {
      slider.value = value;
      slider.dispatchEvent(new Event("input", {bubbles: true}));
      found.push([await atRest(), value]);
    }
    return found;
  },
  cumulativeShift() {
    let [worst, window, begin, last] = [0, 0, -Infinity, -Infinity];
    for (const {at, score, excused} of shifts) {
      if (excused) continue;
      if (at - last >= 1000 || at - begin >= 5000) [window, begin] = [0, at];
      window += score;
      last = at;
      worst = Math.max(worst, window);
    }
    return worst;
  }
};
