import {freshId, isCode, MOST_CELLS, type Cell, type CellKind} from "./cell.ts";

/** The reader's cells, and what the page came with. */
export interface NotebookState {
  readonly base: readonly Cell[];
  readonly cells: readonly Cell[];
}

export type CellAction =
  | {readonly type: "edit"; readonly id: string; readonly code: string}
  /** A new cell below another; at the top where there is none of that id. */
  | {readonly type: "add"; readonly after: string; readonly kind: CellKind; readonly code?: string}
  | {readonly type: "delete"; readonly id: string}
  | {readonly type: "move"; readonly id: string; readonly by: -1 | 1}
  | {readonly type: "fold"; readonly id: string}
  | {readonly type: "reset"; readonly id: string}
  | {readonly type: "reset-all"}
  /** Cells of an example or a file: put below the others, with ids of their own. */
  | {readonly type: "insert"; readonly cells: readonly Pick<Cell, "kind" | "code">[]}
  | {readonly type: "open"; readonly cells: readonly Cell[]};

export const begin = (base: readonly Cell[]): NotebookState => ({base, cells: base});

/** The one reducer: the same object when nothing changed. */
export function reduceCells(state: NotebookState, action: CellAction): NotebookState {
  const cells = change(state, action);
  return cells === state.cells || sameCells(cells, state.cells) ? state : {...state, cells};
}

function change({base, cells}: NotebookState, action: CellAction): readonly Cell[] {
  const update = (id: string, to: (cell: Cell) => Cell): readonly Cell[] => cells.map((cell) => (cell.id === id ? to(cell) : cell));
  switch (action.type) {
    case "edit": return isCode(action.code) ? update(action.id, (cell) => ({...cell, code: action.code})) : cells;
    case "add": return add(cells, action);
    case "delete": return cells.filter(({id}) => id !== action.id);
    case "move": return move(cells, action.id, action.by);
    case "fold": return update(action.id, (cell) => ({...cell, folded: !cell.folded}));
    case "reset": return update(action.id, (cell) => ({...cell, code: base.find(({id}) => id === cell.id)?.code ?? ""}));
    case "reset-all": return base;
    case "insert": return action.cells.reduce<readonly Cell[]>((list, {kind, code}) => add(list, {after: list.at(-1)?.id ?? "", kind, code}), cells);
    case "open": return action.cells.length <= MOST_CELLS ? action.cells : cells;
  }
}

function add(cells: readonly Cell[], {after, kind, code = ""}: {after: string; kind: CellKind; code?: string}): readonly Cell[] {
  if (cells.length >= MOST_CELLS || !isCode(code)) return cells;
  const at = cells.findIndex(({id}) => id === after) + 1;
  const cell: Cell = {id: freshId(cells), kind, code, folded: false, slot: cells[at - 1]?.slot ?? 0};
  return [...cells.slice(0, at), cell, ...cells.slice(at)];
}

/** Past the end of a place of the page a cell goes to the next place. */
function move(cells: readonly Cell[], id: string, by: -1 | 1): readonly Cell[] {
  const at = cells.findIndex((cell) => cell.id === id);
  const cell = cells[at];
  const other = cells[at + by];
  if (cell === undefined || other === undefined) return cells;
  const others = cells.filter((c) => c !== cell);
  if (other.slot !== cell.slot) return cells.map((c) => (c === cell ? {...cell, slot: other.slot} : c));
  return [...others.slice(0, at + by), cell, ...others.slice(at + by)];
}

export const sameCell = (a: Cell, b: Cell): boolean => a.id === b.id && a.kind === b.kind && a.code === b.code && a.folded === b.folded && a.slot === b.slot;

export const sameCells = (a: readonly Cell[], b: readonly Cell[]): boolean => a.length === b.length && a.every((cell, i) => b[i] !== undefined && sameCell(cell, b[i]));
