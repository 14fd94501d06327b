import type {CgroupFile} from "../../host/linux/cgroup/state.ts";
import {kib, type KiB} from "../../units.ts";

/** A write to a cgroup's file, as a shell or systemctl does it; null: "max". */
export interface LimitWrite {
  readonly file: CgroupFile;
  readonly size: KiB | null;
}

const FILES: ReadonlyMap<string, CgroupFile> = new Map([
  ["memory.max", "max"],
  ["memory.high", "high"],
  ["memory.low", "low"],
  ["memory.min", "min"],
  ["memory.swap.max", "swapMax"],
  ["memory.limit_in_bytes", "max"],
  ["memory.memsw.limit_in_bytes", "memswMax"],
  ["memory.soft_limit_in_bytes", "soft"],
  ["MemoryMax", "max"],
  ["MemoryHigh", "high"],
  ["MemoryLow", "low"],
  ["MemoryMin", "min"],
  ["MemorySwapMax", "swapMax"]
]);

/** A size as the kernel's memparse and systemd take it: bytes, K, M, G, T of 1024; "max", "infinity" and -1 are none. */
function parseSize(text: string): KiB | null | undefined {
  if (/^(max|infinity|-1)$/.test(text)) return null;
  const match = /^(\d+)([KMGT]?)(?:i?B)?$/i.exec(text);
  if (!match) return undefined;
  const power = " KMGT".indexOf((match[2] ?? "").toUpperCase() || " ");
  return kib(Number(match[1]) * 1024 ** (power - 1));
}

const ECHO = /\becho\s+["']?(-?\w+)["']?\s*>\s*\S*?(memory\.[a-z._]+)/g;
const PROPERTY = /\b(Memory(?:Swap)?(?:Max|High|Low|Min))=(\w+)/g;

/** Every limit a host shell's command writes; empty when it writes none. */
export function limitWrites(text: string): readonly LimitWrite[] {
  const found = [
    ...[...text.matchAll(ECHO)].map(([, size, name]) => [name, size] as const),
    ...[...text.matchAll(PROPERTY)].map(([, name, size]) => [name, size] as const)
  ];
  return found.flatMap(([name, size]) => {
    const file = FILES.get(name ?? "");
    const parsed = parseSize(size ?? "");
    return file === undefined || parsed === undefined ? [] : [{file, size: parsed}];
  });
}
