import type {DomainDef} from "../../src/domain/libvirt/domain-def.ts";
import {RECORDED_VERSION} from "../../src/domain/libvirt/version.ts";
import type {ConnectionFacts, DomainState} from "../../src/control/types.ts";
import type {Host} from "../../src/control/virsh/host.ts";
import {definition} from "../domain/libvirt/fixture.ts";

export const connection: ConnectionFacts = {session: false, readOnly: false, cgroupMemory: false};

/** A QEMU domain that is shut off. */
export const shutOff = (def: Partial<DomainDef> = {}, more: Partial<DomainState> = {}): DomainState => ({
  driver: "qemu",
  def: definition(def),
  next: null,
  id: null,
  persistent: true,
  running: null,
  connection,
  ...more
});

/** One that runs; the next start would use the same definition. */
export const running = (def: Partial<DomainDef> = {}, more: Partial<DomainState> = {}): DomainState =>
  shutOff(def, {next: definition(def), id: 1, running: {rss: null, stats: {lastUpdate: 0}}, ...more});

/** A host with these domains. */
export const hostOf = (...domains: readonly DomainState[]): Host => ({
  driver: domains[0]?.driver ?? "qemu",
  version: RECORDED_VERSION,
  connection,
  domains,
  files: {},
  nextId: 2
});
