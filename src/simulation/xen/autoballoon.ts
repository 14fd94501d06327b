import {resolveXenMachine, type XenMachineSpec} from "../../domain/xen/machine.ts";
import {setMemoryTarget} from "../../control/libxl/set-memory-target.ts";
import {askDom0, needMemory, PATIENCE} from "../../policy/dom0-autoballoon.ts";
import {kib, KIB_PER_PAGE, seconds, type KiB, type Seconds} from "../../units.ts";
import {createLog, type LogEntry} from "../log.ts";
import {carryOut, xlDomains} from "./apply.ts";
import {resolveXenScenario, type XenScenarioSpec} from "./scenario.ts";
import {advanceXen, createXenWorld, type XenWorld} from "./world.ts";

/** How `xl create` ended with dom0 asked for room. */
export interface Autoballoon {
  readonly created: boolean;
  /** What xl wrote, "" when it built the domain. */
  readonly message: string;
  readonly need: KiB;
  /** Free memory of the machine at the end, before the domain takes its own. */
  readonly free: KiB;
  readonly dom0Target: KiB;
  readonly dom0Current: KiB;
  readonly duration: Seconds;
  readonly log: readonly LogEntry[];
}

const STEP = 0.1;
const FAILED = "failed to free memory for the domain";

const freeOf = ({state}: XenWorld): KiB => kib(state.host.free * KIB_PER_PAGE);

/** Waits while dom0 comes closer to its target (libxl_wait_for_memory_target). @returns whether it did. */
function waitForDom0(world: XenWorld): boolean {
  const {wait, poll} = PATIENCE.value;
  const {domain, store} = world.state;
  let left: number = wait;
  let last = Infinity;
  do {
    const look = world.state.time + poll;
    while (world.state.time < look) advanceXen(world, STEP);
    if (domain.tot === last) left -= poll;
    last = domain.tot;
  } while (left > 0 && domain.tot * KIB_PER_PAGE > store.target);
  return domain.tot * KIB_PER_PAGE <= store.target;
}

/** @returns false when dom0 cannot be asked, or gives nothing. */
function shrinkDom0(world: XenWorld, change: KiB): boolean {
  const [dom0] = xlDomains(world);
  const result = dom0 && setMemoryTarget(dom0, change, {relative: true, enforce: false});
  if (!result?.ok) {
    world.log("command", result?.line ?? "");
    return false;
  }
  for (const effect of result.effects) carryOut(world, effect);
  return waitForDom0(world);
}

function makeRoom(world: XenWorld, need: KiB): boolean {
  const end = world.state.time + PATIENCE.value.credit;
  for (;;) {
    const answer = askDom0(freeOf(world), need);
    if (answer.enough) return true;
    if (world.state.time >= end || !shrinkDom0(world, answer.change)) return false;
  }
}

/**
 * `xl create` with auto-ballooning: dom0 gives up what the new domain lacks, or
 * the domain is not built. Nobody else is asked. Pure.
 * @param dom0 a dom0 and the machine's free memory under it, as `simulateXen` takes it.
 * Source: Xen tools/xl/xl_vmcontrol.c freemem.
 */
export function createWithAutoballoon(dom0: Omit<XenScenarioSpec, "duration">, guest: XenMachineSpec): Autoballoon {
  const log = createLog();
  const world = createXenWorld(resolveXenScenario({...dom0, duration: seconds(1)}), (at, source, text) => log.write(at, source, text));
  const need = needMemory(resolveXenMachine(guest));
  const created = makeRoom(world, need);
  const {store, balloon, time} = world.state;
  return Object.freeze({
    created,
    message: created ? "" : FAILED,
    need,
    free: freeOf(world),
    dom0Target: kib(store.target),
    dom0Current: kib(balloon.current * KIB_PER_PAGE),
    duration: seconds(time),
    log: Object.freeze([...log.entries()])
  });
}
