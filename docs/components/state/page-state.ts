import {MOST_EVENTS, NO_EVENTS, normal, sameEvents, type EventTable, type PageEvent} from "./events.ts";
import {defaults, snap, type Params, type ParamTable} from "./params.ts";

/** Bumped when a link written by an older site would mean something else today. */
export const STATE_VERSION = 1;

/** What a page lets the reader change. */
export interface PageSpec {
  readonly params: ParamTable;
  readonly events?: EventTable;
}

/** A setting of the page: what the model is run with, and the moment looked at. */
export interface Setting {
  readonly params: Params;
  readonly events: readonly PageEvent[];
}

/**
 * Everything about a page that the reader can change, as one value. The link,
 * the undo list and (later) local storage and exports are encoders of it.
 */
export interface PageState extends Setting {
  readonly version: typeof STATE_VERSION;
  /** A, kept to compare with: the present setting is B over it. */
  readonly pin: Setting | null;
}

export type Action =
  /** One gesture (a drag, a burst of key presses) shares one `gesture` and undoes as one. */
  | {readonly type: "set"; readonly name: string; readonly value: number; readonly gesture?: string}
  | {readonly type: "add-event"; readonly event: PageEvent}
  | {readonly type: "change-event"; readonly index: number; readonly at?: number; readonly value?: number; readonly gesture?: string}
  | {readonly type: "delete-event"; readonly index: number}
  /** Another link of this page was followed, or the back button leads to one. */
  | {readonly type: "open"; readonly state: PageState}
  | {readonly type: "pin"}
  | {readonly type: "unpin"}
  | {readonly type: "reset"};

export const eventTable = (spec: PageSpec): EventTable => spec.events ?? NO_EVENTS;

export function initialState(spec: PageSpec): PageState {
  return {version: STATE_VERSION, params: defaults(spec.params), events: eventTable(spec).initial, pin: null};
}

/** The one reducer. Returns the same object when nothing changed, so that callers can compare by identity. */
export function reduce(spec: PageSpec, state: PageState, action: Action): PageState {
  const next = change(spec, state, action);
  return isSame(state, next) ? state : next;
}

function change(spec: PageSpec, state: PageState, action: Action): PageState {
  switch (action.type) {
    case "set":
      return set(spec, state, action.name, action.value);
    case "add-event":
      return state.events.length >= MOST_EVENTS ? state : withEvents(spec, state, [...state.events, action.event]);
    case "change-event":
      return withEvents(spec, state, state.events.map((event, i) => (i === action.index ? {...event, at: action.at ?? event.at, value: action.value ?? event.value} : event)));
    case "delete-event":
      return withEvents(spec, state, state.events.filter((_, i) => i !== action.index));
    case "open":
      return action.state;
    case "pin":
      return {...state, pin: {params: state.params, events: state.events}};
    case "unpin":
      return {...state, pin: null};
    case "reset":
      return initialState(spec);
  }
}

function set(spec: PageSpec, state: PageState, name: string, value: number): PageState {
  const param = spec.params.find((p) => p.name === name);
  if (param === undefined || !Number.isFinite(value)) return state;
  return {...state, params: {...state.params, [name]: snap(param, value)}};
}

/** Events keep their places in the list while one is dragged past another: the list is ordered where it is used. */
function withEvents(spec: PageSpec, state: PageState, events: readonly PageEvent[]): PageState {
  const table = eventTable(spec);
  const normalised = events.map((event) => normal(table, event));
  return normalised.some((event) => event === null) ? state : {...state, events: normalised.filter((event) => event !== null)};
}

export function isSameSetting(a: Setting, b: Setting): boolean {
  return Object.keys({...a.params, ...b.params}).every((name) => a.params[name] === b.params[name]) && sameEvents(a.events, b.events);
}

export function isSame(a: PageState, b: PageState): boolean {
  const samePin = a.pin === b.pin || (a.pin !== null && b.pin !== null && isSameSetting(a.pin, b.pin));
  return samePin && isSameSetting(a, b);
}

