import type {ParamTable} from "../state/params.ts";

/** Seconds of a run: 600 steps of the model. */
export const END = 60;
/** When things happen; the same in every run of the page. */
export const WHEN = {driver: 2, target: 6, load: 20, end: 45} as const;
/** KiB/s at which the process writes. */
export const WRITE_RATE = 60 * 1024;
/** Sizes the two axes of the map run over, MiB. */
export const MAP = {target: {min: 128, max: 1136}, load: {min: 0, max: 1008}} as const;

const sizes = (...values: number[]) => values.map((value) => ({value, label: String(value)}));

export const params: ParamTable = [
  {
    name: "maxmem", label: "configured", layer: "configured", unit: "MiB", min: 512, max: 2048, step: 16, initial: 1024, ticks: sizes(512, 1024, 1536, 2048),
    help: "<memory>; Xen's maxmem; ESX's memory size."
  },
  {
    name: "target", label: "target", layer: "target", unit: "MiB", min: 128, max: 1136, step: 4, initial: 500, ticks: sizes(128, 500, 1024),
    help: "virsh setmem at 6 s; xl mem-set. ESX has no call for it: libvirt writes its limit."
  },
  {
    name: "cap", label: "host cap", layer: "backing", unit: "MiB", min: 128, max: 2048, step: 4, initial: 500, ticks: sizes(128, 500, 1024, 2048),
    help: "The cgroup's memory.max, from the start; on ESX the limit. Xen caps at the target by itself. 2048 caps nothing."
  },
  {
    name: "reservation", label: "reservation", layer: "backing", unit: "MiB", min: 0, max: 1024, step: 4, initial: 0, ticks: sizes(0, 500, 1024),
    help: "What the host may not take even when it is short: ESX's reservation, memory.min. A Xen domain's memory is always its own."
  },
  {
    name: "load", label: "guest load", layer: "current", unit: "MiB", min: 0, max: 1008, step: 4, initial: 300, ticks: sizes(0, 300, 700, 1008),
    help: "What a process in the guest writes to, from 20 s on; it ends at 45 s."
  },
  {
    name: "time", label: "time", layer: null, unit: "s", min: 0, max: END, step: 0.1, initial: 40, ticks: [0, 20, 40, 60].map((value) => ({value, label: String(value)})),
    help: "The moment of the thin line, and of the table."
  },
  {
    name: "driver", label: "the guest", layer: "current", initial: 1, options: [{value: 1, label: "cooperates"}, {value: 0, label: "has no driver"}],
    help: "Whether a balloon driver is loaded."
  },
  {
    name: "swap", label: "host swap", layer: "backing", initial: 0, options: [{value: 0, label: "none"}, {value: 1, label: "3 GiB"}],
    help: "Where the host can put pages it takes by force. Xen has none; ESX always has a swap file."
  },
  {
    name: "guestSwap", label: "guest swap", layer: "current", initial: 0, options: [{value: 0, label: "none"}, {value: 1, label: "1 GiB"}],
    help: "Where the guest can put pages itself."
  },
  {
    name: "short", label: "other machines", layer: "backing", initial: 0, options: [{value: 0, label: "leave room"}, {value: 1, label: "want it all"}],
    help: "From 30 s on the rest of the host wants all of its RAM but 256 MiB: only what is reserved is safe."
  },
  {
    name: "map", label: "the map is of", layer: null, initial: 0, options: [{value: 0, label: "KVM"}, {value: 1, label: "Xen"}, {value: 2, label: "ESX"}],
    help: "Which of the three the map works out."
  }
];
