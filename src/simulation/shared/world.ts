import {memAvailable, memFree} from "../../guest/accounts.ts";
import {swapInProcesses} from "../../guest/workload.ts";
import {requestTarget} from "../../host/qemu/balloon-device.ts";
import {cgroupUsage, residentPages, usedSwap} from "../../host/linux/accounts.ts";
import type {HostState} from "../../host/linux/state.ts";
import type {Policy, PolicyGuest, PolicyHost} from "../../policy/policy.ts";
import {KIB_PER_PAGE, kib, kibToPagesDown, type KiB} from "../../units.ts";
import {createLog, type LogBook} from "../log.ts";
import {applyDue, worldOf, type Cursor} from "../run.ts";
import {advance, endProcess, isIdle, type World} from "../world.ts";
import {relieveShared} from "./reclaim.ts";
import type {SharedScenario, SharedVm} from "./scenario.ts";

/** A VM at work: its world, and where its run stands. */
export interface SharedMachine {
  readonly vm: SharedVm;
  readonly world: World;
  readonly log: LogBook;
  readonly cursor: Cursor;
  /** Nothing of its own changes before its next event or target. */
  idle: boolean;
  /** Fraction of a page left over. */
  carry: number;
  killedAt: number | null;
}

/** All machines, and what the host has left. */
export interface SharedWorld {
  readonly scenario: SharedScenario;
  readonly machines: readonly SharedMachine[];
  readonly hosts: readonly HostState[];
  readonly policy: Policy | null;
  time: number;
}

/** Boots every machine; the policy has seen nothing yet. */
export function createSharedWorld(scenario: SharedScenario): SharedWorld {
  const machines = scenario.vms.map((vm): SharedMachine => {
    const log = createLog();
    return {vm, log, world: worldOf(vm.scenario, log), cursor: {row: 0, event: 0}, idle: false, carry: 0, killedAt: null};
  });
  return {scenario, machines, hosts: machines.map(({world}) => world.state.host), policy: scenario.policy?.start() ?? null, time: 0};
}

/** Pages of RAM and of swap that nobody holds; RAM below 0 when the host is short. */
export function hostLeft({scenario, hosts}: SharedWorld): {readonly ram: number; readonly swap: number} {
  let [used, swapped] = [kibToPagesDown(scenario.host.others) as number, 0];
  for (const host of hosts) {
    used += cgroupUsage(host);
    swapped += usedSwap(host);
  }
  return {ram: kibToPagesDown(scenario.host.ram) - used, swap: kibToPagesDown(scenario.host.swap) - swapped};
}

/** Programs go over their memory; what of it is in swap, they wait for. */
function goOver(machine: SharedMachine, latency: number, dt: number): void {
  const {vm, world} = machine;
  const {guest, host, running} = world.state;
  const own = guest.anon + guest.swapUsed;
  if (vm.activity === 0 || !running || (host.swappedUsed === 0 && guest.swapUsed === 0) || own === 0) return;
  const touched = Math.min(own, vm.activity * dt);
  const held = host.usedBacked + host.swappedUsed;
  // A processor that waits cannot touch more: faults take turns.
  const most = (world.options.machine.vcpus * dt) / latency;
  const exact = machine.carry + Math.min(most, (touched * host.swappedUsed) / held);
  const faults = Math.floor(exact);
  machine.carry = exact - faults;
  const guestFaults = Math.min(Math.floor(most) - faults, Math.floor((touched * guest.swapUsed) / own));
  if (faults > 0) world.backing.touch(faults);
  if (guestFaults > 0) swapInProcesses(world.oom, guestFaults);
  machine.idle = false;
}

/** Seconds the programs of a VM have waited for swap, the host's and its own: faults x latency. */
export const stallOf = ({world: {state: {guest, host}}}: SharedMachine, latency: number): number => (host.swapIns + guest.counters.swappedIn) * latency;

function advanceMachine(machine: SharedMachine, row: number, step: number, latency: number): void {
  const {world, vm, cursor} = machine;
  cursor.row = row;
  if (row > 0 && !machine.idle) advance(world, step);
  world.state.time = row * step;
  const before = cursor.event;
  applyDue(world, vm.scenario, cursor);
  if (row > 0) goOver(machine, latency, step);
  machine.idle = before === cursor.event && isIdle(world);
  if (!world.state.running && machine.killedAt === null) machine.killedAt = world.state.time;
}

/** The host's OOM killer takes the largest process (Linux 6.1 mm/oom_kill.c oom_badness). @returns false when none is left. */
function killLargest({machines}: SharedWorld): boolean {
  const alive = machines.filter(({world}) => world.state.running);
  const size = ({world: {state: {host}}}: SharedMachine): number => cgroupUsage(host) + usedSwap(host);
  const victim = alive.reduce<SharedMachine | null>((worst, one) => (worst === null || size(one) > size(worst) ? one : worst), null);
  if (victim === null) return false;
  victim.killedAt = victim.world.state.time;
  endProcess(victim.world, "Out of memory: the host kills the VM's process");
  return true;
}

/** Reclaim first; what finds no place costs one VM after another its life, until the others fit. */
function relieve(world: SharedWorld): void {
  for (let killed = 0; killed <= world.machines.length; killed++) {
    const left = hostLeft(world);
    if (left.ram >= 0 || relieveShared(world.hosts, -left.ram, left.swap) === 0 || !killLargest(world)) return;
  }
}

/** Each VM may come to use what it has in swap and what is free there. */
function shareSwap({hosts, scenario}: SharedWorld): void {
  if (scenario.host.swap === 0) return;
  let swapped = 0;
  for (const host of hosts) swapped += usedSwap(host);
  const free = Math.max(0, kibToPagesDown(scenario.host.swap) - swapped);
  for (const host of hosts) host.swap = usedSwap(host) + free;
}

/** One step of all machines, then the host. */
export function advanceShared(world: SharedWorld, row: number): void {
  const {machines, scenario} = world;
  world.time = row * scenario.step;
  shareSwap(world);
  for (const machine of machines) advanceMachine(machine, row, scenario.step, scenario.host.faultLatency);
  relieve(world);
}

const size = (pages: number): KiB => kib(pages * KIB_PER_PAGE);

/** What a policy sees of the host. */
export function policyHost(world: SharedWorld): PolicyHost {
  const {ram, others} = world.scenario.host;
  const cached = world.hosts.reduce((sum, host) => sum + host.pageCache, 0);
  return {total: ram, free: size(Math.max(0, hostLeft(world).ram)), cached: size(cached), kept: others};
}

/** What it sees of the guests that still run. */
export function policyGuests({machines}: SharedWorld): readonly PolicyGuest[] {
  return machines.filter(({world}) => world.state.running).map(({vm, world: {state, options}}) => ({
    name: vm.name,
    configured: options.machine.memory,
    minimum: vm.minimum,
    maximum: vm.maximum,
    shares: vm.shares,
    target: kib(options.machine.memory - state.registers.wanted * KIB_PER_PAGE),
    current: kib(options.machine.memory - state.registers.given * KIB_PER_PAGE),
    backed: size(residentPages(state.host)),
    active: null,
    free: state.driver.loaded ? size(memFree(state.guest)) : null,
    available: state.driver.loaded ? size(memAvailable(state.guest)) : null,
    driver: state.driver.loaded,
    migrating: false
  }));
}

/** Tells a guest what to live in, where that is new. */
export function tell(machine: SharedMachine, target: KiB): void {
  const {state, options} = machine.world;
  const now = options.machine.memory - state.registers.wanted * KIB_PER_PAGE;
  if (Math.abs(target - now) < KIB_PER_PAGE) return;
  if (requestTarget(state.registers, options.machine.memory, target)) machine.idle = false;
}
