import {executeQmp} from "./qmp.ts";
import type {MonitorEffect, MonitorState} from "./monitor.ts";

export interface HmpResult {
  /** What the monitor prints; lines end with CR LF, as QEMU writes them. */
  readonly output: string;
  readonly state: MonitorState;
  readonly effects: readonly MonitorEffect[];
}

const MIB = 1024n * 1024n;
const INT64_MAX = 2n ** 63n - 1n;
const HELP = 'Try "help balloon" for more information\r\n';

/** A number of the monitor's expressions: decimal, 0x hexadecimal or 0 octal. Sums and products are not read. */
function readNumber(text: string): {readonly value: bigint; readonly rest: string} | string {
  if (text === "") return "unexpected end of expression";
  const found = /^([+-]?)(0x[\da-f]+|\d+)/i.exec(text);
  if (!found) return `invalid char '${text.charAt(0)}' in expression`;
  const [whole, sign = "", digits = ""] = found;
  const magnitude = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (magnitude > INT64_MAX) return "number too large";
  return {value: sign === "-" ? -magnitude : magnitude, rest: text.slice(whole.length)};
}

/** `balloon N`: N in MiB, with no unit. */
function balloon(state: MonitorState, argument: string): HmpResult {
  const complain = (message: string): HmpResult => ({output: `${message}\r\n${HELP}`, state, effects: []});
  const number = readNumber(argument);
  if (typeof number === "string") return complain(number);
  if (number.value < 0n) return complain("enter a positive value");
  if (number.rest.trim() !== "") return complain("balloon: extraneous characters at the end of line");
  // Bytes are kept in a signed 64-bit number; what does not fit comes out as no size at all.
  const size = BigInt.asIntN(64, number.value * MIB);
  const {reply, state: after, effects} = executeQmp(state, {execute: "balloon", arguments: {value: Number(size)}});
  return {output: "error" in reply ? `Error: ${reply.error.desc}\r\n` : "", state: after, effects};
}

/** `info balloon`: actual in whole MiB, rounded down. */
function infoBalloon(state: MonitorState): HmpResult {
  const {balloon: device} = state;
  if (!device) return {output: "Error: No balloon device has been activated\r\n", state, effects: []};
  return {output: `balloon: actual=${Math.floor(device.actual / 1024)}\r\n`, state, effects: []};
}

/**
 * Answers one line typed at QEMU's human monitor, as QEMU 7.2 does.
 * Commands that are not about memory are answered as unknown ones.
 * Source: QEMU 7.2.22, asked through QMP human-monitor-command.
 */
export function executeHmp(state: MonitorState, line: string): HmpResult {
  const trimmed = line.trim();
  if (/^info\s+balloon$/.test(trimmed)) return infoBalloon(state);
  const found = /^balloon(?:\s+([\s\S]*))?$/.exec(trimmed);
  if (found) return balloon(state, found[1] ?? "");
  return {output: `unknown command: '${trimmed.split(/\s+/)[0] ?? ""}'\r\n`, state, effects: []};
}
