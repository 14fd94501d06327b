import {attempt} from "../../domain/libvirt/error.ts";
import type {CallResult, Change} from "../types.ts";
import {start as startDomain, stop} from "../libvirt/lifecycle.ts";
import {failed, succeeded, withDomain, type CommandResult, type Host} from "./host.ts";
import type {Command, ParsedOptions} from "./options.ts";
import {domainOption, outcome, withNamed} from "./shared.ts";

export const start: Command = {
  name: "start",
  options: [
    domainOption,
    ...["console", "paused", "autodestroy", "bypass-cache", "force-boot"].map((name) => ({name, kind: "bool"}) as const),
    {name: "pass-fds", kind: "string"},
    {name: "reset-nvram", kind: "bool"}
  ]
};

export const destroy: Command = {
  name: "destroy",
  options: [domainOption, {name: "graceful", kind: "bool"}, {name: "remove-logs", kind: "bool"}]
};

export const undefine: Command = {name: "undefine", options: [domainOption]};

const call = (rule: () => Change): CallResult => attempt(() => ({...rule(), result: null}));

/** `virsh start`: by name only, and not one that runs (cmdStart). */
export function runStart(host: Host, given: ParsedOptions): CommandResult {
  return withNamed(
    host,
    given,
    (domain) => {
      if (domain.id !== null) return failed(host, "Domain is already active");
      const started = outcome(host, domain, call(() => startDomain(domain, host.nextId)), [`Failed to start domain '${domain.def.name}'`]);
      return started.exitCode === 0 ? {...started, host: {...started.host, nextId: host.nextId + 1}} : started;
    },
    false
  );
}

/** `virsh destroy`: pulls the plug (cmdDestroy). */
export const runDestroy = (host: Host, given: ParsedOptions): CommandResult =>
  withNamed(host, given, (domain) => outcome(host, domain, call(() => stop(domain)), [`Failed to destroy domain '${given.value("domain") ?? ""}'`]));

/** `virsh undefine`: the stored definition goes; a running domain lives on as a transient one. */
export const runUndefine = (host: Host, given: ParsedOptions): CommandResult =>
  withNamed(host, given, (domain) => {
    const {name} = domain.def;
    if (!domain.persistent) {
      return failed(host, `Failed to undefine domain '${given.value("domain") ?? ""}'`, "Requested operation is not valid: cannot undefine transient domain");
    }
    return succeeded(withDomain(host, name, domain.id === null ? null : {...domain, persistent: false}));
  });
