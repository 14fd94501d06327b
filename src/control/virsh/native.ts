import {attempt, fail, type Outcome} from "../../domain/libvirt/error.ts";
import {memoryLines} from "../../domain/formats/domain-xml-lines.ts";
import {formatMemoryArgument, qemuMemoryArguments} from "../../domain/formats/qemu-argv.ts";
import {formatXlMemory, parseXlMemory} from "../../domain/formats/xl-cfg.ts";
import type {DomainDef} from "../../domain/libvirt/domain-def.ts";
import {defineDomain, type DefiningDriver} from "../../domain/libvirt/resolve.ts";
import {failed, succeeded, type CommandResult, type Host, type HostFile} from "./host.ts";
import type {Command, ParsedOptions} from "./options.ts";
import {lookup} from "./shared.ts";
import {requireReadDriver, unsupported} from "./unsupported.ts";

export const domxmlToNative: Command = {
  name: "domxml-to-native",
  options: [{name: "format", kind: "data", required: true}, {name: "domain", kind: "string", named: true}, {name: "xml", kind: "string"}]
};

export const domxmlFromNative: Command = {
  name: "domxml-from-native",
  options: [{name: "format", kind: "data", required: true}, {name: "config", kind: "data", required: true}]
};

/** Formats a driver writes; a driver that is not here has no such call. */
const writes: Readonly<Record<string, readonly string[]>> = {qemu: ["qemu-argv"], xen: ["xen-xl", "xen-xm"]};
/** Formats a driver reads: only libxl's has the call (recorded in libvirt-native-formats.json). */
const reads: Readonly<Record<string, readonly string[]>> = {xen: ["xen-xl", "xen-xm"]};

function checkFormat(known: readonly string[] | undefined, format: string, call: string): void {
  if (!known) fail("VIR_ERR_NO_SUPPORT", call);
  if (!known.includes(format)) fail("VIR_ERR_INVALID_ARG", `unsupported config type ${format}`);
}

function definitionIn({version}: Host, driver: DefiningDriver, file: HostFile | undefined): DomainDef {
  if (file?.kind !== "domain") return unsupported("domxml-to-native", "a file whose domain XML is known");
  return defineDomain(file.spec, driver, version);
}

/** The memory part of a native format, one line each. */
function nativeLines(format: string, def: DomainDef): readonly string[] {
  if (format === "qemu-argv") {
    const memory = qemuMemoryArguments(def);
    return [`-m ${formatMemoryArgument(memory)}`, `"size":${memory.backendBytes}`];
  }
  const {maxmem, memory} = formatXlMemory(def);
  return [`maxmem = ${maxmem}`, `memory = ${memory}`];
}

function shown(host: Host, lines: Outcome<readonly string[]>): CommandResult {
  return lines.ok ? succeeded(host, lines.value, ["what is not about memory"]) : failed(host, lines.error.message);
}

/** `virsh domxml-to-native`, what is about memory in its output. */
export function runToNative(host: Host, given: ParsedOptions): CommandResult {
  const {driver} = host;
  requireReadDriver(driver, "domxml-to-native");
  const format = given.value("format") ?? "";
  const named = given.value("domain");
  if (named !== undefined && given.has("xml")) return failed(host, "Options --domain and --xml are mutually exclusive");
  const domain = named === undefined ? undefined : lookup(host, named);
  if (named !== undefined && !domain) return failed(host, `failed to get domain '${named}'`);
  const file = given.value("xml");
  if (!domain && file === undefined) return failed(host, "need either domain or domain XML");
  return shown(
    host,
    attempt(() => {
      checkFormat(writes[driver], format, "virConnectDomainXMLToNative");
      return nativeLines(format, domain ? domain.def : definitionIn(host, driver, host.files[file ?? ""]));
    })
  );
}

/** `virsh domxml-from-native`, the lines about memory in its output. */
export function runFromNative(host: Host, given: ParsedOptions): CommandResult {
  requireReadDriver(host.driver, "domxml-from-native");
  const file = host.files[given.value("config") ?? ""];
  return shown(
    host,
    attempt(() => {
      checkFormat(reads[host.driver], given.value("format") ?? "", "virConnectDomainXMLFromNative");
      if (file?.kind !== "xl") return unsupported("domxml-from-native", "a file whose memory lines are known");
      const {total, current} = parseXlMemory(file);
      const text = (size: number): {text: string; unit: string} => ({text: `${size}`, unit: "KiB"});
      return memoryLines(defineDomain({type: "xen", memory: text(total), currentMemory: text(current)}, "xen", host.version)).map((one) => `  ${one}`);
    })
  );
}
