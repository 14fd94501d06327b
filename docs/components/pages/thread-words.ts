import {everyRow, momentsOf, type Case} from "../case/case.ts";
import type {CaseRun} from "../case/run.ts";
import type {TimelineData} from "../figure/timeline.tsx";
import type {PageEvent} from "../state/events.ts";
import {initialState} from "../state/page-state.ts";
import {cgroupCase} from "./cgroups-lines.ts";
import {esx} from "./esx-case.ts";
import type {Table} from "./page.ts";
import {qemu} from "./qemu-kvm-case.ts";
import {xen} from "./xen-pv-case.ts";

/** One run, ready to be drawn. */
export interface Shown {
  readonly run: CaseRun;
  /** Seconds. */
  readonly end: number;
  readonly timeline: TimelineData;
  readonly moments: () => Table;
  readonly rows: () => Table;
}

/** What words in the mails speak about, as a complete state of one machine. */
export interface Words {
  readonly id: string;
  /** In the list beside the figure, and of each jump. */
  readonly label: string;
  /** The machine and what happens to it, in a sentence. */
  readonly about: string;
  /** The claims that speak about it. */
  readonly claims: readonly string[];
  readonly show: () => Shown;
}

/** Without the recordings of its own page, which two claims show below. */
const cgroups = cgroupCase([]);

const event = (type: string, at: number, value = 0): PageEvent => ({type, at, value});

/** A run is made when it is first looked at. */
function shown<R extends CaseRun>(of: Case<R>, params: Readonly<Record<string, number>>, events?: readonly PageEvent[]): () => Shown {
  let made: Shown | null = null;
  return () => {
    if (made !== null) return made;
    const {spec, end} = of.model;
    const initial = initialState(spec);
    const c = of.compute({params: {...initial.params, ...params}, events: events ?? initial.events}, null);
    made = {run: c.run, end, timeline: {...of.timelineData(c), now: null}, moments: () => momentsOf(of.model)(c), rows: () => everyRow(c)};
    return made;
  };
}

/** In the order in which the mails come to them. */
export const words: readonly Words[] = [
  {id: "xen", label: "Xen: free follows", about: "A Xen PV guest of 2048 MiB is asked for 1024, for half of that, and gets all back; dots are the recorded guest.", claims: ["M4"], show: shown(xen, {})},
  {id: "limit", label: "ESX: a limit", about: "A guest of 2048 MiB on ESX gets a limit of 1024: the host has its balloon take the rest, and MemTotal stays.", claims: ["M2", "D6", "M5", "M7"], show: shown(esx, {})},
  {id: "deaf", label: "QEMU: no driver", about: "A QEMU guest without a balloon driver is asked for 1024 MiB and for 512: both calls succeed, nothing follows.", claims: ["M3"], show: shown(qemu, {}, [event("target", 5.7), event("half", 6.7)])},
  {id: "qemu", label: "QEMU: the balloon", about: "A QEMU guest of 2048 MiB is asked for 1024, for half of that, and for everything; dots are the recorded guest.", claims: ["C1", "D2"], show: shown(qemu, {})},
  {id: "headroom", label: "Xen: room above", about: "A Xen PV guest built with 1024 MiB and a maximum of 2048: its map reaches to the maximum, the rest starts in the balloon.", claims: ["C2", "C4", "C5"], show: shown(xen, {memory: 1024})},
  {id: "stalled", label: "Xen: it cannot follow", about: "A Xen guest whose process holds 1700 MiB is asked for 128: the driver tries, waits, and gives up.", claims: ["D4"], show: shown(xen, {target: 128}, [event("allocate", 5, 1700), event("target", 12)])},
  {id: "granted", label: "QEMU: the balloon gives way", about: "A QEMU guest with deflate on OOM: what its process needs comes back out of the balloon.", claims: ["D5"], show: shown(qemu, {target: 512, deflate: 1}, [event("load-driver", 5.1), event("target", 5.2), event("allocate", 7, 1000), event("free", 13), event("target", 18.1)])},
  {id: "cap", label: "KVM: a cap, unheard", about: "A cgroup of 500 MiB around a guest that was told nothing: what it writes beyond goes to the host's swap.", claims: ["D7", "D8"], show: shown(cgroups, {swap: 3072}, [event("allocate", 4.1, 700), event("free", 13.4)])},
  {id: "both", label: "KVM: target and cap", about: "The guest is told through its balloon, and the cgroup stands behind it: what the host spends ends below the cap.", claims: ["D9"], show: shown(cgroups, {}, [event("load-driver", 0.4), event("allocate", 4.1, 300)])},
  {id: "swapped", label: "ESX: no driver", about: "The limit of 1024 MiB without VMware's driver in the guest: the host compresses and swaps, and the guest cannot tell.", claims: ["M6"], show: shown(esx, {driver: 0})}
];
