import {kib, mib, mibToKib, seconds} from "../../../src/units.ts";
import type {EsxEventSpec} from "../../../src/simulation/esx/events.ts";
import type {EsxScenarioSpec} from "../../../src/simulation/esx/scenario.ts";
import {simulateEsx, type EsxTimeline, type EsxVmTimeline} from "../../../src/simulation/esx/simulate-esx.ts";
import {ordered, type EventTable, type PageEvent} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";

/** Seconds of the run. */
export const END = 60;
/** RAM of the host, MiB: four times what any machine of the page can have, so that it is never short. */
export const HOST = 16384;

/** One machine's run, and the host's beside it. */
export interface EsxRun extends EsxVmTimeline {
  readonly timeline: EsxTimeline;
}

export const params: ParamTable = [
  {
    name: "configured", label: "configured", layer: "configured", unit: "MiB", min: 512, max: 4096, step: 4, initial: 2048,
    ticks: [{value: 512, label: "512"}, {value: 1024}, {value: 2048, label: "2048"}, {value: 3072, label: "3072"}, {value: 4096, label: "4096"}],
    help: "What the firmware shows the guest: memsize in the .vmx, <memory> in libvirt. It changes only while the machine is off."
  },
  {
    name: "limit", label: "limit", layer: "backing", unit: "MiB", min: 256, max: 4096, step: 4, initial: 1024,
    ticks: [{value: 256, label: "256"}, {value: 1024, label: "1024"}, {value: 2048, label: "2048"}, {value: 4096, label: "4096"}],
    help: "What the event “setmem” writes: sched.mem.max, the most host memory the machine may have."
  },
  {
    name: "time", label: "time", layer: null, unit: "s", min: 0, max: END, step: 0.1, initial: 40,
    ticks: [{value: 0, label: "0"}, {value: 20, label: "20"}, {value: 40, label: "40"}, {value: END, label: "60"}],
    help: "The moment that the memory column shows."
  },
  {
    name: "driver", label: "balloon driver", layer: "current", initial: 1,
    options: [{value: 1, label: "vmmemctl"}, {value: 0, label: "none"}],
    help: "VMware's driver in the guest. Without it the host has only its own means."
  },
  {
    name: "swap", label: "swap in the guest", layer: "current", initial: 2048,
    options: [{value: 2048, label: "2048 MiB"}, {value: 0, label: "none"}],
    help: "Where the guest's kernel can put what the balloon pushes out."
  }
];

const amount = (label: string, initial: number) => ({label, unit: "MiB", min: 4, max: 4096, step: 1, initial});

export const events: EventTable = {
  time: {min: 0, max: END, step: 0.1},
  types: [
    {type: "limit", label: "setmem: limit", short: "setmem", layer: "target", amount: null},
    {type: "no-limit", label: "limit lifted", short: "no limit", layer: "target", amount: null},
    {type: "limit-to", label: "setmem to", short: "setmem", layer: "target", amount: amount("limit", 1536)},
    {type: "allocate", label: "a process writes", short: "write", layer: "current", amount: amount("size", 1500)},
    {type: "free", label: "the process ends", short: "end", layer: "current", amount: null},
    {type: "load-driver", label: "the driver loads", short: "driver", layer: "current", amount: null},
    {type: "unload-driver", label: "the driver is unloaded", short: "unload", layer: "current", amount: null}
  ],
  initial: [
    {type: "allocate", at: 4, value: 1500},
    {type: "limit", at: 20, value: 0},
    {type: "no-limit", at: 48, value: 0}
  ]
};

/** KiB/s; illustrative. */
const WRITE_RATE = 260 * 1024;
/** What the programs of the guest use again and again, as a part of what it is configured with; illustrative. */
const ACTIVE = 0.25;

const size = (n: number) => mibToKib(mib(n));

function happening({type, at: time, value}: PageEvent, {limit = 1024}: Setting["params"]): EsxEventSpec[] {
  const at = seconds(time);
  switch (type) {
    case "limit": return [{at, type: "setmem", target: size(limit)}];
    case "limit-to": return [{at, type: "setmem", target: size(value)}];
    case "no-limit": return [{at, type: "set-limit", limit: null}];
    case "allocate": return [{at, type: "allocate", size: size(value), rate: WRITE_RATE}];
    case "free": return [{at, type: "free"}];
    case "load-driver": return [{at, type: "load-driver"}];
    case "unload-driver": return [{at, type: "unload-driver"}];
    default: return [];
  }
}

/** A setting of the page as a scenario of the model. */
export function scenarioOf({params: p, events: list}: Setting): EsxScenarioSpec {
  const {configured = 2048, driver = 1, swap = 2048} = p;
  return {
    host: {ram: size(HOST)},
    vms: [{name: "vm", memory: size(configured), driver: {loadsAt: driver === 1 ? 0 : null}, workload: {active: kib(Math.round(ACTIVE * size(configured))), swap: size(swap)}}],
    events: ordered(list).flatMap((event) => happening(event, p)),
    seed: null,
    duration: seconds(END)
  };
}

/** The command an event stands for, or null for those that are not one. */
export function commandOf({type, value}: PageEvent, {limit = 1024}: Setting["params"]): string | null {
  switch (type) {
    case "limit": return `virsh setmem vm ${limit}M`;
    case "limit-to": return `virsh setmem vm ${value}M`;
    default: return null;
  }
}

export function run(setting: Setting): EsxRun {
  const timeline = simulateEsx(scenarioOf(setting));
  const [vm] = timeline.vms;
  if (vm === undefined) throw new Error("a scenario has one machine");
  return {...vm, timeline};
}
