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
export function mibTicks(max: number, few = false): number[] {
  const step = (max > 3300 ? 1024 : max > 1100 ? 512 : 256) * (few ? 2 : 1);
  return Array.from({length: Math.floor(max / step) + 1}, (_, i) => i * step);
}

/** Top of an axis for small machines, MiB: it stands while a size is dragged, and grows by half a GiB when that outgrows it. */
export const steadyTop = (...sizes: readonly number[]): number => Math.max(1024, 512 * Math.ceil(Math.max(...sizes) / 512)) * 1.06;

/** The lowest row in which each label finds room beside those before it. */
export function labelRows(labels: readonly {readonly x: number; readonly width: number}[]): number[] {
  const ends: number[] = [];
  const order = labels.map((label, i) => ({...label, i})).sort((a, b) => a.x - b.x || a.i - b.i);
  const rows = new Array<number>(labels.length).fill(0);
  for (const {x, width, i} of order) {
    const free = ends.findIndex((end) => end <= x - width / 2);
    const row = free < 0 ? ends.length : free;
    ends[row] = x + width / 2;
    rows[i] = row;
  }
  return rows;
}
