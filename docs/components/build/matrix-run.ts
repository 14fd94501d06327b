import type {XlDomain} from "../../../src/control/libxl/types.ts";
import type {ConnectionFacts, DomainState, DriverName, Running} from "../../../src/control/types.ts";
import type {CommandResult, Host} from "../../../src/control/virsh/host.ts";
import {runVirsh} from "../../../src/control/virsh/run.ts";
import {noLimits, type BalloonModel, type DomainDef} from "../../../src/domain/libvirt/domain-def.ts";
import {RECORDED_VERSION, type LibvirtVersion} from "../../../src/domain/libvirt/version.ts";
import {resolveXenMachine} from "../../../src/domain/xen/machine.ts";
import {kib} from "../../../src/units.ts";
import type {Cell, CellState} from "./matrix-data.ts";

/** Sizes of the domain that the commands of the matrix are run on, KiB. */
export const MEMORY = kib(2097152);
export const CURRENT = kib(1048576);

/** The drivers of ESX and LXC were read in this release, and virsh calls them as it did then. */
const READ_VERSION: LibvirtVersion = [4, 10, 0];

interface Sample {
  readonly driver: DriverName;
  readonly version: LibvirtVersion;
  readonly type: string;
  readonly balloon: BalloonModel;
  /** An example of what is measured while it runs. */
  readonly running: Running;
}

const guest: Running = {rss: kib(1253376), stats: {lastUpdate: 0}};

/** By the matrix's name of the driver. */
const samples: Readonly<Record<string, Sample>> = {
  qemu: {driver: "qemu", version: RECORDED_VERSION, type: "qemu", balloon: "virtio", running: guest},
  test: {driver: "test", version: RECORDED_VERSION, type: "test", balloon: "virtio", running: guest},
  libxl: {driver: "xen", version: RECORDED_VERSION, type: "xen", balloon: "xen", running: guest},
  esx: {driver: "esx", version: READ_VERSION, type: "vmware", balloon: "none", running: guest},
  lxc: {driver: "lxc", version: READ_VERSION, type: "lxc", balloon: "none", running: {rss: kib(786432), stats: {lastUpdate: 0, swapIn: kib(917504)}, hardLimit: CURRENT}}
};

function sampleOf(driver: string): Sample {
  const sample = samples[driver];
  if (sample === undefined) throw new Error(`the matrix runs no driver ${driver}`);
  return sample;
}

const connection: ConnectionFacts = {session: false, readOnly: false, cgroupMemory: true};

/** The domain of the matrix: 2 GiB, asked to live in one; on ESX and LXC limited to it. */
export function sampleDomain(name: string, state: CellState, change: Partial<DomainDef> = {}): DomainState {
  const {driver, type, balloon, running} = sampleOf(name);
  const def: DomainDef = {
    name: "guest",
    type,
    arch: "x86_64",
    vcpus: 1,
    total: MEMORY,
    current: CURRENT,
    max: kib(0),
    slots: 0,
    limits: noLimits,
    cells: [],
    devices: [],
    balloon: {model: balloon, autodeflate: false, freePageReporting: false, period: 0},
    ...change
  };
  const off: DomainState = {driver, def, next: null, id: null, persistent: true, running: null, connection};
  return state === "shut off" ? off : {...off, next: driver === "esx" ? null : def, id: 1, running};
}

/** The same domain as libxl finds it, where `staticMax` is what SetMaxMemory has left in xenstore. */
export function sampleOnLibxl(staticMax = MEMORY): XlDomain {
  const machine = resolveXenMachine({type: "pv", memory: CURRENT, maxmem: MEMORY});
  return {name: "guest", id: 1, machine, target: CURRENT, staticMax, videoram: kib(0), current: CURRENT, vcpus: 1};
}

export const sampleHost = (name: string, domain: DomainState): Host => ({
  driver: domain.driver,
  version: sampleOf(name).version,
  connection: domain.connection,
  domains: [domain],
  files: {},
  nextId: 2
});

/** What virsh answers to a cell's command on the domain of the matrix. */
export const answerTo = ({command, driver, state}: Cell): CommandResult => runVirsh(sampleHost(driver, sampleDomain(driver, state)), command);
