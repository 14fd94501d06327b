import {isPv, type XenMachine} from "../../domain/xen/machine.ts";
import {sourced, type Sourced} from "../../source.ts";

const KIB_PER_PAGE = 4;

/** Pages that are the domain's and none of its RAM. */
export interface SpecialPages {
  /** With the domain still paused, beyond its RAM. */
  readonly paused: number;
  /** Once its kernel runs. */
  readonly running: number;
}

/** What a domain owns beside its RAM, by type; the same for 1024 and 2048 MiB. */
export const SPECIAL_PAGES: Sourced<Readonly<Record<XenMachine["type"], SpecialPages>>> = sourced(
  {
    pv: {paused: 0, running: 0},
    dom0: {paused: 0, running: 0},
    // 16 special pages and a start page that the kernel gives back.
    pvh: {paused: 17, running: 16},
    // 16 special pages; 32 of RAM are left out for VGA, and firmware takes 12 and gives 1 back.
    hvm: {paused: -16, running: -5}
  },
  {text: "tot_pages less target", place: "xen-xl-pvh-2048-2048.json, xen-xl-pvh-1024-2048.json, xen-xl-hvm-2048-2048.json, first two steps", version: "Xen 4.17.7", grade: "recorded"}
);

/**
 * A domain as the hypervisor counts it, in pages. Populate on demand:
 * `0 <= populated <= tot <= populated + entries`; without it `entries` is 0.
 */
export interface XenDomainState {
  /** Pages it owns: `xl list`. */
  tot: number;
  /** Hard cap, max_pages: an allocation beyond it fails. */
  max: number;
  /** Of `tot`, no RAM of the guest. */
  special: number;
  /** Guest pages that are promised and not there: written to, they come from what `tot` has left. */
  entries: number;
  /** Guest pages that one of the machine's stands behind: written to, or given one by one. */
  populated: number;
  crashed: boolean;
  /** Refused allocations, one log line each. */
  overAllocations: number;
}

/** What of the machine is nobody's, in pages. */
export interface XenHostState {
  free: number;
}

const pagesOf = (size: number): number => Math.floor(size / KIB_PER_PAGE);

/** The cap that belongs to a size: pages of size plus margin. */
export const capFor = (machine: XenMachine, size: number): number => pagesOf(size + machine.parameters.capMargin.value);

/** RAM a domain owns when it is built: `memory`, all of it; the rest of a PVH or HVM guest's map is entries. */
export function buildDomain(machine: XenMachine): XenDomainState {
  const {memory, maxmem, videoram, parameters} = machine;
  const special = SPECIAL_PAGES.value[machine.type].paused;
  const tot = pagesOf(memory) + special;
  const entries = isPv(machine) ? 0 : pagesOf(maxmem) - pagesOf(memory);
  const cap = parameters.capAtStart.value === "target" ? memory : maxmem;
  return {tot, max: machine.type === "dom0" ? pagesOf(maxmem) : capFor(machine, cap), special, entries, populated: isPv(machine) ? tot : pagesOf(videoram), crashed: false, overAllocations: 0};
}

/** The guest's kernel runs: special pages it does not need are gone. */
export function startDomain(machine: XenMachine, domain: XenDomainState, host: XenHostState): void {
  const {paused, running} = SPECIAL_PAGES.value[machine.type];
  domain.tot += running - paused;
  host.free -= running - paused;
  domain.special += running - paused;
}

/** RAM of the domain that can be written to without populating more than it owns. */
export const writable = (domain: XenDomainState): number => domain.tot - domain.special;
