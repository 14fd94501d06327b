import {UNLIMITED, type DomainDef} from "../../domain/libvirt/domain-def.ts";
import {fail} from "../../domain/libvirt/error.ts";
import {kib, type KiB} from "../../units.ts";
import {Flags, type Allocation, type Change, type DomainState, type Effect} from "../types.ts";
import {refuseUnknown, type MemoryParameters} from "./parameter-names.ts";

/** What stands for the host's reason where nobody has read one. */
const NOT_READ = "(the host's reason: not read)";

const wholeMb = (size: KiB, mb = 1): KiB => kib(Math.ceil(size / (mb * 1024)) * mb * 1024);

/** The limit and the reservation as the host keeps them; a machine just defined has what its XML says. */
export const allocationOf = ({def, allocation}: DomainState): Allocation =>
  allocation ?? {limit: def.current < def.total ? def.current : UNLIMITED, reservation: def.limits.minGuarantee};

/** The definition as libvirt makes it from a VMX each time it is asked: nothing is above the size. */
const defOf = (def: DomainDef, total: KiB, {limit, reservation}: Allocation): DomainDef => ({
  ...def,
  total,
  current: kib(Math.min(limit, total)),
  limits: {...def.limits, minGuarantee: kib(Math.min(reservation, total))}
});

/** One configuration, running or not: a change is there at once and stays. */
function reconfigure(state: DomainState, allocation: Allocation, total = state.def.total): Change {
  const before = allocationOf(state);
  const effect: Effect = {
    kind: "allocation",
    ...(allocation.limit === before.limit ? {} : {limit: allocation.limit}),
    ...(allocation.reservation === before.reservation ? {} : {reservation: allocation.reservation})
  };
  return {state: {...state, allocation, def: defOf(state.def, total, allocation)}, effects: state.id === null ? [] : [effect]};
}

/** Refuses what the host does; `invalid` is a rule of its API, where only the words are unknown. */
function askHost({hostRefuses}: DomainState, invalid: boolean, message: string): void {
  const reason = hostRefuses ?? (invalid ? NOT_READ : null);
  if (reason !== null) fail("VIR_ERR_INTERNAL_ERROR", `${message}: ${reason}`);
}

/** A reservation never exceeds the configured size and is reduced with it (vSphere 7.0, resource management). */
function setSize(state: DomainState, size: KiB): Change {
  if (state.id !== null) fail("VIR_ERR_OPERATION_INVALID", "Domain is not powered off");
  askHost(state, false, `Could not set max-memory to ${size} kilobytes`);
  const total = wholeMb(size, 4);
  const {limit, reservation} = allocationOf(state);
  return reconfigure(state, {limit, reservation: kib(Math.min(reservation, total))}, total);
}

/** A limit is not below the reservation (ResourceAllocationInfo of the API); libvirt itself checks nothing. */
function setLimit(state: DomainState, size: KiB): Change {
  const {reservation} = allocationOf(state);
  const limit = wholeMb(size);
  askHost(state, limit < reservation, `Could not set memory to ${size} kilobytes`);
  return reconfigure(state, {limit, reservation});
}

/**
 * virDomainSetMemory and virDomainSetMaxMemory on the ESX driver: a limit on host
 * memory in any state, up to whole MB, and the size of a machine that is off, up to
 * 4 MB. There is no virDomainSetMemoryFlags: `flags` says which of the two it is.
 * @throws LibvirtFailure OPERATION_INVALID, INTERNAL_ERROR
 * Source: libvirt 4.10 src/esx/esx_driver.c esxDomainSetMemory, esxDomainSetMaxMemory; codes read at 0068b58c7108, too.
 */
export const setMemoryEsx = (state: DomainState, size: KiB, flags: number): Change => (flags & Flags.MAXIMUM ? setSize(state, size) : setLimit(state, size));

/**
 * virDomainSetMemoryParameters: `min_guarantee` is the reservation, up to whole MB.
 * @throws LibvirtFailure ARGUMENT_UNSUPPORTED, INTERNAL_ERROR
 * Source: libvirt 4.10 src/esx/esx_driver.c esxDomainSetMemoryParameters.
 */
export function setParametersEsx(state: DomainState, params: MemoryParameters): Change {
  refuseUnknown(state, params);
  const {limit, reservation} = allocationOf(state);
  const wanted = wholeMb(params.min_guarantee ?? reservation);
  askHost(state, wanted > Math.min(limit, state.def.total), "Could not change memory parameters");
  return reconfigure(state, {limit, reservation: wanted});
}

/** virDomainGetInfo: without a limit the memory is the size; a limit above the size is shown as it is. KiB. */
export function infoEsx(state: DomainState): {readonly maxMem: KiB; readonly memory: KiB} {
  const {limit} = allocationOf(state);
  return {maxMem: state.def.total, memory: limit === UNLIMITED ? state.def.total : limit};
}
