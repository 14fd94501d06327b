/**
 * Where a constant or a rule comes from. Grades: `read` in source or
 * documentation at the named version, `recorded` on a running system,
 * `derived` from the two, `illustrative` chosen by us and said so to readers.
 * There is no grade for memory: what was not checked is not in the model.
 */
export interface Source {
  readonly text: string;
  /** File and function, document section, or recording. */
  readonly place: string;
  /** Version or date of what was read. */
  readonly version: string;
  readonly grade: "read" | "recorded" | "derived" | "illustrative";
}

export interface Sourced<T> {
  readonly value: T;
  readonly source: Source;
}

export const sourced = <T>(value: T, source: Source): Sourced<T> => ({value, source});
