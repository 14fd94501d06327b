import {alignForQemu} from "../../domain/libvirt/align.ts";
import {hasBalloon, initialMemory} from "../../domain/libvirt/domain-def.ts";
import {fail} from "../../domain/libvirt/error.ts";
import {seconds, type KiB} from "../../units.ts";
import type {Change, DomainState, Effect} from "../types.ts";
import {allocationOf} from "./esx.ts";
import {limitsAtStart} from "./lxc.ts";

/**
 * The mock driver starts nothing; libxl populates no more than the target and lets the rest stay away.
 * ESX and LXC have no target: the machine gets its size and the host its limits.
 */
function startAsStored(state: DomainState, id: number): Change {
  const {def, driver} = state;
  const started: DomainState = {...state, id, next: driver === "esx" ? null : def, running: {rss: null, stats: {lastUpdate: 0}}};
  if (driver === "test") return {state: started, effects: []};
  const start = (target: KiB): Effect => ({kind: "start", memory: def.total, target, statsPeriod: seconds(0)});
  if (driver === "esx") return {state: started, effects: [start(def.total), {kind: "allocation", ...allocationOf(state)}]};
  if (driver === "lxc") return {state: started, effects: [start(def.total), limitsAtStart(def)]};
  return {state: started, effects: [start(def.current)]};
}

/**
 * virDomainCreate. The QEMU driver starts the process with all of `<memory>`,
 * aligned, and sends the balloon its target before the processors run; until a
 * driver answers, the live `<currentMemory>` is the whole.
 * @param id the number the running domain gets.
 * @throws LibvirtFailure
 * Source: libvirt 9.0.0 src/qemu/qemu_process.c qemuProcessSetupBalloon, qemuProcessRefreshBalloonState.
 */
export function start(state: DomainState, id: number): Change {
  if (state.id !== null) fail("VIR_ERR_OPERATION_INVALID", "domain is already running");
  if (state.driver !== "qemu") return startAsStored(state, id);
  const aligned = alignForQemu(state.def);
  const target = hasBalloon(aligned) ? state.def.current : aligned.total;
  return {
    state: {...state, id, def: {...aligned, current: aligned.total}, next: state.def, running: {rss: null, stats: {lastUpdate: 0}}},
    effects: [{kind: "start", memory: initialMemory(aligned), target, statsPeriod: seconds(aligned.balloon.period)}]
  };
}

/** virDomainDestroy: what was set for the next start is now all there is. */
export function stop(state: DomainState): Change {
  if (state.id === null) fail("VIR_ERR_OPERATION_INVALID", "domain is not running");
  const stopped: DomainState = {...state, id: null, def: state.next ?? state.def, next: null, running: null};
  return {state: state.persistent ? stopped : null, effects: [{kind: "stop"}]};
}
