import {ModelError} from "../../errors.ts";
import {amount, amountOrEndless, between, fields, items, oneOf, someAmount, word} from "../../input.ts";
import type {KiB, Seconds} from "../../units.ts";
import type {OuterEvent} from "../apply.ts";
import type {Happening} from "../events.ts";

/** What can happen on an ESX host beside what a guest's programs do. Sizes KiB. */
export type EsxHappening =
  /** The administrator changes a machine's limit (null: unlimited), reservation or shares. */
  | {readonly type: "set-limit"; readonly limit: KiB | null}
  | {readonly type: "set-reservation"; readonly reservation: KiB}
  | {readonly type: "set-shares"; readonly shares: number}
  /** libvirt's virDomainSetMemory: its esx driver writes the limit. */
  | {readonly type: "setmem"; readonly target: KiB}
  /** From now on programs of the guest use `size` again and again. */
  | {readonly type: "activity"; readonly size: KiB}
  | {readonly type: "load-driver" | "unload-driver"}
  | {readonly type: "power-off"}
  /** Mem.IdleTax / 100 of the host, and only ESX's own policy has it. */
  | {readonly type: "set-idle-tax"; readonly tax: number}
  /** The VMkernel and other programs of the host hold `size` from now on. */
  | {readonly type: "host-pressure"; readonly size: KiB}
  | Exclude<Happening, {readonly type: OuterEvent}>;

/** `vm` names the machine; the first one by default. Events of the host need none. */
export type EsxEventSpec = {readonly at: Seconds; readonly vm?: string | undefined} & EsxHappening;

type Check = (value: unknown, path: string) => unknown;
type Shape = Readonly<Record<string, Check>>;

const orNone = (check: Check): Check => (value, path) => (value === undefined ? undefined : check(value, path));
const orNull = (check: Check): Check => (value, path) => (value === null ? null : check(value, path));
const upTo = (least: number, most: number): Check => (value, path) => between(value, least, most, path);
const named: Shape = {name: orNone(word), rate: orNone(someAmount)};

/** What each event carries beside its time and its machine. */
const shapes: Readonly<Record<EsxHappening["type"], Shape>> = {
  "set-limit": {limit: orNull(amount)},
  "set-reservation": {reservation: amount},
  "set-shares": {shares: amount},
  setmem: {target: amount},
  activity: {size: amount},
  "load-driver": {},
  "unload-driver": {},
  "power-off": {},
  "set-idle-tax": {tax: upTo(0, 0.99)},
  "host-pressure": {size: amount},
  allocate: {...named, size: amount, jitter: orNone(upTo(0, 1)), hold: orNone(amountOrEndless)},
  "write-tmpfs": {...named, size: amount, limit: orNone(amount)},
  touch: {size: orNone(amount)},
  free: {name: orNone(word), size: orNone(amount)},
  cache: {size: amount},
  "working-set": {size: amount},
  "drop-caches": {},
  "set-overcommit": {mode: (value, path) => oneOf(value, [0, 1, 2], path)},
  "set-swappiness": {value: upTo(0, 200)}
};

/** Every type there is. */
export const esxEventTypes: readonly string[] = Object.keys(shapes);

const shapeOf = (type: string): Shape | undefined => (Object.hasOwn(shapes, type) ? shapes[type as EsxHappening["type"]] : undefined);

function checkEvent(event: EsxEventSpec, path: string, names: readonly string[]): EsxEventSpec {
  const values: Readonly<Record<string, unknown>> = {...fields(event, path)};
  amount(event.at, `${path}.at`);
  const shape = shapeOf(event.type);
  if (shape === undefined) {
    throw new ModelError(`unknown event: ${event.type}`, {code: "unknown-event", path: `${path}.type`, expected: esxEventTypes.join(", "), hint: "use one of the listed types"});
  }
  if (event.vm !== undefined && !names.includes(event.vm)) {
    throw new ModelError(`unknown machine: ${event.vm}`, {code: "unknown-vm", path: `${path}.vm`, expected: names.join(", "), hint: "use the name of one of the machines"});
  }
  for (const [key, check] of Object.entries(shape)) check(values[key], `${path}.${key}`);
  return event;
}

/** Events by time; those of one instant in the order given. @throws ModelError `out-of-range`, `unknown-event`, `unknown-vm`. */
export const checkEvents = (events: readonly EsxEventSpec[], names: readonly string[]): readonly EsxEventSpec[] =>
  items(events, "events").map((event, i) => checkEvent(event, `events[${i}]`, names)).sort((a, b) => a.at - b.at);
