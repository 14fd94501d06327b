import {attempt} from "../../domain/libvirt/error.ts";
import {memoryLines} from "../../domain/formats/domain-xml-lines.ts";
import {defineDomain} from "../../domain/libvirt/resolve.ts";
import {schemaMistake} from "../../domain/libvirt/schema.ts";
import type {DomainDef} from "../../domain/libvirt/domain-def.ts";
import {hasBalloon} from "../../domain/libvirt/domain-def.ts";
import type {DomainState} from "../types.ts";
import {failed, succeeded, withDomain, type CommandResult, type Host} from "./host.ts";
import type {Command, ParsedOptions} from "./options.ts";
import {domainOption, withNamed} from "./shared.ts";
import {requireReadDriver, unsupported} from "./unsupported.ts";

export const define: Command = {name: "define", options: [{name: "file", kind: "data", required: true}, {name: "validate", kind: "bool"}]};

export const dumpxml: Command = {
  name: "dumpxml",
  options: [
    domainOption,
    ...["inactive", "security-info", "update-cpu", "migratable", "wrap"].map((name) => ({name, kind: "bool"}) as const),
    {name: "xpath", kind: "string", named: true}
  ]
};

/** A definition under a name: new, or in place of what the next start would have used. */
function store(host: Host, driver: DomainState["driver"], def: DomainDef): DomainState {
  const old = host.domains.find((domain) => domain.def.name === def.name);
  if (old && old.id !== null) return {...old, persistent: true, next: def};
  return {driver, def, next: null, id: null, persistent: true, running: null, connection: host.connection};
}

/** `virsh define` (cmdDefine). With `--validate` the XML is held against the schema first. */
export function runDefine(host: Host, given: ParsedOptions): CommandResult {
  const name = given.value("file") ?? "";
  const file = host.files[name];
  const {driver} = host;
  requireReadDriver(driver, "define");
  if (file?.kind !== "domain") return unsupported(`define ${name}`, "a file whose domain XML is known");
  const defined = attempt(() => {
    if (given.has("validate")) schemaMistake(file.spec);
    return defineDomain(file.spec, driver, host.version);
  });
  if (!defined.ok) return failed(host, `Failed to define domain from ${name}`, defined.error.message);
  // The refusal names the UUID of the domain that is there, which nobody knows.
  if (file.spec.uuid === undefined && host.domains.some(({def}) => def.name === defined.value.name)) return unsupported("define over a domain", "a UUID in the domain XML");
  return succeeded(withDomain(host, defined.value.name, store(host, driver, defined.value)));
}

/** Live sizes as `dumpxml` and `dominfo` show them: without a balloon everything is current. */
export function shownDef({driver, def, next, id}: DomainState, inactive: boolean): DomainDef {
  if (inactive) return next ?? def;
  return driver === "qemu" && id !== null && !hasBalloon(def) ? {...def, current: def.total} : def;
}

/** `virsh dumpxml`, the lines about memory only. */
export const runDumpxml = (host: Host, given: ParsedOptions): CommandResult =>
  withNamed(host, given, (domain) => succeeded(host, memoryLines(shownDef(domain, given.has("inactive"))).map((one) => `  ${one}`), ["lines that are not about memory"]));
