import {atRest} from "./rest.ts";

export interface WorkerResults<Q, R> {
  /** Asks for what belongs to a key, unless it was the last thing asked for. */
  readonly ask: (key: string, request: Q) => void;
  /** The last answer that is shown: until the next one it stands. */
  readonly latest: () => R;
  /** Is handed what to call when there is an answer. */
  readonly onChange: (changed: () => void) => void;
  /** Has a request answered once, so that the worker is loaded and its code warm when a drag begins. */
  readonly warm: (request: Q) => void;
}

/** What is needed of a worker. */
export type Answerer = Pick<Worker, "addEventListener" | "postMessage">;

export interface First<R> {
  readonly key: string;
  readonly result: R;
}

/** How often a worker is asked while the reader drags, and what for once the reader rests. */
export interface Pace<Q> {
  /** ms between two requests: nobody sees more answers than that, and drawing some takes frames from the drag that asked for them. */
  readonly every: number;
  /** After so many ms without a change the reader rests. */
  readonly rest: number;
  /** What is asked for then. */
  readonly atRest: (request: Q) => Q;
}

/**
 * What a worker works out for the page, started when the reader reaches for the
 * page's controls. The worker posts results as they are.
 * @param first what the build drew, and its key.
 * @param start makes the worker.
 * @param pace without one every change is asked for at once.
 */
export function workerResults<Q, R>(first: First<R>, start: () => Answerer, pace: Pace<Q> | null = null): WorkerResults<Q, R> {
  let asked = first.key;
  let latest = first.result;
  let worker: Answerer | null = null;
  let tell = (): void => undefined;
  let posted = -Infinity;
  let due: ReturnType<typeof setTimeout> | undefined;
  const begin = (): Answerer => {
    const made = start();
    made.addEventListener("message", ({data}: MessageEvent<R>) => {
      latest = data;
      tell();
    });
    return made;
  };
  const post = (request: Q): void => {
    clearTimeout(due);
    due = undefined;
    posted = performance.now();
    worker ??= begin();
    worker.postMessage(request);
  };
  const postAtPace = ({every, rest, atRest: final}: Pace<Q>): ((request: Q) => void) => {
    let wanted: Q;
    const rested = atRest(rest, () => post(final(wanted)));
    return (request) => {
      wanted = request;
      const wait = posted + every - performance.now();
      if (due === undefined && wait > 0) due = setTimeout(() => post(wanted), wait);
      else if (due === undefined) post(request);
      rested();
    };
  };
  const change = pace === null ? post : postAtPace(pace);
  return {
    ask: (key, request) => {
      if (key === asked) return;
      asked = key;
      change(request);
    },
    latest: () => latest,
    onChange: (changed) => {
      tell = changed;
    },
    warm: (request) => {
      if (worker === null) post(request);
    }
  };
}
