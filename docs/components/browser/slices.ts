/**
 * Runs steps one after the other, each in a task of its own: what comes in
 * meanwhile, a key, a finger or a frame, waits for one step and not for all.
 */
export function inSlices(steps: readonly (() => void)[], done: () => void): void {
  const [step = done, ...rest] = steps;
  setTimeout(() => {
    step();
    if (step !== done) inSlices(rest, done);
  });
}
