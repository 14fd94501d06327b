import {seconds} from "../../../src/units.ts";
import type {Snapshot} from "../../../src/simulation/timeline.ts";
import {END, events} from "../model/qemu.ts";
import {ordered, typeOf} from "../state/events.ts";
import type {Table} from "./page.ts";
import type {Computed} from "./qemu-kvm-compute.ts";

const NAMES = ["configured", "target", "actual", "memTotal", "memFree", "balloon", "resident", "hostSwapped"] as const;
const HEADS = ["configured", "target", "actual", "MemTotal", "MemFree", "ballooned", "host RAM", "host swap"].map((name) => `${name} (MiB)`);

const values = (s: Snapshot): number[] => NAMES.map((name) => Math.round(s[name] / 102.4) / 10);

/** The state just before each event, and at the end: the levels that the figure shows as plateaus. */
export function moments(c: Computed): Table {
  const list = ordered(c.setting.events);
  const rows = list.map((event) => {
    const label = typeOf(events, event)?.label ?? event.type;
    return [event.at, `before: ${label}`, ...values(c.run.stateAt(seconds(Math.max(0, event.at - 0.05))))];
  });
  return {columns: ["time (s)", "moment", ...HEADS], rows: [...rows, [END, "the end", ...values(c.run.stateAt(seconds(END)))]]};
}

export function everyRow(c: Computed): Table {
  const rows = Array.from(c.run.times, (t) => [Math.round(t * 10) / 10, ...values(c.run.stateAt(seconds(t)))]);
  return {columns: ["time (s)", ...HEADS], rows};
}
