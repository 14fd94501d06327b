import type {Inputs} from "./inputs.ts";
import {begin as beginHistory, push, redo, undo, type History} from "../state/history.ts";
import type {Cell} from "./cell.ts";
import type {CellError} from "./compile.ts";
import {begin, reduceCells, type CellAction, type NotebookState} from "./notebook-state.ts";
import type {FromFrame, ToFrame} from "./protocol.ts";
import {safeTree, words, type OutNode} from "./tree.ts";

/** What a cell has come to. */
export interface Result {
  readonly status: "running" | "done" | "failed";
  readonly nodes: readonly OutNode[];
  readonly error: CellError | null;
  /** How long its last run took, ms. */
  readonly ms: number;
}

/** What the controller needs of a sandbox; tests give their own. */
export interface Cage {
  send(message: Exclude<ToFrame, {type: "ping"}>): void;
  close(): void;
}

export interface ControllerOptions {
  readonly base: readonly Cell[];
  readonly cells: readonly Cell[];
  /** False for code that came with a link or a file: nothing runs before `agree`. */
  readonly agreed: boolean;
  readonly openCage: (on: {message: (m: Exclude<FromFrame, {type: "ready" | "pong"}>) => void; killed: (running: string | null) => void}) => Cage;
  readonly changed: () => void;
  /** Said to those who do not see the page. */
  readonly say: (text: string) => void;
}

/** The reader's notebook: state, undo, what runs and what came of it. No DOM. */
export interface Controller {
  state(): NotebookState;
  agreed(): boolean;
  agree(): void;
  canUndo(): boolean;
  canRedo(): boolean;
  undo(): void;
  redo(): void;
  dispatch(action: CellAction): void;
  /** Replaces the cells by those of a link or file: they wait to be agreed to. */
  load(cells: readonly Cell[]): void;
  run(id: string): void;
  runAll(): void;
  result(id: string): Result | null;
  /** True when the text is not the one that ran. */
  isStale(cell: Cell): boolean;
  follow(inputs: Inputs): void;
  control(event: Extract<ToFrame, {type: "control"}>["event"]): void;
}

const KILLED = "stopped: no answer for 6 s. An endless loop, or more memory than there is. The text is kept: change it and run it again.";

/** What runs and what came of it; knows nothing of undo. */
interface Engine {
  readonly results: Map<string, Result>;
  readonly submitted: ReadonlyMap<string, string>;
  submit(cells: readonly Cell[]): void;
  again(id: string): void;
  forget(ids: readonly string[]): void;
  stop(): void;
  open(): Cage;
  inputs(next: Inputs): void;
}

type Said = Exclude<FromFrame, {type: "ready" | "pong"}>;

function createEngine({openCage, changed, say}: Pick<ControllerOptions, "openCage" | "changed" | "say">, state: () => NotebookState): Engine {
  let inputs: Inputs | null = null;
  let cage: Cage | null = null;
  const submitted = new Map<string, string>();
  const results = new Map<string, Result>();
  /** Told to run, and nothing heard of since. */
  const waiting = new Set<string>();
  const put = (id: string, result: Result): void => {
    results.set(id, result);
    if (result.status !== "running") say(`Cell ${state().cells.findIndex((cell) => cell.id === id) + 1} ${summary(result)}`);
  };
  const hear = (message: Said): void => {
    if (!submitted.has(message.id)) return;
    if (message.type !== "running") waiting.delete(message.id);
    put(message.id, resultOf(message, results.get(message.id)));
    changed();
  };
  const killed = (running: string | null): void => {
    // A frame that is stuck may not have got to say where: then it was one of those it was last told to run.
    for (const id of running === null ? waiting : [running]) {
      // It does not run again by itself: the rest goes on.
      submitted.delete(id);
      put(id, failed({name: "Error", message: KILLED, line: null, column: null}));
    }
    waiting.clear();
    send();
    changed();
  };
  const open = (): Cage => (cage ??= openCage({message: hear, killed}));
  const send = (): void => {
    if (inputs !== null) open().send({type: "inputs", inputs});
    open().send({type: "cells", cells: state().cells.flatMap(({id}) => (submitted.has(id) ? [{id, code: submitted.get(id) ?? ""}] : []))});
  };
  const forget = (ids: readonly string[]): void => {
    for (const known of [submitted, results, waiting]) for (const id of ids) known.delete(id);
  };
  return {
    results, submitted, open,
    submit: (cells) => {
      for (const {id, code} of cells) {
        if (submitted.get(id) !== code) waiting.add(id);
        submitted.set(id, code);
      }
      send();
    },
    again: (id) => { waiting.add(id); open().send({type: "again", id}); },
    forget: (ids) => {
      forget(ids);
      if (ids.length > 0) send();
    },
    stop: () => {
      cage = (cage?.close(), null);
      forget([...submitted.keys(), ...results.keys()]);
    },
    inputs: (next) => {
      const changed = newOf(inputs, next);
      inputs = {...next, ...inputs, ...changed};
      if (submitted.size > 0 && Object.keys(changed).length > 0) open().send({type: "inputs", inputs: changed});
    }
  };
}

/** The inputs that are not what they were: what does not use them need not run again. */
function newOf(before: Inputs | null, {params, events}: Inputs): Partial<Inputs> {
  return {
    ...(before !== null && (before.params === params || JSON.stringify(before.params) === JSON.stringify(params)) ? {} : {params}),
    ...(before !== null && JSON.stringify(before.events) === JSON.stringify(events) ? {} : {events})
  };
}

const failed = (error: CellError): Result => ({status: "failed", nodes: [], error, ms: 0});

/** What a message makes of a cell's result; what was shown is made safe, or why it cannot be is said. */
function resultOf(message: Said, before: Result | undefined): Result {
  if (message.type === "running") return {status: "running", nodes: before?.nodes ?? [], error: null, ms: 0};
  if (message.type === "failed") return failed(message.error);
  try {
    return {status: message.done ? "done" : "running", nodes: message.nodes.map((node) => safeTree(node, `${message.id}-`)), error: null, ms: message.ms};
  } catch (error) {
    return failed({name: "Error", message: error instanceof Error ? error.message : String(error), line: null, column: null});
  }
}

/** A result in words, short. */
function summary({nodes, error}: Result): string {
  if (error !== null) return errorText(error);
  return nodes.length === 0 ? "ran, shows nothing" : `ran: ${nodes.map(words).join("; ").slice(0, 200)}`;
}

export function createController({base, cells, agreed: mayRun, ...effects}: ControllerOptions): Controller {
  let history: History<NotebookState> = beginHistory({...begin(base), cells});
  let agreed = mayRun;
  const state = (): NotebookState => history.present;
  const engine = createEngine(effects, state);
  const present = (next: History<NotebookState>): void => {
    if (next === history) return;
    history = next;
    const kept = new Set(state().cells.map(({id}) => id));
    engine.forget([...engine.submitted.keys()].filter((id) => !kept.has(id)));
    effects.changed();
  };
  const runAll = (): void => {
    if (agreed) engine.submit(state().cells.filter(({kind}) => kind === "ts"));
  };
  // The frame is made ready while the reader reads: nothing is told to it yet.
  if (!agreed) engine.open();
  return {
    state,
    agreed: () => agreed,
    agree: () => {
      agreed = true;
      runAll();
      effects.changed();
    },
    canUndo: () => history.past.length > 0,
    canRedo: () => history.future.length > 0,
    undo: () => present(undo(history)),
    redo: () => present(redo(history)),
    dispatch: (action) => present(push(history, reduceCells(state(), action), action.type === "edit" ? `edit ${action.id}` : null)),
    load: (loaded) => {
      agreed = false;
      engine.stop();
      history = push(history, reduceCells(state(), {type: "open", cells: loaded}), null);
      engine.open();
      effects.changed();
    },
    run: (id) => {
      const cell = state().cells.find((c) => c.id === id);
      if (cell === undefined || cell.kind !== "ts" || !agreed) return;
      if (engine.submitted.get(id) === cell.code) engine.again(id);
      else engine.submit([cell]);
    },
    runAll,
    result: (id) => engine.results.get(id) ?? null,
    isStale: (cell) => cell.kind === "ts" && engine.submitted.get(cell.id) !== cell.code,
    follow: (next) => engine.inputs(next),
    control: (event) => engine.open().send({type: "control", event})
  };
}

/** An error in a line: what, then where. */
export const errorText = ({name, message, line, column}: CellError): string => `${name}: ${message}${line === null ? "" : ` (line ${line}, column ${column ?? 1})`}`;
