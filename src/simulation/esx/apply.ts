import {esxPolicy} from "../../policy/esx.ts";
import {KIB_PER_PAGE} from "../../units.ts";
import {applyToGuest} from "../apply.ts";
import type {EsxEventSpec} from "./events.ts";
import {loadDriver, unloadDriver, type EsxMachine} from "./machine.ts";
import {countFree, powerOff, type EsxWorld} from "./world.ts";

const inPages = (size: number): number => Math.floor(size / KIB_PER_PAGE);

/** Things of the host. @returns whether the event was one. */
function applyToHost(world: EsxWorld, event: EsxEventSpec): boolean {
  switch (event.type) {
    case "set-idle-tax":
      if (world.kind.name !== "ESX") return true;
      world.kind = esxPolicy(event.tax);
      world.policy = world.kind.start();
      return true;
    case "host-pressure":
      world.kernel = inPages(event.size);
      return true;
    default:
      return false;
  }
}

/** The machine's settings, which the guest never sees. @returns whether the event was one. */
function applySetting({vm: {settings}}: EsxMachine, event: EsxEventSpec): boolean {
  switch (event.type) {
    case "set-limit":
      settings.limit = event.limit === null ? Infinity : inPages(event.limit);
      return true;
    case "setmem":
      settings.limit = inPages(event.target);
      return true;
    case "set-reservation":
      settings.reservation = Math.min(settings.configured, inPages(event.reservation));
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
  if (applyToHost(world, event) || (machine !== undefined && applySetting(machine, event))) world.nextBalance = 0;
  else if (machine?.on === true) applyToMachine(world, machine, event);
  world.free = countFree(world);
}
