import {fail} from "../../domain/libvirt/error.ts";
import {hasBalloon, type DomainDef} from "../../domain/libvirt/domain-def.ts";
import {kib, type KiB} from "../../units.ts";
import {Flags, type Change, type DomainState} from "../types.ts";
import {addressedDef, addressedDefs, replaceDefs, type Addressed} from "./impact.ts";

/** Changes `<memory>` of a stored definition; `<currentMemory>` never stays above it. */
function resize(def: DomainDef, size: KiB): DomainDef {
  if (def.cells.length > 0) {
    fail("VIR_ERR_OPERATION_INVALID", "initial memory size of a domain with NUMA nodes cannot be modified with this API");
  }
  if (def.max > 0 && def.max < size) fail("VIR_ERR_OPERATION_INVALID", "cannot set initial memory size greater than the maximum memory size");
  return {...def, total: size, current: kib(Math.min(def.current, size))};
}

const refuseLiveMaximum = (): never => fail("VIR_ERR_OPERATION_INVALID", "cannot resize the maximum memory on an active domain");

/** What the balloon can reach: virtio-mem devices are not its business. */
const balloonMaximum = (def: DomainDef): number =>
  def.devices.reduce<number>((rest, {model, size}) => (model === "virtio-mem" ? rest - size : rest), def.total);

function setMaximum(state: DomainState, {live, config}: Addressed, size: KiB): Change {
  if (live) refuseLiveMaximum();
  return {state: replaceDefs(state, {live: null, config: config && resize(config, size)}), effects: []};
}

/**
 * virDomainSetMemoryFlags on the QEMU driver. A live target is only sent: the
 * live `<currentMemory>` follows what the guest gives (see reportBalloon).
 * @throws LibvirtFailure
 * Source: libvirt 9.0.0 src/qemu/qemu_driver.c qemuDomainSetMemoryFlags; recorded in libvirt-shut-off.json.
 */
export function setMemoryQemu(state: DomainState, size: KiB, flags: number): Change {
  const addressed = addressedDefs(state, flags);
  if (flags & Flags.MAXIMUM) return setMaximum(state, addressed, size);
  const {live, config} = addressed;
  const maxima = [live, config].filter((def) => def !== null).map(balloonMaximum);
  if (size > Math.min(...maxima)) fail("VIR_ERR_INVALID_ARG", "cannot set memory higher than max memory");
  if (live && !hasBalloon(live)) {
    fail("VIR_ERR_OPERATION_INVALID", "Unable to change memory of active domain without the balloon device and guest OS balloon driver");
  }
  return {
    state: replaceDefs(state, {live: null, config: config && {...config, current: size}}),
    effects: live ? [{kind: "balloon", target: size}] : []
  };
}

/**
 * The same call on the mock driver: no guest, so the numbers move at once.
 * Source: libvirt 9.0.0 src/test/test_driver.c testDomainSetMemoryFlags; recorded in libvirt-test-driver.json.
 */
export function setMemoryTest(state: DomainState, size: KiB, flags: number): Change {
  const {def, live} = addressedDef(state, flags);
  if (flags & Flags.MAXIMUM && live) refuseLiveMaximum();
  const changed = flags & Flags.MAXIMUM ? resize(def, size) : {...def, current: size};
  if (!(flags & Flags.MAXIMUM) && size > def.total) fail("VIR_ERR_INVALID_ARG", "cannot set memory higher than max memory");
  return {state: replaceDefs(state, live ? {live: changed, config: null} : {live: null, config: changed}), effects: []};
}

/**
 * The same call on libxl: a running domain's maximum may change, but the live
 * definition keeps the old one, and targets are held against that.
 * Source: libvirt 9.0.0 src/libxl/libxl_driver.c libxlDomainSetMemoryFlags; recorded in libvirt-xen-setmem.json.
 */
export function setMemoryXen(state: DomainState, size: KiB, flags: number): Change {
  const {live, config} = addressedDefs(state, flags);
  if (flags & Flags.MAXIMUM) {
    const stored = config && {...config, total: size, current: kib(Math.min(config.current, size))};
    return {state: replaceDefs(state, {live: null, config: stored}), effects: live ? [{kind: "maximum", size}] : []};
  }
  if (size > state.def.total) fail("VIR_ERR_INVALID_ARG", "cannot set memory higher than max memory");
  return {
    state: replaceDefs(state, {live: live && {...live, current: size}, config: config && {...config, current: size}}),
    effects: live ? [{kind: "balloon", target: size}] : []
  };
}

/** The guest has answered: live `<currentMemory>` is what the balloon leaves it (BALLOON_CHANGE, qemu_process.c). */
export function reportBalloon(state: DomainState, actual: KiB): DomainState {
  return state.driver !== "qemu" || state.id === null || !hasBalloon(state.def) ? state : {...state, def: {...state.def, current: actual}};
}
