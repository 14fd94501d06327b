/** Moves labels apart so that none overlap, keeping their order and staying inside [top, bottom]. */
export function dodge(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((y, i) => ({y, i})).sort((a, b) => a.y - b.y || a.i - b.i);
  let floor = top;
  for (const label of order) {
    label.y = Math.max(label.y, floor);
    floor = label.y + gap;
  }
  let ceiling = bottom;
  for (const label of order.toReversed()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - gap;
  }
  const placed = new Array<number>(wanted.length).fill(0);
  for (const label of order) placed[label.i] = round(label.y);
  return placed;
}

/** Two decimals are a hundredth of a pixel: enough to draw, short enough to serve. */
export const round = (n: number): number => Math.round(n * 100) / 100;

/** Ticks for an axis in MiB: halves and wholes of a GiB, as memory is sold. */
export function mibTicks(max: number): number[] {
  const step = max > 3300 ? 1024 : max > 1100 ? 512 : 256;
  return Array.from({length: Math.floor(max / step) + 1}, (_, i) => i * step);
}
