import {ModelError} from "../src/errors.ts";

/** An error in one or two lines: what is wrong, where, and what would have been right. */
export function describeError(error: unknown): string {
  if (error instanceof ModelError) return `${error.message} [${error.code}]\n  at ${error.path}: expected ${error.expected}; ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
