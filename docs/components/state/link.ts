import {inRange, snap, type ParamTable} from "./params.ts";
import {initialState, STATE_VERSION, type PageState} from "./page-state.ts";

/**
 * The state in the address: `#heading?s=<version>.<payload>`, where the payload
 * is base64url of the JSON of what differs from the default state. The default
 * state has no payload and, without a heading, no fragment at all.
 */
export interface Fragment {
  readonly heading: string;
  readonly state: PageState;
  /** Said to the reader when the link could not be used; null when it could, or when there was none. */
  readonly problem: string | null;
}

const MAX_LENGTH = 8_192;

export function encode(table: ParamTable, state: PageState, heading = ""): string {
  const initial = initialState(table).params;
  const changed = Object.entries(state.params).filter(([name, value]) => initial[name] !== value);
  if (changed.length === 0) return heading === "" ? "" : `#${heading}`;
  const payload = toBase64Url(JSON.stringify({p: Object.fromEntries(changed)}));
  return `#${heading}?s=${STATE_VERSION}.${payload}`;
}

/** Never throws, whatever the fragment holds: what cannot be read becomes the default state and a notice. */
export function decode(table: ParamTable, fragment: string): Fragment {
  const [rawHeading, query] = split(fragment.replace(/^#/, ""));
  const heading = safeHeading(rawHeading);
  const state = initialState(table);
  if (query === undefined) return {heading, state, problem: null};
  const result = decodePayload(table, query);
  return typeof result === "string"
    ? {heading, state, problem: `this link ${result}; the page shows its default state`}
    : {heading, state: result, problem: null};
}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf("?");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A heading is only ever compared with ids of the page, never written into it. */
function safeHeading(text: string): string {
  return /^[\p{L}\p{N}_-]{0,200}$/u.test(text) ? text : "";
}

function decodePayload(table: ParamTable, query: string): PageState | string {
  if (query.length > MAX_LENGTH) return "is too long";
  const match = /^s=(\d{1,4})\.([A-Za-z0-9_-]*)$/.exec(query);
  if (match === null) return "is damaged";
  if (Number(match[1]) !== STATE_VERSION) return `was made by another version of this site (${match[1] ?? ""}, this is ${STATE_VERSION})`;
  const changed = parsePayload(match[2] ?? "");
  return changed === null ? "is cut or damaged" : apply(table, changed);
}

function parsePayload(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(fromBase64Url(payload));
    if (!isRecord(value) || Object.keys(value).some((key) => key !== "p") || !isRecord(value.p)) return null;
    return value.p;
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function apply(table: ParamTable, changed: Record<string, unknown>): PageState | string {
  const params: Record<string, number> = {...initialState(table).params};
  for (const [name, value] of Object.entries(changed)) {
    const param = table.find((p) => p.name === name);
    if (param === undefined) return "names a parameter this page does not have";
    if (!inRange(param, value)) return `asks for a ${param.label} outside ${param.min} to ${param.max} ${param.unit}`;
    params[name] = snap(param, value);
  }
  return {version: STATE_VERSION, params};
}

function toBase64Url(text: string): string {
  const binary = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return new TextDecoder("utf-8", {fatal: true}).decode(bytes);
}
