/** A stretch of a text, as offsets in UTF-16 units; `end` is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where something stands in a text, as a person counts: lines and columns from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  readonly length: number;
}

/** Finds lines and columns in one text; line ends are LF, CR LF and CR. */
export interface Lines {
  readonly place: (span: Span) => Place;
  /** How many lines there are; an empty text has one. */
  readonly count: number;
}

function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (const {index, 0: end} of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return starts;
}

/** The last of `starts` that is not after `offset`. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Indexes a text once; spans outside of it are cut to it. */
export function linesOf(text: string): Lines {
  const starts = startsOf(text);
  const inside = (offset: number): number => Math.min(Math.max(offset, 0), text.length);
  return {
    count: starts.length,
    place: (span) => {
      const start = inside(span.start);
      const line = lineAt(starts, start);
      return {line: line + 1, column: start - (starts[line] ?? 0) + 1, offset: start, length: Math.max(inside(span.end) - start, 0)};
    }
  };
}
