import fc from "fast-check";
import {pages} from "../../../../docs/components/pages/index.ts";
import {eventTable, type Action, type PageSpec} from "../../../../docs/components/state/page-state.ts";
import {isChoice, type ChoiceParam, type NumberParam, type Param} from "../../../../docs/components/state/params.ts";
import type {EventTable, PageEvent} from "../../../../docs/components/state/events.ts";

const number = (name: string, min: number, max: number, step: number, initial: number): NumberParam => ({name, label: `the ${name}`, layer: null, unit: "MiB", min, max, step, initial, ticks: [], help: ""});
const choice: ChoiceParam = {name: "driver", label: "the driver", layer: null, initial: 1, help: "", options: [{value: 0, label: "none"}, {value: 1, label: "loaded"}, {value: 5, label: "late"}]};
const events: EventTable = {
  types: [
    {type: "ask", label: "new target", short: "target", layer: "target", amount: {label: "target", unit: "MiB", min: 64, max: 4096, step: 1, initial: 1024}},
    {type: "free", label: "memory freed", short: "free", layer: null, amount: null}
  ],
  time: {min: 0, max: 24, step: 0.1},
  initial: [{type: "ask", at: 12.5, value: 1024}, {type: "free", at: 11.5, value: 0}]
};

/** Parameters and events of every kind that a page may have, and a range that is not a whole number of steps. */
export const spec: PageSpec = {
  params: [number("size", 512, 4096, 1, 2048), number("time", 0, 24, 0.1, 18), number("pages", -10, 1000, 7, 4), number("share", 0, 1, 0.05, 0.5), choice],
  events
};

/** The real pages, too: what holds for one must hold for all. */
export const specs: readonly (readonly [string, PageSpec])[] = [["made up", spec], ...pages.map((page) => [page.id, page.spec] as const)];

export const anyValue = (p: Param): fc.Arbitrary<number> =>
  isChoice(p) ? fc.constantFrom(...p.options.map((o) => o.value)) : fc.double({min: p.min, max: p.max, noNaN: true});

export function anyEvent(table: EventTable): fc.Arbitrary<PageEvent> {
  const at = fc.double({min: table.time.min, max: table.time.max, noNaN: true});
  return fc.oneof(...table.types.map(({type, amount}) => fc.record({
    type: fc.constant(type),
    at,
    value: amount === null ? fc.constant(0) : fc.double({min: amount.min, max: amount.max, noNaN: true})
  })));
}

const gesture = fc.option(fc.constantFrom("drag-1", "drag-2", "keys-3"), {nil: undefined});
const withGesture = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.tuple(arbitrary, gesture).map(([action, g]) => (g === undefined ? action : {...action, gesture: g}));

export const setAction = (of: PageSpec): fc.Arbitrary<Action> =>
  withGesture(fc.oneof(...of.params.map((p) => fc.record({type: fc.constant("set" as const), name: fc.constant(p.name), value: anyValue(p)}))));

/** Anything a reader can do. */
export function anyAction(of: PageSpec): fc.Arbitrary<Action> {
  const table = eventTable(of);
  const index = fc.nat(6);
  const others = fc.constantFrom<Action>({type: "reset"}, {type: "pin"}, {type: "unpin"});
  if (table.types.length === 0) return fc.oneof({weight: 8, arbitrary: setAction(of)}, {weight: 1, arbitrary: others});
  const event = anyEvent(table);
  return fc.oneof(
    {weight: 8, arbitrary: setAction(of)},
    {weight: 2, arbitrary: event.map((e): Action => ({type: "add-event", event: e}))},
    {weight: 4, arbitrary: withGesture(fc.tuple(index, event).map(([i, e]): Action & {type: "change-event"} => ({type: "change-event", index: i, at: e.at, value: e.value})))},
    {weight: 1, arbitrary: index.map((i): Action => ({type: "delete-event", index: i}))},
    {weight: 2, arbitrary: others}
  );
}
