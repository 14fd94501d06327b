import {ModelError} from "../../../src/errors.ts";
import {LibvirtFailure} from "../../../src/domain/libvirt/error.ts";
import type {ConfigFormat} from "../../../src/domain/formats/reading.ts";
import {checklist, type Step} from "../../../src/explain/checklist.ts";
import {explain, isConfig} from "../../../src/explain/explain.ts";
import {hostOf, type HostTotals} from "../../../src/explain/host.ts";
import {translate} from "../../../src/explain/translate.ts";
import type {Explanation, Translation} from "../../../src/explain/types.ts";

export interface InputFile {
  readonly name: string;
  readonly text: string;
}

export interface Request {
  readonly files: readonly InputFile[];
  readonly active: number;
  readonly to: ConfigFormat | null;
}

/** Everything that is shown for one request; plain data, so that it can come from a worker. */
export interface Answer {
  readonly name: string;
  readonly explanation: Explanation | null;
  readonly steps: readonly Step[];
  /** Why there is no explanation. */
  readonly error: {readonly message: string; readonly place: string; readonly expected: string; readonly hint: string} | null;
  readonly translation: Translation | null;
  readonly host: HostTotals | null;
}

function explained(file: InputFile): Explanation | ModelError {
  try {
    return explain(file.text, {name: file.name});
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
}

function translated(file: InputFile, to: ConfigFormat | null, explanation: Explanation): Translation | null {
  if (to === null || !isConfig(explanation.format)) return null;
  try {
    return translate(file.text, to, {name: file.name});
  } catch (error) {
    if (error instanceof LibvirtFailure) return null;
    throw error;
  }
}

/** Explains the active file, and all of them as one host. */
export function answer({files, active, to}: Request): Answer {
  const file = files[active] ?? {name: "", text: ""};
  const result = explained(file);
  const all = files.length < 2 ? [] : files.map(explained).filter((one): one is Explanation => !(one instanceof ModelError));
  const host = hostOf(all);
  if (result instanceof ModelError) {
    return {name: file.name, explanation: null, steps: [], error: {message: result.message, place: result.path, expected: result.expected, hint: result.hint}, translation: null, host};
  }
  return {name: file.name, explanation: result, steps: checklist(result), error: null, translation: translated(file, to, result), host};
}
