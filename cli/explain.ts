import {basename} from "node:path";
import {LibvirtFailure} from "../src/domain/libvirt/error.ts";
import {decodeText} from "../src/domain/formats/decode.ts";
import type {TextFormat} from "../src/domain/formats/detect.ts";
import type {ConfigFormat} from "../src/domain/formats/reading.ts";
import {explain, isConfig} from "../src/explain/explain.ts";
import {explanationText, lossText} from "../src/explain/report.ts";
import {hostOf, type HostTotals} from "../src/explain/host.ts";
import {translate} from "../src/explain/translate.ts";
import type {Explanation, Severity, Translation} from "../src/explain/types.ts";
import {describeError} from "./errors.ts";
import {EXIT, type Io} from "./io.ts";

const CONFIGS: readonly ConfigFormat[] = ["libvirt", "xl", "vmx", "qemu"];
const FORMATS: readonly TextFormat[] = [...CONFIGS, "dommemstat", "dominfo", "free", "meminfo", "xl-list", "cgroup"];
const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

interface Options {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly to: ConfigFormat | null;
  readonly from: TextFormat | undefined;
  readonly failOn: Severity;
}

/** What is wrong with the command line. */
export class UsageError extends Error {}

function choice<T extends string>(allowed: readonly T[], option: string, value: string | undefined): T {
  const found = allowed.find((one) => one === value);
  if (!found) throw new UsageError(`${option} takes one of ${allowed.join(", ")}`);
  return found;
}

/** `--to xl` and `--to=xl`; `-` is a file, and after `--` everything is. */
export function parseExplainOptions(args: readonly string[]): Options {
  const options = {files: [] as string[], json: false, to: null as ConfigFormat | null, from: undefined as TextFormat | undefined, failOn: "warning" as Severity};
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name = "", inline] = word.startsWith("--") && word.includes("=") ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word];
    const value = (): string | undefined => inline ?? rest.shift();
    if (name === "--json" && inline === undefined) options.json = true;
    else if (name === "--to") options.to = choice(CONFIGS, name, value());
    else if (name === "--from") options.from = choice(FORMATS, name, value());
    else if (name === "--fail-on") options.failOn = choice(SEVERITIES, name, value());
    else if (name === "--") options.files.push(...rest.splice(0));
    else if (word.startsWith("-") && word !== "-") throw new UsageError(`unknown option: ${word}`);
    else options.files.push(word);
  }
  if (options.files.length === 0) throw new UsageError("explain takes at least one file, or - for standard input");
  return options;
}

type Result =
  | {readonly file: string; readonly explanation: Explanation; readonly translation: Translation | null; readonly failure: string | null}
  | {readonly file: string; readonly error: string};

function translationOf(text: string, {to, from}: Options, name: string, format: TextFormat): {translation: Translation | null; failure: string | null} {
  if (to === null || !isConfig(format)) return {translation: null, failure: to === null ? null : "only configurations can be translated"};
  try {
    return {translation: translate(text, to, {from, name}), failure: null};
  } catch (error) {
    if (error instanceof LibvirtFailure) return {translation: null, failure: error.message};
    throw error;
  }
}

function explainFile(file: string, options: Options, io: Io): Result {
  try {
    const {text} = decodeText(io.readBytes(file));
    const name = file === "-" ? "" : basename(file);
    const explanation = explain(text, {from: options.from, name});
    return {file, explanation, ...translationOf(text, options, name, explanation.format)};
  } catch (error) {
    return {file, error: describeError(error)};
  }
}

function jsonOf(result: Result): unknown {
  if ("error" in result) return {file: result.file, error: result.error};
  return result.translation ? {...result.explanation, translation: result.translation} : result.explanation;
}

function printText(results: readonly Result[], {to}: Options, host: HostTotals | null, io: Io): void {
  for (const result of results) {
    if ("error" in result) continue;
    const report = explanationText(result.explanation, results.length > 1 ? result.file : null);
    if (to === null) io.out(report);
    else {
      if (result.translation) io.out(result.translation.text);
      if (result.failure !== null) io.err(`${result.file}: ${result.failure}`);
      if (result.translation && result.translation.losses.length > 0) io.err(result.translation.losses.map(lossText).join("\n"));
    }
  }
  if (host && to === null) io.out(host.text);
}

function exitCode(results: readonly Result[], failOn: Severity): number {
  if (results.some((result) => "error" in result || result.failure !== null)) return EXIT.unreadable;
  const bad = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  return results.some((result) => "explanation" in result && result.explanation.findings.some(({severity}) => bad.includes(severity))) ? EXIT.failed : EXIT.ok;
}

/** `setmem explain FILE... [--json] [--to …] [--from …] [--fail-on …]`. @throws UsageError */
export function explainCommand(args: readonly string[], io: Io): number {
  const options = parseExplainOptions(args);
  const results = options.files.map((file) => explainFile(file, options, io));
  for (const result of results) if ("error" in result) io.err(`${result.file}: ${result.error}`);
  const explained = results.flatMap((result) => ("explanation" in result ? [result.explanation] : []));
  const host = explained.length > 1 ? hostOf(explained) : null;
  if (options.json) io.out(JSON.stringify(results.length === 1 ? results.map(jsonOf)[0] : results.map(jsonOf), null, 2));
  else printText(results, options, host, io);
  return exitCode(results, options.failOn);
}
