import {kib, type KiB} from "../../units.ts";

/** Bytes of a suffix; none means MiB, though xl(1) says KiB. */
const UNITS: Readonly<Record<string, number>> = {"": 2 ** 20, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40};

/**
 * A size as xl reads it: a number and at most one letter of t, g, m, k, b.
 * @returns KiB, cut down, or null when it is none.
 * Source: Xen tools/xl/xl_parse.c parse_mem_size_kb.
 */
export function parseMemSize(text: string): KiB | null {
  const match = /^(\d+)([tgmkb]?)$/i.exec(text);
  const unit = UNITS[(match?.[2] ?? "").toLowerCase()];
  return match && unit !== undefined ? kib(Math.floor((Number(match[1]) * unit) / 1024)) : null;
}
