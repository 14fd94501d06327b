import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {MOST_EVENTS, ordered, typeOf, type EventTable, type EventType, type PageEvent} from "../state/events.ts";
import {NumberEntry} from "./number-entry.tsx";

export interface EventsProps {
  readonly table: EventTable;
  readonly events: readonly PageEvent[];
  readonly onAdd: (event: PageEvent) => void;
  readonly onChange: (index: number, change: {readonly at?: number; readonly value?: number}, gesture: string) => void;
  readonly onDelete: (index: number) => void;
}

/** The events of the run as a list of fields: everything the timeline's handles do, for every kind of hand. */
export function Events({table, events, onAdd, onChange, onDelete}: EventsProps): VNode {
  const inOrder = ordered(events);
  return (
    <div class="events">
      <p class="events-title" id="events-title">What happens</p>
      <ol aria-labelledby="events-title">
        {inOrder.map((event) => {
          const index = events.indexOf(event);
          const type = typeOf(table, event);
          return type === undefined ? null : <Row key={index} index={index} event={event} type={type} table={table} onChange={onChange} onDelete={onDelete} />;
        })}
      </ol>
      <Add table={table} full={events.length >= MOST_EVENTS} onAdd={onAdd} />
    </div>
  );
}

interface RowProps extends Pick<EventsProps, "table" | "onChange" | "onDelete"> {
  readonly index: number;
  readonly event: PageEvent;
  readonly type: EventType;
}

function Row({index, event, type, table, onChange, onDelete}: RowProps): VNode {
  const name = `${type.label}, event ${index + 1}`;
  return (
    <li class={type.layer === null ? "" : `l-${type.layer}`}>
      <span class="event-at">
        <NumberEntry id={`event-${index}-at`} label={`${name}: time`} unit="s" min={table.time.min} max={table.time.max} value={event.at} onSet={(at, gesture) => onChange(index, {at}, gesture)} />
      </span>
      <span class="event-name">{type.label}</span>
      {type.amount === null ? <span /> : <NumberEntry id={`event-${index}-value`} label={`${name}: ${type.amount.label}`} unit={type.amount.unit} min={type.amount.min} max={type.amount.max} value={event.value} onSet={(value, gesture) => onChange(index, {value}, gesture)} />}
      <button type="button" class="delete" aria-label={`delete ${name}`} onClick={() => onDelete(index)}>×</button>
    </li>
  );
}

function Add({table, full, onAdd}: {table: EventTable; full: boolean; onAdd: (event: PageEvent) => void}): VNode {
  const [chosen, choose] = useState(table.types[0]?.type ?? "");
  const type = table.types.find((t) => t.type === chosen);
  const middle = (table.time.min + table.time.max) / 2;
  return (
    <p class="add-event">
      <select aria-label="kind of event" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        {table.types.map((t) => <option key={t.type} value={t.type}>{t.label}</option>)}
      </select>
      <button type="button" disabled={full || type === undefined} onClick={() => onAdd({type: chosen, at: middle, value: type?.amount?.initial ?? 0})}>Add event</button>
    </p>
  );
}
