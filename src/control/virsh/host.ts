import type {DomainSpec} from "../../domain/libvirt/spec.ts";
import type {LibvirtVersion} from "../../domain/libvirt/version.ts";
import type {ConnectionFacts, DomainState, DriverName, Effect} from "../types.ts";

/** A file a command line names, as far as the model needs what is in it. */
export type HostFile =
  | {readonly kind: "domain"; readonly spec: DomainSpec}
  /** An xl.cfg or xm file. */
  | {readonly kind: "xl"; readonly memory: number | undefined; readonly maxmem: number | undefined}
  /** Something that is there and that no command needs to look into. */
  | {readonly kind: "other"};

/** What a virsh command line is run against: one connection and the files beside it. */
export interface Host {
  readonly driver: DriverName;
  readonly version: LibvirtVersion;
  readonly connection: ConnectionFacts;
  readonly domains: readonly DomainState[];
  readonly files: Readonly<Record<string, HostFile>>;
  /** The number the next domain to start gets. */
  readonly nextId: number;
}

/** What a command line did, as a shell sees it. */
export interface CommandResult {
  readonly exitCode: 0 | 1;
  /** Without the last line end; as `virsh -q` prints it. */
  readonly stdout: string;
  readonly stderr: string;
  readonly host: Host;
  readonly effects: readonly {readonly domain: string; readonly effect: Effect}[];
  /** Parts of stdout the model does not know, by name; empty when stdout is whole. */
  readonly missing: readonly string[];
}

/** A command that did its work. */
export const succeeded = (host: Host, lines: readonly string[] = [], missing: readonly string[] = []): CommandResult => ({
  exitCode: 0,
  stdout: lines.join("\n"),
  stderr: "",
  host,
  effects: [],
  missing
});

/** A command that did not; each line is printed behind "error: ". */
export const failed = (host: Host, ...lines: readonly string[]): CommandResult => ({
  exitCode: 1,
  stdout: "",
  stderr: lines.map((line) => `error: ${line}`).join("\n"),
  host,
  effects: [],
  missing: []
});

/** The host with that domain's state in place of the old one; null takes it away. */
export function withDomain(host: Host, name: string, state: DomainState | null): Host {
  const known = host.domains.some(({def}) => def.name === name);
  const kept = host.domains.flatMap((domain) => (domain.def.name !== name ? [domain] : state ? [state] : []));
  return {...host, domains: known || state === null ? kept : [...kept, state]};
}
