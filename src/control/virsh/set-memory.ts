import {scanUnsigned, ULLONG_MAX} from "../../domain/libvirt/c-integer.ts";
import {attempt} from "../../domain/libvirt/error.ts";
import {bytesToKibUp, scaleInteger} from "../../domain/libvirt/scale.ts";
import {setMemoryFlags} from "../libvirt/api.ts";
import {Flags} from "../types.ts";
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

function run(host: Host, given: ParsedOptions, flags: number, onError: readonly string[]): CommandResult {
  const clash = exclusive(given);
  if (clash !== null) return failed(host, clash);
  return withNamed(host, given, (domain) => {
    const read = readSize(given.value("size") ?? "");
    if ("errors" in read) return failed(host, ...read.errors);
    return outcome(host, domain, setMemoryFlags(domain, read.size, flags), onError);
  });
}

/** `virsh setmem`: without a flag the running domain only, with `--current` whichever there is (cmdSetmem). */
export function runSetmem(host: Host, given: ParsedOptions): CommandResult {
  const named = impactOptions.some(({name}) => given.has(name));
  return run(host, given, named ? impactFlags(given) : Flags.LIVE, []);
}

/** `virsh setmaxmem`: without a flag whichever definition there is (cmdSetmaxmem). */
export const runSetmaxmem = (host: Host, given: ParsedOptions): CommandResult =>
  run(host, given, impactFlags(given) | Flags.MAXIMUM, ["Unable to change MaxMemorySize"]);
