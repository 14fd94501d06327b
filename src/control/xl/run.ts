import type {KiB} from "../../units.ts";
import {setMaxMemory} from "../libxl/set-max-memory.ts";
import {setMemoryTarget} from "../libxl/set-memory-target.ts";
import type {LibxlEffect, LibxlResult, XlDomain} from "../libxl/types.ts";
import {listText} from "./list.ts";
import {parseMemSize} from "./size.ts";

/** What an xl command comes back with. xl writes messages to one stream, without a last line break here. */
export interface XlResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly effects: readonly LibxlEffect[];
}

const failed = (stderr: string): XlResult => ({exitCode: 1, stdout: "", stderr, effects: []});
const succeeded = (effects: readonly LibxlEffect[] = [], stdout = ""): XlResult => ({exitCode: 0, stdout, stderr: "", effects});

type Handler = (domains: readonly XlDomain[], words: readonly string[]) => XlResult;

/** A domain by number or name (xl_utils.c find_domain, libxl_domain_qualifier_to_domid). */
export function findDomain(domains: readonly XlDomain[], name: string): XlDomain | undefined {
  return domains.find((domain) => domain.name === name || String(domain.id) === name);
}

const unknown = (name: string): XlResult => failed(`${name} is an invalid domain identifier (rc=-6)`);
const usage = (command: string): XlResult => ({exitCode: 2, stdout: "", stderr: `'xl ${command}' requires at least 2 arguments.`, effects: []});

/** mem-set and mem-max: a domain, a size, one libxl call. */
function memory(command: string, which: string, call: (domain: XlDomain, size: KiB) => LibxlResult): Handler {
  return (domains, [name, size]) => {
    if (name === undefined || size === undefined) return usage(command);
    const domain = findDomain(domains, name);
    if (domain === undefined) return unknown(name);
    const wanted = parseMemSize(size);
    if (wanted === null) return failed(`invalid memory size: ${size}`);
    const result = call(domain, wanted);
    return result.ok ? succeeded(result.effects) : failed(`${result.line}\ncannot set domid ${domain.id} ${which} max memory to : ${size}`);
  };
}

const one = (effect: (domain: number) => LibxlEffect): Handler => (domains, [name = ""]) => {
  const domain = findDomain(domains, name);
  return domain ? succeeded([effect(domain.id)]) : unknown(name);
};

const list: Handler = (domains, [name]) => {
  if (name === undefined) return succeeded([], listText(domains));
  const domain = findDomain(domains, name);
  return domain ? succeeded([], listText([domain])) : unknown(name);
};

const handlers: Readonly<Record<string, Handler>> = {
  "mem-set": memory("mem-set", "dynamic", (domain, size) => setMemoryTarget(domain, size)),
  "mem-max": memory("mem-max", "static", setMaxMemory),
  list,
  destroy: one((domain) => ({kind: "destroy", domain})),
  unpause: one((domain) => ({kind: "unpause", domain}))
};

/** The commands this can run. */
export const xlCommands: readonly string[] = Object.keys(handlers);

/**
 * Runs an `xl` command line on the domains there are; the leading `xl` may be left out.
 * Source: Xen tools/xl/xl_mem.c, xl_utils.c, xl_info.c; recorded on 4.17.7.
 */
export function runXl(domains: readonly XlDomain[], commandLine: string): XlResult {
  const words = commandLine.trim().split(/\s+/).filter((word, i) => i > 0 || word !== "xl");
  const [command = "", ...rest] = words.filter((word) => word !== "");
  const handler = handlers[command];
  return handler ? handler(domains, rest) : failed(`command not implemented`);
}

