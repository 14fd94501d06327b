import glossaryJson from "../../../data/glossary.json" with {type: "json"};
import messagesJson from "../../../data/messages.json" with {type: "json"};
import versionsJson from "../../../data/versions.json" with {type: "json"};

/** The words, messages and versions of `data/`, checked once when they are read. */
export const layers = ["configured", "target", "current", "backing"] as const;
export type Layer = (typeof layers)[number];

/** What was read or recorded; terms and messages name it by `id`. */
export interface Version {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly date: string;
  /** Whether it was run, read whole, or read in single files. */
  readonly how: string;
  /** A public place that keeps this version. */
  readonly url: string | null;
}

/** A tool's own word. `layer` is null for words that are not an amount of memory. */
export interface Term {
  readonly id: string;
  readonly group: string;
  readonly term: string;
  readonly tool: string;
  readonly layer: Layer | null;
  /** Layers the same word means elsewhere. */
  readonly also: readonly Layer[];
  readonly unit: string | null;
  readonly meaning: string;
  readonly trap: string | null;
  readonly source: string;
  readonly version: string;
}

export interface Message {
  readonly id: string;
  readonly group: string;
  /** As printed, without the prefix of its code; %s and the like stand for what varies. */
  readonly message: string;
  /** Who prints it. */
  readonly tool: string;
  /** libvirt's error code, QMP's error class or an errno; null where there is none or it was not read. */
  readonly code: string | null;
  /** What libvirt prints before the message for this code. */
  readonly prefix: string | null;
  readonly layer: Layer | null;
  /** Prose, with code between backticks; so is the remedy, and so are a term's meaning and trap. */
  readonly cause: string;
  readonly remedy: string;
  readonly source: string;
  readonly version: string;
  readonly evidence: "recorded" | "read";
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly family: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

function text(entry: Fields, key: string): string {
  const value = entry[key];
  if (typeof value !== "string" || value === "") throw new Error(`missing ${key}: ${JSON.stringify(entry)}`);
  return value;
}

const optional = (entry: Fields, key: string): string | null => (entry[key] === undefined || entry[key] === null ? null : text(entry, key));

function layer(value: unknown): Layer {
  const found = layers.find((name) => name === value);
  if (found === undefined) throw new Error(`unknown layer: ${JSON.stringify(value)}`);
  return found;
}

const layerOrNull = (entry: Fields): Layer | null => (entry.layer === null ? null : layer(entry.layer));

function evidence(entry: Fields): "recorded" | "read" {
  if (entry.evidence !== "recorded" && entry.evidence !== "read") throw new Error(`neither recorded nor read: ${JSON.stringify(entry)}`);
  return entry.evidence;
}

const version = (e: Fields): Version => ({id: text(e, "id"), name: text(e, "name"), version: text(e, "version"), date: text(e, "date"), how: text(e, "how"), url: optional(e, "url")});
const group = (e: Fields): Group => ({id: text(e, "id"), name: text(e, "name"), family: optional(e, "family")});

const term = (e: Fields): Term => ({
  id: text(e, "id"),
  group: text(e, "group"),
  term: text(e, "term"),
  tool: text(e, "tool"),
  layer: layerOrNull(e),
  also: Array.isArray(e.also) ? e.also.map(layer) : [],
  unit: optional(e, "unit"),
  meaning: text(e, "meaning"),
  trap: optional(e, "trap"),
  source: text(e, "source"),
  version: text(e, "version")
});

const message = (e: Fields): Message => ({
  id: text(e, "id"),
  group: text(e, "group"),
  message: text(e, "message"),
  tool: text(e, "tool"),
  code: optional(e, "code"),
  prefix: optional(e, "prefix"),
  layer: layerOrNull(e),
  cause: text(e, "cause"),
  remedy: text(e, "remedy"),
  source: text(e, "source"),
  version: text(e, "version"),
  evidence: evidence(e)
});

export const versions: readonly Version[] = versionsJson.map(version);
export const glossary: {readonly groups: readonly Group[]; readonly terms: readonly Term[]} = {groups: glossaryJson.groups.map(group), terms: glossaryJson.terms.map(term)};
export const messages: {readonly groups: readonly Group[]; readonly messages: readonly Message[]} = {groups: messagesJson.groups.map(group), messages: messagesJson.messages.map(message)};

/** What a page shows for a version: its name and number. Throws for an id that is not listed. */
export function versionById(id: string): Version {
  const found = versions.find((v) => v.id === id);
  if (found === undefined) throw new Error(`unknown version: ${id}`);
  return found;
}
