import {scanUnsigned, ULLONG_MAX} from "../../domain/libvirt/c-integer.ts";
import {attempt} from "../../domain/libvirt/error.ts";
import {bytesToKibUp, scaleInteger} from "../../domain/libvirt/scale.ts";
import {atLeast, RECORDED_VERSION} from "../../domain/libvirt/version.ts";
import {setMaxMemory, setMemory, setMemoryFlags} from "../libvirt/api.ts";
import {Flags, type CallResult, type DomainState} from "../types.ts";
import {failed, type CommandResult, type Host} from "./host.ts";
import type {Command, ParsedOptions} from "./options.ts";
import {domainOption, exclusive, impactFlags, impactOptions, outcome, withNamed} from "./shared.ts";

const options: Command["options"] = [
  domainOption,
  {name: "kilobytes", kind: "alias", of: "size"},
  {name: "size", kind: "number", required: true},
  ...impactOptions
];

export const setmem: Command = {name: "setmem", options};
export const setmaxmem: Command = {name: "setmaxmem", options};

/**
 * A size of a command line, KiB rounded up; the default unit is KiB.
 * @returns what virsh prints when it cannot be read: its own line, and libvirt's if it got that far.
 * Source: libvirt 9.0.0 tools/vsh.c vshCommandOptScaledInt.
 */
function readSize(text: string): {readonly size: bigint} | {readonly errors: readonly string[]} {
  const complaint = `Scaled numeric value '${text}' for <size> option is malformed or out of range`;
  const number = scanUnsigned(text);
  if (number === null) return {errors: [complaint]};
  const scaled = attempt(() => scaleInteger(number.value, number.rest, 1024n, ULLONG_MAX));
  return scaled.ok ? {size: bytesToKibUp(scaled.value)} : {errors: [complaint, scaled.error.message]};
}

type Call = (domain: DomainState, size: bigint) => CallResult;

function run(host: Host, given: ParsedOptions, call: Call, onError: readonly string[]): CommandResult {
  const clash = exclusive(given);
  if (clash !== null) return failed(host, clash);
  return withNamed(host, given, (domain) => {
    const read = readSize(given.value("size") ?? "");
    if ("errors" in read) return failed(host, ...read.errors);
    return outcome(host, domain, call(domain, read.size), onError);
  });
}

/**
 * Without an option virsh 4.10 uses the two old calls and 9.0.0 the one with flags,
 * recorded for setmem; which release in between changed was not read. It matters
 * where a driver has the old calls only, as ESX's has.
 */
const isBare = ({version}: Host, given: ParsedOptions): boolean => !atLeast(version, RECORDED_VERSION) && !impactOptions.some(({name}) => given.has(name));

const flagged = (flags: number): Call => (domain, size) => setMemoryFlags(domain, size, flags);

/** `virsh setmem`: without a flag the running domain only, with `--current` whichever there is (cmdSetmem). */
export function runSetmem(host: Host, given: ParsedOptions): CommandResult {
  if (isBare(host, given)) return run(host, given, setMemory, []);
  const named = impactOptions.some(({name}) => given.has(name));
  return run(host, given, flagged(named ? impactFlags(given) : Flags.LIVE), []);
}

/** `virsh setmaxmem`: without a flag whichever definition there is (cmdSetmaxmem). */
export function runSetmaxmem(host: Host, given: ParsedOptions): CommandResult {
  const call = isBare(host, given) ? setMaxMemory : flagged(impactFlags(given) | Flags.MAXIMUM);
  return run(host, given, call, ["Unable to change MaxMemorySize"]);
}
