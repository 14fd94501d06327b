import {sourced, type Source} from "../source.ts";

const linux61 = (place: string, text: string): Source => ({text, place, version: "Linux 6.1", grade: "read"});
const recorded = (place: string, text: string): Source => ({text, place, version: "recordings of 2026-11-22, Linux 6.1.192", grade: "recorded"});

/**
 * vm.lowmem_reserve_ratio of DMA and DMA32: a zone keeps a 256th of the pages
 * managed by the zones above it from allocations that could have used those.
 */
export const LOWMEM_RESERVE_RATIO = sourced(256, linux61("mm/page_alloc.c sysctl_lowmem_reserve_ratio, setup_per_zone_lowmem_reserve", "DMA and DMA32 keep 1/256 of the managed pages above"));

/** Free pages the boot leaves out of zone DMA: 32 to 128 were recorded. */
export const DMA_USED_AT_BOOT = sourced(96, recorded("qemu-size-*.json zones", "DMA holds 3712 to 3808 free of 3840 managed pages"));

/** Pages on the per-CPU lists once init idles. */
export const PER_CPU_AT_BOOT = sourced(2241, recorded("qemu-balloon-per-cpu-lists.json perCpuLists", "2241 pages on the lists of DMA32 after boot"));

/**
 * Of these, the pages an allocation for user space or for the balloon can take:
 * what stalled balloons and OOM kills found there (about 700 pages); the others
 * belong to other migrate types or orders, and reclaim without progress does not drain them.
 */
export const PER_CPU_MOVABLE_AT_BOOT = sourced(730, recorded("qemu-balloon-limits.json, qemu-oom-deflate-off-overcommit.json", "MemFree fell 2.3 to 2.9 MiB less than the pages taken"));

/** Where the lists stand, as part of their limit, after a long run of frees cut them back in growing batches. */
export const PER_CPU_FILL_AFTER_FREES = sourced(0.85, recorded("qemu-balloon-series*.json, qemu-balloon-limits.json", "10200 to 12400 of 13971 pages after deflating 0.5 to 1.9 GiB"));

/** Pages whose page-table page is one page: a page table maps 2 MiB. */
export const PAGES_PER_PAGE_TABLE = sourced(512, linux61("arch/x86/include/asm/pgtable_64_types.h PTRS_PER_PTE", "512 entries of 8 bytes a page table"));

/** Slab pages a tmpfs page costs: one 576-byte radix-tree node holds 64 pages. */
export const SLAB_PER_FILE_PAGE = sourced(576 / 64 / 4096, recorded("qemu-oom-deflate-off.json, last step", "Slab grew 764 KiB while Shmem grew 351112 KiB"));

/** vm.swappiness at boot. */
export const DEFAULT_SWAPPINESS = sourced(60, linux61("mm/vmscan.c vm_swappiness", "60"));

/** The part of MemTotal that overcommit_memory=2 lets be mapped, and CommitLimit shows. */
export const OVERCOMMIT_RATIO = sourced(0.5, linux61("mm/util.c sysctl_overcommit_ratio, vm_commit_limit", "50 % of MemTotal, plus swap"));

/** What init and the shell need at once after a kill, or the next of them is killed. */
export const BACKGROUND_DEMAND = sourced(512, {
  text: "a kill that frees about 1 MiB (dd and its tables, 264 pages) does not end the shortage; one that frees hundreds does. 2 MiB lies between",
  place: "qemu-oom-deflate-off.json: dd, then sh are killed, then the panic; qemu-oom-deflate-off-overcommit.json: one kill",
  version: "recordings of 2026-11-22",
  grade: "derived"
});
