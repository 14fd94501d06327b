import {ModelError} from "../errors.ts";
import {attempt, LibvirtFailure} from "../domain/libvirt/error.ts";
import {validateMemoryDevice, validateQemuBalloon, validateQemuDomain} from "../domain/libvirt/validate.ts";
import {detectFormat, type TextFormat, type ToolFormat} from "../domain/formats/detect.ts";
import {readDomainXml} from "../domain/formats/domain-xml.ts";
import {linesOf, type Lines} from "../domain/formats/place.ts";
import {readQemuArgv} from "../domain/formats/qemu-read.ts";
import {checkText, UnreadableError, type ConfigFormat, type Reading} from "../domain/formats/reading.ts";
import {readVmx} from "../domain/formats/vmx.ts";
import {readXlCfg} from "../domain/formats/xl-cfg.ts";
import {definitionOf, driverOf, numbersOf, startedNumbers} from "./define.ts";
import {balloonRules} from "./rules/balloon.ts";
import {esxRules} from "./rules/esx.ts";
import {limitRules} from "./rules/limits.ts";
import {sizeRules} from "./rules/sizes.ts";
import {unknowns} from "./rules/unknowns.ts";
import {xenRules} from "./rules/xen.ts";
import {SOURCES} from "./sources.ts";
import {explainTool} from "./explain-tool.ts";
import type {Draft, Explanation, Finding, Severity, Subject, Unknown} from "./types.ts";

const READERS: Readonly<Record<ConfigFormat, (text: string) => Reading>> = {libvirt: readDomainXml, xl: readXlCfg, vmx: readVmx, qemu: readQemuArgv};
const RULES = [...sizeRules, ...limitRules, ...balloonRules, ...xenRules, ...esxRules];
const RANK: Readonly<Record<Severity, number>> = {error: 0, warning: 1, note: 2};

export interface ExplainOptions {
  /** What the text is; by default it is recognised. */
  readonly from?: TextFormat | undefined;
  /** The file's name, which helps to recognise it. */
  readonly name?: string | undefined;
}

/** Whether a format is a configuration. */
export const isConfig = (format: TextFormat): format is ConfigFormat => Object.hasOwn(READERS, format);

function placed({at, ...draft}: Draft, reading: Reading | null, lines: Lines): Finding {
  const span = typeof at === "string" ? (reading?.spans.get(at) ?? reading?.spans.get("domain")) : at;
  return {...draft, place: span ? lines.place(span) : null};
}

/** Worst first, then in the order of the text. */
export function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || (a.place?.offset ?? 0) - (b.place?.offset ?? 0));
}

function readDrafts({problems}: Reading): readonly Draft[] {
  return problems.map(({severity, code, message, span}) => ({code, severity, layer: null, at: span, what: message.charAt(0).toUpperCase() + message.slice(1) + ".", meaning: "", action: "", source: SOURCES.driverDiffers}));
}

/** What libvirt's libxl driver says to the balloon models it does not run. */
function xenBalloon({def: {balloon}}: Subject): readonly Draft[] {
  if (balloon.model === "xen") return [];
  const what = balloon.model === "none" ? "balloon device cannot be disabled" : `unsupported balloon device model '${balloon.model}'`;
  return [{code: "refused-by-driver", severity: "error", layer: "current", at: "balloon", what, meaning: "libvirt's libxl driver does not start this domain: a Xen guest has Xen's balloon.", action: "Take the element out, or write model='xen'.", source: SOURCES.libxlBalloon}];
}

/** What libvirt 9.0.0 refuses of a definition that can be parsed. */
function refusals(subject: Subject): readonly Draft[] {
  const {def, driver, reading} = subject;
  if (driver === "xen" && reading.format === "libvirt") return xenBalloon(subject);
  if (driver !== "qemu" || reading.format !== "libvirt") return [];
  const strict = {...def, slots: def.max > 0 && def.slots === 0 ? 256 : def.slots};
  const checks = [() => validateQemuDomain(strict), () => validateQemuBalloon(def), ...def.devices.map((device) => () => validateMemoryDevice(def, device))];
  const [error] = checks.flatMap((check) => {
    const outcome = attempt(check);
    return outcome.ok ? [] : [outcome.error];
  });
  if (!error) return [];
  return [{
    code: "refused-by-driver",
    severity: "error",
    layer: "configured",
    at: error.message.includes("min_guarantee") ? "min_guarantee" : def.devices.length > 0 ? "devices[0]" : "maxMemory",
    what: error.message,
    meaning: "The QEMU driver of libvirt 9.0.0 does not define this domain. Releases differ in what they take.",
    action: "",
    source: SOURCES.validate
  }];
}

/** A configuration that libvirt refuses: its message, and no numbers. */
function refused(reading: Reading | null, format: ConfigFormat, failure: LibvirtFailure, lines: Lines, unknown: readonly Unknown[]): Explanation {
  const spans = [...(reading?.spans.keys() ?? [])];
  const named = ["maxMemory", "currentMemory", "memory", "numa"].find((field) => failure.message.toLowerCase().includes(field.toLowerCase()) && spans.includes(field)) ?? "memory";
  const draft: Draft = {code: "refused", severity: "error", layer: "configured", at: named, what: failure.message, meaning: "libvirt does not take this configuration, and so it has no numbers.", action: "Correct the value.", source: SOURCES.postParse};
  const findings = sorted([placed(draft, reading, lines), ...(reading ? readDrafts(reading).map((one) => placed(one, reading, lines)) : [])]);
  return {format, domain: null, defined: null, started: null, observed: null, findings, unknown};
}

function explainReading(reading: Reading, lines: Lines): Explanation {
  const def = definitionOf(reading);
  const subject: Subject = {reading, def, driver: driverOf(def.type)};
  const drafts = [...readDrafts(reading), ...refusals(subject), ...RULES.flatMap((rule) => rule(subject))];
  const redefined = subject.driver === "qemu" && reading.format === "libvirt" ? attempt(() => definitionOf(reading, true)) : null;
  const isOther = redefined?.ok === true && (redefined.value.total !== def.total || redefined.value.current !== def.current);
  return {
    format: reading.format,
    domain: numbersOf(def),
    defined: isOther ? {memory: redefined.value.total, currentMemory: redefined.value.current} : null,
    started: startedNumbers(subject),
    observed: null,
    findings: sorted(drafts.map((draft) => placed(draft, reading, lines))),
    unknown: unknowns(subject)
  };
}

function explainConfig(text: string, format: ConfigFormat, lines: Lines): Explanation {
  let reading: Reading | null = null;
  try {
    reading = READERS[format](text);
    return explainReading(reading, lines);
  } catch (error) {
    if (error instanceof LibvirtFailure) return refused(reading, format, error, lines, []);
    throw error;
  }
}

/** An error with the line and column it is about, as `path`. */
function located(error: UnreadableError, lines: Lines): ModelError {
  const {line, column} = lines.place(error.span);
  return new ModelError(error.message, {code: error.code, path: `${line}:${column}`, expected: error.expected, hint: error.hint});
}

function formatOf(text: string, {from, name}: ExplainOptions): TextFormat {
  const format = from ?? detectFormat(text, name);
  if (format) return format;
  throw new UnreadableError("this is no format that is known here", {start: 0, end: 0}, {
    code: "unknown-format",
    expected: "a libvirt domain XML, an xl.cfg, a .vmx, a QEMU command line, or the output of dommemstat, dominfo, free, xl list, /proc/meminfo or cgroup files",
    hint: "say which it is"
  });
}

/**
 * What a configuration or a tool's output says about a machine's memory.
 * @throws ModelError whose path is `line:column`, when the text cannot be read.
 */
export function explain(text: string, options: ExplainOptions = {}): Explanation {
  const lines = linesOf(text);
  try {
    checkText(text);
    const format = formatOf(text, options);
    return isConfig(format) ? explainConfig(text, format, lines) : explainTool(text, format satisfies ToolFormat, lines);
  } catch (error) {
    if (error instanceof UnreadableError) throw located(error, lines);
    throw error;
  }
}

/** The readings behind `explain`, for translations. @throws ModelError as `explain`, or LibvirtFailure */
export function readConfig(text: string, options: ExplainOptions = {}): Reading {
  const lines = linesOf(text);
  try {
    checkText(text);
    const format = formatOf(text, options);
    if (isConfig(format)) return READERS[format](text);
    throw new UnreadableError("this is a tool's output, not a configuration", {start: 0, end: 0}, {code: "not-a-configuration", expected: "a configuration", hint: "only configurations can be translated"});
  } catch (error) {
    if (error instanceof UnreadableError) throw located(error, lines);
    throw error;
  }
}
