import {isPv, type XenMachine} from "../domain/xen/machine.ts";
import {sourced, type Sourced} from "../source.ts";
import {kib, seconds, type KiB} from "../units.ts";
import type {PolicyKind} from "./policy.ts";

const place = (where: string): {place: string; version: string; grade: "read"} => ({place: where, version: "Xen 4.17.5", grade: "read"});

/** Seconds xl spends on making room, and how long it waits while dom0 gives nothing. */
export const PATIENCE = sourced({credit: seconds(30), wait: seconds(10), poll: seconds(2)}, {text: "30 s of credit, a look every 2 s, 10 s in all without progress", ...place("tools/xl/xl_vmcontrol.c freemem; libxl_wait_for_memory_target")});
/** What a domain needs beside its memory. */
export const EXTRA = sourced({pv: kib(1024), fv: kib(2048), granule: kib(2048)}, {text: "1 MiB for PV, 2 MiB else, rounded up to 2 MiB", ...place("tools/libs/light/libxl_mem.c libxl__domain_need_memory_calculate")});

/** `autoballoon=` of xl.conf: "auto" is on unless dom0_mem= is on Xen's command line. */
export const autoballoons = (setting: "on" | "off" | "auto", xenCommandLine: string): boolean => (setting === "auto" ? !/\bdom0_mem=/.test(xenCommandLine) : setting === "on");

/** Free memory xl wants to see before it builds a domain; shadow and IOMMU tables are left out. */
export function needMemory(machine: XenMachine): KiB {
  const {pv, fv, granule} = EXTRA.value;
  return kib(Math.ceil((machine.memory + (isPv(machine) ? pv : fv)) / granule) * granule);
}

/** How xl asks dom0: enough is free, or its target has to fall by that much, without a cap. */
export const askDom0 = (free: KiB, need: KiB): {readonly enough: true} | {readonly enough: false; readonly change: KiB} =>
  free >= need ? {enough: true} : {enough: false, change: kib(free - need)};

/** What makes room before it builds a domain: `xl create`, or libvirt's libxl driver. */
export type RoomTool = "xl" | "libvirt";

/** What a tool may spend on it. xl counts the seconds that it has waited and looks a last time; libvirt counts its tries and does not. */
export const ROOM_BUDGET: Readonly<Record<RoomTool, Sourced<{readonly unit: "second" | "try"; readonly most: number; readonly looksLast: boolean}>>> = {
  xl: sourced({unit: "second", most: PATIENCE.value.credit, looksLast: true}, {text: "30 s of credit", ...place("tools/xl/xl_vmcontrol.c freemem")}),
  libvirt: sourced({unit: "try", most: 3, looksLast: false}, {text: "3 tries, each given up after 10 s without progress", place: "src/libxl/libxl_domain.c libxlDomainFreeMem", version: "libvirt 4.10.0", grade: "read"})
};

/** What a tool sees when it looks, every `PATIENCE.poll` seconds. */
export interface RoomLook {
  /** Free memory of the machine. */
  readonly free: KiB;
  /** What dom0 owns, and what it was last told to live in. */
  readonly current: KiB;
  readonly target: KiB;
}

/** What it does then: build the domain, ask dom0 for `change` more (below 0), go on waiting, or give up. */
export type RoomAnswer = {readonly kind: "enough" | "wait" | "failed"} | {readonly kind: "ask"; readonly change: KiB};

/** A wait for dom0: seconds it may still stand, what it owned at the last look, seconds so far. */
interface RoomWait {
  left: number;
  last: number;
  waited: number;
}

/** One more look of a wait: dom0 is there, on its way, or stuck (libxl_wait_for_memory_target). */
function lookAgain(wait: RoomWait, {current, target}: RoomLook): "there" | "moving" | "stuck" {
  const {poll} = PATIENCE.value;
  wait.waited += poll;
  if (current > wait.last) return "stuck";
  if (current === wait.last) wait.left -= poll;
  wait.last = current;
  if (current <= target) return "there";
  return wait.left > 0 ? "moving" : "stuck";
}

/**
 * Makes room for a domain, a look at a time: what is missing is asked of dom0
 * once, and again only when dom0 has got to where it was told to go.
 * @param need free memory that the new domain wants, `needMemory`.
 * @returns what to do at each look; after "enough" and "failed" that stays the answer.
 */
export function roomMaker(need: KiB, tool: RoomTool = "xl"): (look: RoomLook) => RoomAnswer {
  const {unit, most, looksLast} = ROOM_BUDGET[tool].value;
  let wait: RoomWait | null = null;
  let budget: number = most;
  let end: RoomAnswer | null = null;
  const finish = (kind: "enough" | "failed"): RoomAnswer => (end = {kind});
  return (look) => {
    if (end !== null) return end;
    if (wait !== null) {
      const seen = lookAgain(wait, look);
      if (seen === "moving") return {kind: "wait"};
      if (seen === "stuck") return finish("failed");
      budget -= unit === "second" ? wait.waited : 1;
      if (budget <= 0 && !looksLast) return finish("failed");
    }
    const answer = askDom0(look.free, need);
    if (answer.enough) return finish("enough");
    if (budget <= 0) return finish("failed");
    wait = {left: PATIENCE.value.wait, last: Infinity, waited: 0};
    return {kind: "ask", change: answer.change};
  };
}

/**
 * The same as a policy: the first guest is dom0, and only it is asked, for what
 * a new domain lacks. Once there is room, or none is to be had, nobody is asked
 * any more. libxl refuses a target below dom0's least size, here its `minimum`.
 * @param need free memory the new domain wants, `needMemory`.
 */
export const dom0Autoballoon = (need: KiB, tool: RoomTool = "xl"): PolicyKind => ({
  name: tool === "xl" ? "dom0-autoballoon" : "dom0-autoballoon (libvirt)",
  period: PATIENCE.value.poll,
  monitor: null,
  start() {
    const answer = roomMaker(need, tool);
    let dom0: string | null = null;
    let refused = false;
    return {
      decide({free}, guests) {
        const targets = guests.map(({target}) => target);
        const [first] = guests;
        if (first === undefined || refused) return targets;
        dom0 ??= first.name;
        if (first.name !== dom0) return targets;
        const next = answer({free, current: first.current, target: first.target});
        if (next.kind !== "ask") return targets;
        const wanted = kib(first.target + next.change);
        refused = wanted < first.minimum;
        return refused ? targets : [wanted, ...targets.slice(1)];
      }
    };
  }
});
