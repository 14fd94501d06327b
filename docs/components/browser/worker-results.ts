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

/**
 * What a worker works out for the page, started when the reader reaches for the
 * page's controls. The worker posts results as they are.
 * @param first what the build drew, and its key.
 * @param start makes the worker.
 * @param every ms between two requests: nobody sees more answers than that, and drawing some takes frames from the drag that asked for them.
 */
export function workerResults<Q, R>(first: First<R>, start: () => Answerer, every = 0): WorkerResults<Q, R> {
  let asked = first.key;
  let latest = first.result;
  let worker: Answerer | null = null;
  let tell = (): void => undefined;
  let posted = -Infinity;
  let waiting: {request: Q} | null = null;
  const begin = (): Answerer => {
    const made = start();
    made.addEventListener("message", ({data}: MessageEvent<R>) => {
      latest = data;
      tell();
    });
    return made;
  };
  const post = (request: Q): void => {
    waiting = null;
    posted = performance.now();
    worker ??= begin();
    worker.postMessage(request);
  };
  return {
    ask: (key, request) => {
      if (key === asked) return;
      asked = key;
      if (waiting !== null) {
        waiting.request = request;
        return;
      }
      const rest = posted + every - performance.now();
      const next = {request};
      if (rest <= 0) post(request);
      else {
        waiting = next;
        setTimeout(() => post(next.request), rest);
      }
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
