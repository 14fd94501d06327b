import {ModelError} from "./errors.ts";

/** Checks of what comes from outside, which TypeScript has not seen: forms, files, links. */

/** @throws ModelError `out-of-range`. */
export function refuse(path: string, value: unknown, expected: string): never {
  const shown = typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? String(value) : value === null ? "null" : typeof value;
  throw new ModelError(`invalid ${path}: ${shown}`, {code: "out-of-range", path, expected, hint: `give ${path} as ${expected}`});
}

/** A number from `least` to `most`, both included. */
export const between = (value: unknown, least: number, most: number, path: string): number =>
  typeof value === "number" && value >= least && value <= most ? value : refuse(path, value, `a number from ${least} to ${most}`);

/** A number of 0 or more that still can be counted. */
export const amount = (value: unknown, path: string): number =>
  typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : refuse(path, value, "a number of 0 or more");

/** A finite number above 0. */
export const positive = (value: number, path: string): number => (Number.isFinite(value) && value > 0 ? value : refuse(path, value, "a number above 0"));

/** As `amount`, above 0. */
export const someAmount = (value: unknown, path: string): number =>
  typeof value === "number" && value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : refuse(path, value, "a number above 0");

/** The same as `amount`, or Infinity: no bound. */
export const amountOrEndless = (value: unknown, path: string): number => (value === Infinity ? Infinity : amount(value, path));

export const oneOf = <T extends string | number>(value: unknown, list: readonly T[], path: string): T =>
  list.find((one) => one === value) ?? refuse(path, value, list.join(", "));

export const flag = (value: unknown, path: string): boolean => (typeof value === "boolean" ? value : refuse(path, value, "true or false"));

export const word = (value: unknown, path: string): string => (typeof value === "string" && value !== "" ? value : refuse(path, value, "a name"));

/** An object with fields, whatever they are. */
export function fields<T extends object>(value: T | null | undefined, path: string): T {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : refuse(path, value, "an object");
}

/** A list, whatever is in it. */
export function items<T>(value: readonly T[] | null | undefined, path: string): readonly T[] {
  return value !== null && value !== undefined && Array.isArray(value) ? (value as readonly T[]) : refuse(path, value, "a list");
}
