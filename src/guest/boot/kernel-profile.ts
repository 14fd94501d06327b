import {sourced, type Source, type Sourced} from "../../source.ts";

const recordedKernel = (text: string, place: string): Source => ({text, place, version: "Linux 6.1.0-56-amd64 (Debian 6.1.192-2)", grade: "recorded"});

/**
 * Sizes of one kernel build's own parts, in bytes. They do not depend on the
 * size of the machine; another build has others, which is why the version is an
 * input and `isRecorded` says whether it was measured.
 */
export interface KernelProfile {
  readonly version: string;
  /** From the first byte of code to the end of bss, padding included. */
  readonly imageSpan: Sourced<number>;
  /** Given back once booted: init code and data, and the gaps between sections. */
  readonly imageFreed: Sourced<number>;
  /** Lock-prefix tables, given back when no second processor can ever appear or all are there at boot. */
  readonly smpAlternatives: Sourced<number>;
  /** Early page tables that lie behind the image, taken whole whether used or not. */
  readonly brk: Sourced<number>;
  /** How many pages of it hold page tables of the direct map. */
  readonly pageTableBuffer: Sourced<number>;
  /** Static data of one processor. */
  readonly perCpu: Sourced<number>;
  /** The description of the one memory node. */
  readonly nodeData: Sourced<number>;
  /** One page's structure. */
  readonly pageStruct: Sourced<number>;
  /** One section's entry in the section directory. */
  readonly sectionEntry: Sourced<number>;
  /** One section's usage map. */
  readonly sectionUsage: Sourced<number>;
  /** The directory of section directories. */
  readonly sectionRoots: Sourced<number>;
  /** One slot of the bounce buffer's table. */
  readonly bounceSlot: Sourced<number>;
}

const KIB = 1024;
const boot = "dmesg of the size recordings' kernel booted with memblock=debug";

/** Debian 12's kernel of the recordings. */
export const DEBIAN_6_1: KernelProfile = {
  version: "6.1.0-56-amd64",
  imageSpan: sourced(52 * 1024 * KIB, recordedKernel("code, read-only data, data and bss with their padding", "/proc/iomem: Kernel code to Kernel bss")),
  imageFreed: sourced((2824 + 2036 + 2040 + 1108) * KIB, recordedKernel("init memory 2824 KiB, decrypted 2036, gaps 2040 and 1108", "dmesg: Freeing unused ...")),
  smpAlternatives: sourced(36 * KIB, recordedKernel("36 KiB of lock-prefix tables", "dmesg: Freeing SMP alternatives memory")),
  brk: sourced(68 * KIB, recordedKernel("17 pages behind the image", `${boot}: reserve in setup_arch`)),
  pageTableBuffer: sourced(16, {
    text: "four sets of four tables, with address randomisation and five levels configured",
    place: "arch/x86/mm/init.c INIT_PGT_BUF_SIZE; CONFIG_RANDOMIZE_MEMORY, CONFIG_X86_5LEVEL of the Debian configuration",
    version: "Linux 6.1.192",
    grade: "read"
  }),
  perCpu: sourced(62 * 4 * KIB, recordedKernel("62 pages a processor", "dmesg: percpu: Embedded 62 pages/cpu")),
  nodeData: sourced(172 * KIB, recordedKernel("172 KiB", "dmesg: NODE_DATA(0) allocated")),
  pageStruct: sourced(64, recordedKernel("2 MiB for the 32768 pages of a 128 MiB section", `${boot}: sparse_init_nid`)),
  sectionEntry: sourced(32, recordedKernel("128 entries a page: a second page from 16 GiB on", `${boot}: sparse_index_alloc`)),
  sectionUsage: sourced(56, recordedKernel("896 bytes for 16 sections", `${boot}: sparse_init_nid`)),
  sectionRoots: sourced(32 * KIB, recordedKernel("32 KiB", `${boot}: sparse_init`)),
  bounceSlot: sourced(24, recordedKernel("768 KiB for 32768 slots", `${boot}: swiotlb_init_remap`))
};

/** The profile for a kernel, and whether that very kernel was recorded or the recorded one stands in for it. */
export const kernelProfile = (version: string): {readonly profile: KernelProfile; readonly isRecorded: boolean} => ({
  profile: DEBIAN_6_1,
  isRecorded: version === DEBIAN_6_1.version
});
