import {sourced, type Source, type Sourced} from "../../source.ts";
import {kib, mibToKib, type KiB, type MiB} from "../../units.ts";
import {hashTableBytes} from "./hash-tables.ts";
import {createMemblock, type Range} from "./memblock.ts";

const PAGE = 4096;
const MIB = 2 ** 20;
const LINE = 32;

/**
 * Sizes of a small 32-bit kernel whose memory model is flat: one array of page
 * structures, no sections, one zone. Bytes; none depends on the machine's size.
 */
export interface FlatKernelProfile {
  readonly version: string;
  /** Where the image and its early page tables lie. */
  readonly image: Sourced<Range>;
  /** Init code and data, given back once booted. */
  readonly imageFreed: Sourced<number>;
  readonly pageStruct: Sourced<number>;
  readonly perCpu: Sourced<number>;
  /** Objects of less than a page, in the order they are taken. */
  readonly small: Sourced<readonly number[]>;
  /** Pages the kernel can map: RAM above is not used. */
  readonly lowMemoryEnd: Sourced<number>;
  /** What the emulator's firmware keeps at the top of RAM. */
  readonly firmwareTop: Sourced<number>;
}

const version = "Linux 6.1.192-setmem (Debian 6.1.192-2, guest/kernel.config), SeaBIOS 1.16.2-1 on v86 0.5.462";
const booted = (text: string): Source => ({text, place: "dmesg with memblock=debug, booted with 68 to 1024 MiB", version, grade: "recorded"});

/** The kernel of `guest/` under its emulator. */
export const FLAT_6_1: FlatKernelProfile = {
  version: "6.1.192-setmem",
  image: sourced({start: 0x1000000, end: 0x12dd000}, booted("from PHYSICAL_START to the end of the early page tables at 0x12dcfff")),
  imageFreed: sourced(196 * 1024, booted("Freeing unused kernel image (initmem) memory: 196K")),
  pageStruct: sourced(40, booted("532480 bytes for the 13312 pages of 52 MiB")),
  perCpu: sourced(32768, booted("32768 bytes for the one processor")),
  small: sourced([8, 224, 64, 64, 64, 64, 64, 64, 98, 98, 4, 4, 4, 4, 136, 96, 1024, 1028, 256], booted("objects of less than a page")),
  lowMemoryEnd: sourced(0x377fe000, booted("887MB LOWMEM available: what a kernel without high memory maps")),
  firmwareTop: sourced(16 * MIB, booted("usable RAM ends 16 MiB below memory_size at each size"))
};

/** One 4-byte bucket for every 8 and 16 KiB: 32-bit list heads (Linux 6.1 fs/dcache.c, fs/inode.c). */
const DENTRY = {scale: 13, bucketBytes: 4};
const INODE = {scale: 14, bucketBytes: 4};

/** What a guest of the emulator is given and what its kernel leaves of it. */
export interface FlatBoot {
  /** First address after usable RAM: the last usable end of its e820 map. */
  readonly usableEnd: number;
  readonly memTotal: KiB;
  /** What stands between the emulator's memory and MemTotal; bytes. */
  readonly taken: Readonly<Record<"firmware" | "above-low-memory" | "first-MiB" | "image" | "page-structures" | "per-cpu" | "hash-tables" | "small", number>>;
}

/** RAM the kernel keeps: without page 0, the BIOS area and what it cannot map. */
function ramOf(usableEnd: number, lowMemoryEnd: number): Range[] {
  return [{start: PAGE, end: 0x9fc00}, {start: MIB, end: Math.min(usableEnd, lowMemoryEnd)}];
}

/**
 * Replays what a flat 32-bit kernel takes before its page allocator runs.
 * What is free then, and what init gives back, is MemTotal, to the page.
 * Source: Linux 6.1 setup_arch to mm_init, in the order of `memblock=debug`.
 * @param memory the emulator's memory_size; 48 MiB or more.
 * @throws ModelError `kernel-does-not-fit`
 */
export function bootFlat(memory: MiB, profile: FlatKernelProfile = FLAT_6_1): FlatBoot {
  const size = mibToKib(memory) * 1024;
  const usableEnd = size - profile.firmwareTop.value;
  const ram = ramOf(usableEnd, profile.lowMemoryEnd.value);
  const end = Math.min(usableEnd, profile.lowMemoryEnd.value);
  const memblock = createMemblock(ram);
  const {start, end: imageEnd} = profile.image.value;
  memblock.reserve(0, MIB);
  memblock.reserve(start, imageEnd);
  const structs = Math.ceil(end / PAGE / 1024) * 1024 * profile.pageStruct.value;
  memblock.allocate(structs, LINE);
  for (const bytes of profile.small.value) memblock.allocate(bytes, LINE);
  memblock.allocate(profile.perCpu.value, PAGE);
  const present = ram.reduce((sum, range) => sum + Math.floor(range.end / PAGE) - Math.ceil(range.start / PAGE), 0);
  const tables = [DENTRY, INODE].map((table) => hashTableBytes(table, present - Math.ceil(structs / PAGE)));
  for (const bytes of tables) memblock.allocate(bytes, LINE);
  memblock.free(start, start + profile.imageFreed.value);
  return Object.freeze({
    usableEnd,
    memTotal: kib(memblock.freePages(0, Math.floor(end / PAGE)) * (PAGE / 1024)),
    taken: {
      firmware: profile.firmwareTop.value,
      "above-low-memory": usableEnd - end,
      "first-MiB": MIB,
      image: imageEnd - start - profile.imageFreed.value,
      "page-structures": structs,
      "per-cpu": profile.perCpu.value,
      "hash-tables": tables.reduce((sum, bytes) => sum + bytes, 0),
      small: profile.small.value.reduce((sum, bytes) => sum + Math.ceil(bytes / LINE) * LINE, 0)
    }
  });
}
