import {ID, isCode, MOST_CELLS, type Cell} from "../cell.ts";
import {CellsProblem} from "../codec.ts";
import {compile, CellProblem} from "../compile.ts";
import {inOrder} from "../run-now.ts";

/**
 * A notebook of Jupyter's format, nbformat 4.5, for the Deno kernel: the model
 * stands in the first cell, so that nothing has to be fetched. Cells stand in
 * an order that runs from top to bottom; ours of the page is kept beside it.
 */
export function toIpynb(cells: readonly Cell[], model: string): string {
  const order = runOrder(cells);
  const prelude = `${model}\nconst {${scopeNames(cells).join(", ")}} = setmem;\nconst display = (value) => { console.log(value?.html === undefined ? value : String(value)); return value; };\nconst view = (input) => display(input)?.value ?? input;`;
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {kernelspec: {name: "deno", display_name: "Deno", language: "typescript"}, language_info: {name: "typescript", file_extension: ".ts", mimetype: "text/x.typescript"}, setmem: {version: 1}},
    cells: [
      {cell_type: "markdown", id: "about", metadata: {setmem: {role: "about"}}, source: lines("Made by setmem. The next cell is the model itself; run the cells from top to bottom with the Deno kernel.")},
      {cell_type: "code", id: "model", metadata: {setmem: {role: "model"}, jupyter: {source_hidden: true}}, execution_count: null, outputs: [], source: lines(prelude)},
      ...order.map((cell) => asNotebookCell(cell, cells.indexOf(cell)))
    ]
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function asNotebookCell(cell: Cell, place: number): object {
  const metadata = {setmem: {id: cell.id, place, slot: cell.slot, folded: cell.folded}};
  if (cell.kind === "md") return {cell_type: "markdown", id: cell.id, metadata, source: lines(cell.code)};
  return {cell_type: "code", id: cell.id, metadata, execution_count: null, outputs: [], source: lines(cell.code)};
}

/** Text as nbformat keeps it: lines with their ends. */
const lines = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));

/** Names of the scope that cells do not declare themselves: a name may stand for only one thing in a kernel. */
function scopeNames(cells: readonly Cell[]): string[] {
  const declared = new Set<string>();
  const used = new Set<string>();
  for (const cell of cells) {
    const compiled = tryCompile(cell);
    for (const name of compiled?.outputs ?? []) declared.add(name);
    for (const name of compiled?.inputs ?? []) used.add(name);
  }
  return [...used].filter((name) => !declared.has(name) && !(name in globalThis) && !["Plot", "d3", "Inputs", "html", "svg", "width"].includes(name));
}

function tryCompile(cell: Cell): ReturnType<typeof compile> | null {
  if (cell.kind !== "ts") return null;
  try {
    return compile(cell.code);
  } catch (error) {
    if (error instanceof CellProblem) return null;
    throw error;
  }
}

/** Sources before their users, otherwise as they stand; what cannot be read or goes in a circle stays where it is. */
function runOrder(cells: readonly Cell[]): readonly Cell[] {
  const nothing = {inputs: [], outputs: [], isAsync: false, body: "", place: (line: number, column: number) => ({line, column})};
  try {
    return inOrder(cells.map((cell) => ({cell, compiled: tryCompile(cell) ?? nothing}))).map(({cell}) => cell);
  } catch {
    return cells;
  }
}

/** Reads cells from a notebook: ours with all they had, others by their text. Throws `CellsProblem`. */
export function fromIpynb(text: string): readonly Cell[] {
  const bad = new CellsProblem("this file is not a notebook of nbformat 4");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad;
  }
  if (typeof value !== "object" || value === null) throw bad;
  const {nbformat, cells} = value as Record<string, unknown>;
  if (nbformat !== 4 || !Array.isArray(cells) || cells.length > MOST_CELLS + 2) throw bad;
  const read = cells.flatMap((cell: unknown, i) => readCell(cell, i) ?? []);
  const ordered = [...read].sort((a, b) => a.place - b.place).map(({cell}) => cell);
  if (new Set(ordered.map(({id}) => id)).size === ordered.length) return ordered;
  return ordered.map((cell, i) => ({...cell, id: `n${i + 1}`}));
}

function readCell(value: unknown, index: number): {cell: Cell; place: number} | null {
  if (typeof value !== "object" || value === null) throw new CellsProblem(`cell ${index + 1} of this file cannot be read`);
  const {cell_type: type, source, metadata} = value as Record<string, unknown>;
  const own = (typeof metadata === "object" && metadata !== null ? (metadata as Record<string, unknown>)["setmem"] : undefined) as Record<string, unknown> | undefined;
  if (own?.["role"] !== undefined || (type !== "code" && type !== "markdown")) return null;
  const code = Array.isArray(source) ? source.join("") : source;
  if (!isCode(code)) throw new CellsProblem(`cell ${index + 1} of this file is too long, or no text`);
  const {id, place, slot, folded} = own ?? {};
  const natural = (n: unknown, otherwise: number): number => (typeof n === "number" && Number.isInteger(n) && n >= 0 && n <= MOST_CELLS ? n : otherwise);
  return {
    cell: {id: typeof id === "string" && ID.test(id) ? id : `n${index + 1}`, kind: type === "code" ? "ts" : "md", code, folded: folded === true, slot: natural(slot, 0)},
    place: natural(place, index)
  };
}
