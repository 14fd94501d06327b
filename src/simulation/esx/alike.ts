import {FIGURE_4} from "../../host/esx/sharing.ts";
import {kib, mib, mibToKib, seconds, type KiB} from "../../units.ts";
import type {EsxScenarioSpec, EsxVmSpec} from "./scenario.ts";

/** When the fifth machine starts, seconds: by then the scanner has been over the others once. */
export const FIFTH_AT = 90 * 60;

const size = (n: number): KiB => kib(mibToKib(mib(n)));

/** A machine whose programs fill most of it and use a fifth. */
const vm = (name: string, powerOn: number): EsxVmSpec => ({
  name,
  memory: size(1024),
  powerOn: seconds(powerOn),
  driver: {loadsAt: 30},
  workload: {anon: size(850), active: size(200)},
  sharing: FIGURE_4
});

/**
 * Four equal machines of 1024 MB on an ESXi 5.0 host of 5 GB, and a fifth once the
 * scanner has been over them: together they fit only if equal pages are kept once.
 * They have as much alike as the ten Linux machines of the 2002 paper's Figure 4;
 * all else is illustrative.
 * @param largePages back the machines: what is alike is found only once they are broken up.
 */
export const fiveAlike = (largePages: boolean): EsxScenarioSpec => ({
  host: {version: "5.0", ram: size(5120), sharing: "all", largePages},
  vms: ["one", "two", "three", "four", "five"].map((name, i) => vm(name, i < 4 ? 0 : FIFTH_AT)),
  seed: null,
  duration: seconds(180 * 60),
  step: seconds(2),
  every: seconds(60)
});
