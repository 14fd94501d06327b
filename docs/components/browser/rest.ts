/**
 * Calls `then` once nothing has been reported for `pause` milliseconds. One
 * timer at a time: a drag reports every frame, and setting and clearing a timer
 * each time is a good part of a frame on a slow phone.
 * @param most ms after the first report it is called anyway; never by default.
 */
export function atRest(pause: number, then: () => void, most = Infinity): () => void {
  let [first, last] = [0, 0];
  let waiting = false;
  const look = (): void => {
    const left = Math.min(last + pause, first + most) - performance.now();
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
    first = last;
    setTimeout(look, Math.min(pause, most));
  };
}
