const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The numbers of one segment of a source map's `mappings`. */
function numbers(segment: string): number[] {
  const result: number[] = [];
  let value = 0;
  let shift = 0;
  for (const char of segment) {
    const digit = DIGITS.indexOf(char);
    value += (digit & 31) << shift;
    if ((digit & 32) !== 0) {
      shift += 5;
      continue;
    }
    result.push((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return result;
}

/**
 * Where a column of a line of the output stood in the source. Lines count from
 * 1, columns from 0. The output has the source's lines: types are taken out
 * within them.
 */
export function sourceColumn(mappings: string, line: number, column: number): number {
  let source = 0;
  let found: {readonly generated: number; readonly source: number} | null = null;
  mappings.split(";").slice(0, line).forEach((text, i) => {
    let generated = 0;
    for (const segment of text === "" ? [] : text.split(",")) {
      const [across = 0, , , there = 0] = numbers(segment);
      generated += across;
      source += there;
      if (i === line - 1 && generated <= column) found = {generated, source};
    }
  });
  const start = found as {readonly generated: number; readonly source: number} | null;
  return start === null ? column : start.source + column - start.generated;
}
