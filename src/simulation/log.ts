import type {LogSource} from "../domain/backing.ts";

/** A line of the event log. */
export interface LogEntry {
  /** Seconds since the start. */
  readonly at: number;
  readonly source: LogSource;
  readonly text: string;
  /** How often it was said in a row; its last time is `until`. */
  readonly count: number;
  readonly until: number;
}

/** A log that says a repeated line once, so that a stalled balloon does not fill memory. */
export interface LogBook {
  readonly write: (at: number, source: LogSource, text: string) => void;
  /** The entries so far, as copies: later lines do not change them. */
  readonly entries: () => readonly LogEntry[];
  /** Goes back to an earlier list of entries. */
  readonly restore: (saved: readonly LogEntry[]) => void;
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]};

const copy = (entry: LogEntry): Mutable<LogEntry> => ({...entry});

export function createLog(): LogBook {
  let entries: Mutable<LogEntry>[] = [];
  return {
    write(at, source, text) {
      const last = entries.at(-1);
      if (last?.source === source && last.text === text) {
        last.count++;
        last.until = at;
      } else entries.push({at, source, text, count: 1, until: at});
    },
    entries: () => entries.map(copy),
    restore(saved) {
      entries = saved.map(copy);
    }
  };
}
