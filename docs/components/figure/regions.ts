/** Cells of a grid by outcome: `cells[row * width + column]`, row 0 at the bottom, as the vertical axis goes. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly cells: Uint8Array;
}

/** Stretches of one outcome along a row: a map of regions has few of them, where cells would be thousands of marks. */
export interface Stretch {
  readonly row: number;
  readonly from: number;
  /** One past the last column. */
  readonly to: number;
}

export function stretches({width, height, cells}: Grid, outcome: number): Stretch[] {
  const found: Stretch[] = [];
  for (let row = 0; row < height; row++) {
    let from = -1;
    for (let column = 0; column <= width; column++) {
      const inside = column < width && cells[row * width + column] === outcome;
      if (inside && from < 0) from = column;
      if (inside || from < 0) continue;
      found.push({row, from, to: column});
      from = -1;
    }
  }
  return found;
}

export interface Spot {
  readonly row: number;
  readonly column: number;
  /** Cells to the nearest other outcome or edge, steps along rows and columns. */
  readonly room: number;
}

/**
 * Where a region has most room for its name: the cell furthest from any other
 * outcome, by two passes over the grid. Null where the outcome does not occur.
 */
export function roomiest({width, height, cells}: Grid, outcome: number): Spot | null {
  const room = new Uint16Array(width * height);
  const at = (row: number, column: number): number => (row < 0 || column < 0 || row >= height || column >= width ? 0 : (room[row * width + column] ?? 0));
  const pass = (row: number, column: number, before: number): void => {
    const i = row * width + column;
    if (cells[i] !== outcome) return;
    const near = Math.min(at(row - before, column), at(row, column - before)) + 1;
    room[i] = before > 0 ? near : Math.min(room[i] ?? 0, near);
  };
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) pass(row, column, 1);
  for (let row = height - 1; row >= 0; row--) for (let column = width - 1; column >= 0; column--) pass(row, column, -1);
  let best: Spot | null = null;
  for (let i = 0; i < room.length; i++) {
    const here = room[i] ?? 0;
    if (here > (best?.room ?? 0)) best = {row: Math.floor(i / width), column: i % width, room: here};
  }
  return best;
}

/** The cells as text, runs of one outcome as `outcome:length` in base 36: a map of regions is a few hundred bytes. */
export function encodeCells(cells: Uint8Array): string {
  const runs: string[] = [];
  for (let i = 0; i < cells.length;) {
    const outcome = cells[i] ?? 0;
    let end = i;
    while (end < cells.length && cells[end] === outcome) end++;
    runs.push(`${outcome}${(end - i).toString(36)}`);
    i = end;
  }
  return runs.join(" ");
}

/** What `encodeCells` wrote; null if it is not `size` cells of outcomes below 10. */
export function decodeCells(text: string, size: number): Uint8Array | null {
  const cells = new Uint8Array(size);
  let at = 0;
  for (const run of text.split(" ")) {
    const length = parseInt(run.slice(1), 36);
    if (!/^\d[0-9a-z]+$/.test(run) || at + length > size) return null;
    cells.fill(Number(run[0]), at, at + length);
    at += length;
  }
  return at === size ? cells : null;
}
