import {isPv, type XenMachine} from "../domain/xen/machine.ts";
import {sourced} from "../source.ts";
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

/**
 * The same as a policy: the first guest is dom0, and only it is asked, for what
 * a new domain lacks. It has to fall by that much; xl asks for no lower bound of its own.
 * @param need free memory the new domain wants, `needMemory`.
 */
export const dom0Autoballoon = (need: KiB): PolicyKind => ({
  name: "dom0-autoballoon",
  period: PATIENCE.value.poll,
  monitor: null,
  start: () => ({
    decide({free}, guests) {
      const answer = askDom0(free, need);
      return guests.map(({target}, i) => (i > 0 || answer.enough ? target : kib(target + answer.change)));
    }
  })
});
