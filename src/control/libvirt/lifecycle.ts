import {alignForQemu} from "../../domain/libvirt/align.ts";
import {hasBalloon, initialMemory} from "../../domain/libvirt/domain-def.ts";
import {fail} from "../../domain/libvirt/error.ts";
import {seconds} from "../../units.ts";
import type {Change, DomainState} from "../types.ts";

/** The mock driver starts nothing; libxl populates no more than the target and lets the rest stay away. */
function startAsStored(state: DomainState, id: number): Change {
  const {def} = state;
  const started: DomainState = {...state, id, next: def, running: {rss: null, stats: {lastUpdate: 0}}};
  if (state.driver === "test") return {state: started, effects: []};
  return {state: started, effects: [{kind: "start", memory: def.total, target: def.current, statsPeriod: seconds(0)}]};
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
