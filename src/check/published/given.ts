import {list, malformed} from "../read.ts";
import type {JsonObject} from "../types.ts";

/** What a rule gives for a row's `given`, by the names under which the row publishes it. */
export type Rule = (given: JsonObject) => Readonly<Record<string, number | string>>;

/** A number. @throws ModelError `malformed-recording` */
export function number(given: JsonObject, key: string): number {
  const value = given[key];
  if (typeof value !== "number") throw malformed(`given.${key}`, "a number");
  return value;
}

/** A column of readings. @throws ModelError `malformed-recording` */
export const numbers = (given: JsonObject, key: string): readonly (number | null)[] => list(given[key], `given.${key}`).map((cell) => (typeof cell === "number" ? cell : null));
