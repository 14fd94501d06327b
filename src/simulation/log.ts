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
  readonly entries: () => readonly LogEntry[];
  /** Goes back to an earlier list of entries. */
  readonly restore: (saved: readonly LogEntry[]) => void;
}

export function createLog(): LogBook {
  let entries: LogEntry[] = [];
  return {
    write(at, source, text) {
      const last = entries.at(-1);
      if (last?.source === source && last.text === text) entries[entries.length - 1] = {...last, count: last.count + 1, until: at};
      else entries.push({at, source, text, count: 1, until: at});
    },
    entries: () => entries,
    restore(saved) {
      entries = [...saved];
    }
  };
}
