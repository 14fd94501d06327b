import {pageById} from "../pages/index.ts";
import {encode} from "../state/link.ts";
import {initialState, type PageState} from "../state/page-state.ts";
import type {PageEvent} from "../state/events.ts";

/** A page brought to one of its states: what a symptom or a message looks like there. */
export interface NamedState {
  readonly page: "qemu-kvm" | "xen-pv" | "xen-fv" | "cgroups" | "esx";
  readonly params: Readonly<Record<string, number>>;
  /** Instead of the page's own; null keeps those. */
  readonly events: readonly PageEvent[] | null;
  /** Of the link: what the reader will find there. */
  readonly text: string;
}

/** Where the figure that the state is for stands, on every one of these pages. */
const FIGURE = "the-same-pages-seen-twice";

const event = (type: string, at: number, value = 0): PageEvent => ({type, at, value});
const on = (page: NamedState["page"]) => (text: string, params: NamedState["params"], events: readonly PageEvent[] | null = null): NamedState => ({page, params, events, text});
const qemu = on("qemu-kvm");
const xen = on("xen-pv");
const firmware = on("xen-fv");
const capped = on("cgroups");
const esx = on("esx");

const squeezed = [event("load-driver", 2), event("setmem", 4, 512), event("allocate", 7, 1000), event("fill", 15, 800)];
const touchedLate = [event("load-driver", 2), event("allocate", 3, 1500), event("free", 10)];

/** Every state that something outside its page leads to; the site's own encoder writes the links. */
export const states = {
  "no-driver": qemu("a target of 1024 MiB, and no driver to hear of it", {time: 12}, [event("target", 5)]),
  "above-maximum": qemu("2048 MiB configured, 4096 asked for", {time: 6}, [event("load-driver", 2), event("setmem", 5, 4096)]),
  "no-device": qemu("a machine without a balloon device", {device: 0, time: 6}, [event("target", 5)]),
  "floor": qemu("one MiB asked for: the driver stops at a floor", {time: 12}, [event("load-driver", 0.9), event("target", 2), event("setmem", 10, 1)]),
  "on-its-way": qemu("a tenth of a second after the target was set", {time: 12.6}),
  "grown-back": qemu("a process took 1000 MiB out of the balloon and has ended", {deflate: 1, target: 512, time: 16}, [event("load-driver", 2), event("target", 4), event("allocate", 7, 1000), event("free", 13)]),
  "driver-not-yet": qemu("a second before the driver loads", {time: 1}),
  "larger-size-old-target": qemu("3072 MiB configured, the target still 2048", {configured: 3072, time: 8}, [event("setmem", 0, 2048), event("load-driver", 2)]),
  "after-boot": qemu("a second after the boot, nothing asked for", {time: 1}),
  "target-reached": qemu("a target of 1024 MiB, reached", {time: 15}),
  "total-stays": qemu("deflate on OOM: 1024 MiB ballooned, and MemTotal as before", {deflate: 1, time: 12}, [event("load-driver", 2), event("target", 5)]),
  "booting": qemu("a target of 1024 MiB from the start, and a driver that loads at 5 s", {time: 3}, [event("target", 0), event("load-driver", 5)]),
  "killing": qemu("a balloon to 512 MiB, and a file in memory that grows", {time: 16.4}, squeezed),
  "refused-request": qemu("a balloon to 512 MiB, and a request for 1000 at once", {time: 8}, squeezed),
  "host-swaps": qemu("the host has 1024 MiB left for a guest that has written 1500", {time: 14}, [...touchedLate, event("host-pressure", 11, 7168)]),
  "freed-not-returned": qemu("a process wrote 1500 MiB and has ended", {time: 20}, touchedLate),
  "untouched": qemu("a balloon of 1024 MiB in a guest that has touched little", {time: 12}, [event("load-driver", 2), event("target", 5)]),
  "all-written": qemu("a guest that has written almost all of its memory", {time: 12}),
  "permission": qemu("everything was given back at 19.1 s", {time: 22}),
  "xen-above-maximum": xen("maxmem 2048 MiB, 3072 asked for", {time: 14}, [event("mem-set", 12, 3072)]),
  "xen-maximum-below-target": xen("a maximum of 512 MiB below a target of 2048", {time: 14}, [event("mem-max", 12, 512)]),
  "xen-gives-up": xen("a target of 128 MiB that a process stands against", {target: 128, time: 40}, [event("allocate", 5, 1700), event("target", 12)]),
  "xen-guest-asks": xen("the guest asks for more than Xen's cap", {time: 30}, [event("target", 12), event("guest-target", 24, 1536)]),
  "fv-waits": firmware("a PVH guest of 1024 MiB, built with a maximum of 2048, waits in its boot", {time: 3}),
  "fv-no-progress": firmware("a PVH guest of 160 MiB with a maximum of 2048, and a kernel that waits for 10 s", {memory: 160, wait: 10, time: 42}, []),
  "fv-promise-broken": firmware("a PVH guest that tests its memory before the balloon is full", {time: 8}, [event("touch-all", 6)]),
  "cap-kills": capped("a hard limit of 500 MiB, no driver and no swap: at the end of the run", {time: 14}),
  "cap-unseen": capped("a hard limit of 500 MiB, three seconds before anything meets it", {time: 1}),
  "cap-throttles": capped("soft_limit as cgroup v2 has it: memory.high, which brakes at all times", {kind: 1, time: 13}),
  "cap-swap-alone": capped("a hard limit of 500 MiB, and 3072 MiB of swap beside it", {swap: 3072, time: 13}),
  "esx-limited": esx("a limit of 1024 MiB on 2048, and 14 GiB of the host free", {time: 45}),
  "esx-no-driver": esx("the same without VMware's driver: the host compresses and swaps", {driver: 0, time: 45}),
  "esx-limited-deeply": esx("a limit of 512 MiB on 2048: the balloon is at its cap, and the host swaps", {limit: 512, time: 46})
} satisfies Readonly<Record<string, NamedState>>;

export type StateName = keyof typeof states;

export const isStateName = (name: string): name is StateName => name in states;

/** The state as its page has it. */
export function pageStateOf(name: StateName): PageState {
  const {page, params, events}: NamedState = states[name];
  const def = pageById(page);
  if (def === undefined) throw new Error(`no page ${page}`);
  const initial = initialState(def.spec);
  return {...initial, params: {...initial.params, ...params}, events: events ?? initial.events};
}

/** Address of the page in that state, its figure in view. */
export function hrefOf(name: StateName): string {
  const {page} = states[name];
  const def = pageById(page);
  if (def === undefined) throw new Error(`no page ${page}`);
  return `${page}.html${encode(def.spec, pageStateOf(name), FIGURE)}`;
}
