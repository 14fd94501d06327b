import {parseInt32} from "../../domain/libvirt/c-integer.ts";
import {attempt} from "../../domain/libvirt/error.ts";
import {hasBalloon} from "../../domain/libvirt/domain-def.ts";
import {getInfo, getMemoryStats, setMemoryStatsPeriod} from "../libvirt/api.ts";
import {balloonGroup} from "../libvirt/stats.ts";
import {Flags, type DomainState} from "../types.ts";
import {failed, succeeded, type CommandResult, type Host} from "./host.ts";
import type {Command, ParsedOptions} from "./options.ts";
import {domainOption, exclusive, impactFlags, impactOptions, lookup, outcome, withNamed} from "./shared.ts";
import {requireReadDriver} from "./unsupported.ts";

export const dommemstat: Command = {
  name: "dommemstat",
  options: [domainOption, {name: "period", kind: "number", named: true}, ...impactOptions]
};

const groups = ["state", "cpu-total", "balloon", "vcpu", "interface", "block", "perf", "iothread", "memory", "dirtyrate", "vm"];
const filters = ["list-active", "list-inactive", "list-persistent", "list-transient", "list-running", "list-paused", "list-shutoff", "list-other"];

export const domstats: Command = {
  name: "domstats",
  options: [
    ...[...groups, ...filters, "raw", "enforce", "backing", "nowait"].map((name) => ({name, kind: "bool"}) as const),
    {name: "domain", kind: "argv"}
  ]
};

export const dominfo: Command = {name: "dominfo", options: [domainOption]};

/** What of the statistics only a measurement can give. */
const unmeasured = ({driver, id, running, def}: DomainState): readonly string[] => {
  if (driver === "lxc" && id !== null) return [...(running?.stats.swapIn === undefined ? ["swap_in"] : []), ...((running?.rss ?? null) === null ? ["rss"] : [])];
  if (driver !== "qemu" || id === null) return [];
  const rss = running?.rss === null ? ["rss"] : [];
  return hasBalloon(def) && running?.stats.unused === undefined ? [...rss, "guest statistics"] : rss;
};

function setPeriod(host: Host, domain: DomainState, text: string, flags: number): CommandResult {
  const period = parseInt32(text);
  if (period === null) return failed(host, `Numeric value '${text}' for <period> option is malformed or out of range`);
  if (period < 0) return failed(host, `Invalid collection period value '${period}'`);
  return outcome(host, domain, setMemoryStatsPeriod(domain, period, flags), ["Unable to change balloon collection period."]);
}

/** `virsh dommemstat`: the statistics, or with `--period` how often they are taken (cmdDomMemStat). */
export function runDommemstat(host: Host, given: ParsedOptions): CommandResult {
  const clash = exclusive(given);
  if (clash !== null) return failed(host, clash);
  return withNamed(host, given, (domain) => {
    const named = impactOptions.some(({name}) => given.has(name));
    const period = given.value("period");
    if (period !== undefined) return setPeriod(host, domain, period, named || domain.id === null ? impactFlags(given) : Flags.LIVE);
    const onError = [`Failed to get memory statistics for domain ${given.value("domain") ?? ""}`];
    const shown = outcome(host, domain, getMemoryStats(domain), onError, (stats) => stats.map(({name, value}) => `${name} ${value}`));
    return {...shown, missing: shown.exitCode === 0 ? unmeasured(domain) : []};
  });
}

function record(domain: DomainState): readonly string[] {
  const stats = attempt(() => balloonGroup(domain));
  const lines = stats.ok ? stats.value.map(({name, value}) => `  ${name}=${value}`) : [];
  return [`Domain: '${domain.def.name}'`, ...lines];
}

/** Which domains the filters let through; each pair of filters is an or. */
function isListed({id, persistent}: DomainState, given: ParsedOptions): boolean {
  const pass = (yes: string[], no: string[], is: boolean): boolean => {
    const [wantYes, wantNo] = [yes.some((name) => given.has(name)), no.some((name) => given.has(name))];
    return wantYes === wantNo || wantYes === is;
  };
  return (
    pass(["list-active"], ["list-inactive"], id !== null) &&
    pass(["list-persistent"], ["list-transient"], persistent) &&
    pass(["list-running"], ["list-shutoff", "list-paused", "list-other"], id !== null)
  );
}

/** `virsh domstats --balloon`; other groups than that one are not in the model (cmdDomstats). */
export function runDomstats(host: Host, given: ParsedOptions): CommandResult {
  requireReadDriver(host.driver, "domstats");
  const names = given.values("domain");
  const unknown = names.find((name) => lookup(host, name) === undefined);
  if (unknown !== undefined) return failed(host, `failed to get domain '${unknown}'`);
  const named = names.length > 0 ? names.flatMap((name) => lookup(host, name) ?? []) : host.domains.filter((domain) => isListed(domain, given));
  const lines = named.map((domain) => record(domain).join("\n")).join("\n\n");
  const asked = groups.filter((group) => given.has(group));
  const missing = asked.length === 1 && asked[0] === "balloon" ? named.flatMap(unmeasured) : ["other groups than balloon"];
  return succeeded(host, [lines], missing);
}

const line = (label: string, value: string): string => `${`${label}:`.padEnd(15)} ${value}`;

/** `virsh dominfo`, the lines that the model knows (cmdDominfo). */
export function runDominfo(host: Host, given: ParsedOptions): CommandResult {
  return withNamed(host, given, (domain) => {
    const {id, def, persistent} = domain;
    const shown = outcome(host, domain, getInfo(domain), [], ({maxMem, memory}) => [
      line("Id", id === null ? "-" : `${id}`),
      line("Name", def.name),
      line("State", id === null ? "shut off" : "running"),
      line("CPU(s)", `${def.vcpus}`),
      line("Max memory", `${maxMem} KiB`),
      line("Used memory", `${memory} KiB`),
      line("Persistent", persistent ? "yes" : "no")
    ]);
    const used = domain.driver === "lxc" && id !== null && (domain.running?.rss ?? null) === null ? ["Used memory"] : [];
    return {...shown, missing: [...used, "UUID", "OS type", "CPU time", "autostart", "managed save", "security"]};
  });
}
