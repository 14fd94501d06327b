import type {XenDomainState, XenHostState} from "./domain.ts";

/** Says a line of Xen's own log. */
export type XenLog = (text: string) => void;

/**
 * XENMEM_populate_physmap: gives the domain up to `wanted` pages, stopping at its
 * cap or when the machine has none; such pages are there at once. Nobody else's memory is taken: Xen does not overcommit.
 * @returns pages given; the rest failed.
 * Source: Xen common/page_alloc.c assign_pages, common/memory.c populate_physmap;
 * recorded in xen-xl-pv-self-balloon.json.
 */
export function populate(domain: XenDomainState, host: XenHostState, wanted: number, log: XenLog): number {
  const room = Math.max(0, domain.max - domain.tot);
  const given = Math.min(wanted, room, host.free);
  domain.tot += given;
  domain.populated += given;
  host.free -= given;
  if (given < wanted && given === room) {
    domain.overAllocations += 1;
    log(`(XEN) d<domid>v0 Over-allocation for d<domid>: ${domain.tot + 1} > ${domain.max}`);
  }
  return given;
}

/**
 * XENMEM_decrease_reservation: the guest gives pages up. Which of its pages they
 * are is its own choice; taken to be those that were never written to first. Those that were only
 * promised are struck out first, and the domain owns as much as before.
 * Source: Xen arch/x86/mm/p2m-pod.c p2m_pod_decrease_reservation; recorded in
 * xen-xl-pvh-1024-2048.json, where tot stays while the guest's balloon fills.
 */
export function decrease(domain: XenDomainState, host: XenHostState, pages: number): void {
  const struck = Math.min(pages, domain.entries);
  domain.entries -= struck;
  domain.tot -= pages - struck;
  host.free += pages - struck;
  domain.populated = Math.min(domain.populated, Math.max(0, domain.tot - domain.special));
}

/**
 * XENMEM_set_pod_target: the pool grows towards the target while there are
 * entries that it could serve; it never shrinks below what the domain owns.
 * Source: Xen arch/x86/mm/p2m-pod.c p2m_pod_set_mem_target.
 */
export function setPodTarget(domain: XenDomainState, host: XenHostState, target: number): void {
  if (domain.entries === 0 || target <= domain.tot) return;
  const given = Math.min(target - domain.tot, domain.entries, host.free, Math.max(0, domain.max - domain.tot));
  domain.tot += given;
  domain.entries -= given;
  host.free -= given;
}

/**
 * The guest has written to `pages` of its RAM altogether. A page that is only
 * promised is populated from what the domain owns; when that is used up, the domain is crashed.
 * Source: Xen arch/x86/mm/p2m-pod.c p2m_pod_demand_populate; recorded in xen-xl-pvh-pod-crash.json.
 */
export function touch(domain: XenDomainState, pages: number, log: XenLog): void {
  if (pages <= domain.populated || domain.crashed) return;
  const owned = domain.tot - domain.special;
  domain.populated = Math.min(pages, owned);
  if (pages <= owned || domain.entries === 0) return;
  domain.crashed = true;
  log(`(XEN) p2m_pod_demand_populate: Dom<domid> out of PoD memory! (tot=${domain.tot} ents=${domain.entries} dom<domid>)`);
  log("(XEN) domain_crash called from arch/x86/mm/p2m-pod.c:1304");
  log("(XEN) Domain <domid> (vcpu#0) crashed on cpu#1:");
}
