import {resolveMachine, type Machine, type MachineSpec} from "../../../src/domain/machine.ts";
import type {EventSpec} from "../../../src/simulation/events.ts";
import type {ScenarioSpec} from "../../../src/simulation/scenario.ts";
import {simulate} from "../../../src/simulation/simulate.ts";
import type {Timeline} from "../../../src/simulation/timeline.ts";
import {kib, mib, mibToKib, seconds, type KiB} from "../../../src/units.ts";
import {remember} from "../case/remember.ts";
import {ordered, type EventTable, type PageEvent} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";
import type {ParamTable} from "../state/params.ts";

/** The run of the page, in seconds; a recorded one took 6 to 16. */
export const END = 14;
const TIME = {min: 0, max: END, step: 0.1};

export const params: ParamTable = [
  {
    name: "configured", label: "configured", layer: "configured", unit: "MiB", min: 512, max: 2048, step: 1, initial: 1024,
    ticks: [{value: 512, label: "512"}, {value: 1024, label: "1024"}, {value: 1536, label: "1536"}, {value: 2048, label: "2048"}],
    help: "The memory the machine boots with: <memory> in libvirt, -m in QEMU."
  },
  {
    name: "target", label: "target", layer: "target", unit: "MiB", min: 64, max: 2048, step: 1, initial: 500,
    ticks: [{value: 64, label: "64"}, {value: 500, label: "500"}, {value: 1024, label: "1024"}, {value: 1536, label: "1536"}, {value: 2048, label: "2048"}],
    help: "What the balloon device asks for from the start: <currentMemory> in libvirt. Without a driver in the guest nobody hears it."
  },
  {
    name: "cap", label: "cap", layer: "backing", unit: "MiB", min: 128, max: 2048, step: 1, initial: 500,
    ticks: [{value: 128, label: "128"}, {value: 500, label: "500"}, {value: 1024, label: "1024"}, {value: 1536, label: "1536"}, {value: 2048, label: "2048"}],
    help: "The host's limit on QEMU's whole process: hard_limit in libvirt's memtune, memory.max or memory.high of its cgroup."
  },
  {
    name: "own", label: "QEMU’s own memory", layer: "backing", unit: "MiB", min: 0, max: 256, step: 1, initial: 68,
    ticks: [{value: 0, label: "0"}, {value: 68, label: "68"}, {value: 128, label: "128"}, {value: 192}, {value: 256, label: "256"}],
    help: "What the process holds beyond guest RAM. 68 MiB is what the recorded, emulated machines needed; yours will differ."
  },
  {
    name: "time", label: "time", layer: null, unit: "s", min: 0, max: END, step: 0.1, initial: 7,
    ticks: [{value: 0, label: "0"}, {value: 3.5, label: "3.5"}, {value: 7, label: "7"}, {value: 10.5, label: "10.5"}, {value: END, label: "14"}],
    help: "The moment that the memory column shows."
  },
  {
    name: "kind", label: "the cap is", layer: "backing", initial: 0,
    options: [{value: 0, label: "memory.max"}, {value: 1, label: "memory.high"}, {value: 2, label: "not set"}],
    help: "A hard limit, a throttle, or none until it is lowered: then a hard limit."
  },
  {
    name: "swap", label: "host swap", layer: "backing", initial: 0,
    options: [{value: 0, label: "none"}, {value: 3072, label: "3072 MiB"}],
    help: "Where the host may put what is over the cap."
  },
  {
    name: "deflate", label: "deflate on OOM", layer: "current", initial: 0,
    options: [{value: 0, label: "off"}, {value: 1, label: "on"}],
    help: "The guest takes pages back when it runs out: autodeflate='on'."
  }
];

const amount = (label: string, initial: number) => ({label, unit: "MiB", min: 1, max: 2048, step: 1, initial});

export const events: EventTable = {
  time: TIME,
  types: [
    {type: "load-driver", label: "driver loads", short: "driver", layer: "current", amount: null},
    {type: "allocate", label: "a process writes", short: "write", layer: "current", amount: amount("size", 700)},
    {type: "free", label: "the process ends", short: "end", layer: "current", amount: null},
    {type: "touch", label: "it goes over its memory", short: "touch", layer: "current", amount: null},
    {type: "setmem", label: "setmem", short: "setmem", layer: "target", amount: amount("target", 500)},
    {type: "lower", label: "the cap is lowered", short: "lower", layer: "backing", amount: amount("cap", 300)}
  ],
  initial: [{type: "allocate", at: 4.1, value: 700}]
};

/** How fast the process writes, KiB/s: as in the recorded runs, which were emulated; illustrative. */
const WRITE_RATE = 102 * 1024;

/** The same machine for the same numbers: dragging a cap boots it once. */
const machineOf = remember((spec: Pick<MachineSpec, "memory" | "balloon">): Machine => resolveMachine(spec));

const size = (value: number): KiB => mibToKib(mib(value));

/** The cap of a setting as limits of the cgroup. */
export const limitOf = (kind: number, cap: number): {readonly max?: KiB; readonly high?: KiB} => (kind === 2 ? {} : kind === 1 ? {high: size(cap)} : {max: size(cap)});

/** A setting of the page as a scenario of the model. */
export function scenarioOf({params: p, events: list}: Setting): ScenarioSpec {
  const {configured = 1024, target = 500, cap = 500, own = 68, kind = 0, swap = 0, deflate = 0} = p;
  return {
    machine: machineOf({memory: size(configured), balloon: {deflateOnOom: deflate === 1, freePageReporting: false}}),
    currentMemory: size(Math.min(target, configured)),
    driver: {loadsAt: null},
    host: {ram: size(64 * 1024), swap: size(swap), overhead: size(own), cgroup: limitOf(kind, cap)},
    duration: seconds(END),
    events: ordered(list).flatMap((event) => happening(event, kind))
  };
}

/** A cap that is not set yet is set as a hard limit. */
const lowered = (kind: number, cap: number): ReturnType<typeof limitOf> => limitOf(kind === 2 ? 0 : kind, cap);

function happening({type, at, value}: PageEvent, kind: number): EventSpec[] {
  const when = seconds(at);
  switch (type) {
    case "allocate": return [{at: when, type, size: size(value), rate: WRITE_RATE}];
    case "setmem": return [{at: when, type: "balloon", target: kib(value * 1024)}];
    case "lower": return [{at: when, type: "cgroup", ...lowered(kind, value)}];
    case "load-driver": case "free": case "touch": return [{at: when, type}];
    default: return [];
  }
}

/** What the page needs of a run; here `resident` is all that the cgroup is charged for, QEMU's own memory among it. */
export interface CgroupRun extends Pick<Timeline, "times" | "scenario" | "log"> {
  readonly columns: Timeline["columns"];
  readonly stateAt: Timeline["stateAt"];
  /** When the host killed the VM, seconds; null if it lived. */
  readonly killedAt: number | null;
}

export function run(setting: Setting): CgroupRun {
  const timeline = simulate(scenarioOf(setting));
  const killed = timeline.log.find(({text}) => text.includes("host kills"));
  return {
    times: timeline.times,
    scenario: timeline.scenario,
    log: timeline.log,
    columns: {...timeline.columns, resident: timeline.columns.cgroupCurrent},
    stateAt(t) {
      const row = timeline.stateAt(t);
      return {...row, resident: row.cgroupCurrent};
    },
    killedAt: killed?.at ?? null
  };
}
