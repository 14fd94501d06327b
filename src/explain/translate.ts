import type {DomainDef} from "../domain/libvirt/domain-def.ts";
import {attempt} from "../domain/libvirt/error.ts";
import {linesOf, type Lines} from "../domain/formats/place.ts";
import type {ConfigFormat, Reading} from "../domain/formats/reading.ts";
import {writeConfig} from "../domain/formats/write.ts";
import {definitionOf, driverOf, numbersOf} from "./define.ts";
import {readConfig, type ExplainOptions} from "./explain.ts";
import type {DomainNumbers, Loss, Translation} from "./types.ts";

/** Why a format cannot hold a number as it was. */
const REASONS: Readonly<Record<ConfigFormat, string>> = {
  libvirt: "",
  xl: "xl.cfg has memory and maxmem, in whole MiB, and nothing else about a guest's memory",
  vmx: "VMX has memsize in steps of 4 MiB, a limit and a reservation in MiB, and nothing else that libvirt writes",
  qemu: "a QEMU command line has sizes that are rounded up at start; targets and limits are set from outside"
};

interface Field {
  readonly field: string;
  readonly span: string;
  readonly of: (numbers: DomainNumbers) => number | null;
}

const FIELDS: readonly Field[] = [
  {field: "memory", span: "memory", of: ({memory}) => memory},
  {field: "currentMemory", span: "currentMemory", of: ({currentMemory}) => currentMemory},
  {field: "maxMemory", span: "maxMemory", of: ({maxMemory}) => maxMemory},
  {field: "slots", span: "maxMemory", of: ({slots}) => slots},
  {field: "hardLimit", span: "hard_limit", of: ({memtune}) => memtune.hardLimit},
  {field: "softLimit", span: "soft_limit", of: ({memtune}) => memtune.softLimit},
  {field: "swapHardLimit", span: "swap_hard_limit", of: ({memtune}) => memtune.swapHardLimit},
  {field: "minGuarantee", span: "min_guarantee", of: ({memtune}) => memtune.minGuarantee}
];

const shown = (field: string, value: number): string => (field === "slots" ? String(value) : `${value} KiB`);

function changedNumbers(before: DomainNumbers, after: DomainNumbers, spanOf: (key: string) => Loss["place"], to: ConfigFormat): readonly Loss[] {
  return FIELDS.flatMap(({field, span, of}) => {
    const [was, is] = [of(before), of(after)];
    if (was === is || was === null) return [];
    return [{field, place: spanOf(span), before: shown(field, was), after: is === null ? null : shown(field, is), why: REASONS[to]}];
  });
}

const listed = (sizes: readonly number[]): string => sizes.map((one) => `${one} KiB`).join(", ");

function changedParts(before: DomainNumbers, after: DomainNumbers, spanOf: (key: string) => Loss["place"], to: ConfigFormat): readonly Loss[] {
  const losses: Loss[] = [];
  const put = (field: string, span: string, was: string, is: string): void => {
    if (was !== is && was !== "") losses.push({field, place: spanOf(span), before: was, after: is === "" ? null : is, why: REASONS[to]});
  };
  put("numa", "numa", listed(before.numa), listed(after.numa));
  before.devices.forEach(({model, size}, i) => {
    const other = after.devices[i];
    put(`devices[${i}]`, `devices[${i}]`, `${model} ${size} KiB`, other ? `${other.model} ${other.size} KiB` : "");
  });
  const balloon = ({balloon: one}: DomainNumbers): string => `${one.model}${one.autodeflate ? ", autodeflate" : ""}${one.freePageReporting ? ", freePageReporting" : ""}${one.period > 0 ? `, period ${one.period}` : ""}`;
  if (before.balloon.model !== "none") put("balloon", "balloon", balloon(before), after.balloon.model === "none" ? "" : balloon(after));
  return losses;
}

/** The same number means another thing elsewhere. */
function changedMeaning(before: DomainNumbers, from: string, to: ConfigFormat, spanOf: (key: string) => Loss["place"]): readonly Loss[] {
  const target = {libvirt: from, xl: "xen", vmx: "esx", qemu: "qemu"}[to];
  if (target === from || before.currentMemory >= before.memory) return [];
  const isCap = (driver: string): boolean => driver === "esx" || driver === "lxc";
  if (isCap(from) === isCap(target) || to === "qemu") return [];
  return [{
    field: "currentMemory",
    place: spanOf("currentMemory"),
    before: isCap(from) ? "a limit of the host that the guest does not see" : "a target for the guest's balloon",
    after: isCap(target) ? "a limit of the host that the guest does not see" : "a target for the guest's balloon",
    why: "the same number means another thing there: only a balloon target changes what the guest sees"
  }];
}

const MENTIONS_KEPT = new Set(["windows"]);

/** Lines about memory that are not numbers of the definition. */
function droppedLines({mentions, values, format}: Reading, lines: Lines, to: ConfigFormat): readonly Loss[] {
  if (format === to) return [];
  const dropped = mentions.filter(({what}) => !MENTIONS_KEPT.has(what)).map(({what, span, detail}) => ({field: what, place: lines.place(span), before: detail || what, after: null, why: "the translation carries sizes, devices and the balloon only"}));
  const keys = [...values].filter(([key]) => key.startsWith("sched.mem.") && !["sched.mem.max", "sched.mem.minsize", "sched.mem.pin"].includes(key));
  return [...dropped, ...keys.map(([key, {text, span}]) => ({field: key, place: lines.place(span), before: text, after: null, why: "libvirt neither reads nor writes this key"}))];
}

function contextOf({machine, xenType, format}: Reading, to: ConfigFormat): {machine: string | null; xenType: Reading["xenType"]} {
  const hasBoard = (format === "qemu" || format === "libvirt") && (to === "qemu" || to === "libvirt");
  return {machine: hasBoard && xenType === null ? machine : null, xenType};
}

function numbersIn(text: string, format: ConfigFormat): DomainNumbers | null {
  const read = attempt(() => numbersOf(definitionOf(readConfig(text, {from: format}))));
  return read.ok ? read.value : null;
}

/** What is not the same when the translation is read back. */
function lossesOf(def: DomainDef, reading: Reading, to: ConfigFormat, text: string, lines: Lines): readonly Loss[] {
  const before = numbersOf(def);
  const after = numbersIn(text, to);
  const spanOf = (key: string): Loss["place"] => {
    const span = reading.spans.get(key);
    return span ? lines.place(span) : null;
  };
  if (!after) return [{field: "all", place: null, before: `${before.memory} KiB`, after: null, why: "libvirt does not read the result back"}];
  return [
    ...changedNumbers(before, after, spanOf, to),
    ...changedParts(before, after, spanOf, to),
    ...changedMeaning(before, driverOf(def.type), to, spanOf),
    ...droppedLines(reading, lines, to)
  ];
}

/**
 * A configuration in another format, by libvirt's rules, and line by line what
 * it cannot keep: found by reading the result back.
 * @throws ModelError when the text cannot be read, LibvirtFailure when libvirt refuses it.
 */
export function translate(text: string, to: ConfigFormat, options: ExplainOptions = {}): Translation {
  const reading = readConfig(text, options);
  const def = definitionOf(reading);
  const written = writeConfig(def, to, contextOf(reading, to));
  return {format: to, text: written, losses: lossesOf(def, reading, to, written, linesOf(text))};
}
