import {Runtime, RuntimeError, type Module, type Variable} from "@observablehq/runtime";
import {CellProblem, compile, type CellError, type Compiled} from "../compile.ts";
import {INPUTS, NO_INPUTS, type Inputs} from "../inputs.ts";

export interface CellSource {
  readonly id: string;
  readonly code: string;
}

/** Where what cells do is told. `show` gets everything a run has shown so far. */
export interface Report {
  running(id: string): void;
  shown(id: string, values: readonly unknown[], done: boolean, ms: number): void;
  failed(id: string, error: CellError): void;
}

export interface RunnerOptions {
  /** Values in scope by name; a function under `lazy` is called when a cell first uses the name. */
  readonly scope: Readonly<Record<string, unknown>>;
  readonly lazy: Readonly<Record<string, () => unknown>>;
  readonly report: Report;
  /** Milliseconds, from any origin. */
  readonly now: () => number;
  /** An input's values as a generator, for `view`. */
  readonly valuesOf: (input: unknown) => unknown;
}

export interface Runner {
  /** Makes the cells these: only those that changed, and what depends on them, run. */
  define(cells: readonly CellSource[]): void;
  /** What the page gives: those named get a new value, and what uses them runs. */
  inputs(values: Partial<Inputs>): void;
  again(id: string): void;
}

/** A loop that waits for nothing may take this long, ms. */
export const LONGEST = 4_000;

interface Defined {
  readonly source: CellSource;
  readonly outputs: readonly string[];
  readonly problem: string | null;
  readonly variables: readonly Variable[];
}

/** Cells as variables of the Observable runtime: any order, no hidden state. */
export function createRunner({scope, lazy, report, now, valuesOf}: RunnerOptions): Runner {
  const builtins = Object.fromEntries([...Object.entries(scope).map(([name, value]) => [name, () => value] as const), ...Object.entries(lazy)]);
  const main: Module = new Runtime(builtins).module();
  const page = pageInputs(main);
  const defined = new Map<string, Defined>();

  const fail = (id: string, error: unknown, compiled: Compiled | null): void => report.failed(id, errorOf(id, error, compiled));

  const start = (source: CellSource, twice: ReadonlyMap<string, readonly string[]>): Defined => {
    const before = defined.get(source.id);
    let compiled: Compiled | null = null;
    let problem: unknown = null;
    try {
      compiled = compile(source.code);
      const name = compiled.outputs.find((output) => (twice.get(output)?.length ?? 0) > 1);
      if (name !== undefined) throw new CellProblem(`${name} is declared by more than one cell: give one of them another name`, 1, 1);
    } catch (error) {
      problem = error;
    }
    const outputs = compiled?.outputs ?? before?.outputs ?? [];
    if (problem !== null || compiled === null) {
      fail(source.id, problem, null);
      // What waits for this cell says so, instead of going on with what it was.
      const variables = outputs.filter((name) => (twice.get(name)?.length ?? 0) <= 1).map((name) => main.variable().define(name, [], () => waitFor(source.id)));
      return {source, outputs, problem: String(problem), variables};
    }
    return {source, outputs, problem: null, variables: variablesOf(source, compiled)};
  };

  const variablesOf = (source: CellSource, compiled: Compiled): Variable[] => {
    const name = `cell ${source.id}`;
    const root = main.variable({rejected: (error: unknown) => fail(source.id, error, compiled)});
    const run = createRun(source, compiled, {report, now, valuesOf, isCurrent: () => defined.get(source.id)?.variables[0] === root});
    root.define(name, [...compiled.inputs], run);
    return [root, ...compiled.outputs.map((output) => main.variable().define(output, [name], (outputs: Record<string, unknown>) => outputs[output]))];
  };

  const define = (cells: readonly CellSource[]): void => {
    const twice = declared(cells);
    const clash = (source: CellSource): boolean => outputsOf(source).some((name) => (twice.get(name)?.length ?? 0) > 1);
    const kept = new Set(cells.filter((cell) => {
      const known = defined.get(cell.id);
      return known !== undefined && known.source.code === cell.code && (known.problem !== null) === (clash(cell) || compiles(cell) !== null);
    }).map(({id}) => id));
    for (const [id, {variables}] of defined) {
      if (kept.has(id)) continue;
      for (const variable of variables) variable.delete();
      if (!cells.some((cell) => cell.id === id)) defined.delete(id);
    }
    for (const cell of cells) if (!kept.has(cell.id)) defined.set(cell.id, start(cell, twice));
    page.leave(new Set([...defined.values()].flatMap(({outputs}) => outputs)));
  };

  return {
    define,
    inputs: (values) => page.give(values),
    again: (id) => {
      const known = defined.get(id);
      if (known === undefined) return;
      for (const variable of known.variables) variable.delete();
      defined.set(id, start(known.source, declared([...defined.values()].map(({source}) => source))));
    }
  };
}

interface PageInputs {
  give(values: Partial<Inputs>): void;
  /** A cell that declares such a name itself stands in for the page. */
  leave(declared: ReadonlySet<string>): void;
}

/** What the page gives, as variables beside the cells. */
function pageInputs(main: Module): PageInputs {
  const inputs = INPUTS.map((name) => ({name, value: NO_INPUTS[name], variable: main.variable().define(name, [], () => NO_INPUTS[name]), left: false}));
  return {
    give: (values) => {
      for (const input of inputs) {
        const value = values[input.name];
        if (value === undefined) continue;
        input.value = value;
        if (!input.left) input.variable.define(input.name, [], () => input.value);
      }
    },
    leave: (declared) => {
      for (const input of inputs) {
        const left = declared.has(input.name);
        if (left === input.left) continue;
        input.left = left;
        if (left) input.variable.delete();
        else input.variable.define(input.name, [], () => input.value);
      }
    }
  };
}

const waitFor = (id: string): never => {
  throw new Error(`waits for cell ${id}, which has an error`);
};

/** Which cells declare a name. */
function declared(cells: readonly CellSource[]): Map<string, string[]> {
  const by = new Map<string, string[]>();
  for (const cell of cells) for (const name of outputsOf(cell)) by.set(name, [...(by.get(name) ?? []), cell.id]);
  return by;
}

const known = new Map<string, Compiled | null>();

/** The same text is read once. */
function tryCompile(code: string): Compiled | null {
  const before = known.get(code);
  if (before !== undefined) return before;
  let compiled: Compiled | null = null;
  try {
    compiled = compile(code);
  } catch {
    // Told where the cell is defined.
  }
  if (known.size > 500) known.clear();
  known.set(code, compiled);
  return compiled;
}

const outputsOf = ({code}: CellSource): readonly string[] => tryCompile(code)?.outputs ?? [];
const compiles = ({code}: CellSource): "broken" | null => (tryCompile(code) === null ? "broken" : null);

interface RunTools extends Pick<RunnerOptions, "report" | "now" | "valuesOf"> {
  readonly isCurrent: () => boolean;
}

/** A cell as a function of its inputs that returns its outputs. */
function createRun(source: CellSource, compiled: Compiled, {report, now, valuesOf, isCurrent}: RunTools): (...values: unknown[]) => unknown {
  let runs = 0;
  return (...values) => {
    const turn = ++runs;
    const shown: unknown[] = [];
    const begun = now();
    let done = false;
    const show = <T>(value: T): T => {
      shown.push(value);
      // What is shown after the cell has ended, or while it waits, is told at once.
      if ((done || compiled.isAsync) && turn === runs && isCurrent()) report.shown(source.id, shown, done, now() - begun);
      return value;
    };
    const own = {last: undefined as unknown, tick: createTick(now)};
    const say = (...parts: unknown[]): void => void show(parts.length === 1 ? parts[0] : parts);
    const view = (input: unknown): unknown => (show(input), valuesOf(input));
    const finish = (outputs: unknown): unknown => {
      if (own.last !== undefined && !shown.includes(own.last)) shown.push(own.last);
      done = true;
      if (turn === runs && isCurrent()) report.shown(source.id, shown, true, now() - begun);
      return outputs;
    };
    report.running(source.id);
    const made = functionOf(source, compiled)(own, show, view, {log: say, info: say, warn: say, error: say, table: say}, ...values);
    return compiled.isAsync ? (made as Promise<unknown>).then(finish) : finish(made);
  };
}

/** Where a line of a cell stands below the start of its function, in every browser. */
const HEAD = 3;

function functionOf({id}: CellSource, {inputs, body, isAsync}: Compiled): (...args: unknown[]) => unknown {
  const Made = (isAsync ? (async () => Promise.resolve()).constructor : Function) as FunctionConstructor;
  // The one place of the site that turns text into code: inside the frame, whose policy alone allows it.
  return new Made("__cell", "display", "view", "console", ...inputs, `"use strict";\n${body}\n//# sourceURL=cell-${id}.js`) as (...args: unknown[]) => unknown;
}

/** Ends a loop that has run for too long without a pause. */
function createTick(now: () => number): () => void {
  let count = 0;
  let since: number | null = null;
  return () => {
    if ((++count & 1023) !== 0) return;
    since ??= now();
    if (now() - since > LONGEST) throw new Error(`stopped: this loop ran for more than ${LONGEST / 1000} s; is there an end to it?`);
  };
}

function errorOf(id: string, error: unknown, compiled: Compiled | null): CellError {
  if (error instanceof CellProblem) return {name: error.name, message: error.message, line: error.line, column: error.column};
  const {name, message, stack} = error instanceof Error ? error : {name: "Error", message: String(error), stack: undefined};
  const input = error instanceof RuntimeError ? error.input : undefined;
  if (input !== undefined) return {name: "Error", message: message === `${input} is not defined` ? message : `waits for ${input}: ${message}`, line: null, column: null};
  const found = new RegExp(`cell-${id}\\.js:(\\d+):(\\d+)`).exec(stack ?? "");
  const line = found === null ? 0 : Number(found[1]) - HEAD;
  if (found === null || compiled === null || line < 1) return {name, message, line: null, column: null};
  return {name, message, ...compiled.place(line, Number(found[2]))};
}
