import {sourced, type Source, type Sourced} from "../../source.ts";

/** What a freshly booted guest of the recordings uses, KiB: one term of MemTotal - MemFree each. */
export interface BootUsage {
  /** Files of the initramfs, unpacked into memory: page cache that is never dropped. */
  readonly cached: number;
  readonly anon: number;
  readonly slab: number;
  readonly slabReclaimable: number;
  readonly pageTables: number;
  readonly kernelStack: number;
  readonly perCpu: number;
  /** Tables that are made once pages can be allocated: network, mounts, futexes. */
  readonly lateTables: number;
  /** Free pages that lie on a processor's own lists and are not counted in MemFree. */
  readonly perCpuLists: number;
  /** Drivers, trace buffers and the rest that has no line in /proc/meminfo. */
  readonly other: number;
}

const recorded = (text: string): Source => ({
  text,
  place: "qemu-size-*.json, first step",
  version: "Linux 6.1.0-56-amd64 (Debian 6.1.192-2), busybox initramfs",
  grade: "recorded"
});
const measured = (text: string): Source => ({
  text,
  place: "the recordings' kernel booted with 128 MiB to 16 GiB and 1 to 8 processors; dmesg, /proc/meminfo, /proc/zoneinfo",
  version: "Linux 6.1.0-56-amd64 (Debian 6.1.192-2) on QEMU 7.2.22",
  grade: "derived"
});

/** Sizes that do not follow memory, KiB. */
export const FIXED_USAGE: Readonly<Record<"cached" | "anon" | "slab" | "slabReclaimable" | "pageTables" | "kernelStack" | "other", Sourced<number>>> = {
  cached: sourced(3212, recorded("the unpacked initramfs")),
  anon: sourced(660, recorded("init and its shell: 616 to 676")),
  slab: sourced(14470, recorded("14496 with 4 sections, 14712 with 32")),
  slabReclaimable: sourced(8704, recorded("8692 to 8720")),
  pageTables: sourced(56, recorded("44 to 64")),
  kernelStack: sourced(752, recorded("736 to 760")),
  other: sourced(8100, measured("MemTotal - MemFree less everything that has a name: 8082 to 8132 up to 1025 MiB"))
};

/** Slab for each 128 MiB section's entry under /sys/devices/system/memory, KiB. */
const SLAB_PER_SECTION: Sourced<number> = sourced(8, recorded("216 KiB more slab for 28 sections more"));
/** Slab for each further processor, KiB. */
const SLAB_PER_VCPU: Sourced<number> = sourced(600, measured("2048 MiB: 14580 KiB with 1 processor, 15300 with 2, 16268 with 4, 18480 with 8"));
/** /proc/meminfo Percpu, KiB a processor. */
const PERCPU: Sourced<number> = sourced(260, recorded("260 with one processor, 520 with 2"));
/** Late tables are sized like the directory-entry table, and together a bit over half of it. */
const LATE_TABLES: Sourced<{readonly fixed: number; readonly perDentryTable: number; readonly bindShare: number; readonly bindCapAt: number}> = sourced(
  {fixed: 276, perDentryTable: 0.53125, bindShare: 0.25, bindCapAt: 8192},
  measured("548 KiB at 512 MiB, 820 at 1 GiB, 1364 at 2 GiB, 2452 at 4 GiB, 4628 at 8 GiB, 6932 at 16 GiB, where the TCP bind table has reached its 65536 buckets")
);
/** Further tables without a line in the log grow with it from 1 GiB on. */
const UNLOGGED_TABLES: Sourced<{readonly fromKib: number; readonly perDentryTable: number}> = sourced(
  {fromKib: 1024, perDentryTable: 0.376},
  measured("the rest grows by 0.4, 1.15, 2.7 and 5.8 MiB when the directory-entry table is 2, 4, 8 and 16 MiB")
);
/** With a second processor about 2 MiB of this is not needed. */
const OTHER_SMP: Sourced<number> = sourced(6100, measured("512 MiB: 8096 KiB with one processor, 6056 with two"));
/** Free pages on the processor's lists after boot: what booting freed last, while the lists' limit allows. */
const LISTS: Sourced<{readonly most: number; readonly ofLimit: number; readonly normalZone: number; readonly perVcpu: number; readonly perDentryTable: number}> = sourced(
  {most: 9900, ofLimit: 0.72, normalZone: 900, perVcpu: 1300, perDentryTable: 0.3},
  measured("about 0.7 of the limit up to 512 MiB, 9.0 to 10.2 MiB from 640 MiB on, 0.6 to 1 MiB more with a Normal zone, 12.4 MiB at 8 GiB, 14.5 at 16; 11.4, 14.3 and 18.7 MiB with 2, 4 and 8 processors")
);

function lateTables(dentryTableKib: number): number {
  const {fixed, perDentryTable, bindShare, bindCapAt} = LATE_TABLES.value;
  return fixed + perDentryTable * dentryTableKib - bindShare * Math.max(0, dentryTableKib - bindCapAt);
}

/** What the size-dependent parts follow. */
export interface UsageInput {
  readonly vcpus: number;
  readonly sections: number;
  readonly dentryTableKib: number;
  /** Sum of the zones' low watermarks, KiB: the lists' limit. */
  readonly lowKib: number;
  readonly hasNormalZone: boolean;
}

/** The use of memory once init idles. MemFree repeats within about 1 MiB, and so does this. */
export function bootUsage(input: UsageInput): BootUsage {
  const {vcpus, sections, dentryTableKib, lowKib, hasNormalZone} = input;
  const unlogged = UNLOGGED_TABLES.value.perDentryTable * Math.max(0, dentryTableKib - UNLOGGED_TABLES.value.fromKib);
  const list = LISTS.value;
  const grown = list.perDentryTable * Math.max(0, dentryTableKib - 4 * UNLOGGED_TABLES.value.fromKib);
  const lists = Math.min(list.most, list.ofLimit * lowKib) + (hasNormalZone ? list.normalZone : 0) + list.perVcpu * (vcpus - 1) + grown;
  return {
    cached: FIXED_USAGE.cached.value,
    anon: FIXED_USAGE.anon.value,
    slab: FIXED_USAGE.slab.value + SLAB_PER_SECTION.value * sections + SLAB_PER_VCPU.value * (vcpus - 1),
    slabReclaimable: FIXED_USAGE.slabReclaimable.value,
    pageTables: FIXED_USAGE.pageTables.value,
    kernelStack: FIXED_USAGE.kernelStack.value,
    perCpu: PERCPU.value * vcpus,
    lateTables: Math.round(lateTables(dentryTableKib)),
    perCpuLists: Math.round(lists),
    other: Math.round((vcpus > 1 ? OTHER_SMP.value : FIXED_USAGE.other.value) + unlogged)
  };
}
