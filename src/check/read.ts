import {ModelError} from "../errors.ts";
import {isObject} from "./collector.ts";
import type {Json, JsonObject} from "./types.ts";

/** A recording that is not of the format: `path` names the place in the file. */
export const malformed = (path: string, expected: string): ModelError =>
  new ModelError(`not a recording: ${path} is not ${expected}`, {
    code: "malformed-recording",
    path,
    expected,
    hint: "see data/schemas/recording.schema.json"
  });

/** @throws ModelError `malformed-recording` */
export function object(value: Json | undefined, path: string): JsonObject {
  if (isObject(value)) return value;
  throw malformed(path, "an object");
}

/** An array, empty when absent. @throws ModelError `malformed-recording` */
export function list(value: Json | undefined, path: string): readonly Json[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value as readonly Json[];
  throw malformed(path, "a list");
}

/** @throws ModelError `malformed-recording` */
export function text(value: Json | undefined, path: string): string {
  if (typeof value === "string") return value;
  throw malformed(path, "text");
}

/** A finite number, or null when absent or null. @throws ModelError `malformed-recording` */
export function numberOrNull(value: Json | undefined, path: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw malformed(path, "a number or null");
}

/** A number, or undefined when it is anything else: for fields a file may leave out. */
export const maybeNumber = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);
