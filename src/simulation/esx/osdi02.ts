import type {SharingProfile} from "../../host/esx/sharing.ts";
import {sourced} from "../../source.ts";
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

/** What five Windows machines have alike: fitted to ten of them, of which 42.9 % of memory was shared and 32.9 % reclaimed. */
const WINDOWS: SharingProfile = sourced(
  {image: "windows", duplicate: 0.05, copies: 2, common: 0.9, agreement: 0.42},
  {text: "ten machines with Windows NT: 42.9 % of memory shared, 32.9 % reclaimed", place: "Figure 5, row A", version: "Waldspurger, OSDI 2002", grade: "derived"}
).value;

/** How the five machines of Figure 8 start: parameters, fitted to the first three minutes of its curves. */
export const BOOT = sourced(
  {zeroMBps: 10, driverAfter: 40, swapMBps: 5.5},
  {text: "a machine gets 210 to 250 MB more within half a minute; its balloon follows; 310 MB come to be shared in the minute after 1.5 minutes", place: "Figure 8b to 8d, read off its vector drawing", version: "Waldspurger, OSDI 2002", grade: "derived"}
);

/** Memory of the machine that hosts the five, MB: what the hypervisor keeps for them is a part of it. */
const STORM_HOST = 1024;

/** A guest of the boot storm: like Windows it writes zeroes to all its memory while it boots. */
const booting = (name: string, memory: number, powerOn: number): EsxVmSpec => ({
  name,
  memory: size(memory),
  reservation: size(memory / 2),
  overhead: size(32),
  powerOn: seconds(powerOn),
  driver: {loadsAt: BOOT.value.driverAfter, throttled: true},
  sharing: WINDOWS,
  workload: {zeroes: true, zeroRate: BOOT.value.zeroMBps * 1024, anon: size(5), active: size(5), swap: size(memory)}
});

/**
 * The first minutes of the 2002 paper's Figure 8 with guests of our own: five
 * machines of 1472 MB start within a minute on a host of 1024 MB, of which 160
 * are kept for the machines' overhead. Sizes, reservations and overhead are the
 * paper's, power-on times and `BOOT` are read off its curves; the guests are
 * Linux 6.1, whose kernel holds about 80 MB of each, and rest once they are up.
 */
export const bootStorm = (): EsxScenarioSpec => ({
  host: {version: "2002", ram: size(STORM_HOST), sharing: "all", swapRate: BOOT.value.swapMBps * 1024},
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
