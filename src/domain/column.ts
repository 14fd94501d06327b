/**
 * Columns: plain numbers, one a zone, changed in place. The compiler takes every
 * element of an array for possibly missing; these two say once what that means.
 */

/** An element; 0 where there is none. */
export const at = (column: Float64Array, index: number): number => column[index] ?? 0;

/** Adds to an element in place; `change` may be negative. */
export function add(column: Float64Array, index: number, change: number): void {
  column[index] = at(column, index) + change;
}

/** Sum over all elements. */
export function total(column: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < column.length; index++) sum += at(column, index);
  return sum;
}
