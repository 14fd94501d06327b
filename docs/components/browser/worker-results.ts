export interface WorkerResults<Q, R> {
  /** Asks for what belongs to a key, unless it was the last thing asked for. */
  readonly ask: (key: string, request: Q) => void;
  /** The last answer that is shown: until the next one it stands. */
  readonly latest: () => R;
  /** Is handed what to call when there is an answer. */
  readonly onChange: (changed: () => void) => void;
}

/** Answers that come faster than this are shown in turn, not each: drawing a map takes frames from the drag that asked for it. */
const SHOWN_MS = 500;

/**
 * What a worker works out for the page, started when something else is asked for
 * than the build drew: `first` is that, and its key. The worker posts results as they are.
 */
export function workerResults<Q, R>(first: {readonly key: string; readonly result: R}, start: () => Worker): WorkerResults<Q, R> {
  let asked = first.key;
  let latest = first.result;
  let worker: Worker | null = null;
  let tell = (): void => undefined;
  let shown = -SHOWN_MS;
  let waiting: {result: R} | null = null;
  const show = (result: R): void => {
    waiting = null;
    shown = performance.now();
    latest = result;
    tell();
  };
  const begin = (): Worker => {
    const made = start();
    made.addEventListener("message", ({data}: MessageEvent<R>) => {
      if (waiting !== null) {
        waiting.result = data;
        return;
      }
      const rest = shown + SHOWN_MS - performance.now();
      const next = {result: data};
      if (rest <= 0) show(data);
      else {
        waiting = next;
        setTimeout(() => show(next.result), rest);
      }
    });
    return made;
  };
  return {
    ask: (key, request) => {
      if (key === asked) return;
      asked = key;
      worker ??= begin();
      worker.postMessage(request);
    },
    latest: () => latest,
    onChange: (changed) => {
      tell = changed;
    }
  };
}
