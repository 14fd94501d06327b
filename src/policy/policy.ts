import type {KiB, Seconds} from "../units.ts";

/**
 * Who moves targets on a shared host. A policy looks at the host and at every
 * guest, each its own way, and says what each guest should live in: layer 2. It
 * moves nothing itself: drivers, reclaim and swap do, and the next look sees how
 * far they came.
 */

/** What a policy can see of the host, KiB. */
export interface PolicyHost {
  /** RAM that the hypervisor or the host's kernel manages. */
  readonly total: KiB;
  /** RAM nobody holds. */
  readonly free: KiB;
  /** Page cache and buffers of the host, which some policies count as free and some as used; 0 on ESX and Xen. */
  readonly cached: KiB;
  /** What guests are not to have: the hypervisor's own memory, their overhead, and free memory that it wants to keep. */
  readonly kept: KiB;
}

/** What a policy can see of a guest. A number that a hypervisor has no notion of is the one that asks for nothing. */
export interface PolicyGuest {
  readonly name: string;
  /** Layer 1. */
  readonly configured: KiB;
  /** The least it may be told: a reservation, Proxmox's `balloon`, MOM's balloon_min. At most `maximum`. */
  readonly minimum: KiB;
  /** The most: the configured size, or a limit below it. */
  readonly maximum: KiB;
  /** Its weight against the other guests; 0 or more. */
  readonly shares: number;
  /** Layer 2 now: what it was last told; the configured size if it never was. */
  readonly target: KiB;
  /** Layer 3: the configured size less its balloon, as the driver last said. */
  readonly current: KiB;
  /** Layer 4: host RAM that holds its pages. */
  readonly backed: KiB;
  /** The most it could fill at once: all it has touched, less what sharing saves. Missing where the host does not count: as much as `maximum`. */
  readonly demand?: KiB | undefined;
  /** Pages it has used lately, as the host estimates; null where the host does not. */
  readonly active: KiB | null;
  /** Free memory as the guest last said; null when it does not say. */
  readonly free: KiB | null;
  /** MemAvailable as the guest last said; null when it does not say. */
  readonly available: KiB | null;
  /** A balloon driver is loaded and answers. */
  readonly driver: boolean;
  /** On its way to another host. */
  readonly migrating: boolean;
}

/**
 * A policy at work on one host. It may remember what it saw: the same looks in
 * the same order get the same answers.
 */
export interface Policy {
  /** Notes the state for later; called every `monitor` seconds. */
  readonly observe?: (host: PolicyHost, guests: readonly PolicyGuest[]) => void;
  /**
   * Decides; called every `period` seconds, and by ESX also when a state or a setting changes.
   * @returns one target a guest, in their order, KiB; a guest that is to be left alone gets the target it has.
   */
  readonly decide: (host: PolicyHost, guests: readonly PolicyGuest[]) => readonly KiB[];
}

/** A kind of policy, as a picker lists it. */
export interface PolicyKind {
  readonly name: string;
  /** Seconds between decisions. */
  readonly period: Seconds;
  /** Seconds between looks that are only noted; null for a policy that has none. */
  readonly monitor: Seconds | null;
  /** A fresh one, with nothing remembered. */
  readonly start: () => Policy;
}
