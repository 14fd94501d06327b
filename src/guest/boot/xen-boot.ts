import {xenFvMap} from "../../domain/memory-map/xen-fv.ts";
import {isPv, type XenMachine} from "../../domain/xen/machine.ts";
import {bootOnMap} from "./boot.ts";
import type {BootState} from "./types.ts";
import {bootXenPv} from "./xen-pv.ts";

const booted = new WeakMap<XenMachine, BootState>();

/**
 * Boots a Xen domain's kernel. A PVH or HVM guest sees all of its maximum and
 * shrinks later; a PV guest's balloon is full from the start. Pure; the same
 * machine, which nobody can change, is booted once.
 * @throws ModelError `invalid-kernel-parameter`.
 */
export function bootXen(machine: XenMachine): BootState {
  const known = booted.get(machine);
  if (known !== undefined) return known;
  const boot = isPv(machine) ? bootXenPv(machine) : bootOnMap(machine.guest, xenFvMap(machine));
  booted.set(machine, boot);
  return boot;
}
