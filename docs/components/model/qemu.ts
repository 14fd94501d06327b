import {resolveMachine, type Machine, type MachineSpec} from "../../../src/domain/machine.ts";
import {simulate} from "../../../src/simulation/simulate.ts";
import type {EventSpec} from "../../../src/simulation/events.ts";
import type {ScenarioSpec} from "../../../src/simulation/scenario.ts";
import type {Timeline} from "../../../src/simulation/timeline.ts";
import {kib, mib, mibToKib, seconds} from "../../../src/units.ts";
import {remember} from "../case/remember.ts";
import {ordered, type EventTable, type PageEvent} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";

/** The run of the pages on QEMU, in seconds: the times are those of the recordings. */
export const END = 24;
const TIME = {min: 0, max: END, step: 0.1};

export const params: ParamTable = [
  {
    name: "configured", label: "configured", layer: "configured", unit: "MiB", min: 512, max: 4096, step: 1, initial: 2048,
    ticks: [{value: 512, label: "512"}, {value: 1024}, {value: 2048, label: "2048"}, {value: 3072, label: "3072"}, {value: 4096, label: "4096"}],
    help: "The memory the machine boots with: <memory> in libvirt, -m in QEMU."
  },
  {
    name: "target", label: "target", layer: "target", unit: "MiB", min: 64, max: 4096, step: 1, initial: 1024,
    ticks: [{value: 64, label: "64"}, {value: 1024, label: "1024"}, {value: 2048, label: "2048"}, {value: 3072, label: "3072"}, {value: 4096, label: "4096"}],
    help: "What the event “setmem target” asks the guest to live in; “half” asks for half of it, “all back” for everything."
  },
  {
    name: "time", label: "time", layer: null, unit: "s", min: 0, max: END, step: 0.1, initial: 18,
    ticks: [{value: 0, label: "0"}, {value: 6, label: "6"}, {value: 12, label: "12"}, {value: 18, label: "18"}, {value: END, label: "24"}],
    help: "The moment that the memory column shows."
  },
  {
    name: "device", label: "balloon device", layer: "current", initial: 1,
    options: [{value: 1, label: "virtio"}, {value: 0, label: "none"}],
    help: "libvirt adds one unless told otherwise: <memballoon model='none'/>."
  },
  {
    name: "deflate", label: "deflate on OOM", layer: "current", initial: 0,
    options: [{value: 0, label: "off"}, {value: 1, label: "on"}],
    help: "The guest takes pages back when it runs out: autodeflate='on'."
  },
  {
    name: "reporting", label: "free page reporting", layer: "backing", initial: 0,
    options: [{value: 0, label: "off"}, {value: 1, label: "on"}],
    help: "The guest tells the host which pages are free: freePageReporting='on'."
  }
];

/** The host under the machine, MiB: room for the largest machine of the page, and swap for all of it. Illustrative. */
const HOST_RAM = 8192;
const HOST_SWAP = 8192;

const amount = (label: string, initial: number) => ({label, unit: "MiB", min: 1, max: 4096, step: 1, initial});

export const events: EventTable = {
  time: TIME,
  types: [
    {type: "load-driver", label: "driver loads", short: "driver", layer: "current", amount: null},
    {type: "target", label: "setmem target", short: "target", layer: "target", amount: null},
    {type: "half", label: "setmem half of it", short: "half", layer: "target", amount: null},
    {type: "all-back", label: "setmem everything", short: "all back", layer: "target", amount: null},
    {type: "setmem", label: "setmem", short: "setmem", layer: "target", amount: amount("target", 512)},
    {type: "allocate", label: "a process writes", short: "write", layer: "current", amount: amount("size", 700)},
    {type: "free", label: "the process ends", short: "end", layer: "current", amount: null},
    {type: "cache", label: "files are read", short: "read", layer: "current", amount: amount("size", 500)},
    {type: "fill", label: "a tmpfs file is written", short: "fill", layer: "current", amount: amount("size", 800)},
    {type: "unload-driver", label: "driver unloads", short: "unload", layer: "current", amount: null},
    {type: "restart", label: "guest restarts", short: "restart", layer: "current", amount: null},
    {type: "host-pressure", label: "other programs hold host RAM", short: "pressure", layer: "backing", amount: {label: "size", unit: "MiB", min: 0, max: HOST_RAM, step: 1, initial: 7168}}
  ],
  initial: [
    {type: "load-driver", at: 2, value: 0},
    {type: "allocate", at: 5, value: 1700},
    {type: "free", at: 11.5, value: 0},
    {type: "target", at: 12.5, value: 0},
    {type: "half", at: 16.1, value: 0},
    {type: "all-back", at: 19.1, value: 0}
  ]
};

/** How fast the process of the page writes, KiB/s: as in the recording; illustrative. */
const WRITE_RATE = 260 * 1024;

/** The same machine for the same numbers: dragging a target boots it once. */
const machineOf = remember((spec: Pick<MachineSpec, "memory" | "balloon">): Machine => resolveMachine(spec));

/** A setting of the page as a scenario of the model. */
export function scenarioOf({params: p, events: list}: Setting): ScenarioSpec {
  const {configured = 2048, device = 1, deflate = 0, reporting = 0} = p;
  return {
    machine: machineOf({memory: mibToKib(mib(configured)), balloon: device === 0 ? null : {deflateOnOom: deflate === 1, freePageReporting: reporting === 1}}),
    host: {ram: mibToKib(mib(HOST_RAM)), swap: mibToKib(mib(HOST_SWAP))},
    driver: {loadsAt: null},
    duration: seconds(END),
    events: ordered(list).flatMap((event) => happening(event, p))
  };
}

function happening({type, at, value}: PageEvent, p: Setting["params"]): EventSpec[] {
  const {configured = 2048, target = 1024} = p;
  const when = seconds(at);
  const set = (size: number): EventSpec => ({at: when, type: "balloon", target: kib(Math.floor(size * 1024))});
  switch (type) {
    case "target": return [set(target)];
    case "half": return [set(target / 2)];
    case "all-back": return [set(configured)];
    case "setmem": return [set(value)];
    case "allocate": return [{at: when, type, size: mibToKib(mib(value)), rate: WRITE_RATE}];
    case "fill": return [{at: when, type: "write-tmpfs", size: mibToKib(mib(value)), rate: WRITE_RATE}];
    case "host-pressure": return [{at: when, type, size: mibToKib(mib(value))}];
    case "cache": return [{at: when, type, size: mibToKib(mib(value))}];
    case "load-driver": case "unload-driver": case "free": case "restart": return [{at: when, type}];
    default: return [];
  }
}

export const run = (setting: Setting): Timeline => simulate(scenarioOf(setting));
