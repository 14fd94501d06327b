import {parse, type Node, type Program} from "acorn";
import {simple, full} from "acorn-walk";
import {transform} from "sucrase";
import {names} from "./scope.ts";
import {sourceColumn} from "./source-map.ts";

/** What is wrong with a cell, and where: lines and columns count from 1. */
export interface CellError {
  readonly name: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** A cell that cannot be run at all. */
export class CellProblem extends Error {
  readonly line: number;
  readonly column: number;
  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = "SyntaxError";
    this.line = line;
    this.column = column;
  }
}

/** A cell made ready to be run. */
export interface Compiled {
  /** Names it uses from other cells or from the scope. */
  readonly inputs: readonly string[];
  /** Names it declares for other cells. */
  readonly outputs: readonly string[];
  readonly isAsync: boolean;
  /** The body of a function of `inputs` and `__cell`; it returns the outputs and leaves its last expression in `__cell.last`. */
  readonly body: string;
  /** Where a place of the body was in the reader's text. */
  readonly place: (line: number, column: number) => {readonly line: number; readonly column: number};
}

/** Names that belong to the cell itself. */
export const OWN = ["display", "view", "console", "__cell"] as const;

interface Edit {
  readonly at: number;
  readonly text: string;
}

/** Types are taken out, names are read, loops get a guard. Throws `CellProblem`. */
export function compile(code: string): Compiled {
  const {js, mappings} = stripTypes(code);
  const program = parseProgram(js, mappings);
  const {declared, free, assigned} = names(program);
  for (const {name, start} of assigned) {
    if (OWN.some((own) => own === name)) continue;
    throw problem(`${name} is not a variable of this cell: assign to it where it is declared`, js, start, mappings);
  }
  const edits = [...lastExpression(program), ...guards(program)].sort((a, b) => a.at - b.at);
  return {
    inputs: free.filter((name) => !OWN.some((own) => own === name)),
    outputs: declared,
    isAsync: awaits(program),
    body: `${apply(js, edits)}\nreturn {${declared.join(", ")}};`,
    place: (line, column) => {
      const before = unshift(js, edits, line, column);
      return {line, column: sourceColumn(mappings, line, before - 1) + 1};
    }
  };
}

function stripTypes(code: string): {js: string; mappings: string} {
  try {
    const {code: js, sourceMap} = transform(code, {transforms: ["typescript"], disableESTransforms: true, keepUnusedImports: true, filePath: "cell", sourceMapOptions: {compiledFilename: "cell"}});
    return {js, mappings: sourceMap?.mappings ?? ""};
  } catch (error) {
    const {message, loc} = error as Error & {loc?: {line: number; column: number}};
    throw new CellProblem(tidy(message), loc?.line ?? 1, loc?.column ?? 1);
  }
}

function parseProgram(js: string, mappings: string): Program {
  try {
    const program = parse(js, {ecmaVersion: 2022, sourceType: "module", allowAwaitOutsideFunction: true});
    const module = program.body.find((n) => n.type.startsWith("Import") || n.type.startsWith("Export"));
    if (module !== undefined) throw problem("nothing is imported or exported here: the model, Plot, d3 and Inputs are in scope", js, module.start, mappings);
    return program;
  } catch (error) {
    if (error instanceof CellProblem) throw error;
    const {message, pos} = error as Error & {pos: number};
    throw problem(tidy(message), js, pos, mappings);
  }
}

const tidy = (message: string): string => message.replace(/^Error transforming cell: /, "").replace(/ \(\d+:\d+\)$/, "");

function problem(message: string, js: string, at: number, mappings: string): CellProblem {
  const before = js.slice(0, at).split("\n");
  return new CellProblem(message, before.length, sourceColumn(mappings, before.length, before.at(-1)?.length ?? 0) + 1);
}

/** The value of an expression that ends the cell is what the cell shows, as in other notebooks. */
function lastExpression(program: Program): Edit[] {
  const last = program.body.at(-1);
  if (last?.type !== "ExpressionStatement") return [];
  const {start, end} = (last).expression;
  return [{at: start, text: "__cell.last=("}, {at: end, text: ")"}];
}

/** A call in every loop that waits for nothing, so that an endless one can be ended from within. */
function guards(program: Program): Edit[] {
  const edits: Edit[] = [];
  const guard = (loop: Node & {body: Node}): void => {
    if (awaits(loop)) return;
    const {body} = loop;
    if (body.type === "BlockStatement") edits.push({at: body.start + 1, text: "__cell.tick();"});
    else edits.push({at: body.start, text: "{__cell.tick();"}, {at: body.end, text: "}"});
  };
  simple(program, {WhileStatement: guard, DoWhileStatement: guard, ForStatement: guard});
  return edits;
}

/** True when a node waits: functions within it do not count. */
function awaits(node: Node): boolean {
  let found = false;
  const inner: Node[] = [];
  full(node, (n) => {
    if (/Function/.test(n.type)) inner.push(n);
  });
  full(node, (n) => {
    const waits = n.type === "AwaitExpression" || n.type === "YieldExpression" || (n.type === "ForOfStatement" && "await" in n && n.await);
    if (waits && !inner.some((f) => f !== node && f.start <= n.start && n.end <= f.end)) found = true;
  });
  return found;
}

function apply(js: string, edits: readonly Edit[]): string {
  let at = 0;
  const parts = edits.flatMap((edit) => {
    const part = js.slice(at, edit.at);
    at = edit.at;
    return [part, edit.text];
  });
  return [...parts, js.slice(at)].join("");
}

/** The column before the edits of that line; columns count from 1. */
function unshift(js: string, edits: readonly Edit[], line: number, column: number): number {
  const starts = js.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const end = js.indexOf("\n", starts);
  let result = column;
  for (const {at, text} of edits) {
    if (at < starts || (end >= 0 && at > end)) continue;
    if (at - starts + 1 < result) result = Math.max(at - starts + 1, result - text.length);
  }
  return result;
}
