import matrixJson from "../../../data/libvirt-matrix.json" with {type: "json"};
import {layers, type Layer} from "./reference-data.ts";

/** What libvirt's memory calls do on each driver: `data/libvirt-matrix.json`, checked once when it is read. */
export type CellState = "running" | "shut off";

export interface Refusal {
  /** When it happens; null where it always does. */
  readonly when: string | null;
  /** Null where the source was not read for it. */
  readonly code: string | null;
  readonly message: string;
  /** The message's id among the symptoms. */
  readonly entry: string | null;
  /** How the model is brought to it. */
  readonly trial: Trial | null;
}

export interface Trial {
  readonly size: number | null;
  readonly host: string | null;
}

export interface Cell {
  readonly id: string;
  readonly call: string;
  readonly driver: string;
  readonly state: CellState;
  readonly moves: Layer | null;
  readonly when: "now" | "next start" | null;
  readonly reads: readonly Layer[];
  readonly does: string;
  readonly rounding: string | null;
  readonly refuses: Refusal | null;
  readonly others: readonly Refusal[];
  /** The release in which the driver's callback appeared; null where it was not read. */
  readonly since: string | null;
  readonly source: string;
  readonly version: string;
  /** What one would type. */
  readonly command: string;
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly short: string;
  readonly about: string;
}

type Fields = Readonly<Record<string, unknown>>;

function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== "string" || value === "") throw new Error(`missing ${key}: ${JSON.stringify(fields)}`);
  return value;
}

const optional = (fields: Fields, key: string): string | null => (fields[key] === undefined || fields[key] === null ? null : text(fields, key));

function oneOf<T extends string>(words: readonly T[], value: unknown): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new Error(`not one of ${words.join(", ")}: ${JSON.stringify(value)}`);
  return found;
}

const trial = (fields: Fields): Trial => ({size: typeof fields.size === "number" ? fields.size : null, host: optional(fields, "host")});

const refusal = (fields: Fields): Refusal => ({
  when: optional(fields, "when"),
  code: optional(fields, "code"),
  message: text(fields, "message"),
  entry: optional(fields, "entry"),
  trial: fields.try === undefined ? null : trial(fields.try as Fields)
});

const cell = (fields: Fields & {readonly reads: readonly unknown[]; readonly others: readonly Fields[]; readonly refuses: Fields | null}): Cell => ({
  id: text(fields, "id"),
  call: text(fields, "call"),
  driver: text(fields, "driver"),
  state: oneOf(["running", "shut off"] as const, fields.state),
  moves: fields.moves === null ? null : oneOf(layers, fields.moves),
  when: fields.when === null ? null : oneOf(["now", "next start"] as const, fields.when),
  reads: fields.reads.map((read) => oneOf(layers, read)),
  does: text(fields, "does"),
  rounding: optional(fields, "rounding"),
  refuses: fields.refuses === null ? null : refusal(fields.refuses),
  others: fields.others.map(refusal),
  since: optional(fields, "since"),
  source: text(fields, "source"),
  version: text(fields, "version"),
  command: text(fields, "command")
});

export const calls: readonly Call[] = matrixJson.calls;
export const drivers: readonly {readonly id: string; readonly name: string; readonly about: string}[] = matrixJson.drivers;
export const cells: readonly Cell[] = matrixJson.cells.map(cell);
export const states: readonly CellState[] = ["running", "shut off"];

/** Drivers that nobody of this project has read, and when their calls appeared. */
export const notRead = matrixJson.notRead.map(({driver, since, source}) => ({driver, source, since: since.map(([call = "", release = ""]) => ({call, release}))}));

/** The one cell of a call, a driver and a state. */
export function cellOf(call: string, driver: string, state: CellState): Cell {
  const found = cells.find((c) => c.call === call && c.driver === driver && c.state === state);
  if (found === undefined) throw new Error(`no cell: ${call} ${driver} ${state}`);
  return found;
}
