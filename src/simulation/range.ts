import {ModelError} from "../errors.ts";

/** @throws ModelError `out-of-range`. */
export function outOfRange(path: string, value: number | string, expected: string): never {
  throw new ModelError(`invalid ${path}: ${value}`, {code: "out-of-range", path, expected, hint: `give ${path} as ${expected}`});
}

export const positive = (value: number, path: string): number => (Number.isFinite(value) && value > 0 ? value : outOfRange(path, value, "a number above 0"));
export const notNegative = (value: number, path: string): number => (value >= 0 ? value : outOfRange(path, value, "a number of 0 or more"));
