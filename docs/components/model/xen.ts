import {simulateXen, type XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import type {XenEventSpec, XenScenarioSpec} from "../../../src/simulation/xen/scenario.ts";
import {kib, mib, mibToKib, seconds} from "../../../src/units.ts";
import {series} from "../../../data/recordings/xen-xl-pv-2048-2048.json";
import type {Points} from "../figure/timeline.tsx";
import {ordered, type EventTable, type PageEvent} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";

/** Seconds of the run; the times of its events are those of the recording. */
export const END = 46;

export const params: ParamTable = [
  {
    name: "configured", label: "maxmem", layer: "configured", unit: "MiB", min: 512, max: 4096, step: 4, initial: 2048,
    ticks: [{value: 512, label: "512"}, {value: 1024}, {value: 2048, label: "2048"}, {value: 3072, label: "3072"}, {value: 4096, label: "4096"}],
    help: "The end of the guest's map: maxmem= in xl.cfg, <memory> in libvirt."
  },
  {
    name: "memory", label: "memory", layer: "target", unit: "MiB", min: 256, max: 4096, step: 4, initial: 2048,
    ticks: [{value: 256, label: "256"}, {value: 1024, label: "1024"}, {value: 2048, label: "2048"}, {value: 4096, label: "4096"}],
    help: "What the domain is built with: memory= in xl.cfg, <currentMemory>. Never more than maxmem."
  },
  {
    name: "target", label: "target", layer: "target", unit: "MiB", min: 128, max: 4096, step: 4, initial: 1024,
    ticks: [{value: 128, label: "128"}, {value: 1024, label: "1024"}, {value: 2048, label: "2048"}, {value: 4096, label: "4096"}],
    help: "What the event “mem-set target” asks for; “half” asks for half of it, “all back” for maxmem."
  },
  {
    name: "time", label: "time", layer: null, unit: "s", min: 0, max: END, step: 0.1, initial: 24,
    ticks: [{value: 0, label: "0"}, {value: 12, label: "12"}, {value: 24, label: "24"}, {value: 36, label: "36"}, {value: END, label: "46"}],
    help: "The moment that the memory column shows."
  },
  {
    name: "driver", label: "balloon driver", layer: "current", initial: 1,
    options: [{value: 1, label: "in the kernel"}, {value: 0, label: "none"}],
    help: "Linux has it built in as a PV guest; without one Xen can only refuse, not take."
  }
];

const amount = (label: string, initial: number) => ({label, unit: "MiB", min: 4, max: 4096, step: 1, initial});

export const events: EventTable = {
  time: {min: 0, max: END, step: 0.1},
  types: [
    {type: "target", label: "mem-set target", short: "target", layer: "target", amount: null},
    {type: "half", label: "mem-set half of it", short: "half", layer: "target", amount: null},
    {type: "all-back", label: "mem-set maxmem", short: "all back", layer: "target", amount: null},
    {type: "mem-set", label: "xl mem-set", short: "mem-set", layer: "target", amount: amount("target", 1536)},
    {type: "mem-max", label: "xl mem-max", short: "mem-max", layer: "target", amount: amount("maximum", 3072)},
    {type: "guest-target", label: "the guest asks for", short: "guest", layer: "current", amount: amount("target", 1536)},
    {type: "allocate", label: "a process writes", short: "write", layer: "current", amount: amount("size", 1200)},
    {type: "free", label: "the process ends", short: "end", layer: "current", amount: null}
  ],
  initial: [
    {type: "target", at: 12.6, value: 0},
    {type: "half", at: 25.4, value: 0},
    {type: "all-back", at: 36.9, value: 0}
  ]
};

/** KiB/s; illustrative. */
const WRITE_RATE = 260 * 1024;

/** A setting of the page as a scenario of the model. */
export function scenarioOf({params: p, events: list}: Setting): XenScenarioSpec {
  const {configured = 2048, memory = 2048, driver = 1} = p;
  return {
    machine: {type: "pv", memory: mibToKib(mib(Math.min(memory, configured))), maxmem: mibToKib(mib(configured))},
    driver: {loaded: driver === 1},
    duration: seconds(END),
    events: ordered(list).flatMap((event) => happening(event, p))
  };
}

/** The command line an event stands for, or null for those that are not one. */
export function commandOf({type, value}: PageEvent, {configured = 2048, target = 1024}: Setting["params"]): string | null {
  switch (type) {
    case "target": return `xl mem-set guest ${target}`;
    case "half": return `xl mem-set guest ${Math.floor(target / 2)}`;
    case "all-back": return `xl mem-set guest ${configured}`;
    case "mem-set": return `xl mem-set guest ${value}`;
    case "mem-max": return `xl mem-max guest ${value}`;
    default: return null;
  }
}

function happening(event: PageEvent, p: Setting["params"]): XenEventSpec[] {
  const at = seconds(event.at);
  const command = commandOf(event, p);
  if (command !== null) return [{at, type: "xl", command}];
  switch (event.type) {
    case "guest-target": return [{at, type: "guest-target", target: kib(event.value * 1024)}];
    case "allocate": return [{at, type: "allocate", size: mibToKib(mib(event.value)), rate: WRITE_RATE}];
    case "free": return [{at, type: "free"}];
    default: return [];
  }
}

export const run = (setting: Setting): XenTimeline => simulateXen(scenarioOf(setting));

const zip = (t: readonly number[], value: readonly number[]): Points => t.flatMap((s, i) => (s > END ? [] : [[s, (value[i] ?? 0) / 1024] as const]));

/** Xen 4.17.7, a PV guest with Linux 6.1: the experiment of the 2009 mails. Seconds since xl create, MiB. */
export const recorded = {total: zip(series.guest.tSeconds, series.guest.MemTotalKiB), resident: zip(series.host.tSeconds, series.host.totKiB)};
