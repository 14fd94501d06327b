/** A step's events are those due by its time: `step` seconds times `row`; a rounding error does not put one off. */
export function isDue<E extends {readonly at: number}>(event: E | undefined, row: number, step: number): event is E {
  return event !== undefined && event.at <= (row + 1e-9) * step;
}
