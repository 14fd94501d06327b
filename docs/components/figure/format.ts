import type {KiB} from "../../../src/units.ts";

/** 1234567 -> 1,234,567; the same text at build time and in every browser, whatever its locale. */
export function group(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** KiB as whole MiB with the unit; a no-break space keeps the two together. */
export const formatMib = (value: KiB): string => `${group(value / 1024)}\u00a0MiB`;

export const formatSeconds = (value: number): string => `${value.toFixed(1)}\u00a0s`;
