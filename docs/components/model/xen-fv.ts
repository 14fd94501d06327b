import type {XenMachine} from "../../../src/domain/xen/machine.ts";
import {simulateXen, type XenTimeline} from "../../../src/simulation/xen/simulate-xen.ts";
import {RECORDED_RATES, type XenScenarioSpec} from "../../../src/simulation/xen/scenario.ts";
import {mib, mibToKib, seconds} from "../../../src/units.ts";
import {series} from "../../../data/recordings/xen-xl-pvh-1024-2048.json";
import {ordered, type EventTable} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";
import {END, eventTypes, happening, machineOf} from "./xen-events.ts";
import {xenOverlay} from "./xen-overlay.ts";

/** Seconds of the recording before the guest's driver starts: the page's clock starts there. */
export const RECORDED_START = 11;

export const params: ParamTable = [
  {
    name: "type", label: "type", layer: null, initial: 0,
    options: [{value: 0, label: "PVH"}, {value: 1, label: "HVM"}],
    help: "PVH: a kernel started directly, hardly any devices. HVM: a whole PC with firmware."
  },
  {
    name: "configured", label: "maxmem", layer: "configured", unit: "MiB", min: 512, max: 6144, step: 4, initial: 2048,
    ticks: [{value: 512, label: "512"}, {value: 2048, label: "2048"}, {value: 4096, label: "4096"}, {value: 6144, label: "6144"}],
    help: "The RAM of the guest's map: maxmem= in xl.cfg, <memory> in libvirt."
  },
  {
    name: "memory", label: "memory", layer: "target", unit: "MiB", min: 128, max: 6144, step: 4, initial: 1024,
    ticks: [{value: 128, label: "128"}, {value: 1024, label: "1024"}, {value: 2048, label: "2048"}, {value: 4096, label: "4096"}, {value: 6144, label: "6144"}],
    help: "What the domain gets from the machine when it is built: memory= in xl.cfg, <currentMemory>. Never more than maxmem."
  },
  {
    name: "target", label: "target", layer: "target", unit: "MiB", min: 128, max: 6144, step: 4, initial: 1024,
    ticks: [{value: 128, label: "128"}, {value: 1024, label: "1024"}, {value: 2048, label: "2048"}, {value: 4096, label: "4096"}, {value: 6144, label: "6144"}],
    help: "What the event “mem-set target” asks for; “half” asks for half of it, “all back” for maxmem."
  },
  {
    name: "time", label: "time", layer: null, unit: "s", min: 0, max: END, step: 0.1, initial: 4,
    ticks: [{value: 0, label: "0"}, {value: 12, label: "12"}, {value: 24, label: "24"}, {value: 36, label: "36"}, {value: END, label: "46"}],
    help: "The moment that the memory column shows; the guest's balloon driver starts at 0."
  },
  {
    name: "driver", label: "balloon driver", layer: "current", initial: 1,
    options: [{value: 1, label: "in the kernel"}, {value: 0, label: "none"}],
    help: "Without one nothing takes back what was promised and is not there."
  },
  {
    name: "speed", label: "scrubbing", layer: "current", initial: 120,
    options: [{value: 120, label: "120 MiB/s"}, {value: 240, label: "240 MiB/s"}],
    help: "The guest clears each page before it gives it up. The recordings, under software emulation, ran at these two speeds."
  },
  {
    name: "vga", label: "video memory (HVM)", layer: "backing", initial: 0,
    options: [{value: 0, label: "none"}, {value: 16, label: "16 MiB"}, {value: 64, label: "64 MiB"}],
    help: "vga= and videoram=: part of memory and no RAM of the guest's."
  },
  {
    name: "hole", label: "hole below 4 GiB (HVM)", layer: "configured", initial: 0,
    options: [{value: 0, label: "256 MiB"}, {value: 1024, label: "1 GiB"}, {value: 2048, label: "2 GiB"}],
    help: "mmio_hole=: room for devices; RAM that would lie there moves above 4 GiB."
  },
  {
    name: "wait", label: "the boot waits", layer: "current", initial: 180,
    options: [{value: 180, label: "180 s"}, {value: 10, label: "10 s"}],
    help: "xen.balloon_boot_timeout: how long a kernel looks on without progress before it panics. 180 s is Linux’s own, and longer than the run here."
  }
];

export const events: EventTable = {
  time: {min: 0, max: END, step: 0.1},
  types: eventTypes(["online"]),
  initial: [
    {type: "all-back", at: 16.8, value: 0},
    {type: "target", at: 23.8, value: 0},
    {type: "half", at: 36, value: 0},
    {type: "mem-set", at: 42, value: 3072}
  ]
};

/** The domain that the parameters of the page describe; what only HVM has is left out for PVH. */
export function domainOf({type = 0, configured = 2048, memory = 1024, vga = 0, hole = 0}: Setting["params"]): XenMachine {
  const size = mibToKib(mib(Math.min(memory, configured)));
  const sizes = {memory: size, maxmem: mibToKib(mib(configured))};
  if (type === 0) return machineOf({type: "pvh", ...sizes});
  return machineOf({type: "hvm", ...sizes, videoram: mibToKib(mib(vga)), mmioHole: mibToKib(mib(hole))});
}

/** A setting of the page as a scenario of the model. */
export function scenarioOf({params: p, events: list}: Setting): XenScenarioSpec {
  return {
    machine: domainOf(p),
    driver: {loaded: p["driver"] !== 0, inflateRate: p["speed"] === 240 ? 2 * RECORDED_RATES.value.inflate : RECORDED_RATES.value.inflate, bootTimeout: seconds(p["wait"] ?? 180)},
    duration: seconds(END),
    events: ordered(list).flatMap((event) => happening(event, p))
  };
}

export const run = (setting: Setting): XenTimeline => simulateXen(scenarioOf(setting));

/** Xen 4.17.7, a PVH guest with Linux 6.1 that starts with half of its map. Seconds since its driver started, MiB. */
export const recorded = xenOverlay(series, RECORDED_START);
