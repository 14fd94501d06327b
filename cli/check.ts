import {basename} from "node:path";
import {checkRecording} from "../src/check/check.ts";
import {parseRecordingText} from "../src/check/parse.ts";
import {reportText, summaryLine} from "../src/check/report.ts";
import type {CheckReport} from "../src/check/types.ts";
import {describeError} from "./errors.ts";
import {EXIT, type Io} from "./io.ts";

type Checked = {readonly file: string; readonly report: CheckReport} | {readonly file: string; readonly error: string};

function checkFile(file: string, io: Io): Checked {
  try {
    return {file, report: checkRecording(parseRecordingText(io.read(file), basename(file)))};
  } catch (error) {
    return {file, error: describeError(error)};
  }
}

function printText(results: readonly Checked[], io: Io): void {
  for (const result of results) {
    if ("error" in result) io.err(`${result.file}: ${result.error}`);
    else io.out(`${reportText(result.report)}\n`);
  }
  const reports = results.flatMap((result) => ("report" in result ? [result.report] : []));
  if (reports.length > 1) io.out(reports.map(summaryLine).join("\n"));
}

/** 2 when any file was unreadable, else 1 when any missed a bar, else 0. */
function exitCode(results: readonly Checked[]): number {
  if (results.some((result) => "error" in result)) return EXIT.unreadable;
  return results.every((result) => "report" in result && result.report.ok) ? EXIT.ok : EXIT.failed;
}

/** `setmem check RECORDING.json... [--json]`: predicted beside recorded, field by field. */
export function check(files: readonly string[], json: boolean, io: Io): number {
  const results = files.map((file) => checkFile(file, io));
  const code = exitCode(results);
  if (json) io.out(JSON.stringify({exitCode: code, results}, null, 2));
  else printText(results, io);
  return code;
}
