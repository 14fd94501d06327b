import {kib, type KiB} from "../../units.ts";
import type {DomainDef} from "../libvirt/domain-def.ts";
import type {DomainSpec, NumaCellSpec, ScaledText} from "../libvirt/spec.ts";
import {UnreadableError, type Mention, type Reading, type ReadProblem} from "./reading.ts";
import {readXlValues, type XlFile, type XlValue} from "./xl-values.ts";

/** `memory` and `maxmem` of an xl.cfg or xm file, MiB; undefined when they are not in it. */
export interface XlMemory {
  readonly memory?: number | undefined;
  readonly maxmem?: number | undefined;
}

/** MiB of an xl.cfg without `memory`: MIN_XEN_GUEST_SIZE * 2 (libvirt src/libxl/xen_common.c xenParseMem). */
const DEFAULT_MEMORY = 128;

/**
 * The two sizes as libvirt reads them, KiB: `maxmem` is layer 1, `memory` layer 2.
 * `memory` is not checked against `maxmem` here; post-parse cuts it.
 */
export function parseXlMemory({memory = DEFAULT_MEMORY, maxmem = memory}: XlMemory): {readonly total: KiB; readonly current: KiB} {
  return {total: kib(maxmem * 1024), current: kib(Math.min(memory, maxmem) * 1024)};
}

/** Writes both sizes in MiB, rounded up; both are always written (xenFormatMem). */
export function formatXlMemory({total, current}: Pick<DomainDef, "total" | "current">): Required<{maxmem: number; memory: number}> {
  return {maxmem: Math.ceil(total / 1024), memory: Math.ceil(current / 1024)};
}

/** Largest size taken, MiB: its KiB still are exact numbers. */
const LARGEST = 2 ** 43;

function refuse(value: XlValue, key: string): never {
  throw new UnreadableError(`config value ${key} was malformed`, value.span, {
    code: "malformed-value",
    expected: `a whole number of MiB up to ${LARGEST}`,
    hint: `give ${key} as digits alone: units and fractions are not understood`
  });
}

/** Sums and products of whole numbers, which an xm file may hold because it is Python; null for anything else. */
function arithmetic(text: string): number | null {
  if (text.length > 100 || !/^[\d\s*+]+$/.test(text)) return null;
  const products = text.split("+").map((product) => product.split("*").map((factor) => (/^\s*\d+\s*$/.test(factor) ? Number(factor) : NaN)));
  const sum = products.reduce((total, factors) => total + factors.reduce((a, b) => a * b, 1), 0);
  return Number.isSafeInteger(sum) ? sum : null;
}

/** A size as libvirt takes it, a number or a string of digits, MiB. */
function sizeOf(file: XlFile, key: string): number | undefined {
  const value = file.values.get(key);
  if (!value) return undefined;
  const plain = /^\s*\+?(\d+)$/.exec(value.text)?.[1];
  const number = value.kind === "list" ? null : plain === undefined ? (value.kind === "number" ? Number(value.text) : arithmetic(value.text)) : Number(plain);
  return number === null || !(number >= 0) || number > LARGEST ? refuse(value, key) : number;
}

/** Takes `memory` and `maxmem` out of an xl.cfg text. */
export function readXlMemory(text: string): XlMemory {
  const file = readXlValues(text);
  return {memory: sizeOf(file, "memory"), maxmem: sizeOf(file, "maxmem")};
}

function oddities(file: XlFile): readonly ReadProblem[] {
  return ["memory", "maxmem"].flatMap((key) => {
    const value = file.values.get(key);
    if (!value || /^\s*\+?\d+$/.test(value.text)) return [];
    return [{severity: "warning" as const, code: "not-decimal", message: `${key} is not plain digits: libvirt refuses the file`, span: value.span}];
  });
}

const TRUE = new Set(["1", "true", "yes"]);
const isOn = (value: XlValue | undefined): value is XlValue => value !== undefined && TRUE.has(value.text.toLowerCase());

function mentionsIn({values}: XlFile): readonly Mention[] {
  const found: Mention[] = [];
  const add = (what: Mention["what"], value: XlValue | undefined): void => {
    if (value) found.push({what, span: value.span, detail: value.text.slice(0, 80)});
  };
  const pci = values.get("pci");
  if (pci && pci.items.length > 0) add("vfio", pci);
  for (const key of ["e820_host"]) if (isOn(values.get(key))) add("host-map", values.get(key));
  for (const key of ["firmware", "bios"]) if (/^(uefi|ovmf)$/.test(values.get(key)?.text ?? "")) add("efi", values.get(key));
  if (isOn(values.get("device_model_stubdomain_override"))) add("stubdomain", values.get("device_model_stubdomain_override"));
  add("shadow", values.get("shadow_memory"));
  add("video", values.get("videoram"));
  if (isOn(values.get("viridian"))) add("windows", values.get("viridian"));
  return found;
}

function xenTypeOf({values}: XlFile): "pv" | "pvh" | "hvm" {
  const said = values.get("type")?.text ?? values.get("builder")?.text ?? "pv";
  return said === "hvm" || said === "pvh" ? said : "pv";
}

const mib = (size: number): ScaledText => ({text: String(size), unit: "MiB"});

/** Virtual nodes: `vnuma = [["pnode=0", "size=512", "vcpus=0-1"], …]`. */
function cellsOf({values}: XlFile): readonly NumaCellSpec[] {
  return (values.get("vnuma")?.items ?? []).flatMap(({items}, i) => {
    const facts = new Map(items.map(({text}) => [text.split("=", 1)[0]?.trim() ?? "", text.slice(text.indexOf("=") + 1).trim()]));
    const size = facts.get("size");
    return size !== undefined && /^\d{1,13}$/.test(size) ? [{id: String(i), cpus: null, memory: mib(Number(size))}] : [];
  });
}

const FIELDS: readonly (readonly [field: string, key: string])[] = [
  ["memory", "maxmem"],
  ["currentMemory", "memory"],
  ["numa", "vnuma"],
  ["name", "name"]
];

/**
 * Reads an xl.cfg or xm file by libvirt's rules: sizes are MiB, `maxmem` is `<memory>`.
 * @throws UnreadableError `malformed-value`, or `not-xl` when there is no key = value in it.
 */
export function readXlCfg(text: string): Reading {
  const file = readXlValues(text);
  if (file.values.size === 0) throw new UnreadableError("this is not an xl.cfg file", {start: 0, end: 0}, {code: "not-xl", expected: "lines of key = value", hint: "give the domain's configuration file"});
  const memory = sizeOf(file, "memory") ?? DEFAULT_MEMORY;
  const name = file.values.get("name")?.text;
  const vcpus = Number(file.values.get("maxvcpus")?.text ?? file.values.get("vcpus")?.text ?? "1");
  const cells = cellsOf(file);
  const spec: DomainSpec = {
    type: "xen",
    ...(name === undefined ? {} : {name}),
    vcpus: Number.isInteger(vcpus) && vcpus > 0 ? vcpus : 1,
    memory: mib(sizeOf(file, "maxmem") ?? memory),
    currentMemory: mib(memory),
    ...(cells.length > 0 ? {numa: cells} : {})
  };
  const spans = new Map(FIELDS.flatMap(([field, key]) => {
    const value = file.values.get(key);
    return value ? [[field, value.span] as const] : [];
  }));
  const values = new Map([...file.values].map(([key, {text, span}]) => [key, {text, span}]));
  return {format: "xl", spec, spans, mentions: mentionsIn(file), problems: [...file.problems, ...oddities(file)], values, machine: null, xenType: xenTypeOf(file)};
}
