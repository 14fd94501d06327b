import {scanSigned} from "../libvirt/c-integer.ts";
import type {DomainDef} from "../libvirt/domain-def.ts";
import {fail} from "../libvirt/error.ts";
import type {DomainSpec, ScaledText} from "../libvirt/spec.ts";
import {UnreadableError, type Mention, type RawValue, type Reading, type ReadProblem} from "./reading.ts";

/** The front of a line of a VMX file, `key =`. */
const KEY = /^[ \t]*([A-Za-z_.][\w.:-]*)[ \t]*=/;

interface VmxLine {
  readonly key: string;
  readonly value: string;
  readonly quoted: boolean;
}

/** Takes `key = "value"` apart, with or without the quotes; null when it is neither. */
function splitLine(line: string): VmxLine | null {
  const found = KEY.exec(line);
  if (!found) return null;
  const key = (found[1] ?? "").toLowerCase();
  const rest = line.slice(found[0].length).trim();
  if (!rest.startsWith('"')) return {key, value: (rest.split("#", 1)[0] ?? "").trim(), quoted: false};
  const end = rest.indexOf('"', 1);
  return end < 0 ? null : {key, value: rest.slice(1, end), quoted: true};
}

interface VmxLines {
  readonly values: ReadonlyMap<string, RawValue>;
  readonly problems: readonly ReadProblem[];
}

function unescape(text: string): string {
  return text.replace(/\|([\dA-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

interface Row {
  readonly line: string;
  readonly start: number;
}

function rowsOf(text: string): readonly Row[] {
  const rows: Row[] = [];
  for (const found of text.matchAll(/[^\r\n]+/g)) rows.push({line: found[0], start: found.index});
  return rows;
}

/** Keys in lower case; as libvirt does, the first of two lines with one key counts. */
function linesOfVmx(text: string): VmxLines {
  const values = new Map<string, RawValue>();
  const problems: ReadProblem[] = [];
  for (const {line, start} of rowsOf(text)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const span = {start, end: start + line.length};
    const found = splitLine(line);
    if (!found) {
      problems.push({severity: "warning", code: "not-read", message: 'this line is not key = "value" and was passed over', span});
      continue;
    }
    const {key, value, quoted} = found;
    if (values.has(key)) {
      if (MEMORY_KEYS.has(key)) problems.push({severity: "warning", code: "repeated", message: `libvirt reads the first ${key} only`, span});
      continue;
    }
    values.set(key, {text: unescape(value), span});
    if (!quoted && MEMORY_KEYS.has(key)) problems.push({severity: "warning", code: "not-quoted", message: `the value of ${key} has no quotes; libvirt refuses the file`, span});
  }
  return {values, problems};
}

const MEMORY_KEYS: ReadonlySet<string> = new Set(["memsize", "sched.mem.max", "sched.mem.min", "sched.mem.minsize", "sched.mem.shares", "sched.mem.pin", "sched.mem.maxmemctl"]);

/** A number as virVMXGetConfigLong takes it, MiB; "unlimited" is -1 and an absent key `fallback`. */
function megabytes(values: ReadonlyMap<string, RawValue>, key: string, shown: string, fallback: bigint): bigint {
  const raw = values.get(key.toLowerCase());
  if (!raw) return fallback;
  if (raw.text.toLowerCase() === "unlimited") return -1n;
  const number = scanSigned(raw.text);
  if (number?.rest !== "") fail("VIR_ERR_INTERNAL_ERROR", `Config entry '${shown}' must represent an integer value`);
  return number.value;
}

/** `<memory>`, `<currentMemory>` and `min_guarantee` as libvirt makes them of a VMX file, MiB. */
export interface VmxMemory {
  readonly memsize: bigint;
  readonly limit: bigint;
  readonly reservation: bigint;
}

const atMost = (value: bigint, top: bigint): bigint => (value > top ? top : value);

/**
 * The three sizes libvirt reads.
 * @throws LibvirtFailure INTERNAL_ERROR
 * Source: libvirt src/vmx/vmx.c virVMXParseConfig, read at a stored version of 2023 or later.
 */
export function vmxMemory(values: ReadonlyMap<string, RawValue>): VmxMemory {
  const memsize = megabytes(values, "memsize", "memsize", 32n);
  if (memsize <= 0n || memsize % 4n !== 0n) {
    fail("VIR_ERR_INTERNAL_ERROR", `Expecting VMX entry 'memsize' to be an unsigned integer (multiple of 4) but found ${memsize.toString()}`);
  }
  const max = megabytes(values, "sched.mem.max", "sched.mem.max", memsize);
  const min = megabytes(values, "sched.mem.minsize", "sched.mem.minsize", 0n);
  return {memsize, limit: atMost(max < 0n ? memsize : max, memsize), reservation: atMost(min < 0n ? 0n : min, memsize)};
}

const mib = (size: bigint): ScaledText => ({text: size.toString(), unit: "MiB"});

function mentionsIn(values: ReadonlyMap<string, RawValue>): readonly Mention[] {
  const found: Mention[] = [];
  const note = (what: Mention["what"], key: string, test: (text: string) => boolean): void => {
    const raw = values.get(key);
    if (raw && test(raw.text)) found.push({what, span: raw.span, detail: raw.text});
  };
  const isTrue = (text: string): boolean => text.toLowerCase() === "true";
  note("windows", "guestos", (text) => /^win/i.test(text));
  note("efi", "firmware", (text) => text.toLowerCase() === "efi");
  note("locked", "sched.mem.pin", isTrue);
  note("hugepages", "sched.mem.lpage.enable1gpage", isTrue);
  note("confidential", "sev.enable", isTrue);
  for (const [key, {text, span}] of values) if (/^pcipassthru\d+\.present$/.test(key) && isTrue(text)) found.push({what: "vfio", span, detail: key});
  return found;
}

/** What libvirt demands of a file besides its sizes. */
function versionProblems(values: ReadonlyMap<string, RawValue>): readonly ReadProblem[] {
  const problems: ReadProblem[] = [];
  const config = values.get("config.version");
  const hardware = values.get("virtualhw.version");
  const start = {start: 0, end: 0};
  if (config?.text.trim() !== "8") {
    problems.push({severity: "note", code: "vmx-version", message: "libvirt reads only files whose config.version is 8", span: config?.span ?? start});
  }
  if (!(Number(hardware?.text ?? "0") >= 4)) {
    problems.push({severity: "note", code: "vmx-version", message: "libvirt reads only files whose virtualHW.version is 4 or more", span: hardware?.span ?? start});
  }
  return problems;
}

function specOf(values: ReadonlyMap<string, RawValue>): DomainSpec {
  const {memsize, limit, reservation} = vmxMemory(values);
  const vcpus = scanSigned(values.get("numvcpus")?.text ?? "1");
  const name = values.get("displayname")?.text;
  return {
    type: "vmware",
    arch: /-64$/i.test(values.get("guestos")?.text ?? "") ? "x86_64" : "i686",
    ...(name === undefined ? {} : {name}),
    vcpus: vcpus && vcpus.value > 0n && vcpus.value <= 4096n ? Number(vcpus.value) : 1,
    memory: mib(memsize),
    currentMemory: mib(limit),
    ...(reservation > 0n ? {minGuarantee: mib(reservation)} : {})
  };
}

const FIELDS: readonly (readonly [field: string, key: string])[] = [
  ["memory", "memsize"],
  ["currentMemory", "sched.mem.max"],
  ["min_guarantee", "sched.mem.minsize"],
  ["name", "displayname"]
];

/**
 * Reads a VMX file; keys do not care about case.
 * @throws UnreadableError `not-vmx` when no line is `key = "value"`.
 * @throws LibvirtFailure INTERNAL_ERROR with libvirt's own message for a size it refuses.
 */
export function readVmx(text: string): Reading {
  const {values, problems} = linesOfVmx(text);
  if (values.size === 0) throw new UnreadableError("this is not a VMX file", {start: 0, end: 0}, {code: "not-vmx", expected: 'lines of key = "value"', hint: "give the .vmx file"});
  const spans = new Map(FIELDS.flatMap(([field, key]) => {
    const raw = values.get(key);
    return raw ? [[field, raw.span] as const] : [];
  }));
  return {format: "vmx", spec: specOf(values), spans, mentions: mentionsIn(values), problems: [...problems, ...versionProblems(values)], values, machine: null, xenType: null};
}

/** Sizes of a VMX file, MiB. */
export interface VmxSizes {
  readonly memsize: number;
  /** `sched.mem.max`, or null for no line. */
  readonly limit: number | null;
  /** `sched.mem.minsize`, or null for no line. */
  readonly reservation: number | null;
}

/**
 * What libvirt writes: `memsize` rounded up to 4 MiB, the others to 1 MiB. The
 * limit is compared with the rounded `memsize`, and so an odd size comes out limited.
 * Source: libvirt src/vmx/vmx.c virVMXFormatConfig.
 */
export function formatVmxMemory({total, current, limits}: Pick<DomainDef, "total" | "current" | "limits">): VmxSizes {
  const memsize = Math.ceil(total / 4096) * 4;
  return {
    memsize,
    limit: current < memsize * 1024 ? Math.ceil(current / 1024) : null,
    reservation: limits.minGuarantee > 0 ? Math.ceil(limits.minGuarantee / 1024) : null
  };
}
