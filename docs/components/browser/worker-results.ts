export interface WorkerResults<Q, R> {
  /** Asks for what belongs to a key, unless it was the last thing asked for. */
  readonly ask: (key: string, request: Q) => void;
  /** The last answer: until the next one is there it stands. */
  readonly latest: () => R;
  /** Is handed what to call when there is an answer. */
  readonly onChange: (changed: () => void) => void;
}

/**
 * What a worker works out for the page, started when something else is asked for
 * than the build drew: `first` is that, and its key. The worker posts results as they are.
 */
export function workerResults<Q, R>(first: {readonly key: string; readonly result: R}, start: () => Worker): WorkerResults<Q, R> {
  let asked = first.key;
  let latest = first.result;
  let worker: Worker | null = null;
  let tell = (): void => undefined;
  const begin = (): Worker => {
    const made = start();
    made.addEventListener("message", ({data}: MessageEvent<R>) => {
      latest = data;
      tell();
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
