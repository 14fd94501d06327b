import {fail} from "../../domain/libvirt/error.ts";
import {UNLIMITED, type DomainDef, type MemoryLimits} from "../../domain/libvirt/domain-def.ts";
import type {KiB} from "../../units.ts";
import type {Change, DomainState} from "../types.ts";
import {allocationOf} from "./esx.ts";
import {IMPACT, refuseFlags} from "./flags.ts";
import {addressedDef, addressedDefs, refuseBoth, replaceDefs} from "./impact.ts";
import {limitsInForce, withHardLimit} from "./lxc.ts";
import {checkWrites, type MemtuneLimits} from "./memtune-cgroup.ts";
import {parameterNames, refuseUnknown, type MemoryParameters} from "./parameter-names.ts";

/** The new limits held against the other one in force, which is the running definition's even for a stored change. */
function checkOrder({limits}: DomainDef, params: MemoryParameters): void {
  const {hard_limit: hard = limits.hard, swap_hard_limit: swapHard = limits.swapHard} = params;
  if (params.hard_limit === undefined && params.swap_hard_limit === undefined) return;
  if (hard > swapHard) fail("VIR_ERR_INVALID_ARG", "memory hard_limit tunable value must be lower than or equal to swap_hard_limit");
}

/** A limit as it is kept: whatever is larger is no limit (virMemoryLimitTruncate). */
const kept = (size: KiB): KiB => (size < UNLIMITED ? size : UNLIMITED);

function withLimits(def: DomainDef, params: MemoryParameters): DomainDef {
  const {hard, soft, swapHard, minGuarantee} = def.limits;
  const limits: MemoryLimits = {
    hard: kept(params.hard_limit ?? hard),
    soft: kept(params.soft_limit ?? soft),
    swapHard: kept(params.swap_hard_limit ?? swapHard),
    minGuarantee
  };
  return {...def, limits};
}

const limitsIn = (params: MemoryParameters): MemtuneLimits => ({
  ...(params.hard_limit === undefined ? {} : {hard: params.hard_limit}),
  ...(params.soft_limit === undefined ? {} : {soft: params.soft_limit}),
  ...(params.swap_hard_limit === undefined ? {} : {swapHard: params.swap_hard_limit})
});

function refuseSession({connection: {session}}: DomainState): void {
  if (session) fail("VIR_ERR_OPERATION_UNSUPPORTED", "Memory tuning is not available in session mode");
}

function requireController({connection: {cgroupMemory}}: DomainState): void {
  if (!cgroupMemory) fail("VIR_ERR_OPERATION_INVALID", "cgroup memory controller is not mounted");
}

/** What the QEMU and the LXC driver share: both write the limits into a cgroup. */
function setInCgroup(state: DomainState, params: MemoryParameters, flags: number): Change {
  const {live, config} = addressedDefs(state, flags);
  if (live) requireController(state);
  checkOrder(state.def, params);
  if (live) checkWrites(limitsIn(params), live.limits.hard);
  return {
    state: replaceDefs(state, {live: live && withLimits(live, params), config: config && withLimits(config, params)}),
    effects: live ? [{kind: "limits", ...limitsIn(params)}] : []
  };
}

/**
 * virDomainSetMemoryParameters on the QEMU driver.
 * @throws LibvirtFailure
 * Source: libvirt 9.0.0 src/qemu/qemu_driver.c qemuDomainSetMemoryParameters,
 * src/hypervisor/domain_cgroup.c virDomainCgroupSetMemoryLimitParameters.
 */
export function setParametersQemu(state: DomainState, params: MemoryParameters, flags: number): Change {
  refuseUnknown(state, params);
  refuseSession(state);
  return setInCgroup(state, params, flags);
}

/**
 * The same on the LXC driver, where a hard limit replaces the one that SetMemory wrote.
 * @throws LibvirtFailure
 * Source: libvirt 4.10 src/lxc/lxc_driver.c lxcDomainSetMemoryParameters; read at 002b7704ff75, too.
 */
export function setParametersLxc(state: DomainState, params: MemoryParameters, flags: number): Change {
  refuseUnknown(state, params);
  const change = setInCgroup(state, params, flags);
  const {state: changed} = change;
  const hard = params.hard_limit;
  if (changed === null || hard === undefined || change.effects.length === 0) return change;
  return {...change, state: {...changed, running: withHardLimit(changed.running, hard)}};
}

/** The same on the mock driver (testDomainSetMemoryParameters). */
export function setParametersTest(state: DomainState, params: MemoryParameters, flags: number): Change {
  refuseUnknown(state, params);
  const {def, live} = addressedDef(state, flags);
  checkOrder(state.def, params);
  const changed = withLimits(def, params);
  return {state: replaceDefs(state, live ? {live: changed, config: null} : {live: null, config: changed}), effects: []};
}

/** The three limits by name, KiB; UNLIMITED for one that is not set. */
const limitsOf = ({hard, soft, swapHard}: MemoryLimits): MemoryParameters => ({hard_limit: hard, soft_limit: soft, swap_hard_limit: swapHard});

/**
 * Whether the driver can say how many limits there are: the first half of reading them.
 * The two impacts exclude each other for every driver (virDomainGetMemoryParameters).
 * @throws LibvirtFailure
 */
export function countParameters(state: DomainState, flags: number): number {
  const {driver} = state;
  refuseBoth(flags);
  if (driver === "xen") fail("VIR_ERR_NO_SUPPORT", "virDomainGetMemoryParameters");
  refuseFlags(state, flags, driver === "esx" ? 0 : IMPACT, "GetMemoryParameters");
  if (driver === "qemu") refuseSession(state);
  if (driver === "qemu" || driver === "lxc") addressedDefs(state, flags);
  return parameterNames(state).length;
}

/** Of a running domain what its cgroup holds, else the stored limits. */
function limitsAddressed(state: DomainState, flags: number): MemoryLimits {
  const {config} = addressedDefs(state, flags);
  if (config) return config.limits;
  requireController(state);
  return state.driver === "lxc" ? limitsInForce(state) : state.def.limits;
}

/**
 * virDomainGetMemoryParameters.
 * @throws LibvirtFailure
 */
export function getParameters(state: DomainState, flags: number): MemoryParameters {
  countParameters(state, flags);
  if (state.driver === "esx") return {min_guarantee: allocationOf(state).reservation};
  if (state.driver === "test") return limitsOf(addressedDef(state, flags).def.limits);
  return limitsOf(limitsAddressed(state, flags));
}
