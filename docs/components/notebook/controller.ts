import type {Setting} from "../state/page-state.ts";
import {begin as beginHistory, push, redo, undo, type History} from "../state/history.ts";
import {freshId, type Cell} from "./cell.ts";
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
  follow(setting: Setting): void;
  control(event: Extract<ToFrame, {type: "control"}>["event"]): void;
}

const KILLED = "stopped: no answer for 6 s. An endless loop, or more memory than there is. The text is kept: change it and run it again.";

export function createController({base, cells, agreed: mayRun, openCage, changed, say}: ControllerOptions): Controller {
  let history: History<NotebookState> = beginHistory({...begin(base), cells});
  let agreed = mayRun;
  let setting: Setting | null = null;
  const submitted = new Map<string, string>();
  const results = new Map<string, Result>();
  /** Told to run, and nothing heard of since. */
  const waiting = new Set<string>();
  const state = (): NotebookState => history.present;
  const label = (id: string): string => `Cell ${state().cells.findIndex((cell) => cell.id === id) + 1}`;

  const hear = (message: Exclude<FromFrame, {type: "ready" | "pong"}>): void => {
    const {id} = message;
    if (!submitted.has(id)) return;
    const before = results.get(id);
    if (message.type !== "running") waiting.delete(id);
    if (message.type === "running") results.set(id, {status: "running", nodes: before?.nodes ?? [], error: null, ms: 0});
    else if (message.type === "failed") fail(id, message.error);
    else show(id, message);
    changed();
  };
  const fail = (id: string, error: CellError): void => {
    results.set(id, {status: "failed", nodes: [], error, ms: 0});
    say(`${label(id)}: ${errorText(error)}`);
  };
  const show = (id: string, {nodes, done, ms}: Extract<FromFrame, {type: "shown"}>): void => {
    try {
      const safe = nodes.map((node) => safeTree(node, `${id}-`));
      results.set(id, {status: done ? "done" : "running", nodes: safe, error: null, ms});
      if (done) say(`${label(id)} ran${safe.length === 0 ? ", shows nothing" : `: ${safe.map(words).join("; ").slice(0, 200)}`}`);
    } catch (error) {
      fail(id, {name: "Error", message: error instanceof Error ? error.message : String(error), line: null, column: null});
    }
  };
  const killed = (running: string | null): void => {
    // A frame that is stuck may not have got to say where: then it was one of those it was last told to run.
    for (const id of running === null ? waiting : [running]) {
      // It does not run again by itself: the rest goes on.
      submitted.delete(id);
      results.set(id, {status: "failed", nodes: [], error: {name: "Error", message: KILLED, line: null, column: null}, ms: 0});
      say(`${label(id)}: ${KILLED}`);
    }
    waiting.clear();
    send();
    changed();
  };
  let cage: Cage | null = null;
  const open = (): Cage => (cage ??= openCage({message: hear, killed}));
  const send = (): void => {
    if (!agreed) return;
    if (setting !== null) open().send({type: "params", params: setting.params});
    open().send({type: "cells", cells: state().cells.flatMap(({id}) => (submitted.has(id) ? [{id, code: submitted.get(id) ?? ""}] : []))});
  };
  const present = (next: History<NotebookState>): void => {
    if (next === history) return;
    history = next;
    const kept = new Set(state().cells.map(({id}) => id));
    const gone = [...submitted.keys()].filter((id) => !kept.has(id));
    for (const id of gone) {
      submitted.delete(id);
      waiting.delete(id);
      results.delete(id);
    }
    if (gone.length > 0) send();
    changed();
  };
  const submit = (id: string, code: string): void => {
    if (submitted.get(id) !== code) waiting.add(id);
    submitted.set(id, code);
  };
  const submitAll = (): void => {
    for (const {id, kind, code} of state().cells) if (kind === "ts") submit(id, code);
    send();
  };
  // The frame is made ready while the reader reads: nothing is told to it yet.
  if (!agreed) open();
  return {
    state,
    agreed: () => agreed,
    agree: () => {
      agreed = true;
      submitAll();
      changed();
    },
    canUndo: () => history.past.length > 0,
    canRedo: () => history.future.length > 0,
    undo: () => present(undo(history)),
    redo: () => present(redo(history)),
    dispatch: (action) => present(push(history, reduceCells(state(), action), action.type === "edit" ? `edit ${action.id}` : null)),
    load: (loaded) => {
      agreed = false;
      cage?.close();
      cage = null;
      submitted.clear();
      waiting.clear();
      results.clear();
      present(push(history, reduceCells(state(), {type: "open", cells: loaded}), null));
      changed();
    },
    run: (id) => {
      const cell = state().cells.find((c) => c.id === id);
      if (cell === undefined || cell.kind !== "ts" || !agreed) return;
      if (submitted.get(id) === cell.code) {
        waiting.add(id);
        open().send({type: "again", id});
      } else {
        submit(id, cell.code);
        send();
      }
    },
    runAll: submitAll,
    result: (id) => results.get(id) ?? null,
    isStale: (cell) => cell.kind === "ts" && submitted.get(cell.id) !== cell.code,
    follow: (next) => {
      if (setting?.params === next.params) return;
      setting = next;
      if (agreed && submitted.size > 0) open().send({type: "params", params: next.params});
    },
    control: (event) => open().send({type: "control", event})
  };
}

/** An error in a line: what, then where. */
export const errorText = ({name, message, line, column}: CellError): string => `${name}: ${message}${line === null ? "" : ` (line ${line}, column ${column ?? 1})`}`;

/** Cells of an example with ids nothing else has. */
export function withFreshIds(cells: readonly Cell[], taken: readonly Cell[]): readonly Cell[] {
  return cells.reduce<readonly Cell[]>((list, cell) => [...list, {...cell, id: freshId([...taken, ...list])}], []);
}
