import {kib, type KiB} from "../units.ts";

/** What a guest says of itself before an act; KiB. */
export interface BeforeAct {
  readonly memTotal: KiB;
  readonly memFree: KiB;
  /** File cache that can be dropped. */
  readonly reclaimable: KiB;
  readonly swapFree: KiB;
  readonly balloon: KiB;
  readonly deflateOnOom: boolean;
}

/**
 * MemTotal once the balloon has moved to `wanted`. Without deflate-on-oom each
 * page leaves MemTotal; with it the page stays counted, as used.
 * Source: Linux 6.1 drivers/virtio/virtio_balloon.c fill_balloon, release_pages_balloon.
 */
export const totalAfterBalloon = ({memTotal, balloon, deflateOnOom}: Pick<BeforeAct, "memTotal" | "balloon" | "deflateOnOom">, wanted: KiB): KiB => (deflateOnOom ? memTotal : kib(memTotal + balloon - wanted));

export interface ProcessOutcome {
  /** False when the kernel ends it for want of memory. */
  readonly lives: boolean;
  /** What it can have at most before that, KiB. */
  readonly available: KiB;
}

/** A process that writes to `need`: it may have what is free, cached, swap, and with deflate-on-oom the balloon. */
export function processOutcome(before: BeforeAct, need: KiB): ProcessOutcome {
  const {memFree, reclaimable, swapFree, balloon, deflateOnOom} = before;
  const available = kib(memFree + reclaimable + swapFree + (deflateOnOom ? balloon : 0));
  return {lives: need <= available, available};
}

export interface CgroupOutcome {
  /** memory.peak: the limit when it was reached, else unknown to the page, since charges are taken in batches. */
  readonly peak: KiB | null;
  readonly killed: boolean;
}

/**
 * The same process in a cgroup of its own. `memory.max` is never passed, so a
 * process that needs it all leaves memory.peak at the limit; what does not fit
 * goes to swap, or ends it.
 * Source: Linux 6.1 mm/memcontrol.c try_charge_memcg; Documentation/admin-guide/cgroup-v2.rst.
 */
export const cgroupOutcome = ({limit, need, swapFree}: {readonly limit: KiB; readonly need: KiB; readonly swapFree: KiB}): CgroupOutcome => ({
  peak: need >= limit ? limit : null,
  killed: need > limit + swapFree
});
