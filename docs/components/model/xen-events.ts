import {resolveXenMachine, type XenMachine, type XenMachineSpec} from "../../../src/domain/xen/machine.ts";
import type {XenEventSpec} from "../../../src/simulation/xen/scenario.ts";
import {kib, mib, mibToKib, seconds} from "../../../src/units.ts";
import {remember} from "../case/remember.ts";
import type {EventType, PageEvent} from "../state/events.ts";
import type {Setting} from "../state/page-state.ts";

/** What both pages on Xen share: what can happen to a domain, and the commands that stand for it. */

/** Seconds of a run; the times of its events are those of the recordings. */
export const END = 46;
/** KiB/s a process writes at; illustrative. */
const WRITE_RATE = 260 * 1024;

const amount = (label: string, initial: number) => ({label, unit: "MiB", min: 4, max: 8192, step: 1, initial});

const types: readonly EventType[] = [
  {type: "target", label: "mem-set target", short: "target", layer: "target", amount: null},
  {type: "half", label: "mem-set half of it", short: "half", layer: "target", amount: null},
  {type: "all-back", label: "mem-set maxmem", short: "all back", layer: "target", amount: null},
  {type: "mem-set", label: "xl mem-set", short: "mem-set", layer: "target", amount: amount("target", 1536)},
  {type: "mem-max", label: "xl mem-max", short: "mem-max", layer: "target", amount: amount("maximum", 3072)},
  {type: "xenstore", label: "dom0 writes memory/target", short: "xenstore", layer: "target", amount: amount("target", 1536)},
  {type: "guest-target", label: "the guest asks for", short: "guest", layer: "current", amount: amount("target", 1536)},
  {type: "allocate", label: "a process writes", short: "write", layer: "current", amount: amount("size", 1200)},
  {type: "free", label: "the process ends", short: "end", layer: "current", amount: null},
  {type: "fill", label: "a tmpfs file is written", short: "fill", layer: "current", amount: amount("size", 100)},
  {type: "host-free", label: "other domains leave free", short: "others", layer: "backing", amount: amount("free", 256)},
  {type: "online", label: "hot-added memory comes online", short: "online", layer: "current", amount: null},
  {type: "touch-all", label: "the kernel tests its memory", short: "memtest", layer: "current", amount: null}
];

/** The kinds of events of a page, in the order of its menu. */
export const eventTypes = (without: readonly string[]): readonly EventType[] => types.filter(({type}) => !without.includes(type));

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

/** An event of a page as one of the model. */
export function happening(event: PageEvent, params: Setting["params"]): XenEventSpec[] {
  const at = seconds(event.at);
  const command = commandOf(event, params);
  if (command !== null) return [{at, type: "xl", command}];
  const size = mibToKib(mib(event.value));
  switch (event.type) {
    case "xenstore": return [{at, type: "xenstore-target", target: size}];
    case "guest-target": return [{at, type: "guest-target", target: kib(size)}];
    case "allocate": return [{at, type: "allocate", size, rate: WRITE_RATE}];
    case "fill": return [{at, type: "write-tmpfs", size, rate: WRITE_RATE}];
    case "free": return [{at, type: "free"}];
    case "host-free": return [{at, type: "host-free", size}];
    case "online": return [{at, type: "online-memory"}];
    case "touch-all": return [{at, type: "touch-all"}];
    default: return [];
  }
}

/** The same machine for the same specification: a drag of the target does not boot it again. */
export const machineOf = remember((spec: XenMachineSpec): XenMachine => resolveXenMachine(spec));
