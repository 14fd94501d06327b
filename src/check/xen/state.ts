import {ballooned} from "../../guest/balloon/xen-linux.ts";
import {systemRam} from "../../guest/boot/reservations.ts";
import {parseCommandLine} from "../../guest/boot/command-line.ts";
import {buildDomain} from "../../host/xen/domain.ts";
import {memMiB} from "../../control/xl/list.ts";
import {xenRow} from "../../simulation/xen/columns.ts";
import type {XenWorld} from "../../simulation/xen/world.ts";
import {kib, KIB_PER_PAGE} from "../../units.ts";
import type {Json} from "../types.ts";
import {hotAddedRange} from "./resources.ts";

type Fields = Readonly<Record<string, Json>>;

const inKib = (pages: number): number => pages * KIB_PER_PAGE;

/** busybox's `free -m`: MiB to the nearest. */
const nearestMib = (size: number): number => Math.floor((size + 512) / 1024);

/** The `xen` group, with the domain's own numbers that older recordings keep there; a paused domain has its start page still. */
export function xenFields(world: XenWorld, paused = false): Fields {
  const {domain, store, balloon} = world.state;
  const tot = kib(inKib(paused ? buildDomain(world.scenario.machine).tot : domain.tot));
  return {
    totKiB: tot,
    maxKiB: inKib(domain.max),
    outstandingKiB: 0,
    xlListMemMiB: memMiB({current: tot}),
    guestTargetKiB: inKib(balloon.target),
    guestCurrentKiB: inKib(balloon.current),
    xenstoreStaticMaxKiB: store.staticMax,
    xenstoreTargetKiB: store.target,
    hostOutstandingClaims: 0
  };
}

export const xenstoreFields = ({state}: XenWorld): Fields => ({targetKiB: state.store.target, staticMaxKiB: state.store.staticMax, videoramKiB: state.store.videoram});

/** The driver's sysfs directory. */
export function sysfsFields({state}: XenWorld): Fields {
  const {balloon, guest} = state;
  return {targetKiB: inKib(balloon.target), currentKiB: inKib(balloon.current), lowKiB: inKib(ballooned(guest)), highKiB: 0};
}

/** System RAM of /proc/iomem, hot-added memory at its end. */
export function systemRamOf({boot, state, scenario}: XenWorld): Json[] {
  const ram = systemRam(boot.map, parseCommandLine(scenario.machine.guest.kernel.commandLine)).map(({start, end}) => ({start, end: end - 1}));
  const added = hotAddedRange(boot, state.balloon.total, ballooned(state.guest) + state.balloon.current);
  return added ? [...ram, {start: added.start, end: added.end}] : ram;
}

/** What /proc/meminfo and its like say. */
export function guestFields(world: XenWorld): Fields {
  const row = xenRow(world);
  const {boot, state, scenario} = world;
  const {guest, balloon} = state;
  return {
    MemTotalKiB: row.memTotal,
    MemFreeKiB: row.memFree,
    MemAvailableKiB: row.memAvailable,
    managedPages: row.memTotal / KIB_PER_PAGE,
    presentPages: boot.zones.reduce((sum, {present}) => sum + present, 0),
    CommitLimitKiB: Math.floor(row.memTotal / (2 * KIB_PER_PAGE)) * KIB_PER_PAGE,
    freeTotalMiB: nearestMib(row.memTotal),
    freeFreeMiB: nearestMib(row.memFree),
    iomemSystemRam: systemRamOf(world),
    offlineMemoryBlocks: balloon.offline / scenario.driver.section,
    hogAlive: guest.processes.some(({name, alive}) => name === "hog" && alive),
    BuffersKiB: 0,
    SwapTotalKiB: 0,
    SwapFreeKiB: 0,
    balloonInflatePages: 0,
    balloonDeflatePages: 0,
    oomKills: guest.counters.oomKills,
    pagesSwappedIn: 0,
    pagesSwappedOut: 0,
    CachedKiB: row.cached,
    ShmemKiB: row.cached,
    AnonPagesKiB: row.anon,
    SlabKiB: row.slab,
    KReclaimableKiB: inKib(guest.slabReclaimable),
    SUnreclaimKiB: inKib(guest.slabUnreclaimable),
    PageTablesKiB: inKib(guest.pageTables),
    KernelStackKiB: inKib(guest.kernelStack),
    PercpuKiB: inKib(guest.percpu),
    ...sysfsFields(world)
  };
}
