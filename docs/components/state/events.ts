import {isWithin, snapTo, type Layer, type Range} from "./params.ts";

/** Something that happens during the run: what, when in seconds, and how much where that applies. */
export interface PageEvent {
  readonly type: string;
  readonly at: number;
  readonly value: number;
}

/** A kind of event the reader can put on the timeline. */
export interface EventType {
  readonly type: string;
  /** In the list of kinds and beside its fields. */
  readonly label: string;
  /** On the timeline, a word. */
  readonly short: string;
  readonly layer: Layer | null;
  /** What `value` is, or null for an event that has no amount. */
  readonly amount: (Range & {readonly label: string; readonly unit: string; readonly initial: number}) | null;
}

export interface EventTable {
  readonly types: readonly EventType[];
  /** Seconds in which events can stand. */
  readonly time: Range;
  readonly initial: readonly PageEvent[];
}

export const NO_EVENTS: EventTable = {types: [], time: {min: 0, max: 0, step: 0.1}, initial: []};

/** More than this on one timeline cannot be told apart. */
export const MOST_EVENTS = 24;

export const typeOf = (table: EventTable, event: PageEvent): EventType | undefined => table.types.find((t) => t.type === event.type);

/** In order of time; those of one moment keep the order in which they were made. */
export const ordered = (events: readonly PageEvent[]): readonly PageEvent[] =>
  events.map((event, i) => ({event, i})).sort((a, b) => a.event.at - b.event.at || a.i - b.i).map(({event}) => event);

/** The event on the grids of its fields, or null when its kind is not of this page. */
export function normal(table: EventTable, event: PageEvent): PageEvent | null {
  const type = typeOf(table, event);
  if (type === undefined || !Number.isFinite(event.at) || !Number.isFinite(event.value)) return null;
  return {type: event.type, at: snapTo(table.time, event.at), value: type.amount === null ? 0 : snapTo(type.amount, event.value)};
}

/** True for an event a link may bring. */
export function isEvent(table: EventTable, event: PageEvent): boolean {
  const type = typeOf(table, event);
  return type !== undefined && isWithin(table.time, event.at) && (type.amount === null ? event.value === 0 : isWithin(type.amount, event.value));
}

export const sameEvents = (a: readonly PageEvent[], b: readonly PageEvent[]): boolean =>
  a.length === b.length &&
  a.every((event, i) => {
    const other = b[i];
    return other !== undefined && event.type === other.type && event.at === other.at && event.value === other.value;
  });
