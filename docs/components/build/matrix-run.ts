import type {DomainState} from "../../../src/control/types.ts";
import type {CommandResult, Host} from "../../../src/control/virsh/host.ts";
import {runVirsh} from "../../../src/control/virsh/run.ts";
import type {DomainDef} from "../../../src/domain/libvirt/domain-def.ts";
import {defineDomain} from "../../../src/domain/libvirt/resolve.ts";
import {RECORDED_VERSION} from "../../../src/domain/libvirt/version.ts";
import {kib, type KiB} from "../../../src/units.ts";
import type {Cell, CellState} from "./matrix-data.ts";

/** Sizes of the domain that the commands of the matrix are run on, KiB. */
export const MEMORY = kib(2097152);
export const CURRENT = kib(1048576);

/** A driver whose cells the model can run. */
export type LiveDriver = "qemu" | "test";

export const liveDriver = (name: string): LiveDriver => {
  if (name === "qemu" || name === "test") return name;
  throw new Error(`the matrix runs no driver ${name}`);
};

/** The domain of the matrix: 2 GiB, of which the guest was asked to live in one and does. */
export function sampleDomain(driver: LiveDriver, state: CellState, change: Partial<DomainDef> = {}): DomainState {
  const size = (value: KiB): {text: string; unit: string} => ({text: String(value), unit: "KiB"});
  const defined = defineDomain({name: "guest", type: driver, memory: size(MEMORY), currentMemory: size(CURRENT), balloons: [{model: "virtio"}]}, driver, RECORDED_VERSION);
  const def = {...defined, ...change};
  const connection = {session: false, readOnly: false, cgroupMemory: true};
  const off: DomainState = {driver, def, next: null, id: null, persistent: true, running: null, connection};
  return state === "shut off" ? off : {...off, next: def, id: 1, running: {rss: kib(1253376), stats: {lastUpdate: 0}}};
}

export const sampleHost = (domain: DomainState): Host => ({
  driver: domain.driver,
  version: RECORDED_VERSION,
  connection: domain.connection,
  domains: [domain],
  files: {},
  nextId: 2
});

/** What virsh answers to a cell's command on the domain of the matrix; null for a cell without one. */
export function answerTo(cell: Cell): CommandResult | null {
  if (cell.command === null) return null;
  return runVirsh(sampleHost(sampleDomain(liveDriver(cell.driver), cell.state)), cell.command);
}
