import {ModelError} from "../../errors.ts";
import type {KiB, Seconds} from "../../units.ts";
import type {OuterEvent} from "../apply.ts";
import {eventTypes, type Happening} from "../events.ts";
import {notNegative, outOfRange} from "../range.ts";

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

const own = ["set-limit", "set-reservation", "set-shares", "setmem", "activity", "load-driver", "unload-driver", "power-off", "set-idle-tax", "host-pressure"];
const others: readonly string[] = ["balloon", "poll-stats", "restart"];

/** Every type there is. */
export const esxEventTypes: readonly string[] = [...own, ...eventTypes.filter((type) => !own.includes(type) && !others.includes(type))];

const SIZES = new Set(["size", "limit", "reservation", "shares", "target", "hold", "jitter"]);

function checkEvent(event: EsxEventSpec, path: string, names: readonly string[]): EsxEventSpec {
  notNegative(event.at, `${path}.at`);
  if (!esxEventTypes.includes(event.type)) {
    throw new ModelError(`unknown event: ${event.type}`, {code: "unknown-event", path: `${path}.type`, expected: esxEventTypes.join(", "), hint: "use one of the listed types"});
  }
  if (event.vm !== undefined && !names.includes(event.vm)) {
    throw new ModelError(`unknown machine: ${event.vm}`, {code: "unknown-vm", path: `${path}.vm`, expected: names.join(", "), hint: "use the name of one of the machines"});
  }
  for (const [key, value] of Object.entries(event)) if (SIZES.has(key) && typeof value === "number") notNegative(value, `${path}.${key}`);
  if (event.type === "set-idle-tax" && !(event.tax >= 0 && event.tax <= 0.99)) outOfRange(`${path}.tax`, event.tax, "a number from 0 to 0.99");
  return event;
}

/** Events by time; those of one instant in the order given. @throws ModelError `out-of-range`, `unknown-event`, `unknown-vm`. */
export const checkEvents = (events: readonly EsxEventSpec[], names: readonly string[]): readonly EsxEventSpec[] =>
  events.map((event, i) => checkEvent(event, `events[${i}]`, names)).sort((a, b) => a.at - b.at);
