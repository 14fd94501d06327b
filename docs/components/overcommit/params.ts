import type {ParamTable} from "../state/params.ts";

/** Seconds of a run, and of a step. */
export const END = 600;
export const STEP = 1;

const ticks = (...values: number[]) => values.map((value) => ({value, label: String(value)}));

export const params: ParamTable = [
  {
    name: "policy", label: "machine by machine", layer: null, initial: 1, options: [{value: 0, label: "nobody"}, {value: 1, label: "Proxmox"}, {value: 2, label: "oVirt MOM"}, {value: 3, label: "ESX"}],
    help: "Whose host is drawn machine by machine."
  },
  {
    name: "ram", label: "the host's RAM", layer: "backing", unit: "MiB", min: 2560, max: 8192, step: 128, initial: 4096, ticks: ticks(2560, 4096, 6144, 8192),
    help: "Four machines of 2048 MiB are promised 8192 MiB together; the host keeps 256 MiB for itself."
  },
  {
    name: "job", label: "the batch job", layer: "current", unit: "MiB", min: 0, max: 1792, step: 64, initial: 1536, ticks: ticks(0, 512, 1024, 1536),
    help: "What the job of the machine “batch” writes to, from 200 s to 420 s."
  },
  {
    name: "minimum", label: "minimum of each", layer: "target", unit: "MiB", min: 256, max: 2048, step: 64, initial: 512, ticks: [...ticks(256), {value: 512}, ...ticks(1024, 2048)],
    help: "The least that a policy may tell a machine to live in; on ESX its reservation is left at nothing."
  },
  {
    name: "swap", label: "host swap", layer: "backing", initial: 1, options: [{value: 1, label: "8 GiB"}, {value: 0, label: "none"}],
    help: "ESX always has swap files."
  },
  {
    name: "guestSwap", label: "swap in each guest", layer: "current", initial: 1, options: [{value: 1, label: "1 GiB"}, {value: 0, label: "none"}],
    help: "Where a guest puts pages that its balloon takes and it has none free of."
  }
];
