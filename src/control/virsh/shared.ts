import {parseInt32} from "../../domain/libvirt/c-integer.ts";
import {Flags, type CallResult, type DomainState} from "../types.ts";
import {failed, succeeded, withDomain, type CommandResult, type Host} from "./host.ts";
import type {Option, ParsedOptions} from "./options.ts";

/** Options many commands have. */
export const domainOption: Option = {name: "domain", kind: "data", required: true};
export const impactOptions: readonly Option[] = [
  {name: "config", kind: "bool"},
  {name: "live", kind: "bool"},
  {name: "current", kind: "bool"}
];

/** The first pair of options that cannot stand together, as virsh says it. */
export function exclusive(options: ParsedOptions): string | null {
  const clash = ["live", "config"].find((other) => options.has("current") && options.has(other));
  return clash === undefined ? null : `Options --current and --${clash} are mutually exclusive`;
}

/** `--live` and `--config` as flags. */
export const impactFlags = (options: ParsedOptions): number =>
  (options.has("config") ? Flags.CONFIG : 0) | (options.has("live") ? Flags.LIVE : 0);

/** The domain of that number, else of that name (virshLookupDomainInternal). */
export function lookup({domains}: Host, name: string, byId = true): DomainState | undefined {
  const id = byId ? parseInt32(name) : null;
  return domains.find((domain) => id !== null && domain.id === id) ?? domains.find(({def}) => def.name === name);
}

/** Finds the domain a command names and goes on with it, or says that there is none. */
export function withNamed(host: Host, options: ParsedOptions, go: (state: DomainState) => CommandResult, byId = true): CommandResult {
  const name = options.value("domain") ?? "";
  if (name === "") return failed(host, "Failed to get option 'domain': Option argument is empty");
  const state = lookup(host, name, byId);
  return state ? go(state) : failed(host, `failed to get domain '${name}'`);
}

/** The outcome of a call: its new state, or what virsh says first and then libvirt's own message. */
export function outcome<T>(host: Host, domain: DomainState, result: CallResult<T>, onError: readonly string[], print: (result: T) => readonly string[] = () => []): CommandResult {
  if (!result.ok) return failed(host, ...onError, result.error.message);
  const {state, effects, result: value} = result.value;
  const name = domain.def.name;
  return {...succeeded(withDomain(host, name, state), print(value)), effects: effects.map((effect) => ({domain: name, effect}))};
}

