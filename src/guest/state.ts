/**
 * All that changes in a guest kernel's memory, as plain numbers and typed arrays:
 * mechanisms write in place, and a checkpoint is a copy. Counts are pages.
 */
export interface ZoneState {
  readonly count: number;
  /** Pages the allocator owns: present less what the kernel keeps and, without deflate-on-oom, less the balloon. */
  readonly managed: Float64Array;
  /** On the buddy lists: what MemFree counts. */
  readonly free: Float64Array;
  readonly min: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Kept from allocations that could have used a higher zone (lowmem_reserve). */
  readonly reserve: Float64Array;
  /** Held by processes, tmpfs and page cache, beyond what the boot left. */
  readonly used: Float64Array;
  readonly ballooned: Float64Array;
}

export interface ProcessState {
  readonly pid: number;
  readonly name: string;
  /** init cannot be killed. */
  readonly killable: boolean;
  /** Mapped private memory: what Committed_AS counts. */
  mapped: number;
  /** Resident anonymous pages. */
  anon: number;
  /** Anonymous pages in the guest's swap. */
  swapped: number;
  /** Page-table pages. */
  tables: number;
  /** Grows to this, at `rate` pages/s. */
  goal: number;
  rate: number;
  /** How far the rate wanders from step to step, as a part of it: 0 not at all, 1 from 0 to twice. */
  readonly jitter: number;
  /** Fraction of a page left over from the last step. */
  carry: number;
  /** Exits this many seconds after reaching its goal; Infinity: never. */
  hold: number;
  /** tmpfs pages it still has to write (at `rate`), into a file that outlives it. */
  toWrite: number;
  /** Exit code when it ends by itself. */
  readonly finish: number;
  alive: boolean;
  /** 0 ended by itself, 2 mmap refused, 137 killed, 1 no space; -1 while it runs. */
  exitCode: number;
}

/** Files: cache that is read, and can be dropped; a set that is read again and again. */
export interface FileCacheState {
  active: number;
  inactive: number;
  /** Pages of files a workload reads all the time; what of them is not cached refaults. */
  workingSet: number;
  /** Pages still to be read once, and never again. */
  toRead: number;
}

export interface CountersState {
  balloonInflate: number;
  balloonDeflate: number;
  oomKills: number;
  swappedIn: number;
  swappedOut: number;
  majorFaults: number;
  minorFaults: number;
  refaults: number;
  /** Mappings the kernel refused: overcommit. */
  refused: number;
}

/** The per-CPU page lists, one entry a zone: free pages that MemFree does not count. */
export interface PerCpuState {
  /** Pages of the kind that user space and the balloon take. */
  readonly movable: Float64Array;
  /** Of the movable ones, those that came out of the balloon and were not written to since. */
  readonly fresh: Float64Array;
  /** Pages of other kinds, out of their reach. */
  readonly other: Float64Array;
  /** The lists are cut back when they hold this many. */
  readonly high: Float64Array;
  /** Pages taken from the free lists at once when a list is empty, and the least cut back. */
  readonly batch: Float64Array;
  /** How often the last cut has been doubled; an allocation ends the run. */
  readonly factor: Float64Array;
}

export interface GuestState {
  readonly zones: ZoneState;
  readonly perCpu: PerCpuState;
  readonly file: FileCacheState;
  readonly counters: CountersState;
  readonly processes: ProcessState[];
  /** Anonymous pages of all processes and of the userland found at boot. */
  anon: number;
  /** tmpfs, the root file system among it. */
  shmem: number;
  /** The root file system's part of it, which stays. */
  readonly shmemAtBoot: number;
  /** tmpfs pages in the guest's swap. */
  shmemSwapped: number;
  slabReclaimable: number;
  slabUnreclaimable: number;
  pageTables: number;
  kernelStack: number;
  percpu: number;
  /** Kernel memory that /proc/meminfo does not name. */
  kernel: number;
  swapTotal: number;
  /** Anonymous pages in swap; tmpfs pages are in shmemSwapped. */
  swapUsed: number;
  balloon: number;
  /** Whether MemTotal still counts ballooned pages: virtio with deflate-on-oom, vmmemctl. */
  balloonInTotal: boolean;
  /** Processes get huge pages while there are free ones. */
  readonly hugePages: boolean;
  /** vm.swappiness: 0 to 200, how much reclaim prefers swapping to dropping files. */
  swappiness: number;
  /** vm.overcommit_memory: 0 guess, 1 always, 2 never. */
  overcommit: 0 | 1 | 2;
  committed: number;
  panicked: boolean;
  nextPid: number;
  /** State of the generator behind every jitter. */
  random: number;
}
