import {esxPolicy} from "../../policy/esx.ts";
import {kib, KIB_PER_PAGE, kibToMib} from "../../units.ts";
import {applyToGuest} from "../apply.ts";
import type {EsxEventSpec} from "./events.ts";
import {loadDriver, unloadDriver, type EsxMachine} from "./machine.ts";
import {powerOff, refusal, setTarget, settle, unreserved, type EsxWorld} from "./world.ts";

const KIB_PER_MB = 1024;
const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);

/** Other programs get what they ask for, up to what is promised to machines: a reservation is kept. */
function press(world: EsxWorld, size: number): void {
  const most = unreserved(world);
  world.kernel = Math.min(inPages(size), most);
  if (inPages(size) > most) world.log("host", `other programs get ${Math.floor(kibToMib(kib(most * KIB_PER_PAGE)))} MiB: the rest is reserved for machines`);
}

/** Things of the host. @returns whether the event was one. */
function applyToHost(world: EsxWorld, event: EsxEventSpec): boolean {
  switch (event.type) {
    case "set-idle-tax":
      if (world.kind.name !== "ESX") return true;
      world.kind = esxPolicy(event.tax);
      world.policy = world.kind.start();
      return true;
    case "host-pressure":
      press(world, event.size);
      return true;
    default:
      return false;
  }
}

/**
 * Changes the limit or the reservation, unless the limit came to lie below the reservation, which the
 * API refuses, or the host cannot promise a running machine what it reserves, or a swap file for the rest.
 */
function reallocate(world: EsxWorld, machine: EsxMachine, {limit = machine.vm.settings.limit, reservation = machine.vm.settings.reservation}: {readonly limit?: number; readonly reservation?: number}): void {
  const {vm: {settings}, log} = machine;
  if (limit < reservation) {
    log("command", "refused: the limit would be below the reservation");
    return;
  }
  const refused = machine.on && reservation !== settings.reservation ? refusal(world, machine, {...settings, reservation}) : null;
  if (refused !== null) {
    log("command", refused === "memory" ? "refused: insufficient memory for the reservation" : "refused: no space for the swap file");
    return;
  }
  settings.limit = limit;
  settings.reservation = reservation;
}

/** libvirt's esx driver writes a limit in MB, rounded up. */
const wholeMb = (size: number): number => Math.ceil(size / KIB_PER_MB) * KIB_PER_MB;

/** The machine's settings, which the guest never sees. @returns whether the event was one. */
function applySetting(world: EsxWorld, machine: EsxMachine, event: EsxEventSpec): boolean {
  const {settings} = machine.vm;
  switch (event.type) {
    case "set-limit":
      reallocate(world, machine, {limit: event.limit === null ? Infinity : inPages(event.limit)});
      return true;
    case "setmem":
      reallocate(world, machine, {limit: inPages(wholeMb(event.target))});
      return true;
    case "set-reservation":
      reallocate(world, machine, {reservation: Math.min(settings.configured, inPages(event.reservation))});
      return true;
    case "set-shares":
      settings.shares = event.shares;
      return true;
    default:
      return false;
  }
}

function applyToMachine(world: EsxWorld, machine: EsxMachine, event: EsxEventSpec): void {
  switch (event.type) {
    case "activity":
      machine.activity = inPages(event.size);
      break;
    case "load-driver":
      loadDriver(machine);
      break;
    case "unload-driver":
      unloadDriver(machine);
      break;
    case "power-off":
      powerOff(world, machine, "powered off");
      break;
    case "set-idle-tax":
    case "host-pressure":
    case "set-limit":
    case "setmem":
    case "set-reservation":
    case "set-shares":
      break;
    default:
      applyToGuest(machine, event);
  }
}

/** Makes an event happen now. A machine that is off can have its settings changed, and nothing else. */
export function applyEsx(world: EsxWorld, event: EsxEventSpec): void {
  const machine = world.machines.find(({spec}) => spec.name === (event.vm ?? world.machines[0]?.spec.name));
  if (applyToHost(world, event) || (machine !== undefined && applySetting(world, machine, event))) {
    world.nextBalance = 0;
    // Until targets are computed again, in the next step, the old one counts within the new bounds.
    if (machine !== undefined) setTarget(machine.vm, machine.vm.target);
  }
  else if (machine?.on === true) applyToMachine(world, machine, event);
  settle(world);
}
