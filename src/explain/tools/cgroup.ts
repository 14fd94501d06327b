import {size} from "../size.ts";
import {SOURCES} from "../sources.ts";
import type {Draft, Severity} from "../types.ts";
import {numberOf, spanOf, whole, type Observations, type Observed} from "./observe.ts";

const NAME = "memory\\.(?:max|high|low|min|current|peak|swap\\.max|swap\\.current|swap\\.high|limit_in_bytes|usage_in_bytes|soft_limit_in_bytes|memsw\\.limit_in_bytes|memsw\\.usage_in_bytes)";
/** `memory.max 1`, `memory.max: 1`, `memory.max=1`, `path/memory.max:1`, and `==> memory.max <==` with the number below. */
const ENTRY = new RegExp(`^[^\\n]{0,300}?(${NAME})(?:[ \\t]*[:=]?[ \\t]*|[ \\t]*<==[ \\t]*\\r?\\n)(max|-1|\\d{1,20})[ \\t\\r]*$`, "gm");

/** v1 writes unlimited as the largest number of pages. */
const UNLIMITED_BYTES = 2n ** 63n - 4096n;

/** cgroup files, KiB; null is unlimited. */
export function readCgroup(text: string): Observations {
  const found = new Map<string, Observed>();
  for (const match of text.matchAll(ENTRY)) {
    const [all, key = "", written = ""] = match;
    const span = {start: match.index, end: match.index + all.length};
    const isUnlimited = written === "max" || written === "-1" || BigInt(written) >= UNLIMITED_BYTES;
    const bytes = isUnlimited ? null : whole(written);
    if (isUnlimited) found.set(key, {value: null, span});
    else if (bytes !== null) found.set(key, {value: Math.floor(bytes / 1024), span});
  }
  return found;
}

interface Meaning {
  readonly severity: Severity;
  readonly code: string;
  readonly says: (kib: number) => string;
  readonly meaning: string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  "memory.max": {severity: "warning", code: "hard-limit", says: (kib) => `memory.max is ${size(kib)}.`, meaning: "A hard limit on the whole process, QEMU's own memory included. Over it the kernel reclaims, swaps, and then kills the machine. Lowered below what is used it kills at once if reclaim fails."},
  "memory.high": {severity: "warning", code: "throttled", says: (kib) => `memory.high is ${size(kib)}.`, meaning: "Above it the process is throttled and reclaimed from, at all times and not only when the host is short. It never kills and may be exceeded. libvirt's soft_limit lands here."},
  "memory.low": {severity: "note", code: "protected", says: (kib) => `memory.low protects ${size(kib)}.`, meaning: "Best effort: it is taken from last. libvirt never writes it."},
  "memory.min": {severity: "note", code: "protected", says: (kib) => `memory.min protects ${size(kib)}.`, meaning: "Never reclaimed within what the parents have left. libvirt never writes it."},
  "memory.swap.max": {severity: "note", code: "swap-alone", says: (kib) => `memory.swap.max allows ${size(kib)} of swap.`, meaning: "Swap alone. libvirt writes swap_hard_limit here unchanged, although that is documented as memory and swap together."},
  "memory.limit_in_bytes": {severity: "warning", code: "hard-limit", says: (kib) => `memory.limit_in_bytes is ${size(kib)}.`, meaning: "A hard limit on the whole process (cgroup v1). Lowering it below what is used fails with EBUSY and kills nothing."},
  "memory.soft_limit_in_bytes": {severity: "note", code: "soft-limit", says: (kib) => `memory.soft_limit_in_bytes is ${size(kib)}.`, meaning: "It acts only while the host is short of memory (cgroup v1)."},
  "memory.memsw.limit_in_bytes": {severity: "note", code: "memory-and-swap", says: (kib) => `memory.memsw.limit_in_bytes is ${size(kib)}.`, meaning: "Memory and swap together (cgroup v1); it cannot be below memory.limit_in_bytes."}
};

function near(observed: Observations, usage: string, limit: string): readonly Draft[] {
  const [used, most] = [numberOf(observed, usage), numberOf(observed, limit)];
  if (used === undefined || most === undefined || used * 10 < most * 9) return [];
  return [{code: "close-to-limit", severity: "error", layer: "backing", at: spanOf(observed, usage), what: `${size(used)} of ${size(most)} are used.`, meaning: "The next pages are reclaimed for; when that fails the machine is killed. Page cache counts too and is given up first.", action: "Raise the limit, or lower the guest's target first and wait.", source: SOURCES.cgroup}];
}

/** What the files of a cgroup are taken for. */
export function cgroupDrafts(observed: Observations): readonly Draft[] {
  const each = [...observed].flatMap(([key, {value, span}]): readonly Draft[] => {
    const known = MEANINGS[key];
    if (!known || value === null || (value === 0 && /\.(low|min)$/.test(key))) return [];
    return [{code: known.code, severity: known.severity, layer: "backing", at: span, what: known.says(value), meaning: known.meaning, action: "", source: SOURCES.cgroup}];
  });
  return [...each, ...near(observed, "memory.current", "memory.max"), ...near(observed, "memory.usage_in_bytes", "memory.limit_in_bytes")];
}
