import {attempt, fail, failArgument} from "../../domain/libvirt/error.ts";
import type {MemoryDevice} from "../../domain/libvirt/domain-def.ts";
import {kib, type KiB} from "../../units.ts";
import {Flags, type CallResult, type Change, type DomainState} from "../types.ts";
import {attachMemory} from "./attach-memory.ts";
import {getParameters, setParametersQemu, setParametersTest, type MemoryParameters} from "./memory-parameters.ts";
import {setMemoryQemu, setMemoryTest, setMemoryXen} from "./set-memory.ts";
import {domainInfo, memoryStats, setStatsPeriod, type MemoryStat} from "./stats.ts";

/** Largest size in KiB the public calls take, not included: LLONG_MAX bytes (virMemoryMaxValue, 64-bit). */
const SIZE_LIMIT = 2n ** 53n - 1n;

const KNOWN_FLAGS = Flags.LIVE | Flags.CONFIG;

function refuseReadOnly(state: DomainState, call: string): void {
  if (state.connection.readOnly) fail("VIR_ERR_OPERATION_DENIED", `read only access prevents ${call}`);
}

/** Flag bits a driver does not know, as its function names them (virCheckFlags). */
function refuseFlags(flags: number, known: number, call: string): void {
  const unknown = flags & ~known;
  if (unknown) failArgument(`unsupported flags (0x${unknown.toString(16)}) in function ${call}`);
}

const done = (rule: () => Change): CallResult => attempt(() => ({...rule(), result: null}));
const read = <T>(state: DomainState, rule: () => T): CallResult<T> => attempt(() => ({state, effects: [], result: rule()}));
const setters = {qemu: setMemoryQemu, test: setMemoryTest, xen: setMemoryXen};
/** The driver's own name of a call, which its messages carry. */
const inDriver = ({driver}: DomainState, call: string): string => `${driver === "xen" ? "libxl" : driver}Domain${call}`;

/** A driver without a call: libxl has none of the tuning. */
function refuseXen({driver}: DomainState, call: string): void {
  if (driver === "xen") fail("VIR_ERR_NO_SUPPORT", call);
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
  refuseFlags(flags, KNOWN_FLAGS | Flags.MAXIMUM, inDriver(state, "SetMemoryFlags"));
  return setters[state.driver](state, checked, flags);
}

/**
 * virDomainSetMemoryFlags.
 * @param size KiB, unsigned 64-bit.
 * Errors, in this order: read-only connection, zero, too large, unknown flags, impact, the driver's own.
 * Source: libvirt 9.0.0 src/libvirt-domain.c.
 */
export const setMemoryFlags = (state: DomainState, size: bigint, flags: number): CallResult =>
  done(() => setWith(state, size, flags, "virDomainSetMemoryFlags"));

/** virDomainSetMemory: the running domain only. `size` in KiB. */
export const setMemory = (state: DomainState, size: bigint): CallResult => done(() => setWith(state, size, Flags.LIVE, "virDomainSetMemory"));

/** virDomainSetMaxMemory: on QEMU a domain that is shut off only. `size` in KiB. */
export const setMaxMemory = (state: DomainState, size: bigint): CallResult =>
  done(() => setWith(state, size, Flags.MAXIMUM, "virDomainSetMaxMemory"));

/** virDomainGetMaxMemory: `<memory>`, KiB. */
export const getMaxMemory = (state: DomainState): CallResult<KiB> => read(state, () => state.def.total);

/** virDomainGetInfo: maximum and current memory, KiB. */
export const getInfo = (state: DomainState): CallResult<{readonly maxMem: KiB; readonly memory: KiB}> => read(state, () => domainInfo(state));

/** virDomainSetMemoryParameters; at least one parameter, KiB. */
export const setMemoryParameters = (state: DomainState, params: MemoryParameters, flags: number): CallResult =>
  done(() => {
    refuseReadOnly(state, "virDomainSetMemoryParameters");
    refuseXen(state, "virDomainSetMemoryParameters");
    refuseFlags(flags, KNOWN_FLAGS, inDriver(state, "SetMemoryParameters"));
    return (state.driver === "qemu" ? setParametersQemu : setParametersTest)(state, params, flags);
  });

/** virDomainGetMemoryParameters, KiB; UNLIMITED where none is set. */
export const getMemoryParameters = (state: DomainState, flags: number): CallResult<ReturnType<typeof getParameters>> =>
  read(state, () => {
    refuseFlags(flags, KNOWN_FLAGS, inDriver(state, "GetMemoryParameters"));
    return getParameters(state, flags);
  });

/** virDomainSetMemoryStatsPeriod: seconds, 0 stops the statistics. */
export const setMemoryStatsPeriod = (state: DomainState, period: number, flags: number): CallResult =>
  done(() => {
    const call = "virDomainSetMemoryStatsPeriod";
    refuseReadOnly(state, call);
    if (period < 0) failArgument(`period in ${call} must be zero or greater`);
    refuseXen(state, call);
    refuseFlags(flags, KNOWN_FLAGS, inDriver(state, "SetMemoryStatsPeriod"));
    return setStatsPeriod(state, period, flags);
  });

/** virDomainMemoryStats: what the guest told last, and the RSS of its process. */
export const getMemoryStats = (state: DomainState): CallResult<readonly MemoryStat[]> => read(state, () => memoryStats(state));

/** virDomainAttachDeviceFlags with a memory device; modelled for QEMU only. */
export const attachMemoryDevice = (state: DomainState, device: MemoryDevice, flags: number): CallResult =>
  done(() => {
    refuseReadOnly(state, "virDomainAttachDeviceFlags");
    if (state.driver !== "qemu") fail("VIR_ERR_NO_SUPPORT", "virDomainAttachDeviceFlags");
    refuseFlags(flags, KNOWN_FLAGS, "qemuDomainAttachDeviceLiveAndConfig");
    return attachMemory(state, device, flags);
  });
