/** Code, or text in Markdown's simplest form: paragraphs and headings. */
export type CellKind = "ts" | "md";

/** One cell as the reader has it. */
export interface Cell {
  /** Unique in its notebook: letters, digits and hyphens. */
  readonly id: string;
  readonly kind: CellKind;
  readonly code: string;
  readonly folded: boolean;
  /** Which of the page's places it stands in, counted from 0: a page may show its cells between its paragraphs. */
  readonly slot: number;
}

export const ID = /^[a-z0-9-]{1,24}$/;

/** More cells than this are refused, by whatever way they come. */
export const MOST_CELLS = 100;

/** Longest text of one cell, characters. */
export const MOST_CODE = 20_000;

/** An id that no cell has yet. */
export function freshId(cells: readonly Cell[]): string {
  const taken = new Set(cells.map((cell) => cell.id));
  for (let n = 1; ; n++) if (!taken.has(`n${n}`)) return `n${n}`;
}

/** True for what may stand as a cell's text: any text of a bearable length. */
export const isCode = (value: unknown): value is string => typeof value === "string" && value.length <= MOST_CODE;
