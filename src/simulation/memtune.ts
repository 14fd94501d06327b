import {setMemoryParameters} from "../control/libvirt/api.ts";
import {memtuneWrites, type MemtuneWrite} from "../control/libvirt/memtune-cgroup.ts";
import type {MemoryParameters, ParameterName} from "../control/libvirt/parameter-names.ts";
import {stop} from "../control/libvirt/lifecycle.ts";
import type {CallResult, DomainState} from "../control/types.ts";
import {attempt, fail} from "../domain/libvirt/error.ts";
import {ModelError} from "../errors.ts";
import {killPrograms, writeLimit, type CgroupAnswer} from "../host/linux/cgroup/limits.ts";
import {endVm} from "../host/linux/pressure.ts";
import type {HostState} from "../host/linux/state.ts";
import {KIB_PER_PAGE} from "../units.ts";
import {withUsage} from "./container.ts";

/** A write that was made, and what the kernel said to it. */
export interface AnsweredWrite extends MemtuneWrite {
  readonly answer: CgroupAnswer;
}

/** What a live memtune came to. */
export interface MemtuneChange {
  readonly call: CallResult;
  /** In libvirt's order, as far as it came. */
  readonly writes: readonly AnsweredWrite[];
  /** The domain afterwards: what was written before a refusal stays. Null when it is gone. */
  readonly domain: DomainState | null;
}

const PARAMETERS: Readonly<Partial<Record<MemtuneWrite["file"], ParameterName>>> = {max: "hard_limit", soft: "soft_limit", high: "soft_limit", memswMax: "swap_hard_limit", swapMax: "swap_hard_limit"};

/** The directory of a domain's cgroup: systemd's scope, in machine.slice. */
function directoryOf({driver, id, def}: DomainState, version: 1 | 2): string {
  const root = version === 1 ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
  return `${root}/machine.slice/machine-${driver}\\x2d${id ?? 0}\\x2d${def.name}.scope`;
}

/** @throws LibvirtFailure SYSTEM_ERROR in the words of virCgroupSetValueRaw (libvirt 4.10 src/util/vircgroup.c), or nothing where the kernel took it. */
function refuse(domain: DomainState, version: 1 | 2, {name, text, answer}: AnsweredWrite): void {
  if (answer === "invalid") fail("VIR_ERR_SYSTEM_ERROR", `Invalid value '${text}' for '${name}': Invalid argument`);
  if (answer === "busy") fail("VIR_ERR_SYSTEM_ERROR", `Unable to write to '${directoryOf(domain, version)}/${name}': Device or resource busy`);
}

/** Writes until the kernel refuses. Whoever it kills has gone before it answers. */
function writeAll(writes: readonly MemtuneWrite[], host: HostState, kill: (host: HostState) => void): readonly AnsweredWrite[] {
  const made: AnsweredWrite[] = [];
  for (const write of writes) {
    const answer = writeLimit(host, write.file, write.size === null ? Infinity : Math.floor(write.size / KIB_PER_PAGE));
    made.push({...write, answer});
    if (answer === "kill") kill(host);
    else if (answer !== "ok") break;
  }
  return made;
}

/** What libvirt has taken down by the time of a refusal: each limit right after its write. */
function partly(domain: DomainState, params: MemoryParameters, flags: number, done: readonly AnsweredWrite[]): DomainState | null {
  const written = new Set(done.map(({file}) => PARAMETERS[file]));
  const taken = Object.fromEntries(Object.entries(params).filter(([name]) => written.has(name as ParameterName)));
  if (written.size === 0) return domain;
  const change = setMemoryParameters(domain, taken, flags);
  return change.ok ? change.value.state : domain;
}

/** A VM is one process, which ends with all it has. */
function killVm(host: HostState): void {
  host.cgroup.events.oom++;
  host.cgroup.events.oomKill++;
  endVm(host);
}

/** A VM ends with its process; a container outlives its program, and holds what is left. */
function afterKill(state: DomainState | null, host: HostState): DomainState | null {
  return state === null || state.driver === "qemu" ? state && stop(state).state : withUsage(state, host);
}

/**
 * virDomainSetMemoryParameters on QEMU or LXC with the domain's cgroup behind it: a
 * live call writes each limit in libvirt's order, and the kernel has the last word.
 * On version 1 a limit below what reclaim can reach (`busy`) or above the one of
 * memory and swap (`invalid`) ends the call with an error, the writes before it
 * stay; on version 2 a hard limit holds at once and what does not fit is for the OOM
 * killer (`kill`), while the call succeeds.
 * @param host with the domain's cgroup; the writes change it.
 * @param params KiB; UNLIMITED for none.
 * @param flags of virDomainModificationImpact.
 * @throws ModelError `wrong-driver` for a domain without a cgroup.
 * Source: libvirt 9.0.0 src/hypervisor/domain_cgroup.c virDomainCgroupSetMemoryLimitParameters; vircgroup.c virCgroupSetValueRaw.
 */
export function setDomainLimits(domain: DomainState, host: HostState, params: MemoryParameters, flags: number): MemtuneChange {
  if (domain.driver !== "lxc" && domain.driver !== "qemu") throw new ModelError(`no cgroup: ${domain.driver}`, {code: "wrong-driver", path: "driver", expected: "qemu or lxc", hint: "other drivers ask their hypervisor"});
  const call = setMemoryParameters(domain, params, flags);
  const limits = call.ok ? call.value.effects.find(({kind}) => kind === "limits") : undefined;
  if (!call.ok) return {call, writes: [], domain};
  if (limits?.kind !== "limits") return {call, writes: [], domain: call.value.state};
  const {version} = host.cgroup;
  const writes = writeAll(memtuneWrites(limits, version, domain.def.limits.hard), host, domain.driver === "qemu" ? killVm : killPrograms);
  const last = writes.at(-1);
  const refused = attempt(() => last && refuse(domain, version, last));
  if (!refused.ok) return {call: refused, writes, domain: partly(domain, params, flags, writes.slice(0, -1))};
  const {state} = call.value;
  return {call, writes, domain: writes.some(({answer}) => answer === "kill") ? afterKill(state, host) : state && withUsage(state, host)};
}
