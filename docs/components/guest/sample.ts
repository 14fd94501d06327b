/** The guest's own numbers at one moment: /proc/meminfo (KiB), /proc/vmstat, /proc/pressure (us), its cgroup (bytes). */
export type Sample = Readonly<Record<string, number>>;

/** A line of the recorder: `MemTotal=239372 cgroup.limit=max ...`; null for anything else. */
export function readSample(line: string): Sample | null {
  const pairs = [...line.matchAll(/([\w.]+)=(\d+(?:\.\d+)?|max)/g)].map(([, key = "", value = ""]) => [key, value === "max" ? Infinity : Number(value)] as const);
  const sample = Object.fromEntries(pairs);
  return "MemTotal" in sample ? sample : null;
}

/** A number of a sample, 0 where the guest has none (no cgroup was made, no swap is on). */
export const of = (sample: Sample, key: string): number => sample[key] ?? 0;

/** KiB that the guest uses for processes and its kernel, apart from file caches. */
export const usedKib = (s: Sample): number => of(s, "MemTotal") - of(s, "MemFree") - of(s, "Buffers") - of(s, "Cached");
