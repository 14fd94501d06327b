import {setMemoryFlags} from "../control/libvirt/api.ts";
import type {CallResult, DomainState} from "../control/types.ts";
import {ModelError} from "../errors.ts";
import {cgroupUsage} from "../host/linux/accounts.ts";
import {killPrograms, writeLimit, type CgroupAnswer} from "../host/linux/cgroup/limits.ts";
import {newCgroup} from "../host/linux/cgroup/state.ts";
import type {HostState} from "../host/linux/state.ts";
import {kib, KIB_PER_PAGE, type KiB} from "../units.ts";

/** A container, and the host as far as it matters to it. */
export interface ContainerSpec {
  /** Of the cgroup hierarchy. */
  readonly version: 1 | 2;
  /** Anonymous memory that its one program beside init holds. */
  readonly used: KiB;
  /** The hard limit in force. */
  readonly hardLimit: KiB;
  /** Version 1: memory and swap together; none by default. */
  readonly swapHardLimit?: KiB | undefined;
  /** Swap space of the host; none by default. */
  readonly swap?: KiB | undefined;
}

const inPages = (size: KiB): number => Math.floor(size / KIB_PER_PAGE);

/** The host of a running container: its cgroup holds what its programs use and nothing else. */
export function startContainer({version, used, hardLimit, swapHardLimit, swap = kib(0)}: ContainerSpec): HostState {
  const none = (): Float64Array => new Float64Array(1);
  const cgroup = {...newCgroup(), version, max: inPages(hardLimit), ...(swapHardLimit === undefined ? {} : {memswMax: inPages(swapHardLimit)})};
  return {
    touchedFree: none(), touchedLate: none(), deflated: none(), untouched: none(), swappedFree: none(), usedBacked: inPages(used), swappedUsed: 0, ballooned: 0, ram: Infinity, swap: inPages(swap),
    overhead: 0, overheadSwapped: 0, pageCache: 0, others: 0, swapIns: 0, swapOuts: 0, cgroup
  };
}

/** What a call on a container came to. */
export interface ContainerChange {
  readonly call: CallResult;
  /** The kernel's answer to the write; null where nothing was written. */
  readonly answer: CgroupAnswer | null;
}

/** What a C library calls each refusal; the driver's message keeps it to itself. */
const ERRNO: Readonly<Partial<Record<CgroupAnswer, string>>> = {busy: "EBUSY", invalid: "EINVAL"};

/** A running container with its memory as libvirt reads it: what its cgroup holds. Other domains stay as they are. */
export function withUsage(domain: DomainState, host: HostState): DomainState {
  const {driver, running} = domain;
  return driver !== "lxc" || running === null ? domain : {...domain, running: {...running, rss: kib(cgroupUsage(host) * KIB_PER_PAGE)}};
}

function measured(call: CallResult, host: HostState): CallResult {
  return !call.ok || call.value.state === null ? call : {...call, value: {...call.value, state: withUsage(call.value.state, host)}};
}

/**
 * virDomainSetMemoryFlags on LXC with the container's cgroup behind it: a live
 * size is written as its hard limit, and the kernel has the last word. On version
 * 1 a size that reclaim cannot reach fails and leaves the old limit; on version 2
 * it holds at once, and what does not fit is for the OOM killer (`kill`), which
 * takes the program that holds it: the call succeeds all the same.
 * @param host as `startContainer` makes it; the write changes it.
 * @param size KiB, unsigned 64-bit.
 * @param flags of virDomainMemoryModFlags.
 * @throws ModelError `wrong-driver` for a domain that is not LXC's.
 */
export function setContainerMemory(domain: DomainState, host: HostState, size: bigint, flags: number): ContainerChange {
  if (domain.driver !== "lxc") throw new ModelError(`not a container: ${domain.driver}`, {code: "wrong-driver", path: "driver", expected: "lxc", hint: "other drivers ask their hypervisor"});
  const call = setMemoryFlags(domain, size, flags);
  const limit = call.ok ? call.value.effects.find(({kind}) => kind === "limits") : undefined;
  if (limit?.kind !== "limits" || limit.hard === undefined) return {call, answer: null};
  const answer = writeLimit(host, "max", inPages(limit.hard));
  if (answer === "kill") killPrograms(host);
  const hostRefuses = ERRNO[answer];
  return {call: hostRefuses === undefined ? measured(call, host) : setMemoryFlags({...domain, hostRefuses}, size, flags), answer};
}
