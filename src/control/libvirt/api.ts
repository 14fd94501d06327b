import {attempt, fail, failArgument} from "../../domain/libvirt/error.ts";
import type {MemoryDevice} from "../../domain/libvirt/domain-def.ts";
import {kib, type KiB} from "../../units.ts";
import {Flags, type CallResult, type Change, type DomainState, type DriverName} from "../types.ts";
import {attachMemory} from "./attach-memory.ts";
import {setMemoryEsx, setParametersEsx} from "./esx.ts";
import {IMPACT, refuseFlags} from "./flags.ts";
import {setMemoryLxc} from "./lxc.ts";
import {getParameters, setParametersLxc, setParametersQemu, setParametersTest} from "./memory-parameters.ts";
import type {MemoryParameters} from "./parameter-names.ts";
import {setMemoryQemu, setMemoryTest, setMemoryXen} from "./set-memory.ts";
import {domainInfo, memoryStats, setStatsPeriod, type MemoryStat} from "./stats.ts";

/** Largest size in KiB the public calls take, not included: LLONG_MAX bytes (virMemoryMaxValue, 64-bit). */
const SIZE_LIMIT = 2n ** 53n - 1n;

function refuseReadOnly(state: DomainState, call: string): void {
  if (state.connection.readOnly) fail("VIR_ERR_OPERATION_DENIED", `read only access prevents ${call}`);
}

const done = (rule: () => Change): CallResult => attempt(() => ({...rule(), result: null}));
const read = <T>(state: DomainState, rule: () => T): CallResult<T> => attempt(() => ({state, effects: [], result: rule()}));
const setters = {qemu: setMemoryQemu, test: setMemoryTest, xen: setMemoryXen, esx: setMemoryEsx, lxc: setMemoryLxc};

/** Calls that some drivers have no function for; every one has SetMemory and SetMaxMemory. */
const without: Readonly<Record<string, readonly DriverName[]>> = {
  virDomainSetMemoryFlags: ["esx"],
  virDomainSetMemoryParameters: ["xen"],
  virDomainMemoryStats: ["esx"],
  virDomainSetMemoryStatsPeriod: ["xen", "esx", "lxc"]
};

function requireCall({driver}: DomainState, call: string): void {
  if (without[call]?.includes(driver) === true) fail("VIR_ERR_NO_SUPPORT", call);
}

/** The checks every setter makes before it asks the driver. */
function checkSize(size: bigint, call: string): KiB {
  if (size === 0n) failArgument(`memory in ${call} must not be zero`);
  if (size >= SIZE_LIMIT) fail("VIR_ERR_OVERFLOW", `input too large: ${size.toString()}`);
  return kib(Number(size));
}

function setWith(state: DomainState, size: bigint, flags: number, call: string): Change {
  refuseReadOnly(state, call);
  const checked = checkSize(size, call);
  requireCall(state, call);
  refuseFlags(state, flags, IMPACT | Flags.MAXIMUM, "SetMemoryFlags");
  return setters[state.driver](state, checked, flags);
}

/**
 * virDomainSetMemoryFlags.
 * @param size KiB, unsigned 64-bit.
 * Errors, in this order: read-only connection, zero, too large, no such call, unknown flags, impact, the driver's own.
 * Source: libvirt 9.0.0 src/libvirt-domain.c.
 */
export const setMemoryFlags = (state: DomainState, size: bigint, flags: number): CallResult =>
  done(() => setWith(state, size, flags, "virDomainSetMemoryFlags"));

/** virDomainSetMemory: the running domain only, on ESX in any state. `size` in KiB. */
export const setMemory = (state: DomainState, size: bigint): CallResult => done(() => setWith(state, size, Flags.LIVE, "virDomainSetMemory"));

/** virDomainSetMaxMemory: on QEMU a domain that is shut off only. `size` in KiB. */
export const setMaxMemory = (state: DomainState, size: bigint): CallResult =>
  done(() => setWith(state, size, Flags.MAXIMUM, "virDomainSetMaxMemory"));

/** virDomainGetMaxMemory: `<memory>`, KiB. */
export const getMaxMemory = (state: DomainState): CallResult<KiB> => read(state, () => state.def.total);

/** virDomainGetInfo: maximum and current memory, KiB. */
export const getInfo = (state: DomainState): CallResult<{readonly maxMem: KiB; readonly memory: KiB}> => read(state, () => domainInfo(state));

/** libxl has none, and is refused before. */
const parameterSetters = {qemu: setParametersQemu, test: setParametersTest, xen: setParametersTest, esx: setParametersEsx, lxc: setParametersLxc};

/** virDomainSetMemoryParameters; at least one parameter, KiB. */
export const setMemoryParameters = (state: DomainState, params: MemoryParameters, flags: number): CallResult =>
  done(() => {
    refuseReadOnly(state, "virDomainSetMemoryParameters");
    requireCall(state, "virDomainSetMemoryParameters");
    refuseFlags(state, flags, state.driver === "esx" ? 0 : IMPACT, "SetMemoryParameters");
    return parameterSetters[state.driver](state, params, flags);
  });

/** virDomainGetMemoryParameters, KiB; UNLIMITED where none is set. */
export const getMemoryParameters = (state: DomainState, flags: number): CallResult<MemoryParameters> => read(state, () => getParameters(state, flags));

/** virDomainSetMemoryStatsPeriod: seconds, 0 stops the statistics. */
export const setMemoryStatsPeriod = (state: DomainState, period: number, flags: number): CallResult =>
  done(() => {
    const call = "virDomainSetMemoryStatsPeriod";
    refuseReadOnly(state, call);
    if (period < 0) failArgument(`period in ${call} must be zero or greater`);
    requireCall(state, call);
    refuseFlags(state, flags, IMPACT, "SetMemoryStatsPeriod");
    return setStatsPeriod(state, period, flags);
  });

/** virDomainMemoryStats: what the guest told last, and the RSS of its process. */
export const getMemoryStats = (state: DomainState): CallResult<readonly MemoryStat[]> =>
  read(state, () => {
    requireCall(state, "virDomainMemoryStats");
    return memoryStats(state);
  });

/** virDomainAttachDeviceFlags with a memory device; modelled for QEMU only. */
export const attachMemoryDevice = (state: DomainState, device: MemoryDevice, flags: number): CallResult =>
  done(() => {
    refuseReadOnly(state, "virDomainAttachDeviceFlags");
    if (state.driver !== "qemu") fail("VIR_ERR_NO_SUPPORT", "virDomainAttachDeviceFlags");
    refuseFlags(state, flags, IMPACT, "AttachDeviceLiveAndConfig");
    return attachMemory(state, device, flags);
  });
