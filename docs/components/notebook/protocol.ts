import type {CellError} from "./compile.ts";
import type {Inputs} from "./inputs.ts";
import type {ControlEvent} from "./tree-view.tsx";

/** What the page tells the frame. */
export type ToFrame =
  | {readonly type: "cells"; readonly cells: readonly {readonly id: string; readonly code: string}[]}
  /** What of the page's inputs is new. */
  | {readonly type: "inputs"; readonly inputs: Partial<Inputs>}
  /** Run one cell again as it is. */
  | {readonly type: "again"; readonly id: string}
  | {readonly type: "control"; readonly event: ControlEvent}
  | {readonly type: "ping"; readonly n: number};

/** What the frame tells the page: never believed without a look, for the reader's code can send it too. */
export type FromFrame =
  | {readonly type: "ready"}
  | {readonly type: "pong"; readonly n: number}
  | {readonly type: "running"; readonly id: string}
  | {readonly type: "shown"; readonly id: string; readonly nodes: readonly unknown[]; readonly done: boolean; readonly ms: number}
  | {readonly type: "failed"; readonly id: string; readonly error: CellError};

/** Reads a message of the frame; null for what is none. */
export function readMessage(data: unknown): FromFrame | null {
  if (typeof data !== "object" || data === null || !("type" in data)) return null;
  const d = data as Record<string, unknown>;
  const id = typeof d["id"] === "string" ? d["id"].slice(0, 30) : "";
  switch (d["type"]) {
    case "ready": return {type: "ready"};
    case "pong": return typeof d["n"] === "number" ? {type: "pong", n: d["n"]} : null;
    case "running": return {type: "running", id};
    case "shown": return Array.isArray(d["nodes"]) ? {type: "shown", id, nodes: d["nodes"].slice(0, 200) as unknown[], done: d["done"] === true, ms: Number(d["ms"])} : null;
    case "failed": return readError(id, d["error"]);
    default: return null;
  }
}

function readError(id: string, error: unknown): FromFrame | null {
  if (typeof error !== "object" || error === null) return null;
  const {name, message, line, column} = error as Record<string, unknown>;
  const place = (value: unknown): number | null => (typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null);
  return {type: "failed", id, error: {name: text(name, 60), message: text(message, 1000), line: place(line), column: place(column)}};
}

const text = (value: unknown, most: number): string => (typeof value === "string" ? value.slice(0, most) : "");
