import {simulateXen, type XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import type {XenScenarioSpec} from "../../../src/simulation/xen/scenario.ts";
import {mib, mibToKib, seconds} from "../../../src/units.ts";
import {series} from "../../../data/recordings/xen-xl-pv-2048-2048.json";
import {ordered, type EventTable} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";
import {END, eventTypes, happening, machineOf} from "./xen-events.ts";
import {xenOverlay} from "./xen-overlay.ts";

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
  },
  {
    name: "era", label: "Xen and Linux of", layer: null, initial: 1,
    options: [{value: 1, label: "today"}, {value: 0, label: "2009"}],
    help: "The tools of 2009 set Xen's cap to the maximum once and left it there; the driver of then never gave up."
  }
];

export const events: EventTable = {
  time: {min: 0, max: END, step: 0.1},
  types: eventTypes(["touch-all"]),
  initial: [
    {type: "target", at: 12.6, value: 0},
    {type: "half", at: 25.4, value: 0},
    {type: "all-back", at: 36.9, value: 0}
  ]
};

/** A setting of the page as a scenario of the model. */
export function scenarioOf({params: p, events: list}: Setting): XenScenarioSpec {
  const {configured = 2048, memory = 2048, driver = 1, era = 1} = p;
  return {
    machine: machineOf({type: "pv", memory: mibToKib(mib(Math.min(memory, configured))), maxmem: mibToKib(mib(configured)), parameters: era === 1 ? "today" : "2009"}),
    driver: {loaded: driver === 1},
    duration: seconds(END),
    events: ordered(list).flatMap((event) => happening(event, p))
  };
}

export const run = (setting: Setting): XenTimeline => simulateXen(scenarioOf(setting));

/** Xen 4.17.7, a PV guest with Linux 6.1: the experiment of the 2009 mails. Seconds since xl create, MiB. */
export const recorded = xenOverlay(series);
