import type {LibxlEffect, XlDomain} from "../../control/libxl/types.ts";
import {setMaxMemory} from "../../control/libxl/set-max-memory.ts";
import {setMemoryTarget} from "../../control/libxl/set-memory-target.ts";
import {runXl, type XlResult} from "../../control/xl/run.ts";
import {readXenstoreTarget, setXenTarget} from "../../guest/balloon/xen-linux.ts";
import {setPodTarget, touch} from "../../host/xen/hypercalls.ts";
import {kib, KIB_PER_PAGE} from "../../units.ts";
import {applyToGuest} from "../apply.ts";
import type {XenHappening} from "./scenario.ts";
import {endDomain, reap, type XenWorld} from "./world.ts";

const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);

/** The domain's number; dom0 has its own. */
const idOf = ({scenario}: XenWorld): number => (scenario.machine.type === "dom0" ? 0 : 1);

/** The domain as the tools find it now; an empty list once it is gone. */
export function xlDomains(world: XenWorld): readonly XlDomain[] {
  const {scenario, state} = world;
  if (!state.running) return [];
  const {name, machine} = scenario;
  const {target, staticMax, videoram} = state.store;
  return [{name, id: idOf(world), machine, target: kib(target), staticMax: kib(staticMax), videoram: kib(videoram), current: kib(state.domain.tot * KIB_PER_PAGE), vcpus: machine.guest.vcpus}];
}

/** xenstore's target changes; a guest with a driver watches it. */
function writeTarget({scenario, state}: XenWorld, target: number): void {
  const {machine, driver} = scenario;
  state.store.target = target;
  if (driver.loaded) readXenstoreTarget(state.balloon, target, state.store.staticMax, machine.parameters.targetCorrected.value && machine.type !== "pv" && machine.type !== "dom0", state.time);
}

/** Does what a libxl call has decided. */
export function carryOut(world: XenWorld, effect: LibxlEffect): void {
  const {state} = world;
  switch (effect.kind) {
    case "cap":
      state.domain.max = inPages(effect.size);
      break;
    case "pod-target":
      setPodTarget(state.domain, state.host, inPages(effect.size));
      break;
    case "target":
      writeTarget(world, effect.size);
      break;
    case "static-max":
      state.store.staticMax = effect.size;
      break;
    case "destroy":
      endDomain(world, "the domain was destroyed");
      break;
    case "unpause":
      break;
  }
}

/** Runs an xl command now, carries its effects out and says what it printed. */
export function runXlNow(world: XenWorld, command: string): XlResult {
  const result = runXl(xlDomains(world), command);
  if (result.stderr !== "") world.log("command", result.stderr);
  for (const effect of result.effects) carryOut(world, effect);
  return result;
}

/** A libxl call on the domain, as libvirt makes it. */
function callLibxl(world: XenWorld, call: typeof setMemoryTarget | typeof setMaxMemory, size: number): void {
  const [domain] = xlDomains(world);
  if (!domain) return;
  const result = call(domain, kib(size));
  if (!result.ok) world.log("command", result.line);
  else for (const effect of result.effects) carryOut(world, effect);
}

/** Hot-added memory comes online: it is in the balloon, not populated, and the driver asks for it. */
function bringOnline({boot, state}: XenWorld): void {
  const {guest, balloon} = state;
  const top = boot.zones.length - 1;
  guest.zones.ballooned[top] = (guest.zones.ballooned[top] ?? 0) + balloon.offline;
  guest.balloon += balloon.offline;
  balloon.offline = 0;
  balloon.nextAt = Math.min(balloon.nextAt, state.time);
}

function touchAll(world: XenWorld): void {
  const {boot, state, log} = world;
  touch(state.domain, boot.zones.reduce((sum, {present}) => sum + present, 0) - state.guest.balloon, (text) => log("host", text));
  reap(world);
}

/** Makes an event happen now. Nothing happens any more once the domain is gone. */
export function applyXen(world: XenWorld, event: XenHappening): void {
  if (!world.state.running) return;
  switch (event.type) {
    case "xl":
      runXlNow(world, event.command);
      break;
    case "setmem":
      callLibxl(world, setMemoryTarget, event.target);
      break;
    case "setmaxmem":
      callLibxl(world, setMaxMemory, event.size);
      break;
    case "xenstore-target":
      writeTarget(world, event.target);
      break;
    case "guest-target":
      setXenTarget(world.state.balloon, inPages(event.target), world.state.time);
      break;
    case "touch-all":
      touchAll(world);
      break;
    case "online-memory":
      bringOnline(world);
      break;
    case "host-free":
      world.state.host.free = inPages(event.size);
      break;
    case "balloon":
    case "load-driver":
    case "unload-driver":
    case "host-pressure":
    case "cgroup":
    case "poll-stats":
    case "restart":
      // QEMU's device and process: no Xen domain has them.
      break;
    default:
      applyToGuest(world, event);
  }
}
