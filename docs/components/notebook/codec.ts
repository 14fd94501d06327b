import {deflateSync, inflateSync, strFromU8, strToU8} from "fflate";
import {fromBase64Url, toBase64Url} from "../state/base64url.ts";
import {ID, isCode, MOST_CELLS, type Cell} from "./cell.ts";
import {sameCells} from "./notebook-state.ts";

/** Bumped when an older text would mean something else today. */
export const CELLS_VERSION = 1;

/** Longest text of cells in a link, characters: longer notebooks are offered as a file. */
export const MOST_LINK = 8_192;

/** Larger than any notebook the limits of cells allow would be a bomb. */
const MOST_BYTES = 4_000_000;

/** What cannot be read as cells, said so that the reader can be told. */
export class CellsProblem extends Error {}

/** Unchanged cells of the page are their ids: a link does not carry the page's own code. */
type Packed = string | readonly [id: string, kind: 0 | 1, code: string, folded: 0 | 1, slot: number];

/** Cells as text for the address; empty when they are the page's own. May be longer than a link should be. */
export function encodeCells(base: readonly Cell[], cells: readonly Cell[]): string {
  if (sameCells(base, cells)) return "";
  const packed = cells.map((cell): Packed => {
    const own = base.find(({id}) => id === cell.id);
    if (own !== undefined && own.kind === cell.kind && own.code === cell.code && own.folded === cell.folded && own.slot === cell.slot) return cell.id;
    return [cell.id, cell.kind === "ts" ? 0 : 1, cell.code, cell.folded ? 1 : 0, cell.slot];
  });
  return `${CELLS_VERSION}.${toBase64Url(deflateSync(strToU8(JSON.stringify(packed)), {level: 9, mem: 4}))}`;
}

/** Reads what `encodeCells` wrote. Throws `CellsProblem` on anything else, never another error. */
export function decodeCells(base: readonly Cell[], text: string): readonly Cell[] {
  const match = /^(\d{1,4})\.([A-Za-z0-9_-]+)$/.exec(text);
  if (match === null) throw new CellsProblem("the cells in this link are cut or damaged");
  if (Number(match[1]) !== CELLS_VERSION) throw new CellsProblem("the cells in this link were made by another version of this site");
  let value: unknown;
  try {
    value = JSON.parse(unpack(match[2] ?? ""));
  } catch {
    throw new CellsProblem("the cells in this link are cut or damaged");
  }
  return readCells(base, value);
}

/** No byte of deflated data stands for more bytes than this. */
const MOST_FROM_ONE = 1032;

function unpack(text: string): string {
  const deflated = fromBase64Url(text);
  const out = new Uint8Array(Math.min(MOST_BYTES, deflated.length * MOST_FROM_ONE));
  return strFromU8(inflateSync(deflated, {out}));
}

/** A list of packed cells, checked. */
export function readCells(base: readonly Cell[], value: unknown): readonly Cell[] {
  const bad = new CellsProblem("the cells in this link are cut or damaged");
  if (!Array.isArray(value) || value.length > MOST_CELLS) throw bad;
  const cells = value.map((item: unknown): Cell => {
    if (typeof item === "string") {
      const own = base.find(({id}) => id === item);
      if (own === undefined) throw new CellsProblem("this link names a cell that this page no longer has");
      return own;
    }
    const [id, kind, code, folded, slot] = Array.isArray(item) && item.length === 5 ? (item as unknown[]) : [];
    if (typeof id !== "string" || !ID.test(id) || (kind !== 0 && kind !== 1) || !isCode(code) || (folded !== 0 && folded !== 1)) throw bad;
    if (typeof slot !== "number" || !Number.isInteger(slot) || slot < 0 || slot > MOST_CELLS) throw bad;
    return {id, kind: kind === 0 ? "ts" : "md", code, folded: folded === 1, slot};
  });
  if (new Set(cells.map(({id}) => id)).size !== cells.length) throw bad;
  return cells;
}
