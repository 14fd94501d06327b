import {UNLIMITED, type MemoryLimits} from "../../domain/libvirt/domain-def.ts";
import {fail} from "../../domain/libvirt/error.ts";
import type {CgroupFile} from "../../host/linux/cgroup/state.ts";
import {cgroupFileName} from "../../host/linux/cgroup/limits.ts";
import {kib, kibToBytes, type KiB} from "../../units.ts";

/** A write that libvirt makes to a file of a VM's cgroup. */
export interface MemtuneWrite {
  readonly file: CgroupFile;
  /** The file's name below the cgroup's directory. */
  readonly name: string;
  /** What is written: bytes, or "max" (version 2) and "-1" (version 1) for none. */
  readonly text: string;
  /** KiB; null for none. */
  readonly size: KiB | null;
}

type Limit = Exclude<keyof MemoryLimits, "minGuarantee">;
/** Limits to write, KiB; UNLIMITED for none, and a missing one is left alone. `min_guarantee` is never written: QEMU refuses it. */
export type MemtuneLimits = Readonly<Partial<Pick<MemoryLimits, Limit>>>;

/**
 * Where each limit goes. On version 2 two of them change their meaning without a
 * word: soft_limit, a hint for times of contention, becomes memory.high, which
 * always throttles; swap_hard_limit, memory and swap together, becomes
 * memory.swap.max, swap alone, with the same number.
 * Source: libvirt 4.10 src/util/vircgroupv1.c, vircgroupv2.c virCgroupV2SetMemoryHardLimit,
 * SetMemorySoftLimit, SetMemSwapHardLimit; read again in a version of 2023.
 */
const FILES: Readonly<Record<1 | 2, Readonly<Record<Limit, CgroupFile>>>> = {
  1: {hard: "max", soft: "soft", swapHard: "memswMax"},
  2: {hard: "max", soft: "high", swapHard: "swapMax"}
};

/** @throws LibvirtFailure VIR_ERR_INVALID_ARG for a size above UNLIMITED; what is only stored is cut down to that instead. */
function refuseTooLarge(size: KiB): void {
  if (size > UNLIMITED) fail("VIR_ERR_INVALID_ARG", `Memory '${BigInt(size)}' must be less than ${UNLIMITED}`);
}

function write(version: 1 | 2, limit: Limit, size: KiB): MemtuneWrite {
  refuseTooLarge(size);
  const file = FILES[version][limit];
  const none = size === UNLIMITED;
  const name = cgroupFileName(version, file) ?? file;
  return {file, name, text: none ? (version === 1 ? "-1" : "max") : `${kibToBytes(size)}`, size: none ? null : size};
}

/**
 * The writes of a live change, in libvirt's order: soft first; a hard limit that
 * falls before the swap limit, else after it, as version 1 wants memory <= memory
 * and swap at every moment.
 * @param before the hard limit in force, KiB.
 * @throws LibvirtFailure VIR_ERR_INVALID_ARG for a size above UNLIMITED.
 * Source: libvirt 9.0.0 src/hypervisor/domain_cgroup.c virDomainCgroupSetMemoryLimitParameters.
 */
export function memtuneWrites(limits: MemtuneLimits, version: 1 | 2, before: KiB = UNLIMITED): readonly MemtuneWrite[] {
  return inOrder(limits, before).map(([limit, size]) => write(version, limit, size));
}

function inOrder(limits: MemtuneLimits, before: KiB): readonly (readonly [Limit, KiB])[] {
  const falls = limits.hard !== undefined && limits.hard < before;
  const order: readonly Limit[] = falls ? ["soft", "hard", "swapHard"] : ["soft", "swapHard", "hard"];
  return order.flatMap((limit) => {
    const size = limits[limit];
    return size === undefined ? [] : [[limit, size] as const];
  });
}

/** Whether a live change has sizes that either version's files take; the first in libvirt's order is refused. @throws LibvirtFailure as `memtuneWrites`. */
export const checkWrites = (limits: MemtuneLimits, before: KiB): void => inOrder(limits, before).forEach(([, size]) => refuseTooLarge(size));

/** The writes at start: hard, soft, swap, and only those that are set. Source: libvirt 4.10 src/qemu/qemu_cgroup.c qemuSetupMemoryCgroup. */
export function memtuneAtStart(limits: MemoryLimits, version: 1 | 2): readonly MemtuneWrite[] {
  const order: readonly Limit[] = ["hard", "soft", "swapHard"];
  return order.flatMap((limit) => (limits[limit] < UNLIMITED ? [write(version, limit, limits[limit])] : []));
}

/** How much swap the same definition allows: on version 1 what is left above the hard limit, on version 2 all of it. KiB; null for no limit. */
export function swapAllowed({hard, swapHard}: Pick<MemoryLimits, "hard" | "swapHard">, version: 1 | 2): KiB | null {
  if (swapHard >= UNLIMITED) return null;
  return version === 2 ? swapHard : kib(Math.max(0, swapHard - Math.min(hard, swapHard)));
}
