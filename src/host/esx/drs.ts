import {sourced} from "../../source.ts";

/** Of the memory a machine holds beyond what it uses, the part that counts as demand: 100 less DRS's option IdleTax of 75, which is not Mem.IdleTax. */
export const IDLE_DEMAND = sourced(0.25, {text: "active + 25 % of what is consumed beyond it + overhead", place: "Denneman, 2012-08-10 and 2018-01-15", version: "vSphere 5.1 and 6.5", grade: "read"});

/** What DRS takes a machine to want, in the unit of its arguments. */
export const drsDemand = (active: number, consumed: number, overhead: number): number => active + IDLE_DEMAND.value * Math.max(0, consumed - active) + overhead;
