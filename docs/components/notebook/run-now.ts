import type {Cell} from "./cell.ts";
import {compile, type Compiled} from "./compile.ts";

/** What the cells have made: for each what it showed, in order. */
export interface Ran {
  readonly id: string;
  readonly shown: readonly unknown[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export type Scope = Readonly<Record<string, unknown>>;

/** Cells in an order in which each stands after those it uses. Throws on a circle. */
export function inOrder<T extends {readonly compiled: Compiled}>(cells: readonly T[]): T[] {
  const by = new Map(cells.flatMap((cell) => cell.compiled.outputs.map((name) => [name, cell] as const)));
  const done = new Set<T>();
  const visit = (cell: T, path: readonly T[]): void => {
    if (done.has(cell)) return;
    if (path.includes(cell)) throw new Error("cells use each other in a circle");
    for (const name of cell.compiled.inputs) {
      const source = by.get(name);
      if (source !== undefined && source !== cell) visit(source, [...path, cell]);
    }
    done.add(cell);
  };
  for (const cell of cells) visit(cell, []);
  return [...done];
}

/**
 * Runs a page's own cells at once, without the reactive runtime: at build time
 * and in tests. They must not wait for anything.
 */
export function runNow(cells: readonly Cell[], scope: Scope): ReadonlyMap<string, Ran> {
  const ready = cells.filter((cell) => cell.kind === "ts").map((cell) => ({cell, compiled: compile(cell.code)}));
  const values: Record<string, unknown> = {...scope};
  const ran = new Map<string, Ran>();
  for (const {cell, compiled} of inOrder(ready)) {
    if (compiled.isAsync) throw new Error(`cell ${cell.id} waits: a page's own cells run at build time`);
    const unknown = compiled.inputs.find((name) => !(name in values) && !(name in globalThis));
    if (unknown !== undefined) throw new Error(`cell ${cell.id} uses ${unknown}, which nothing declares`);
    const shown: unknown[] = [];
    const own = {last: undefined as unknown, tick: () => undefined};
    const show = (value: unknown): unknown => (shown.push(value), value);
    const names = compiled.inputs.filter((name) => name in values);
    // The page's own code, at build time: the same text the reader sees.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const run = new Function("__cell", "display", "view", "console", ...names, `"use strict";${compiled.body}`) as (...args: unknown[]) => Record<string, unknown>;
    const outputs = run(own, show, show, {log: show}, ...names.map((name) => values[name]));
    if (own.last !== undefined && !shown.includes(own.last)) shown.push(own.last);
    Object.assign(values, outputs);
    ran.set(cell.id, {id: cell.id, shown, outputs});
  }
  return ran;
}
