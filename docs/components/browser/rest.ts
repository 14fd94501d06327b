/**
 * Calls `then` once nothing has been reported for `pause` milliseconds. One
 * timer at a time: a drag reports every frame, and setting and clearing a timer
 * each time is a good part of a frame on a slow phone.
 */
export function atRest(pause: number, then: () => void): () => void {
  let last = 0;
  let waiting = false;
  const look = (): void => {
    const left = last + pause - performance.now();
    if (left > 0) {
      setTimeout(look, left);
      return;
    }
    waiting = false;
    then();
  };
  return () => {
    last = performance.now();
    if (waiting) return;
    waiting = true;
    setTimeout(look, pause);
  };
}
