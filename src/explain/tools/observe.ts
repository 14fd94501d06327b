import type {Span} from "../../domain/formats/place.ts";
import type {Draft} from "../types.ts";

/** A number of a tool's output and where it stands; null: unlimited. */
export interface Observed {
  readonly value: number | null;
  readonly span: Span;
}

export type Observations = ReadonlyMap<string, Observed>;

/** A whole number that is exact; null for anything else. */
export function whole(text: string): number | null {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** A number by its name; undefined when it is not in the output. */
export const numberOf = (observed: Observations, key: string): number | undefined => observed.get(key)?.value ?? undefined;
export const spanOf = (observed: Observations, key: string): Span | null => observed.get(key)?.span ?? null;

/** A note about one number. */
export function noteOn(observed: Observations, key: string, draft: Omit<Draft, "at">): readonly Draft[] {
  return observed.has(key) ? [{...draft, at: spanOf(observed, key)}] : [];
}

/** Every match of a pattern whose first group is a name and whose second is a number. */
export function observeAll(text: string, pattern: RegExp, scale = 1): Map<string, Observed> {
  const found = new Map<string, Observed>();
  for (const match of text.matchAll(pattern)) {
    const [all, key = "", digits = ""] = match;
    const value = whole(digits);
    if (value !== null && !found.has(key)) found.set(key, {value: value * scale, span: {start: match.index, end: match.index + all.length}});
  }
  return found;
}
