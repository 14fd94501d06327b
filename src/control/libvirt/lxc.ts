import {UNLIMITED, type DomainDef, type MemoryLimits} from "../../domain/libvirt/domain-def.ts";
import {fail} from "../../domain/libvirt/error.ts";
import {kib, type KiB} from "../../units.ts";
import {Flags, type Change, type DomainState, type Effect, type Running} from "../types.ts";
import {addressedDefs, replaceDefs, type Addressed} from "./impact.ts";

/** The running container with what its cgroup now has for a hard limit. */
export const withHardLimit = (running: Running | null, hardLimit: KiB): Running | null => (running === null ? null : {...running, hardLimit});

function setMaximum(state: DomainState, {live, config}: Addressed, size: KiB): Change {
  if (live) fail("VIR_ERR_OPERATION_INVALID", "Cannot resize the max memory on an active domain");
  const stored = config && {...config, total: size, current: kib(Math.min(config.current, size))};
  return {state: replaceDefs(state, {live: null, config: stored}), effects: []};
}

/**
 * virDomainSetMemoryFlags on the LXC driver: a live size is the cgroup's hard
 * limit, so the host enforces it and nobody in the container is asked.
 * @throws LibvirtFailure; the words are QEMU's with a capital letter
 * Source: libvirt 4.10 src/lxc/lxc_driver.c lxcDomainSetMemoryFlags; codes read at 002b7704ff75, too.
 */
export function setMemoryLxc(state: DomainState, size: KiB, flags: number): Change {
  const addressed = addressedDefs(state, flags);
  if (flags & Flags.MAXIMUM) return setMaximum(state, addressed, size);
  const {live, config} = addressed;
  const maxima = [live, config].filter((def) => def !== null).map(({total}) => total);
  if (size > Math.min(...maxima)) fail("VIR_ERR_INVALID_ARG", "Cannot set memory higher than max memory");
  if (live && (state.hostRefuses !== undefined || !state.connection.cgroupMemory)) fail("VIR_ERR_OPERATION_FAILED", "Failed to set memory for domain");
  const changed = replaceDefs(state, {live: live && {...live, current: size}, config: config && {...config, current: size}});
  return live ? {state: {...changed, running: withHardLimit(changed.running, size)}, effects: [{kind: "limits", hard: size}]} : {state: changed, effects: []};
}

/** The hard limit that a container starts with: `<memory>`, unless `hard_limit` replaces it. */
export const hardLimitAtStart = ({total, limits: {hard}}: DomainDef): KiB => (hard < UNLIMITED ? hard : total);

const given = (value: KiB): boolean => value < UNLIMITED;

/** What the cgroup gets at start; `<currentMemory>` is not used (lxc_cgroup.c virLXCCgroupSetupMemTune). */
export const limitsAtStart = (def: DomainDef): Effect => ({
  kind: "limits",
  hard: hardLimitAtStart(def),
  ...(given(def.limits.soft) ? {soft: def.limits.soft} : {}),
  ...(given(def.limits.swapHard) ? {swapHard: def.limits.swapHard} : {})
});

/** The limits in the cgroup of a running container, KiB: its hard limit is whatever was written last. */
export const limitsInForce = ({def, running}: DomainState): MemoryLimits => ({...def.limits, hard: running?.hardLimit ?? hardLimitAtStart(def)});

/** virDomainGetInfo: of a running container the memory is what its cgroup holds; 0 where nobody can tell, as the driver says it. KiB. */
export const infoLxc = ({def, id, running}: DomainState): {readonly maxMem: KiB; readonly memory: KiB} => ({
  maxMem: def.total,
  memory: id === null ? def.current : (running?.rss ?? kib(0))
});
