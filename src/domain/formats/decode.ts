/** A text and what had to be done to get it. */
export interface Decoded {
  readonly text: string;
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "latin-1";
}

const CHUNK = 8192;

function fromUnits(length: number, unit: (i: number) => number): string {
  let text = "";
  for (let start = 0; start < length; start += CHUNK) {
    const units = Array.from({length: Math.min(CHUNK, length - start)}, (_, i) => unit(start + i));
    text += String.fromCharCode(...units);
  }
  return text;
}

function utf16(bytes: Uint8Array, from: number, low: 0 | 1): string {
  const length = (bytes.length - from) >> 1;
  return fromUnits(length, (i) => (bytes[from + 2 * i + low] ?? 0) | ((bytes[from + 2 * i + 1 - low] ?? 0) << 8));
}

/** How many bytes follow the first one of a UTF-8 sequence, and the least number it may say; null when it starts none. */
function sequence(first: number): readonly [more: number, least: number, bits: number] | null {
  if (first < 0x80) return [0, 0, first];
  if (first >= 0xc2 && first < 0xe0) return [1, 0x80, first & 0x1f];
  if (first >= 0xe0 && first < 0xf0) return [2, 0x800, first & 0x0f];
  return first >= 0xf0 && first < 0xf5 ? [3, 0x10000, first & 0x07] : null;
}

/** Null when it is not UTF-8 throughout. */
function utf8(bytes: Uint8Array, from: number): string | null {
  let text = "";
  let points: number[] = [];
  for (let i = from; i < bytes.length; ) {
    const kind = sequence(bytes[i] ?? 0);
    if (!kind) return null;
    const [more, least, bits] = kind;
    let point = bits;
    for (let j = 1; j <= more; j++) {
      const next = bytes[i + j] ?? 0;
      if ((next & 0xc0) !== 0x80) return null;
      point = (point << 6) | (next & 0x3f);
    }
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return null;
    points.push(point);
    i += more + 1;
    if (points.length >= CHUNK) {
      text += String.fromCodePoint(...points);
      points = [];
    }
  }
  return text + String.fromCodePoint(...points);
}

/**
 * Bytes of a file as text: UTF-16 by its mark or by the zero bytes of its first
 * letters, else UTF-8, else Latin-1, in which every byte is a letter.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return {text: utf16(bytes, 2, 0), encoding: "utf-16le"};
  if (a === 0xfe && b === 0xff) return {text: utf16(bytes, 2, 1), encoding: "utf-16be"};
  if (a === 0x3c && b === 0) return {text: utf16(bytes, 0, 0), encoding: "utf-16le"};
  if (a === 0 && b === 0x3c) return {text: utf16(bytes, 0, 1), encoding: "utf-16be"};
  const hasMark = a === 0xef && b === 0xbb && c === 0xbf;
  const text = utf8(bytes, hasMark ? 3 : 0);
  return text === null ? {text: fromUnits(bytes.length, (i) => bytes[i] ?? 0), encoding: "latin-1"} : {text, encoding: "utf-8"};
}
