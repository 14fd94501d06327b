import {resolveXenMachine, type XenMachineSpec} from "../../domain/xen/machine.ts";
import {setMemoryTarget} from "../../control/libxl/set-memory-target.ts";
import {needMemory, PATIENCE, roomMaker, type RoomTool} from "../../policy/dom0-autoballoon.ts";
import {kib, KIB_PER_PAGE, seconds, type KiB, type Seconds} from "../../units.ts";
import {createLog, type LogEntry} from "../log.ts";
import {carryOut, xlDomains} from "./apply.ts";
import {resolveXenScenario, type XenScenarioSpec} from "./scenario.ts";
import {createXenColumns, xenColumnNames, xenRow, type XenRow} from "./columns.ts";
import {timelineOf, type XenTimeline} from "./simulate-xen.ts";
import {advanceXen, createXenWorld, type XenWorld} from "./world.ts";

/** How `xl create`, or libvirt's start of a domain, ended with dom0 asked for room. */
export interface Autoballoon {
  readonly created: boolean;
  /** What it said, "" when the domain was built. */
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
const FAILED: Readonly<Record<RoomTool, string>> = {xl: "failed to free memory for the domain", libvirt: "Failed to balloon domain0 memory"};

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

/** @returns false when libxl refuses. */
function tellDom0(world: XenWorld, change: KiB): boolean {
  const [dom0] = xlDomains(world);
  const result = dom0 && setMemoryTarget(dom0, change, {relative: true, enforce: false});
  if (!result?.ok) {
    world.log("command", result?.line ?? "");
    return false;
  }
  for (const effect of result.effects) carryOut(world, effect);
  return true;
}

function makeRoom(watched: Watched, need: KiB, tool: RoomTool): boolean {
  const {world} = watched;
  const answerTo = roomMaker(need, tool);
  for (;;) {
    const {domain, store, time} = world.state;
    const answer = answerTo({free: freeOf(world), current: kib(domain.tot * KIB_PER_PAGE), target: kib(store.target)});
    if (answer.kind === "enough" || answer.kind === "failed") return answer.kind === "enough";
    if (answer.kind === "ask" && !tellDom0(world, answer.change)) return false;
    while (world.state.time < time + PATIENCE.value.poll) advance(watched);
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
 * @param tool whose patience it is; both ask in the same way.
 * @throws ModelError as `simulateXen`, and as a domain's machine.
 * Source: Xen tools/xl/xl_vmcontrol.c freemem; libvirt src/libxl/libxl_domain.c libxlDomainFreeMem.
 */
export function createWithAutoballoon(dom0: Omit<XenScenarioSpec, "duration" | "step">, guest: XenMachineSpec, tool: RoomTool = "xl"): Autoballoon {
  const log = createLog();
  const world = createXenWorld(resolveXenScenario({...dom0, duration: seconds(1), step: seconds(STEP)}), (at, source, text) => log.write(at, source, text));
  const watched: Watched = {world, rows: [xenRow(world)]};
  const need = needMemory(resolveXenMachine(guest));
  const created = makeRoom(watched, need, tool);
  const {store, balloon, time, host} = world.state;
  const end = {free: freeOf(world), dom0Target: kib(store.target), dom0Current: kib(balloon.current * KIB_PER_PAGE), duration: seconds(time), log: Object.freeze([...log.entries()])};
  if (created) host.free -= need / KIB_PER_PAGE;
  for (let step = 0; step < AFTER / STEP; step++) advance(watched);
  return Object.freeze({created, message: created ? "" : FAILED[tool], need, ...end, timeline: timelineFrom(watched, log.entries())});
}
