import {at} from "../domain/column.ts";
import {startGuest} from "../guest/start.ts";
import {restoreData} from "./copy.ts";
import type {World} from "./world.ts";

/**
 * The guest starts again in the same process: a new kernel finds all its memory,
 * writes where its boot writes, and has no driver yet. The host keeps every page
 * it backed (nobody gave it back), and the target stays in the device, which is
 * reset to an empty balloon.
 */
export function restart(world: World): void {
  const {state, options, backing} = world;
  const {guest, driver, registers, reporting, stats} = state;
  const inTotal = guest.balloonInTotal;
  for (let zone = guest.zones.count - 1; zone >= 0; zone--) {
    backing.deflate(zone, at(guest.zones.ballooned, zone));
    backing.release(zone, at(guest.zones.used, zone));
  }
  const fresh = startGuest(options.boot, options.machine.vcpus, options.guest);
  restoreData(guest, fresh);
  guest.balloonInTotal = inTotal;
  driver.loaded = false;
  driver.busy = false;
  registers.given = 0;
  reporting.active = false;
  reporting.wait = Infinity;
  stats.updatedAt = -1;
}
