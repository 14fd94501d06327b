import {kib, mib, mibToKib, seconds, type KiB} from "../../units.ts";
import type {EsxScenarioSpec, EsxVmSpec} from "./scenario.ts";

const size = (n: number): KiB => kib(Math.round(mibToKib(mib(n))));

/** When Figure 7 turns the tax on, seconds. */
export const TAX_AT = 30.9 * 60;

/** A machine of 256 MB that fills its memory with files, and uses `active` of it. */
const vm = (name: string, files: number, active: number): EsxVmSpec => ({
  name,
  memory: size(256),
  overhead: kib(0),
  driver: {throttled: true},
  workload: {workingSet: size(files), active: size(active), swap: size(256), fileRate: 2048}
});

/**
 * The experiment of the 2002 paper's Figure 7 with guests of our own: an idle
 * machine and one that runs dbench share a host; after half an hour the tax on
 * idle memory goes from 0 to 75 %. Sizes and use are the figure's; the guests are
 * Linux 6.1, with the driver's old rates.
 * @param tax from `TAX_AT` on.
 */
export const figure7 = (tax = 0.75): EsxScenarioSpec => ({
  host: {version: "2002", ram: size(357.7 / (1 - 0.066)), idleTax: 0},
  vms: [vm("idle", 190, 9.6), vm("dbench", 220, 174)],
  events: [
    {at: seconds(120), vm: "idle", type: "working-set", size: kib(0)},
    {at: seconds(TAX_AT), type: "set-idle-tax", tax},
    {at: seconds(TAX_AT), vm: "dbench", type: "activity", size: size(200.7)}
  ],
  seed: 7,
  duration: seconds(3600),
  step: seconds(0.5),
  every: seconds(5)
});

/** A guest of the boot storm: like Windows it writes zeroes to all its memory while it boots. */
const booting = (name: string, memory: number, powerOn: number): EsxVmSpec => ({
  name,
  memory: size(memory),
  reservation: size(memory / 2),
  overhead: size(32),
  powerOn: seconds(powerOn),
  driver: {loadsAt: 10, throttled: true},
  sharing: {image: "windows", duplicate: 0.05, copies: 2, common: 0.2, agreement: 0.8},
  workload: {zeroes: true, anon: size(5), active: size(5), swap: size(memory)}
});

/**
 * The first minutes of the 2002 paper's Figure 8 with guests of our own: five
 * machines of 1472 MB start within a minute on a host with 1 GB for them. Sizes,
 * reservations and overhead are the paper's, power-on times are read off its
 * curve; what the guests hold, what of it is alike and when the driver loads are
 * illustrative.
 */
export const bootStorm = (): EsxScenarioSpec => ({
  host: {version: "2002", ram: size(1024 + 160), sharing: "all", swapRate: 20 * 1024},
  vms: [booting("exchange", 256, 50), booting("citrix-1", 320, 70), booting("file", 256, 80), booting("citrix-2", 320, 105), booting("sql", 320, 110)],
  seed: 8,
  duration: seconds(300),
  step: seconds(0.5),
  every: seconds(5)
});

/**
 * The field case behind the limit trap: 16 GB configured, limited to 2.
 * The guest writes to nearly all it has, and has no swap of its own to speak of.
 */
export const limitTrap = (configured: number, limit: number): EsxScenarioSpec => ({
  host: {version: "6.0", ram: size(8 * configured)},
  vms: [{name: "vm", memory: size(configured), limit: size(limit), workload: {anon: size(0.8 * configured), active: size(0.05 * configured), swap: size(configured)}}],
  duration: seconds(600),
  step: seconds(0.5),
  every: seconds(10)
});
