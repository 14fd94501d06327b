import {percentile} from "./stats.ts";

/** One real mouse move: when it was made, which value it left the slider at, and the first frame that could show it. */
export interface Move {
  /** `event.timeStamp`, ms. */
  readonly at: number;
  readonly value: string;
  /** Index into the frames. */
  readonly firstFrame: number;
}

/** One frame of the main thread. */
export interface Frame {
  /** The time of the display's tick, as animation callbacks are given it, ms. */
  readonly tick: number;
  /** When the frame had been handed to the compositor: the first task or next frame after it, ms. */
  readonly end: number;
  /** Number of the picture that the figures show in this frame. */
  readonly picture: number;
  /** Whether the figures were redrawn in it. */
  readonly changed: boolean;
}

export interface Recording {
  /** The slider's value before the first move. */
  readonly initial: string;
  readonly moves: readonly Move[];
  readonly frames: readonly Frame[];
  /** Score of all layout shifts while recording, those shortly after an input included. */
  readonly shift: number;
}

/** A recording, and Chromium's own latencies of the same moves (trace.ts). */
export interface Drag {
  readonly recording: Recording;
  readonly presented: readonly number[];
}

/** Which slider values a picture belongs to, found by setting each value and waiting for the page to come to rest. */
export type PictureValues = ReadonlyMap<number, ReadonlySet<string>>;

export interface DragResult {
  readonly p50: number;
  readonly p95: number;
  /** 95th percentile to the presentation of the first frame after the move, whatever it shows. */
  readonly presented: number;
  readonly fps: number;
  readonly slowFrames: number;
  readonly shift: number;
  /** Mouse moves seen by the page, and how many of them changed the value. */
  readonly moves: number;
  readonly counted: number;
  /** Share of redrawn frames whose picture belongs to a known value. */
  readonly recognised: number;
}

const SLOW_FRAME_MS = 50;

/**
 * From each move that changed the value to the end of the first frame whose
 * figures show that value or that of a later move. A page that draws two frames
 * late is so charged for two frames, although it draws something every frame.
 */
export function latencies({initial, moves, frames}: Recording, pictures: PictureValues): number[] {
  const changing = moves.filter((_, i) => changes(moves, i, initial));
  return changing.map((move, i) => {
    const wanted = new Set(changing.slice(i).map((m) => m.value));
    const later = frames.slice(move.firstFrame);
    const shown = later.find((frame) => shows(frame, wanted, pictures)) ?? later.at(-1);
    return shown === undefined ? Infinity : shown.end - move.at;
  });
}

/** Moves of one frame stand together: they left the slider at one value, and count if it is another than before them. */
function changes(moves: readonly Move[], i: number, initial: string): boolean {
  const move = moves[i];
  const before = moves.slice(0, i).findLast(({firstFrame}) => firstFrame !== move?.firstFrame);
  return move !== undefined && move.value !== (before?.value ?? initial);
}

/** A picture of no known value (one in transition) counts as showing what was asked for when it was drawn. */
function shows(frame: Frame, wanted: ReadonlySet<string>, pictures: PictureValues): boolean {
  const values = pictures.get(frame.picture);
  if (values === undefined) return frame.changed;
  return [...values].some((value) => wanted.has(value));
}

export function summarise({recording, presented}: Drag, pictures: PictureValues): DragResult {
  const {moves, frames, shift} = recording;
  const [first, last] = [moves[0], moves.at(-1)];
  if (first === undefined || last === undefined) throw new Error("the page saw no mouse move");
  const all = latencies(recording, pictures);
  if (all.length === 0) throw new Error("no mouse move changed the slider");
  const during = frames.filter(({tick}, i) => i >= first.firstFrame && tick <= last.at);
  const gaps = during.slice(1).map(({tick}, i) => tick - (during[i]?.tick ?? tick));
  const seconds = gaps.reduce((a, b) => a + b, 0) / 1000;
  const changed = frames.filter((frame) => frame.changed);
  return {
    p50: percentile(all, 0.5),
    p95: percentile(all, 0.95),
    presented: presented.length === 0 ? NaN : percentile(presented, 0.95),
    fps: seconds === 0 ? 0 : gaps.length / seconds,
    slowFrames: gaps.filter((gap) => gap > SLOW_FRAME_MS).length,
    shift,
    moves: moves.length,
    counted: all.length,
    recognised: changed.length === 0 ? 1 : changed.filter(({picture}) => pictures.has(picture)).length / changed.length
  };
}
