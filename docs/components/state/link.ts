import {fromBase64Url, toBase64Url} from "./base64url.ts";
import {isEvent, MOST_EVENTS, sameEvents, type PageEvent} from "./events.ts";
import {withoutCells} from "./fragment.ts";
import {expected, inRange, snap} from "./params.ts";
import {eventTable, initialState, STATE_VERSION, type PageSpec, type PageState, type Setting} from "./page-state.ts";

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

/** p: parameters, e: events as [type, at, value], without a value of 0, a: the pinned setting. Only what differs from the default is there. */
interface Payload {
  readonly p?: Readonly<Record<string, number>>;
  readonly e?: readonly (readonly [string, number, number] | readonly [string, number])[];
  readonly a?: {readonly p?: Payload["p"]; readonly e?: Payload["e"]};
}

export function encode(spec: PageSpec, state: PageState, heading = ""): string {
  const payload: Payload = {...difference(spec, state), ...(state.pin === null ? {} : {a: difference(spec, state.pin)})};
  if (Object.keys(payload).length === 0) return heading === "" ? "" : `#${heading}`;
  return `#${heading}?s=${STATE_VERSION}.${toBase64Url(new TextEncoder().encode(JSON.stringify(payload)))}`;
}

function difference(spec: PageSpec, setting: Setting): Payload {
  const initial = initialState(spec);
  const changed = Object.entries(setting.params).filter(([name, value]) => initial.params[name] !== value);
  return {
    ...(changed.length === 0 ? {} : {p: Object.fromEntries(changed)}),
    ...(sameEvents(setting.events, initial.events) ? {} : {e: setting.events.map(({type, at, value}) => (value === 0 ? [type, at] as const : [type, at, value] as const))})
  };
}

/** Never throws, whatever the fragment holds: what cannot be read becomes the default state and a notice. */
export function decode(spec: PageSpec, fragment: string): Fragment {
  const [rawHeading, query] = split(withoutCells(fragment).replace(/^#/, ""));
  const heading = safeHeading(rawHeading);
  const state = initialState(spec);
  if (query === undefined) return {heading, state, problem: null};
  try {
    return {heading, state: decodePayload(spec, query), problem: null};
  } catch (error) {
    const reason = error instanceof LinkProblem ? error.message : "is cut or damaged";
    return {heading, state, problem: `this link ${reason}; the page shows its default state`};
  }
}

class LinkProblem extends Error {}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf("?");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A heading is only ever compared with ids of the page, never written into it. */
function safeHeading(text: string): string {
  return /^[\p{L}\p{N}_-]{0,200}$/u.test(text) ? text : "";
}

function decodePayload(spec: PageSpec, query: string): PageState {
  if (query.length > MAX_LENGTH) throw new LinkProblem("is too long");
  const match = /^s=(\d{1,4})\.([A-Za-z0-9_-]*)$/.exec(query);
  if (match === null) throw new LinkProblem("is damaged");
  if (Number(match[1]) !== STATE_VERSION) throw new LinkProblem(`was made by another version of this site (${match[1] ?? ""}, this is ${STATE_VERSION})`);
  const payload = record(JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(fromBase64Url(match[2] ?? ""))), ["p", "e", "a"]);
  const pin = payload.a === undefined ? null : setting(spec, record(payload.a, ["p", "e"]));
  return {version: STATE_VERSION, ...setting(spec, payload), pin};
}

/** An object with no other keys than these, or a problem. */
function record(value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new LinkProblem("is cut or damaged");
  if (Object.keys(value).some((key) => !keys.includes(key))) throw new LinkProblem("is cut or damaged");
  return value as Readonly<Record<string, unknown>>;
}

function setting(spec: PageSpec, payload: Readonly<Record<string, unknown>>): Setting {
  const initial = initialState(spec);
  return {
    params: payload.p === undefined ? initial.params : params(spec, payload.p),
    events: payload.e === undefined ? initial.events : events(spec, payload.e)
  };
}

function params(spec: PageSpec, changed: unknown): Setting["params"] {
  if (typeof changed !== "object" || changed === null || Array.isArray(changed)) throw new LinkProblem("is cut or damaged");
  const result: Record<string, number> = {...initialState(spec).params};
  for (const [name, value] of Object.entries(changed) as [string, unknown][]) {
    const param = spec.params.find((p) => p.name === name);
    if (param === undefined) throw new LinkProblem("names a parameter this page does not have");
    if (!inRange(param, value)) throw new LinkProblem(`has no usable value for ${param.label}: expected ${expected(param)}`);
    result[name] = snap(param, value);
  }
  return result;
}

function events(spec: PageSpec, list: unknown): readonly PageEvent[] {
  if (!Array.isArray(list) || list.length > MOST_EVENTS) throw new LinkProblem("is cut or damaged");
  return list.map((item: unknown) => {
    const [type, at, value = 0] = Array.isArray(item) && (item.length === 2 || item.length === 3) ? (item as unknown[]) : [];
    if (typeof type !== "string" || typeof at !== "number" || typeof value !== "number") throw new LinkProblem("is cut or damaged");
    const event = {type, at, value};
    if (!isEvent(eventTable(spec), event)) throw new LinkProblem("has an event this page does not have");
    return event;
  });
}
