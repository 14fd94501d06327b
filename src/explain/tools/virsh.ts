import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft} from "../types.ts";
import {noteOn, numberOf, observeAll, spanOf, type Observations} from "./observe.ts";

/** `virsh dommemstat`: KiB, faults as counts, last_update in seconds. */
export const readDommemstat = (text: string): Observations =>
  observeAll(text, /^[ \t]*(actual|rss|swap_in|swap_out|major_fault|minor_fault|unused|available|usable|last_update|disk_caches|hugetlb_pgalloc|hugetlb_pgfail)[ \t]+(\d+)[ \t]*$/gm);

/** `virsh dominfo`. */
export const readDominfo = (text: string): Observations => observeAll(text, /^[ \t]*(Max memory|Used memory):[ \t]+(\d+) KiB[ \t]*$/gm);

const source = SOURCES.stats;

function available(observed: Observations): readonly Draft[] {
  return noteOn(observed, "available", {
    code: "available-is-total",
    severity: "warning",
    layer: "current",
    what: `available, ${size(numberOf(observed, "available") ?? 0)}, is the guest's MemTotal.`,
    meaning: "It is not what is free to use: that is usable, the guest's MemAvailable. Under Xen available is the domain's maximum instead.",
    action: "Read usable.",
    source
  });
}

function silent(observed: Observations): readonly Draft[] {
  if (observed.has("available") || observed.has("unused")) return [];
  return [{
    code: "no-guest-statistics",
    severity: "note",
    layer: "current",
    at: spanOf(observed, "actual") ?? spanOf(observed, "rss"),
    what: observed.has("actual") ? "The guest sends no statistics." : "There is no balloon device, and so no actual.",
    meaning: "Nobody asked for them, or no driver answers. actual is QEMU's own count and says nothing about a driver.",
    action: "virsh dommemstat GUEST --period 1 --live; if nothing comes, look for the driver.",
    source
  }];
}

function backed(observed: Observations): readonly Draft[] {
  const [rss, actual] = [numberOf(observed, "rss"), numberOf(observed, "actual")];
  if (rss === undefined || actual === undefined) return [];
  const at = spanOf(observed, "rss");
  if (rss > actual) {
    return [{code: "rss-above-actual", severity: "note", layer: "backing", at, what: `rss, ${size(rss)}, is above actual, ${size(actual)}.`, meaning: "rss is QEMU's whole process: guest pages it holds, video memory and its own. Pages the guest ballooned may also still be held, with huge pages or an assigned device.", action: "", source}];
  }
  return [{code: "rss-below-actual", severity: "note", layer: "backing", at, what: `The host holds ${size(rss)} for a guest that has ${size(actual)}.`, meaning: "The rest was never touched, or it is swapped, merged or reported free. Free memory in the guest may well be held by the host: rss does not fall by itself.", action: "", source}];
}

/** The guest's total is larger than what its balloon leaves it. */
function unmoved(observed: Observations): readonly Draft[] {
  const [total, actual] = [numberOf(observed, "available"), numberOf(observed, "actual")];
  if (total === undefined || actual === undefined || total <= actual) return [];
  return [{
    code: "total-does-not-follow",
    severity: "warning",
    layer: "current",
    at: spanOf(observed, "available"),
    what: `The guest counts ${size(total)} in total, and its balloon leaves it ${size(actual)}.`,
    meaning: "So it deflates on out-of-memory: MemTotal does not follow the balloon, free shows ballooned pages as used by nobody, and programs size themselves for what is not there. Or the statistics are older than the balloon.",
    action: "Compare last_update with the clock; read actual, not the guest's total.",
    source: SOURCES.balloon
  }];
}

function stale(observed: Observations): readonly Draft[] {
  return numberOf(observed, "last_update") === 0
    ? [{code: "never-updated", severity: "warning", layer: "current", at: spanOf(observed, "last_update"), what: "last_update is 0: the guest never reported.", meaning: "Every line but actual and rss is empty or old.", action: "Set a period, and look for the balloon driver.", source}]
    : [];
}

function residue(observed: Observations): readonly Draft[] {
  const swapped = (numberOf(observed, "swap_in") ?? 0) + (numberOf(observed, "swap_out") ?? 0);
  return swapped > 0
    ? [{code: "swap-since-boot", severity: "note", layer: "current", at: spanOf(observed, "swap_out") ?? spanOf(observed, "swap_in"), what: "The guest has swapped since it booted.", meaning: "These are sums since boot and no rates: they say nothing about now. It is the guest's own swap; what the host swaps of the guest does not show here.", action: "Read them twice and compare.", source}]
    : [];
}

/** What the lines of dommemstat are taken for. */
export const dommemstatDrafts = (observed: Observations): readonly Draft[] => [...available(observed), ...unmoved(observed), ...silent(observed), ...backed(observed), ...stale(observed), ...residue(observed)];

/** What dominfo's two sizes are taken for. */
export function dominfoDrafts(observed: Observations): readonly Draft[] {
  const [max, used] = [numberOf(observed, "Max memory"), numberOf(observed, "Used memory")];
  if (used === undefined) return [];
  const at = spanOf(observed, "Used memory");
  const meaning = "It is neither what the guest uses nor what the host holds: under QEMU it is what the guest's balloon left it, under Xen what the domain owns, on ESX a limit. On a domain that is shut off it is the next start's target.";
  const same: Draft = {code: "used-is-not-used", severity: "warning", layer: "current", at, what: `Used memory, ${size(used)}, is ${max === used ? "the whole size" : `below Max memory, ${size(max ?? used)}`}.`, meaning, action: "Ask the guest what it uses; ask the host for rss.", source: SOURCES.driverDiffers};
  return [same];
}
