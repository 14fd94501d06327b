import type {Cell} from "./cell.ts";
import {compile} from "./compile.ts";

/** What a page gives its cells. */
export interface Inputs {
  readonly params: Readonly<Record<string, number>>;
  /** What stands on the page's timeline, as the model takes it. */
  readonly events: readonly object[];
}

export const NO_INPUTS: Inputs = {params: {}, events: []};

export const INPUTS = ["params", "events"] as const;

const ID = "inputs";
const NOTE = "// From the page, as it was when this was saved.";

/**
 * Cells for a file: what the page gave them stands in a cell of its own, for
 * in a file nothing else gives it. Only what is used and declared by no cell.
 */
export function withInputs(cells: readonly Cell[], inputs: Inputs): readonly Cell[] {
  const read = cells.flatMap((cell) => (cell.kind === "ts" ? namesOf(cell) : []));
  const declared = new Set(read.flatMap(({outputs}) => outputs));
  const used = new Set(read.flatMap(({inputs: names}) => names));
  const missing = INPUTS.filter((name) => used.has(name) && !declared.has(name));
  if (missing.length === 0 || cells.some(({id}) => id === ID)) return cells;
  const code = [NOTE, ...missing.map((name) => `const ${name} = ${JSON.stringify(inputs[name])};`)].join("\n");
  return [{id: ID, kind: "ts", code, folded: false, slot: 0}, ...cells];
}

function namesOf({code}: Cell): {readonly inputs: readonly string[]; readonly outputs: readonly string[]}[] {
  try {
    return [compile(code)];
  } catch {
    // A cell that cannot be read uses nothing; it says so where it stands.
    return [];
  }
}
