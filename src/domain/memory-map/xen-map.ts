import {isPv, type XenMachine} from "../xen/machine.ts";
import type {MemoryMap} from "./types.ts";
import {xenFvMap} from "./xen-fv.ts";
import {xenPvMap} from "./xen-pv.ts";

/** The map a Xen domain boots with, by its type. */
export const xenMemoryMap = (machine: XenMachine): MemoryMap => (isPv(machine) ? xenPvMap(machine) : xenFvMap(machine));
