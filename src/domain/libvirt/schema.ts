import {fail} from "./error.ts";
import type {DomainSpec, ScaledText} from "./spec.ts";

/** Units the schema allows (libvirt 9.0.0 src/conf/schemas/basictypes.rng `unit`). */
const UNIT = /^([bB]([yY][tT][eE][sS]?)?|[kKmMgGtTpPeE]([iI]?[bB])?)$/;

const isSize = (text: string): boolean => /^[ \t\n]*\d+[ \t\n]*$/.test(text);
const isUnit = (unit: string | null): boolean => unit === null || UNIT.test(unit);
const isFine = (given: ScaledText | null | undefined): boolean => !given || (isSize(given.text) && isUnit(given.unit));

/** What the validator says first of a bad `<memory>`; of other elements it only says that they do not fit. */
function memoryDetail({text, unit}: ScaledText): string {
  return isUnit(unit) ? `Type unsignedLong doesn't allow value '${text}'\n` : "Invalid attribute unit for element memory\n";
}

/** Text, then what every mistake of a child of `<domain>` ends with. */
const refuse = (detail: string, element: string): never =>
  fail(
    "VIR_ERR_XML_INVALID_SCHEMA",
    `Unable to validate doc against domain.rng\n${detail}Extra element ${element} in interleave\nInvalid sequence in interleave\nElement domain failed to validate content`
  );

/**
 * What `virsh define --validate` refuses of the memory elements.
 * @throws LibvirtFailure XML_INVALID_SCHEMA with the validator's words (libxml2, recorded in libvirt-define.json).
 */
export function schemaMistake(spec: DomainSpec): void {
  const {memory, currentMemory, hardLimit, softLimit, minGuarantee, swapHardLimit} = spec;
  if (memory && !isFine(memory)) refuse(memoryDetail(memory), "memory");
  if (!isFine(currentMemory)) refuse("", "currentMemory");
  if (![hardLimit, softLimit, minGuarantee, swapHardLimit].every(isFine)) refuse("", "memtune");
}
