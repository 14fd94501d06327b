import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft} from "../types.ts";
import {noteOn, numberOf, observeAll, spanOf, type Observations, type Observed} from "./observe.ts";

const source = SOURCES.meminfo;

/** `/proc/meminfo`, KiB; counts such as HugePages_Total as they are. */
export const readMeminfo = (text: string): Observations => observeAll(text, /^[ \t]*([A-Z][\w()]{1,40}):[ \t]+(\d+)(?: kB)?[ \t\r]*$/gm);

const COLUMNS = ["total", "used", "free", "shared", "buff/cache", "available"] as const;
const SCALES: Readonly<Record<string, number>> = {B: 1 / 1024, K: 1, M: 1024, G: 1024 ** 2, T: 1024 ** 3};

/** A cell of `free`, KiB: bare numbers are KiB, as they are without an option. */
function cell(text: string): number | null {
  const found = /^(\d{1,15}(?:\.\d{1,3})?)([BKMGT]?)i?B?$/.exec(text);
  if (!found) return null;
  const [, digits = "", unit = ""] = found;
  return Math.round(Number(digits) * (SCALES[unit === "" ? "K" : unit] ?? 1));
}

/** `free`, KiB; with -m or -g the numbers are in that unit and taken for KiB, which the findings do not depend on. */
export function readFree(text: string): Observations {
  const found = new Map<string, Observed>();
  for (const match of text.matchAll(/^[ \t]*(Mem|Swap):((?:[ \t]+[\d.]+[BKMGTi]*)+)[ \t\r]*$/gm)) {
    const [all, row = "", rest = ""] = match;
    rest.trim().split(/\s+/).forEach((text, i) => {
      const value = cell(text);
      const key = COLUMNS[i];
      if (value !== null && key) found.set(`${row}.${key}`, {value, span: {start: match.index, end: match.index + all.length}});
    });
  }
  return found;
}

const hidden = (what: string, at: Draft["at"]): Draft => ({
  code: "balloon-not-shown",
  severity: "note",
  layer: "current",
  at,
  what,
  meaning: "No line of it names a balloon. A virtio or Xen balloon lowers the total; one that deflates on out-of-memory, VMware's, and any limit of the host leave it as it was. Then the pages show as used by nobody.",
  action: "Compare with the host: virsh dommemstat, xl list, or vmware-toolbox-cmd stat balloon in a VMware guest.",
  source: SOURCES.balloon
});

function lowFree(observed: Observations, free: string, available: string): readonly Draft[] {
  const [isFree, isAvailable] = [numberOf(observed, free), numberOf(observed, available)];
  if (isFree === undefined || isAvailable === undefined || isFree * 4 > isAvailable) return [];
  return [{code: "free-is-not-available", severity: "note", layer: "current", at: spanOf(observed, free), what: `Little is free and ${size(isAvailable)} are available.`, meaning: "Cache is given up when programs need it. free alone does not say that memory is short.", action: "Read available.", source}];
}

function swapped(observed: Observations, key: string, used: number): readonly Draft[] {
  return used > 0
    ? noteOn(observed, key, {code: "swap-is-residue", severity: "note", layer: "current", what: `${size(used)} are in the guest's swap.`, meaning: "They may have gone there long ago: a number above 0 does not say that it swaps now. What the host swaps of the guest never shows here.", action: "Look at the rates, with vmstat.", source})
    : [];
}

/** What the lines of meminfo name an owner for; Cached counts tmpfs too. */
const OWNED = ["MemFree", "Buffers", "Cached", "SwapCached", "AnonPages", "Slab", "PageTables", "KernelStack", "Percpu"] as const;
/** Without these an owner may only be missing from the paste. */
const NEEDED = ["MemTotal", "MemFree", "Cached", "AnonPages", "Slab"] as const;

/** Used memory that no line explains: where a balloon hides that leaves MemTotal alone. */
function ownerless(observed: Observations): readonly Draft[] {
  if (NEEDED.some((key) => !observed.has(key))) return [];
  const of = (key: string): number => numberOf(observed, key) ?? 0;
  const huge = of("HugePages_Total") * of("Hugepagesize");
  const rest = of("MemTotal") - OWNED.reduce((sum, key) => sum + of(key), 0) - huge;
  if (rest * 10 < of("MemTotal")) return [];
  return [{
    code: "used-by-nobody",
    severity: "warning",
    layer: "current",
    at: spanOf(observed, "MemTotal"),
    what: `${size(rest)} are used, and no line says by whom.`,
    meaning: "That is what a balloon looks like that leaves the total alone: VMware's, or virtio's with deflate on OOM. It is no leak of a program; drivers that take pages for themselves look the same.",
    action: "Compare with vmware-toolbox-cmd stat balloon, or with balloon_inflate and balloon_deflate in /proc/vmstat.",
    source: SOURCES.balloon
  }];
}

/** What the lines of meminfo are taken for. */
export function meminfoDrafts(observed: Observations): readonly Draft[] {
  const total = numberOf(observed, "MemTotal");
  const swapUsed = (numberOf(observed, "SwapTotal") ?? 0) - (numberOf(observed, "SwapFree") ?? 0);
  const first: readonly Draft[] = total === undefined ? [] : [
    {code: "total-is-not-configured", severity: "note", layer: "current", at: spanOf(observed, "MemTotal"), what: `MemTotal is ${size(total)}.`, meaning: "It is what the kernel manages: the configured size without firmware, kernel and page tables at boot, and without the balloon. It is never the round number.", action: "", source},
    hidden("There is no line for a balloon.", null)
  ];
  const huge = numberOf(observed, "HugePages_Total") ?? 0;
  const pinned: readonly Draft[] = huge > 0 ? noteOn(observed, "HugePages_Total", {code: "huge-pages-are-used", severity: "note", layer: "current", what: `${huge} huge pages are set aside.`, meaning: "They count as used whether or not anything is in them, and no balloon can take them.", action: "", source}) : [];
  return [...first, ...ownerless(observed), ...lowFree(observed, "MemFree", "MemAvailable"), ...swapped(observed, "SwapFree", swapUsed), ...pinned];
}

/** What the columns of free are taken for. */
export function freeDrafts(observed: Observations): readonly Draft[] {
  const swapUsed = numberOf(observed, "Swap.used") ?? 0;
  return [hidden("free does not show a balloon.", spanOf(observed, "Mem.total")), ...lowFree(observed, "Mem.free", "Mem.available"), ...swapped(observed, "Swap.used", swapUsed)];
}
