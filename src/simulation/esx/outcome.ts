import {kswapdDeficit} from "../../guest/zones.ts";
import {DEFLATE_SLACK, vmmemctl} from "../../guest/balloon/vmmemctl.ts";
import {workloadIsIdle} from "../../guest/workload.ts";
import {ceiling, charged, swapped} from "../../host/esx/accounts.ts";
import {balloonTarget} from "../../host/esx/reclaim.ts";
import {currentRule} from "../../host/esx/states.ts";
import {nameOf, type BriefOutcome, type Worst} from "../worst.ts";
import type {EsxMachine} from "./machine.ts";
import {resolveEsxScenario, type EsxScenario, type EsxScenarioSpec} from "./scenario.ts";
import {applyDue, isDue} from "./simulate-esx.ts";
import {advanceEsx, createEsxWorld, type EsxWorld} from "./world.ts";

const silent = (): void => undefined;

/** VMware's driver leaves a balloon alone that is as large as asked for, or too large by little. */
function balloonRests({guest, driver, registers, options}: EsxMachine): boolean {
  if (!driver.loaded) return true;
  const missing = registers.wanted - guest.balloon;
  const slack = options.throttled === true || registers.wanted === 0 ? 0 : DEFLATE_SLACK.value;
  return !driver.busy && (missing === 0 || (missing < 0 && -missing < slack));
}

/** The guest does nothing: its programs rest, its kernel reclaims nothing, its driver moves nothing. */
function guestRests(machine: EsxMachine): boolean {
  const {guest, vm, debt} = machine;
  if (debt > 0 || guest.panicked || vm.activeOut > 0 || !workloadIsIdle(guest) || kswapdDeficit(guest.zones) > 0) return false;
  for (const {jitter} of guest.processes) if (jitter !== 0) return false;
  return balloonRests(machine);
}

/** The host takes nothing from the machine and asks its balloon for nothing new. */
function hostRests({states, free}: EsxWorld, {vm, blocked, registers, driver}: EsxMachine): boolean {
  const {actions} = currentRule(states);
  const goal = actions.balloon || actions.swap !== "no" ? Math.min(vm.target, ceiling(vm)) : ceiling(vm);
  if (blocked || free < 0 || charged(vm) > goal || vm.lastBalloon !== vm.ballooned) return false;
  return registers.wanted === (driver.loaded ? balloonTarget(vm, actions, registers.wanted) : 0);
}

/**
 * The next step changes nothing but clocks and the estimate of active memory.
 * Told only of one machine under ESX's own policy without page sharing: its
 * target then depends on settings and on what the host keeps, not on the
 * estimate, which goes on falling.
 */
function rests(world: EsxWorld): boolean {
  const {scenario, machines, kind, nextBalance, time} = world;
  const [machine] = machines;
  if (machine === undefined || machines.length !== 1 || kind.name !== "ESX" || nextBalance <= time) return false;
  const {spec, vm, asked, on, started} = machine;
  if (!asked || (vm.profile !== null && scenario.host.sharing !== "off")) return false;
  if (!on) return true;
  return (started || spec.driver.loadsAt === null) && guestRests(machine) && hostRests(world, machine);
}

/** Only clocks move: the driver's polls, and when targets are computed again, to what they are. */
function passStep(world: EsxWorld, time: number, step: number): void {
  for (const {on, driver, balloon, options} of world.machines) if (on && driver.loaded) vmmemctl.advance(balloon, driver, options, step);
  world.time = time;
  if (time >= world.nextBalance - 1e-9) world.nextBalance = time + world.kind.period;
}

/** Notes what every machine has come to; one that ran and is off has ended. */
function note({machines}: EsxWorld, worst: Worst): void {
  let [oomKills, ended] = [0, false];
  for (const {guest, vm, on, ran} of machines) {
    oomKills += guest.counters.oomKills;
    if (on) {
      worst.guestSwap = Math.max(worst.guestSwap, guest.swapUsed + guest.shmemSwapped);
      worst.hostSwap = Math.max(worst.hostSwap, swapped(vm));
    } else if (ran) ended = true;
  }
  worst.oomKills = oomKills;
  worst.ended = ended;
}

/**
 * Runs a host for its outcome only, the worst of its machines: the same run as
 * `simulateEsx`, without rows and log. Steps that change nothing are passed over:
 * after one that left the host as it was, with its targets up to date.
 * @throws ModelError as `resolveEsxScenario`.
 */
export function esxOutcome(spec: EsxScenarioSpec | EsxScenario): BriefOutcome {
  const scenario = resolveEsxScenario(spec);
  const {duration, step, stride, events} = scenario;
  const world = createEsxWorld(scenario, silent);
  const last = Math.max(1, Math.round(duration / step / stride)) * stride;
  const worst: Worst = {guestSwap: 0, hostSwap: 0, oomKills: 0, ended: false};
  let [next, steps, rested, free] = [0, 0, false, -1];
  for (let index = 0; index <= last; index++) {
    advanceEsx(world, index === 0 ? 0 : step);
    steps++;
    world.time = index * step;
    const before = next;
    next = applyDue(world, scenario, index, next);
    note(world, worst);
    const settled = rests(world);
    const proven = settled && rested && before === next && free === world.free;
    [rested, free] = [settled && before === next, world.free];
    if (!proven) continue;
    if (next === events.length) break;
    for (; index < last && !isDue(events[next], index + 1, step); index++) passStep(world, (index + 1) * step, step);
  }
  return {name: nameOf(worst), steps};
}
