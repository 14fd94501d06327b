import type {Source} from "../../source.ts";
import {kib} from "../../units.ts";
import type {TakenKey} from "./reservations.ts";
import type {MemoryTerm} from "./types.ts";

const linux = (text: string, place: string): Source => ({text, place, version: "Linux 6.1.192", grade: "read"});

/** Words and source of each part the kernel takes, in the order of a waterfall. */
const named: readonly [key: TakenKey, label: string, source: Source][] = [
  ["kernel-image", "kernel code and data", {text: "code, data and bss less what is given back after boot", place: "/proc/iomem and dmesg of the recorded kernel", version: "Linux 6.1.0-56-amd64 (Debian 6.1.192-2)", grade: "recorded"}],
  ["page-structures", "page structures", linux("64 bytes for every 4 KiB page of each 128 MiB section that has RAM", "mm/sparse.c sparse_init_nid, mm/sparse-vmemmap.c")],
  ["bounce-buffer", "bounce buffer", linux("64 MiB for devices that only reach 4 GiB, as soon as an address above 4 GiB is possible", "arch/x86/kernel/pci-dma.c pci_swiotlb_detect, kernel/dma/swiotlb.c swiotlb_init_remap")],
  ["bounce-slots", "bounce buffer's table", linux("24 bytes for every 2 KiB of it", "kernel/dma/swiotlb.c swiotlb_init_remap")],
  ["dentry-table", "directory-entry hash table", linux("8 bytes for every 8 KiB, rounded up to a power of two", "mm/page_alloc.c alloc_large_system_hash")],
  ["inode-table", "inode hash table", linux("8 bytes for every 16 KiB, rounded up to a power of two", "mm/page_alloc.c alloc_large_system_hash")],
  ["per-cpu", "per-processor data", linux("62 pages for each processor that could be there", "mm/percpu.c pcpu_embed_first_chunk")],
  ["node-data", "memory node", linux("172 KiB, once", "arch/x86/mm/numa.c alloc_node_data")],
  ["sections", "section directory", linux("32 KiB, a page for every 16 GiB and 56 bytes a section", "mm/sparse.c sparse_init")],
  ["page-tables", "kernel page tables", linux("68 KiB behind the image, and a page for every GiB that is mapped while that buffer cannot be used", "arch/x86/mm/init.c alloc_low_pages")]
];

const LOW: Source = linux("the whole first MiB is kept from the page allocator", "arch/x86/kernel/setup.c setup_arch (trim_low_memory and the crash-kernel-safe reservation of the first MiB)");
const CUT: Source = linux("RAM above the limit is not used", "arch/x86/kernel/e820.c parse_memopt (mem=)");
const REST: Source = linux("objects smaller than a page, and pages that are only partly free", "mm/memblock.c __free_memory_core");

const term = (key: string, label: string, bytes: number, source: Source): MemoryTerm => ({key, label, size: kib(bytes / 1024), source});

/** Bytes that the terms have to add up to, and the two that are not the kernel's doing. */
export interface TermInput {
  readonly usable: number;
  readonly memTotal: number;
  readonly lowMiB: number;
  readonly cutByLimit: number;
  readonly taken: Readonly<Record<TakenKey, number>>;
}

/** The terms between the usable map and MemTotal; empty ones are left out. They add up exactly. */
export function memoryTerms(input: TermInput): MemoryTerm[] {
  const known = [
    term("memory-limit", "cut off by mem=", input.cutByLimit, CUT),
    term("low-mib", "first MiB", input.lowMiB, LOW),
    ...named.map(([key, label, source]) => term(key, label, input.taken[key], source))
  ];
  const sum = known.reduce((total, {size}) => total + size, 0);
  const rest = term("small", "small objects and part pages", input.usable - input.memTotal - sum * 1024, REST);
  return [...known, rest].filter(({size}) => size !== 0);
}
