import {xenFvMap} from "../../domain/memory-map/xen-fv.ts";
import {isPv, type XenMachine} from "../../domain/xen/machine.ts";
import {bootOnMap} from "./boot.ts";
import type {BootState} from "./types.ts";
import {bootXenPv} from "./xen-pv.ts";

/**
 * Boots a Xen domain's kernel. A PVH or HVM guest sees all of its maximum and
 * shrinks later; a PV guest's balloon is full from the start. Pure.
 * @throws ModelError `invalid-kernel-parameter`.
 */
export const bootXen = (machine: XenMachine): BootState => (isPv(machine) ? bootXenPv(machine) : bootOnMap(machine.guest, xenFvMap(machine)));
