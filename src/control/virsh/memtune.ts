import {LLONG_MAX, scanSigned} from "../../domain/libvirt/c-integer.ts";
import {UNLIMITED} from "../../domain/libvirt/domain-def.ts";
import {attempt} from "../../domain/libvirt/error.ts";
import {bytesToKibUp, scaleInteger} from "../../domain/libvirt/scale.ts";
import {kib, type KiB} from "../../units.ts";
import {getMemoryParameters, setMemoryParameters} from "../libvirt/api.ts";
import {countParameters} from "../libvirt/memory-parameters.ts";
import {parameterNames, type MemoryParameters, type ParameterName} from "../libvirt/parameter-names.ts";
import type {DomainState} from "../types.ts";
import {failed, type CommandResult, type Host} from "./host.ts";
import type {Command, ParsedOptions} from "./options.ts";
import {domainOption, exclusive, impactFlags, impactOptions, outcome, withNamed} from "./shared.ts";

const limits: readonly (readonly [string, ParameterName])[] = [
  ["hard-limit", "hard_limit"],
  ["soft-limit", "soft_limit"],
  ["swap-hard-limit", "swap_hard_limit"],
  ["min-guarantee", "min_guarantee"]
];

export const memtune: Command = {
  name: "memtune",
  options: [domainOption, ...limits.map(([name]) => ({name, kind: "number"}) as const), ...impactOptions]
};

/** A limit of the command line, KiB rounded up; any negative number is "unlimited" (virshMemtuneGetSize). */
function readLimit(text: string, name: string): {readonly limit: KiB} | {readonly errors: readonly string[]} {
  const complaint = `Unable to parse integer parameter ${name}`;
  const number = scanSigned(text);
  if (number === null) return {errors: [complaint]};
  if (number.value < 0n) return {limit: UNLIMITED};
  const scaled = attempt(() => scaleInteger(number.value, number.rest, 1024n, LLONG_MAX));
  return scaled.ok ? {limit: kib(Number(bytesToKibUp(scaled.value)))} : {errors: [complaint, scaled.error.message]};
}

function show(host: Host, domain: DomainState, flags: number): CommandResult {
  const counted = attempt(() => countParameters(domain, flags));
  if (!counted.ok) return failed(host, "Unable to get number of memory parameters", counted.error.message);
  return outcome(host, domain, getMemoryParameters(domain, flags), ["Unable to get memory parameters"], (limit) =>
    parameterNames(domain).map((name) => `${name.padEnd(15)}: ${limit[name] === UNLIMITED ? "unlimited" : (limit[name] ?? 0)}`)
  );
}

/** `virsh memtune`: shows the limits, or sets those that are given (cmdMemtune). */
export function runMemtune(host: Host, given: ParsedOptions): CommandResult {
  const clash = exclusive(given);
  if (clash !== null) return failed(host, clash);
  const flags = impactFlags(given);
  return withNamed(host, given, (domain) => {
    const params: Partial<Record<ParameterName, KiB>> = {};
    for (const [option, parameter] of limits) {
      const text = given.value(option);
      if (text === undefined) continue;
      const read = readLimit(text, option);
      if ("errors" in read) return failed(host, ...read.errors);
      params[parameter] = read.limit;
    }
    if (Object.keys(params).length === 0) return show(host, domain, flags);
    const set: MemoryParameters = params;
    return outcome(host, domain, setMemoryParameters(domain, set, flags), ["Unable to change memory parameters"]);
  });
}

