import {simulateXen} from "../../../src/simulation/xen/simulate-xen.ts";
import {kib, mib, mibToKib, seconds} from "../../../src/units.ts";
import type {CaseRun} from "../case/run.ts";
import {END} from "../model/qemu.ts";
import {eventTypes, happening, machineOf} from "../model/xen-events.ts";
import type {EventTable, PageEvent} from "../state/events.ts";
import {initialState, type Setting} from "../state/page-state.ts";
import {qemu} from "./qemu-kvm-case.ts";

/** A machine of the first page: its run, and what happens in it. */
export interface HeroMachine {
  readonly label: string;
  readonly run: CaseRun;
  readonly events: readonly PageEvent[];
  readonly table: EventTable;
}

const SIZE = 2048;

/** The experiment of the first mail, closer together than it was recorded. */
const xenEvents: readonly PageEvent[] = [
  {type: "mem-set", at: 1, value: 1024},
  {type: "mem-set", at: 11, value: 512},
  {type: "mem-set", at: 18.5, value: SIZE}
];

function xenMachine(): HeroMachine {
  const memory = mibToKib(mib(SIZE));
  const run = simulateXen({machine: machineOf({type: "pv", memory}), duration: seconds(END), events: xenEvents.flatMap((event) => happening(event, {}))});
  return {label: "Xen PV", run, events: xenEvents, table: {types: eventTypes([]), time: {min: 0, max: END, step: 0.1}, initial: xenEvents}};
}

function qemuMachine(): HeroMachine {
  const {spec} = qemu.model;
  const setting: Setting = initialState(spec);
  return {label: "QEMU and KVM", run: qemu.compute(setting, null).run, events: setting.events, table: spec.events ?? {types: [], time: {min: 0, max: END, step: 0.1}, initial: []}};
}

let made: readonly [HeroMachine, HeroMachine] | null = null;

/** Both machines; each is run once, since only the moment looked at changes. */
export const heroMachines = (): readonly [HeroMachine, HeroMachine] => (made ??= [qemuMachine(), xenMachine()]);

/** KiB of one of the four numbers. */
export const sizeAt = (run: CaseRun, time: number, name: "configured" | "target" | "actual" | "resident"): number => kib(run.stateAt(seconds(time))[name]);
