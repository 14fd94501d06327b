import type {DomainDef} from "../domain/libvirt/domain-def.ts";
import type {Outcome} from "../domain/libvirt/error.ts";
import type {KiB, Seconds} from "../units.ts";

/**
 * What a live call asks of the hypervisor. `control` only says it; `simulation`
 * carries it out, and what the guest then does comes back through
 * `reportBalloon`.
 */
export type Effect =
  /** Layer 2: the balloon device gets a new target. */
  | {readonly kind: "balloon"; readonly target: KiB}
  /** Xen: how much the hypervisor lets the domain own. */
  | {readonly kind: "maximum"; readonly size: KiB}
  /** Seconds between two guest statistics; 0 stops them. */
  | {readonly kind: "stats-period"; readonly period: Seconds}
  /** ESX: what the host may and must give, layer 4; a missing one stays, UNLIMITED is no limit. */
  | {readonly kind: "allocation"; readonly limit?: KiB; readonly reservation?: KiB}
  /** Limits of the process's cgroup, layer 4; a missing one stays. */
  | {readonly kind: "limits"; readonly hard?: KiB; readonly soft?: KiB; readonly swapHard?: KiB}
  /** The process starts with `memory`; the target is set before its processors run. */
  | {readonly kind: "start"; readonly memory: KiB; readonly target: KiB; readonly statsPeriod: Seconds}
  | {readonly kind: "stop"}
  /** A memory device of that size is plugged in. */
  | {readonly kind: "attach-memory"; readonly size: KiB};

/** What the guest's balloon driver told QEMU last; -1 values (never told) are left out. Sizes KiB. */
export interface GuestStats {
  readonly swapIn?: KiB;
  readonly swapOut?: KiB;
  readonly majorFaults?: number;
  readonly minorFaults?: number;
  /** MemFree. */
  readonly unused?: KiB;
  /** MemTotal, in spite of its name. */
  readonly available?: KiB;
  /** MemAvailable. */
  readonly usable?: KiB;
  /** Seconds since 1970; 0 before the first. */
  readonly lastUpdate: number;
  readonly diskCaches?: KiB;
  readonly hugetlbPageAllocations?: number;
  readonly hugetlbPageFailures?: number;
}

/** What only a running process knows. */
export interface Running {
  /** RSS of the hypervisor's process (of a container, what its cgroup holds), or null when nobody measured it. */
  readonly rss: KiB | null;
  readonly stats: GuestStats;
  /** LXC: the hard limit that was written into the cgroup last; what it started with when missing. */
  readonly hardLimit?: KiB;
}

/** What ESX's host is told to give a machine, KiB in whole MB; a limit of UNLIMITED is none. */
export interface Allocation {
  readonly limit: KiB;
  readonly reservation: KiB;
}

/** Drivers whose memory calls the model has; `xen` is libxl's. */
export type DriverName = "qemu" | "test" | "xen" | "esx" | "lxc";

/** One domain as libvirt keeps it (`virDomainObj`). */
export interface DomainState {
  readonly driver: DriverName;
  /** The running definition, or the stored one when it is shut off. */
  readonly def: DomainDef;
  /** While running: what the next start will use. Null when shut off, and on ESX, which keeps one configuration. */
  readonly next: DomainDef | null;
  /** The running domain's number, or null when shut off. */
  readonly id: number | null;
  /** False for a domain made with `virsh create`, gone once it stops. */
  readonly persistent: boolean;
  readonly running: Running | null;
  readonly connection: ConnectionFacts;
  /** ESX: as the host keeps it, from which `def` is made; missing until it differs from the definition. */
  readonly allocation?: Allocation;
  /** Why the host would refuse a change it is asked for (ESX's reason, the cgroup's errno); missing where it takes it. */
  readonly hostRefuses?: string;
}

/** What a connection allows. */
export interface ConnectionFacts {
  /** `qemu:///session`: no right to limit memory. */
  readonly session: boolean;
  /** `virsh -r`. */
  readonly readOnly: boolean;
  /** Whether libvirt may use the cgroup memory controller; the recordings were made without. */
  readonly cgroupMemory: boolean;
}

/** A call's new state and what it asks of the hypervisor. */
export interface Change {
  /** Null when the domain is gone. */
  readonly state: DomainState | null;
  readonly effects: readonly Effect[];
}

/** What every call comes back with; on an error nothing has changed. */
export type CallResult<T = null> = Outcome<{readonly result: T} & Change>;

/** virDomainMemoryModFlags, and the impact flags they share bits with. */
export const Flags = {CURRENT: 0, LIVE: 1, CONFIG: 2, MAXIMUM: 4} as const;
