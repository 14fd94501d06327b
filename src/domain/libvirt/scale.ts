import {fail} from "./error.ts";

/** Powers of the base, by the first letter of a suffix. */
const LETTERS = "kmgtpe";
const PLAIN_BYTES = new Set(["b", "byte", "bytes"]);

function scaleOf(suffix: string): bigint {
  const lower = suffix.toLowerCase();
  if (PLAIN_BYTES.has(lower)) return 1n;
  const power = LETTERS.indexOf(lower.charAt(0)) + 1;
  const tail = lower.slice(1);
  const base = tail === "" || tail === "ib" ? 1024n : tail === "b" ? 1000n : null;
  if (base === null || power === 0) fail("VIR_ERR_INVALID_ARG", `unknown suffix '${suffix}'`);
  return base ** BigInt(power);
}

/**
 * A number and its unit as bytes: `k` and `KiB` are 1024, `KB` is 1000.
 * @param value as written, unsigned 64-bit.
 * @param suffix as written; "" takes `defaultScale`.
 * @param limit the largest result, bytes.
 * @throws LibvirtFailure INVALID_ARG for an unknown suffix, OVERFLOW above the limit.
 * Source: libvirt 9.0.0 src/util/virutil.c virScaleInteger.
 */
export function scaleInteger(value: bigint, suffix: string, defaultScale: bigint, limit: bigint): bigint {
  const scale = suffix === "" ? defaultScale : scaleOf(suffix);
  if (value > limit / scale) fail("VIR_ERR_OVERFLOW", `value too large: ${value.toString()}${suffix}`);
  return value * scale;
}

/** Bytes to KiB, rounded up: libvirt never makes a size smaller than asked for. */
export const bytesToKibUp = (size: bigint): bigint => (size + 1023n) / 1024n;
