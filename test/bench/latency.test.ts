import {describe, expect, it} from "vitest";
import {latencies, summarise, type Frame, type Move, type PictureValues, type Recording} from "../../scripts/bench/latency.ts";

const PERIOD = 16;

/** Picture n is that of the value "n". */
const pictures: PictureValues = new Map(Array.from({length: 10}, (_, n) => [n, new Set([String(n)])]));
const move = (at: number, value: number, firstFrame: number): Move => ({at, value: String(value), firstFrame});
/** One frame each period, which ends 5 ms after its tick. */
const framesOf = (shown: readonly number[]): Frame[] => shown.map((picture, i) => ({tick: i * PERIOD, end: i * PERIOD + 5, picture, changed: picture !== (shown[i - 1] ?? 0)}));
const recording = (moves: readonly Move[], shown: readonly number[]): Recording => ({initial: "0", moves, frames: framesOf(shown), shift: 0});

describe("latencies", () => {
  it("run to the end of the frame that shows the value", () => {
    expect(latencies(recording([move(10, 1, 1), move(26, 2, 2)], [0, 1, 2, 2]), pictures)).toEqual([11, 11]);
  });
  it("charge a page for drawing late, though it draws in every frame", () => {
    expect(latencies(recording([move(10, 1, 1), move(26, 2, 2), move(42, 3, 3)], [0, 0, 0, 1, 2, 3]), pictures)).toEqual([43, 43, 43]);
  });
  it("count a skipped value as shown by a later one", () => {
    expect(latencies(recording([move(10, 1, 1), move(26, 2, 2)], [0, 0, 0, 2]), pictures)).toEqual([43, 27]);
  });
  it("count every move that the browser merged into one", () => {
    expect(latencies(recording([move(2, 2, 1), move(10, 2, 1)], [0, 2]), pictures)).toEqual([19, 11]);
  });
  it("leave out moves that change nothing", () => {
    expect(latencies(recording([move(10, 1, 1), move(26, 1, 2)], [0, 1, 1]), pictures)).toEqual([11]);
    expect(latencies(recording([move(10, 0, 1), move(26, 1, 2)], [0, 0, 1]), pictures)).toEqual([11]);
  });
  it("take the first frame where the picture need not change", () => {
    const same: PictureValues = new Map([[0, new Set(["0", "1"])]]);
    expect(latencies(recording([move(10, 1, 1)], [0, 0, 0]), same)).toEqual([11]);
  });
  it("run to the end of the recording where the value never shows", () => {
    expect(latencies(recording([move(10, 1, 1)], [0, 0, 0, 0]), pictures)).toEqual([43]);
  });
  it("fall back to the next redraw where the picture is of no known value", () => {
    expect(latencies(recording([move(10, 1, 1)], [0, 0, 99, 99]), pictures)).toEqual([27]);
  });
});

describe("a summary", () => {
  const moves = Array.from({length: 5}, (_, i) => move(i * PERIOD + 10, i + 1, i + 1));
  it("gives percentiles, frames a second and the share of known pictures", () => {
    const result = summarise({recording: {...recording(moves, [0, 1, 2, 3, 4, 5]), shift: 0.25}, presented: [30, 20]}, pictures);
    expect(result).toMatchObject({p50: 11, p95: 11, presented: 30, slowFrames: 0, shift: 0.25, moves: 5, counted: 5, recognised: 1});
    expect(result.fps).toBeCloseTo(62.5);
  });
  it("counts frames over 50 ms", () => {
    const frames: Frame[] = [{tick: 0, end: 5, picture: 0, changed: false}, {tick: 16, end: 21, picture: 1, changed: true}, {tick: 67, end: 72, picture: 2, changed: true}, {tick: 117, end: 122, picture: 7, changed: true}];
    const result = summarise({recording: {initial: "0", moves: [move(10, 1, 1), move(26, 2, 2), move(120, 3, 3)], frames, shift: 0}, presented: []}, pictures);
    expect(result.slowFrames).toBe(1);
    expect(result.presented).toBeNaN();
    expect(result.fps).toBeCloseTo(2000 / 101);
  });
  it("says which share of the redraws it could not place", () => expect(summarise({recording: recording([move(10, 1, 1)], [0, 1, 99]), presented: []}, pictures).recognised).toBe(0.5));
  it("refuses a drag that the page did not see, or that moved nothing", () => {
    expect(() => summarise({recording: recording([], [0]), presented: []}, pictures)).toThrow("no mouse move");
    expect(() => summarise({recording: recording([move(1, 0, 0)], [0]), presented: []}, pictures)).toThrow("changed the slider");
  });
});
