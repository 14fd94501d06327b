/** What a C integer parser takes from the front of a text. */
export interface Scanned {
  readonly value: bigint;
  /** A minus sign stood before the digits. */
  readonly minus: boolean;
  /** What follows the number. */
  readonly rest: string;
}

export const ULLONG_MAX = 2n ** 64n - 1n;
export const LLONG_MAX = 2n ** 63n - 1n;
const LLONG_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 31n - 1n;

/**
 * Takes white space, an optional sign and decimal digits, as strtoull and
 * strtoll do with base 10; so "0x10" is 0 followed by "x10".
 * @returns null when there is no digit.
 */
function scan(text: string): Scanned | null {
  const found = /^[ \t\n\v\f\r]*([+-]?)(\d+)/.exec(text);
  if (!found) return null;
  const minus = found[1] === "-";
  const magnitude = BigInt(found[2] ?? "");
  return {value: minus ? -magnitude : magnitude, minus, rest: text.slice(found[0].length)};
}

/** An unsigned 64-bit number without a minus sign (`virStrToLong_ullp`), or null. */
export function scanUnsigned(text: string): Scanned | null {
  const found = scan(text);
  return found === null || found.minus || found.value > ULLONG_MAX ? null : found;
}

/** A signed 64-bit number (`virStrToLong_ll`), or null. */
export function scanSigned(text: string): Scanned | null {
  const found = scan(text);
  return found === null || found.value > LLONG_MAX || found.value < LLONG_MIN ? null : found;
}

/** A whole text that is an int (`virStrToLong_i` with no end pointer), or null. */
export function parseInt32(text: string): number | null {
  const found = scan(text);
  if (found?.rest !== "" || found.value > INT_MAX || found.value < -INT_MAX - 1n) return null;
  return Number(found.value);
}

/** A whole text that is an unsigned int (`virStrToLong_uip`), or null. */
export function parseUint32(text: string): number | null {
  const found = scan(text);
  return found?.rest !== "" || found.minus || found.value > 2n ** 32n - 1n ? null : Number(found.value);
}
