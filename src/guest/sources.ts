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

/**
 * Of the pages on the per-CPU lists after boot, those that no allocation for user
 * space or for the balloon can take, being of other migrate types.
 */
export const PER_CPU_OTHER_AT_BOOT = sourced(2058, {
  text: "the first inflation found 128 to 221 of 2241 pages usable, which leaves 2020 to 2113; with 2058 an OOM's 674 batches come out to the page",
  place: "qemu-balloon-per-cpu-lists.json, qemu-balloon-driver-load.json, qemu-balloon-limits.json, qemu-oom-deflate-on.json",
  version: "recordings of 2026-11-22, Linux 6.1.192",
  grade: "derived"
});

/** The same where there is a zone Normal: its list holds these, and the list of DMA32 none. */
export const PER_CPU_NORMAL_AT_BOOT = sourced(315, {
  text: "after the first inflation 315 and 372 pages are left on the list of Normal, and at most a batch on that of DMA32, which had held 2453",
  place: "runs of our own on pc with 4096 MiB and q35 with 3072 MiB: /proc/zoneinfo before and after a balloon",
  version: "Linux 6.1.192 on QEMU 7.2.22",
  grade: "derived"
});

/** A list takes a 1024th of its zone, at most 1 MiB, over 4, as one less than a power of two. */
export const PER_CPU_BATCH = sourced(
  {fraction: 1024, most: 256, parts: 4},
  linux61("mm/page_alloc.c zone_batchsize", "63 pages from 1 GiB on, 31 for 512 MiB, 1 for zone DMA")
);

/** How often the cut of a full list may double: 63 to 2016 pages. */
export const PER_CPU_MAX_DOUBLINGS = sourced(5, {
  text: "with 5 the lists end at 12195, 12290 and 12321 pages after the three recorded deflations, and 12195, 12290 and 12332 were recorded; CONFIG_PCP_BATCH_SCALE_MAX of later kernels is 5 as well",
  place: "qemu-balloon-limits.json, qemu-balloon-series.json, qemu-balloon-per-cpu-lists.json",
  version: "recordings of 2026-11-22, Linux 6.1.192",
  grade: "derived"
});

/** Pages whose page-table page is one page: a page table maps 2 MiB. */
export const PAGES_PER_PAGE_TABLE = sourced(512, linux61("arch/x86/include/asm/pgtable_64_types.h PTRS_PER_PTE", "512 entries of 8 bytes a page table"));

/** Pages of the kernel's lists that a balloon gets at when it stalls. */
export const PER_CPU_LOOSENED = sourced(700, {
  text: "732 pages in the recording; in runs of our own on the same kernel 690 with 1 GiB and all 590 with 512 MiB",
  place: "qemu-balloon-limits.json, target of 1 byte: pages taken less the fall of MemFree",
  version: "recordings of 2026-11-22, Linux 6.1.192",
  grade: "recorded"
});

/** Page tables a process has before it maps anything: code, stack, and the levels above. */
export const PROCESS_TABLES = sourced(7, recorded("qemu-oom-deflate-on.json, qemu-oom-deflate-off.json", "PageTables is 28 KiB higher while a process runs"));

/** Slab pages a tmpfs page costs: one 576-byte radix-tree node holds 64 pages. */
export const SLAB_PER_FILE_PAGE = sourced(576 / 64 / 4096, recorded("qemu-oom-deflate-off.json, last step", "Slab grew 764 KiB while Shmem grew 351112 KiB"));

/** vm.swappiness at boot. */
export const DEFAULT_SWAPPINESS = sourced(60, linux61("mm/vmscan.c vm_swappiness", "60"));

/** The part of MemTotal that overcommit_memory=2 lets be mapped, and CommitLimit shows. */
export const OVERCOMMIT_RATIO = sourced(0.5, linux61("mm/util.c sysctl_overcommit_ratio, vm_commit_limit", "50 % of MemTotal, plus swap"));
