import {simulateEsx} from "../../../src/simulation/esx/simulate-esx.ts";
import {simulateXen} from "../../../src/simulation/xen/simulate-xen.ts";
import {kib, mib, mibToKib, seconds} from "../../../src/units.ts";
import {columnData, type Computed} from "../case/case.ts";
import type {CaseRun} from "../case/run.ts";
import type {ColumnData} from "../figure/memory-column.tsx";
import * as esx from "../model/esx.ts";
import {END} from "../model/qemu.ts";
import {eventTypes, happening, machineOf} from "../model/xen-events.ts";
import type {EventTable, PageEvent} from "../state/events.ts";
import {initialState, type Setting} from "../state/page-state.ts";
import {esxColumn} from "./esx-host-column.ts";
import {qemu} from "./qemu-kvm-case.ts";

/** A machine of the first page: its run, what happens in it, and how its memory is drawn. */
export interface HeroMachine {
  readonly label: string;
  readonly run: CaseRun;
  readonly events: readonly PageEvent[];
  readonly table: EventTable;
  readonly column: (c: Computed) => ColumnData;
}

const SIZE = 2048;
const time: EventTable["time"] = {min: 0, max: END, step: 0.1};

function qemuMachine(): HeroMachine {
  const {spec} = qemu.model;
  const setting: Setting = initialState(spec);
  return {label: "QEMU and KVM", run: qemu.compute(setting, null).run, events: setting.events, table: spec.events ?? {types: [], time, initial: []}, column: columnData};
}

/** The experiment of the first mail, closer together than it was recorded. */
const xenEvents: readonly PageEvent[] = [
  {type: "mem-set", at: 1, value: 1024},
  {type: "mem-set", at: 11, value: 512},
  {type: "mem-set", at: 18.5, value: SIZE}
];

function xenMachine(): HeroMachine {
  const memory = mibToKib(mib(SIZE));
  const run = simulateXen({machine: machineOf({type: "pv", memory}), duration: seconds(END), events: xenEvents.flatMap((event) => happening(event, {}))});
  return {label: "Xen PV", run, events: xenEvents, table: {types: eventTypes([]), time, initial: xenEvents}, column: columnData};
}

/** What the QEMU guest does and is asked, as far as ESX has a call for it. */
const esxEvents: readonly PageEvent[] = [
  {type: "allocate", at: 5, value: 1700},
  {type: "free", at: 11.5, value: 0},
  {type: "limit-to", at: 12.5, value: 1024},
  {type: "limit-to", at: 16.1, value: 512},
  {type: "no-limit", at: 19.1, value: 0}
];

function esxMachine(): HeroMachine {
  const timeline = simulateEsx({...esx.scenarioOf({params: {configured: SIZE}, events: esxEvents}), duration: seconds(END)});
  const [vm] = timeline.vms;
  if (vm === undefined) throw new Error("a scenario has one machine");
  const run: esx.EsxRun = {...vm, timeline};
  return {label: "ESX", run, events: esxEvents, table: {types: esx.events.types, time, initial: esxEvents}, column: (c) => esxColumn({...c, run, pinned: null})};
}

const makers = [qemuMachine, xenMachine, esxMachine] as const;
const made = new Map<number, HeroMachine>();

/** A machine by the value of the choice; each is run once, when it is first looked at, since only the moment changes. */
export function heroMachine(chosen: number): HeroMachine {
  const machine = made.get(chosen) ?? (makers[chosen] ?? qemuMachine)();
  made.set(chosen, machine);
  return machine;
}

/** KiB of one of the four numbers. */
export const sizeAt = (run: CaseRun, t: number, name: "configured" | "target" | "actual" | "resident"): number => kib(run.stateAt(seconds(t))[name]);
