import {fail} from "../../domain/libvirt/error.ts";
import type {DomainDef, MemoryLimits} from "../../domain/libvirt/domain-def.ts";
import type {KiB} from "../../units.ts";
import type {Change, DomainState} from "../types.ts";
import {addressedDef, addressedDefs, refuseBoth, replaceDefs} from "./impact.ts";

/** Names of the typed parameters, in the order drivers report them. */
export const parameterNames = ["hard_limit", "soft_limit", "swap_hard_limit"] as const;
export type ParameterName = (typeof parameterNames)[number] | "min_guarantee";
/** What to set, KiB; a name may stand only once. */
export type MemoryParameters = Readonly<Partial<Record<ParameterName, KiB>>>;

/** The first name, in alphabetical order, that neither driver takes (virTypedParamsValidate). */
function refuseUnknown(params: MemoryParameters): void {
  if (params.min_guarantee !== undefined) fail("VIR_ERR_ARGUMENT_UNSUPPORTED", "parameter 'min_guarantee' not supported");
}

/** The new limits held against the other one in force, which is the running definition's even for a stored change. */
function checkOrder({limits}: DomainDef, params: MemoryParameters): void {
  const {hard_limit: hard = limits.hard, swap_hard_limit: swapHard = limits.swapHard} = params;
  if (params.hard_limit === undefined && params.swap_hard_limit === undefined) return;
  if (hard > swapHard) fail("VIR_ERR_INVALID_ARG", "memory hard_limit tunable value must be lower than or equal to swap_hard_limit");
}

function withLimits(def: DomainDef, params: MemoryParameters): DomainDef {
  const {hard, soft, swapHard, minGuarantee} = def.limits;
  const limits: MemoryLimits = {
    hard: params.hard_limit ?? hard,
    soft: params.soft_limit ?? soft,
    swapHard: params.swap_hard_limit ?? swapHard,
    minGuarantee
  };
  return {...def, limits};
}

const limitsEffect = (params: MemoryParameters): Change["effects"] => [
  {
    kind: "limits",
    ...(params.hard_limit === undefined ? {} : {hard: params.hard_limit}),
    ...(params.soft_limit === undefined ? {} : {soft: params.soft_limit}),
    ...(params.swap_hard_limit === undefined ? {} : {swapHard: params.swap_hard_limit})
  }
];

function refuseSession({connection: {session}}: DomainState): void {
  if (session) fail("VIR_ERR_OPERATION_UNSUPPORTED", "Memory tuning is not available in session mode");
}

function requireController({connection: {cgroupMemory}}: DomainState): void {
  if (!cgroupMemory) fail("VIR_ERR_OPERATION_INVALID", "cgroup memory controller is not mounted");
}

/**
 * virDomainSetMemoryParameters on the QEMU driver.
 * @throws LibvirtFailure
 * Source: libvirt 9.0.0 src/qemu/qemu_driver.c qemuDomainSetMemoryParameters,
 * src/hypervisor/domain_cgroup.c virDomainCgroupSetMemoryLimitParameters.
 */
export function setParametersQemu(state: DomainState, params: MemoryParameters, flags: number): Change {
  refuseUnknown(params);
  refuseSession(state);
  const {live, config} = addressedDefs(state, flags);
  if (live) requireController(state);
  checkOrder(state.def, params);
  return {
    state: replaceDefs(state, {live: live && withLimits(live, params), config: config && withLimits(config, params)}),
    effects: live ? limitsEffect(params) : []
  };
}

/** The same on the mock driver (testDomainSetMemoryParameters). */
export function setParametersTest(state: DomainState, params: MemoryParameters, flags: number): Change {
  refuseUnknown(params);
  const {def, live} = addressedDef(state, flags);
  checkOrder(state.def, params);
  const changed = withLimits(def, params);
  return {state: replaceDefs(state, live ? {live: changed, config: null} : {live: null, config: changed}), effects: []};
}

/** The three limits of a definition by name, KiB; UNLIMITED for one that is not set. */
function limitsOf({limits: {hard, soft, swapHard}}: DomainDef): Required<Omit<MemoryParameters, "min_guarantee">> {
  return {hard_limit: hard, soft_limit: soft, swap_hard_limit: swapHard};
}

/**
 * Whether the driver can say how many limits there are: the first half of reading them.
 * The two impacts exclude each other for every driver (virDomainGetMemoryParameters).
 */
export function countParameters(state: DomainState, flags: number): number {
  refuseBoth(flags);
  if (state.driver === "xen") fail("VIR_ERR_NO_SUPPORT", "virDomainGetMemoryParameters");
  if (state.driver === "test") return parameterNames.length;
  refuseSession(state);
  addressedDefs(state, flags);
  return parameterNames.length;
}

/**
 * virDomainGetMemoryParameters: of a running domain what its cgroup holds, else the stored limits.
 * @throws LibvirtFailure
 */
export function getParameters(state: DomainState, flags: number): Required<Omit<MemoryParameters, "min_guarantee">> {
  countParameters(state, flags);
  if (state.driver === "test") return limitsOf(addressedDef(state, flags).def);
  const {config, live} = addressedDefs(state, flags);
  if (config) return limitsOf(config);
  requireController(state);
  return limitsOf(live ?? state.def);
}
