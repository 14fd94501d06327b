import {kib, type KiB} from "../../units.ts";
import {LLONG_MAX, scanUnsigned} from "./c-integer.ts";
import {UNLIMITED} from "./domain-def.ts";
import {fail} from "./error.ts";
import {bytesToKibUp, scaleInteger} from "./scale.ts";
import type {ScaledText} from "./spec.ts";

/**
 * Bytes of a size in the XML; the default unit is KiB.
 * @param path the XPath libvirt names in its message.
 * @returns null when it is not there.
 * Source: libvirt 9.0.0 src/conf/domain_conf.c virDomainParseScaledValue, which
 * trims nothing: white space after the number is an error.
 */
function parseScaled(path: string, given: ScaledText | null | undefined, limit: bigint): bigint | null {
  if (!given || given.text === "") return null;
  const number = scanUnsigned(given.text);
  if (number?.rest !== "") fail("VIR_ERR_XML_ERROR", `Invalid value '${given.text}' for element or attribute '${path}'`);
  return scaleInteger(number.value, given.unit ?? "", 1024n, limit);
}

/**
 * A memory size of the XML in KiB, rounded up (virDomainParseMemory on a 64-bit host).
 * @returns 0 when it is absent and not required.
 * @throws LibvirtFailure XML_ERROR, INVALID_ARG or OVERFLOW, in that order.
 */
export function parseMemory(path: string, given: ScaledText | null | undefined, required = false): KiB {
  const size = parseScaled(path, given, LLONG_MAX);
  if (size === null) return required ? fail("VIR_ERR_XML_ERROR", `missing element or attribute '${path}'`) : kib(0);
  const rounded = bytesToKibUp(size);
  if (rounded >= bytesToKibUp(LLONG_MAX)) fail("VIR_ERR_OVERFLOW", "size value too large");
  return kib(Number(rounded));
}

/** A limit of `<memtune>` in KiB; absent is UNLIMITED, and so is the largest value (virDomainParseMemoryLimit). */
export function parseMemoryLimit(path: string, given: ScaledText | null | undefined): KiB {
  const size = parseScaled(path, given, BigInt(UNLIMITED) * 1024n);
  return size === null ? UNLIMITED : kib(Number(bytesToKibUp(size)));
}
