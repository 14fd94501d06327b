export interface Slices {
  /** Runs the steps one after the other, each in a task of its own: a key, a finger or a frame waits for one of them, not for all. */
  readonly begin: () => void;
  /** Runs what is left at once: somebody needs it now. */
  readonly finish: () => void;
}

/** @param done called once, after the last step. */
export function slices(steps: readonly (() => void)[], done: () => void): Slices {
  const left = [...steps, done];
  let isRunning = false;
  const next = (): void => {
    left.shift()?.();
    if (left.length > 0) setTimeout(next);
  };
  return {
    begin: () => {
      if (!isRunning) setTimeout(next);
      isRunning = true;
    },
    finish: () => {
      for (const step of left.splice(0)) step();
    }
  };
}
