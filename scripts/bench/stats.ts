/** The arithmetic of the bench, kept apart so that it can be tested. */

/**
 * The smallest value that at least `share` of the values do not exceed (nearest
 * rank): always a value that was measured. `share` from 0 to 1.
 */
export function percentile(values: readonly number[], share: number): number {
  if (share < 0 || share > 1) throw new RangeError(`a share is from 0 to 1, not ${share}`);
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("no values");
  return value;
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError("no values");
  return (low + high) / 2;
}

/**
 * Ours over the other's, where anything below `grain` counts as `grain`: below
 * it the difference means nothing, and zero over zero is 1.
 */
export const ratio = (ours: number, other: number, grain: number): number => Math.max(ours, grain) / Math.max(other, grain);

/** Numbers to three significant digits, as stored: more would only be noise in a diff. */
export const significant = (value: number): number => Number(value.toPrecision(3));
