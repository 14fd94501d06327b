import {resolveXenMachine, type XenMachineSpec} from "../../domain/xen/machine.ts";
import {setMemoryTarget} from "../../control/libxl/set-memory-target.ts";
import {askDom0, needMemory, PATIENCE} from "../../policy/dom0-autoballoon.ts";
import {kib, KIB_PER_PAGE, seconds, type KiB, type Seconds} from "../../units.ts";
import {createLog, type LogEntry} from "../log.ts";
import {carryOut, xlDomains} from "./apply.ts";
import {resolveXenScenario, type XenScenarioSpec} from "./scenario.ts";
import {createXenColumns, xenColumnNames, xenRow, type XenRow} from "./columns.ts";
import {timelineOf, type XenTimeline} from "./simulate-xen.ts";
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
  /** dom0 and the machine's free memory from the call on, and a little longer; the new domain takes its memory when it is built. */
  readonly timeline: XenTimeline;
}

const STEP = 0.1;
/** Seconds shown after xl is done: a domain that was built has its memory, a dom0 that was asked goes on trying. */
const AFTER = 4;
const FAILED = "failed to free memory for the domain";

const freeOf = ({state}: XenWorld): KiB => kib(state.host.free * KIB_PER_PAGE);

/** A world whose rows are kept as it goes. */
interface Watched {
  readonly world: XenWorld;
  readonly rows: XenRow[];
}

function advance({world, rows}: Watched): void {
  advanceXen(world, STEP);
  rows.push(xenRow(world));
}

/** Waits while dom0 comes closer to its target (libxl_wait_for_memory_target). @returns whether it did. */
function waitForDom0(watched: Watched): boolean {
  const {world} = watched;
  const {wait, poll} = PATIENCE.value;
  const {domain, store} = world.state;
  let left: number = wait;
  let last = Infinity;
  do {
    const look = world.state.time + poll;
    while (world.state.time < look) advance(watched);
    if (domain.tot === last) left -= poll;
    last = domain.tot;
  } while (left > 0 && domain.tot * KIB_PER_PAGE > store.target);
  return domain.tot * KIB_PER_PAGE <= store.target;
}

/** @returns false when dom0 cannot be asked, or gives nothing. */
function shrinkDom0(watched: Watched, change: KiB): boolean {
  const {world} = watched;
  const [dom0] = xlDomains(world);
  const result = dom0 && setMemoryTarget(dom0, change, {relative: true, enforce: false});
  if (!result?.ok) {
    world.log("command", result?.line ?? "");
    return false;
  }
  for (const effect of result.effects) carryOut(world, effect);
  return waitForDom0(watched);
}

function makeRoom(watched: Watched, need: KiB): boolean {
  const {world} = watched;
  const end = world.state.time + PATIENCE.value.credit;
  for (;;) {
    const answer = askDom0(freeOf(world), need);
    if (answer.enough) return true;
    if (world.state.time >= end || !shrinkDom0(watched, answer.change)) return false;
  }
}

function timelineFrom({world: {scenario}, rows}: Watched, log: readonly LogEntry[]): XenTimeline {
  const columns = createXenColumns(rows.length);
  for (const name of xenColumnNames) for (const [i, row] of rows.entries()) columns[name][i] = row[name];
  return timelineOf(scenario, columns, log);
}

/**
 * `xl create` with auto-ballooning: dom0 gives up what the new domain lacks, or
 * the domain is not built. Nobody else is asked. Pure.
 * @param dom0 a dom0 and the machine's free memory under it, as `simulateXen` takes it.
 * @throws ModelError as `simulateXen`, and as a domain's machine.
 * Source: Xen tools/xl/xl_vmcontrol.c freemem.
 */
export function createWithAutoballoon(dom0: Omit<XenScenarioSpec, "duration" | "step">, guest: XenMachineSpec): Autoballoon {
  const log = createLog();
  const world = createXenWorld(resolveXenScenario({...dom0, duration: seconds(1), step: seconds(STEP)}), (at, source, text) => log.write(at, source, text));
  const watched: Watched = {world, rows: [xenRow(world)]};
  const need = needMemory(resolveXenMachine(guest));
  const created = makeRoom(watched, need);
  const {store, balloon, time, host} = world.state;
  const end = {free: freeOf(world), dom0Target: kib(store.target), dom0Current: kib(balloon.current * KIB_PER_PAGE), duration: seconds(time), log: Object.freeze([...log.entries()])};
  if (created) host.free -= need / KIB_PER_PAGE;
  for (let step = 0; step < AFTER / STEP; step++) advance(watched);
  return Object.freeze({created, message: created ? "" : FAILED, need, ...end, timeline: timelineFrom(watched, log.entries())});
}
