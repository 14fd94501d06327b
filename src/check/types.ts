/** Parsed JSON: what a recording is made of before any of it is understood. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One act of a recording and the settled state after it. */
export interface RecordedStep {
  /** Where it stands in the file: `steps[3]`. Prefix of every path reported for it. */
  readonly path: string;
  /** Always holds `tool`; `text`, QMP `json` and a workload's numbers as recorded. */
  readonly act: JsonObject;
  /** Seconds from the start of the recording's clock; null when it was not noted. */
  readonly tSeconds: number | null;
  /** The groups of the settled state: `guest`, `host`, `cgroup`, `xen` ...; empty when none was read. */
  readonly after: Readonly<Record<string, JsonObject>>;
  /** The step as written, for `reply`, `exitCode`, `stdout`, `stderr` and the like. */
  readonly raw: JsonObject;
}

/** One row of a libvirt table. */
export interface RecordedRow {
  /** `rows[3]` or `sequences[0].rows[3]`. */
  readonly path: string;
  readonly given: JsonObject;
  readonly command: string;
  readonly raw: JsonObject;
}

/** A table of equally long columns. */
export type RecordedSeries = Readonly<Record<string, readonly (number | null)[]>>;

/** A recording as read: typed where every file of the format agrees, raw elsewhere. */
export interface Recording {
  /** The file's name without directories. */
  readonly name: string;
  readonly about: string;
  readonly recorded: JsonObject;
  readonly setup: JsonObject;
  readonly steps: readonly RecordedStep[];
  /** Rows of `rows`; empty when the file has none. */
  readonly rows: readonly RecordedRow[];
  /** Groups of rows that each start anew. */
  readonly sequences: readonly {readonly title: string; readonly rows: readonly RecordedRow[]}[];
  /** `guest`, `host`, `workload`; empty when none was recorded. */
  readonly series: Readonly<Record<string, RecordedSeries>>;
  readonly events: readonly JsonObject[];
  readonly raw: JsonObject;
}

/**
 * How close a prediction has to be.
 * - `exact`: equal, as JSON values.
 * - `relative`: |error| <= fraction x |observed|.
 * - `relative-or-absolute`: |error| <= max(fraction x |observed|, absolute), in the field's unit.
 * - `between`: least <= predicted <= most, whatever was observed: for what is published as a bound, or judged as an error of its own.
 * - `none`: shown with its error and never judged, for quantities the bars do not name.
 */
export type Bar =
  | {readonly kind: "exact"}
  | {readonly kind: "relative"; readonly fraction: number}
  | {readonly kind: "relative-or-absolute"; readonly fraction: number; readonly absolute: number}
  | {readonly kind: "between"; readonly least: number; readonly most: number}
  | {readonly kind: "none"};

/** One recorded field beside its prediction. */
export interface Comparison {
  /** Path into the recording: `steps[0].after.guest.MemTotalKiB`. */
  readonly path: string;
  readonly bar: Bar;
  readonly predicted: Json;
  /** null where a bar alone was published, or where the prediction is itself an error. */
  readonly observed: Json;
  /** predicted - observed for two numbers, null otherwise. */
  readonly error: number | null;
  readonly within: boolean;
}

/** A recorded field, or a whole part of the file, that the model does not predict. */
export interface Unpredicted {
  readonly path: string;
  readonly reason: string;
}

/** Where a replayer puts what it finds. A path names one leaf or a whole subtree. */
export interface Collector {
  /** Equal as JSON values, or out of its bar. */
  exact: (path: string, predicted: Json, observed: Json) => void;
  /** Numbers held against a bar. */
  compare: (path: string, predicted: Json, observed: Json, bar: Bar) => void;
  /** Shown with its error, never judged. */
  show: (path: string, predicted: Json, observed: Json) => void;
  /** Listed as not predicted, with the reason a reader can check. */
  cannot: (path: string, reason: string) => void;
}

/** Knows how to predict some part of some kind of recording. */
export interface Replayer {
  readonly name: string;
  readonly accepts: (recording: Recording) => boolean;
  /** Replays the recording's own setup and acts. Pure; reports through the collector. */
  readonly replay: (recording: Recording, found: Collector) => void;
}

/** What `setmem check` found in one recording. */
export interface CheckReport {
  readonly recording: string;
  readonly about: string;
  readonly replayers: readonly string[];
  readonly comparisons: readonly Comparison[];
  readonly unpredicted: readonly Unpredicted[];
  /** Something was compared and everything compared is within its bar. */
  readonly ok: boolean;
}
