import {workloadIsIdle} from "../../guest/workload.ts";
import {DEFLATE_SLACK, vmmemctl} from "../../guest/balloon/vmmemctl.ts";
import {kswapdDeficit} from "../../guest/zones.ts";
import {ceiling, charged, swapped} from "../../host/esx/accounts.ts";
import {PATIENCE} from "../../host/esx/reclaim.ts";
import {isDue} from "../due.ts";
import {briefly, newTally, type BriefOutcome, type Tally} from "../worst.ts";
import {activeInGuestSwap, type EsxMachine} from "./machine.ts";
import {resolveEsxScenario, type EsxScenario, type EsxScenarioSpec} from "./scenario.ts";
import {applyDue} from "./simulate-esx.ts";
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
  if (debt > 0 || guest.panicked || vm.activeOut > 0 || activeInGuestSwap(machine) > 0 || !workloadIsIdle(guest) || kswapdDeficit(guest.zones) > 0) return false;
  for (const {jitter} of guest.processes) if (jitter !== 0) return false;
  return balloonRests(machine);
}

/** When the next thing happens that no event says, seconds: Infinity if nothing is left. */
function nextStart({spec: {powerOn, driver}, asked, on, started}: EsxMachine): number {
  if (!asked) return powerOn;
  return on && !started && driver.loadsAt !== null ? powerOn + driver.loadsAt : Infinity;
}

/**
 * Whether the machine could stay as it is: it is off, stopped by the host, or
 * rests, and the host does not count the seconds until it swaps.
 */
function couldStay(machine: EsxMachine): boolean {
  const {vm, on, blocked} = machine;
  if (!on) return true;
  // Seconds are counted above its goal, which is never below both of these.
  const counted = charged(vm) > Math.min(vm.target, ceiling(vm)) && vm.stuck < PATIENCE.value;
  return !counted && (blocked || guestRests(machine));
}

/** All that decides what the host does to a machine that does nothing itself. */
const fingerprint = ({free, states}: EsxWorld, {vm, registers, on, blocked}: EsxMachine): readonly number[] => [
  vm.usedBacked, vm.usedSwapped, vm.usedZipped, vm.freeBacked, vm.freeSwapped, vm.freeZipped, vm.zero, vm.deflated, vm.untouched, vm.ballooned,
  vm.active, vm.activeOut, vm.shared, vm.zeroShared, vm.target, vm.swapTarget, vm.lastBalloon, registers.wanted, Number(on), Number(blocked), free, states.index
];

const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/**
 * Recognises a host on which the next step changes nothing but clocks and the
 * estimate of active memory: one that a whole step left as it was. Told only of
 * one machine under ESX's own policy without page sharing: its target then
 * depends on settings and on what the host keeps, not on the estimate, which goes
 * on falling.
 */
function createWatch(world: EsxWorld): {readonly isStill: () => boolean; readonly forget: () => void} {
  const {scenario, machines, kind} = world;
  const [machine] = machines;
  const alone = machine !== undefined && machines.length === 1 && kind.name === "ESX" && (machine.vm.profile === null || scenario.host.sharing === "off");
  let last: readonly number[] = [];
  return {
    isStill() {
      const before = last;
      last = alone && world.nextBalance > world.clock.time && couldStay(machine) ? fingerprint(world, machine) : [];
      return last.length > 0 && same(last, before);
    },
    forget() {
      last = [];
    }
  };
}

/** Only clocks move: the driver's polls, and when targets are computed again, to what they are. */
function passStep(world: EsxWorld, time: number, step: number): void {
  for (const {on, blocked, driver, balloon, options} of world.machines) if (on && !blocked && driver.loaded) vmmemctl.advance(balloon, driver, options, step);
  world.clock.time = time;
  if (time >= world.nextBalance - 1e-9) world.nextBalance = time + world.kind.period;
}

/** Notes what every machine has come to; one that ran and is off has ended. */
function note({machines}: EsxWorld, tally: Tally): void {
  let [oomKills, ended] = [0, false];
  for (const {guest, vm, on, ran} of machines) {
    oomKills += guest.counters.oomKills;
    if (on) {
      tally.guestSwap = Math.max(tally.guestSwap, guest.swapUsed + guest.shmemSwapped);
      tally.hostSwap = Math.max(tally.hostSwap, swapped(vm));
    } else if (ran) ended = true;
  }
  tally.oomKills = oomKills;
  tally.ended = ended;
}

/**
 * Runs a host for its outcome only, the worst of its machines: the same run as
 * `simulateEsx`, without rows and log. Steps that change nothing are passed over.
 * @throws ModelError as `resolveEsxScenario`.
 */
export function esxOutcome(spec: EsxScenarioSpec | EsxScenario): BriefOutcome {
  const scenario = resolveEsxScenario(spec);
  const {step, steps: last, events} = scenario;
  const world = createEsxWorld(scenario, silent);
  const watch = createWatch(world);
  const tally = newTally();
  let [next, steps] = [0, 0];
  for (let index = 0; index <= last; index++) {
    advanceEsx(world, index === 0 ? 0 : step);
    steps++;
    world.clock.time = index * step;
    const before = next;
    next = applyDue(world, scenario, index, next);
    note(world, tally);
    if (next !== before) watch.forget();
    if (!watch.isStill()) continue;
    const start = Math.min(...world.machines.map(nextStart));
    if (next === events.length && start === Infinity) break;
    for (; index < last && !isDue(events[next], index + 1, step) && world.clock.time + step < start - 1e-9; index++) passStep(world, (index + 1) * step, step);
  }
  return briefly(tally, steps);
}
