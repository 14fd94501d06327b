import type {Cell} from "./cell.ts";
import {fromKit, toKit} from "./exports/kit.ts";
import {fromSingleFile, isSingleFile} from "./exports/single-file.ts";
import {hand, type FileKind} from "./hand.ts";

/** In the one-file notebook: it saves itself with the cells as they are now; a Jupyter notebook is made on the site. */
export async function saveAs(kind: FileKind, cells: readonly Cell[], page: string): Promise<string> {
  if (kind === "ipynb") return "Jupyter notebooks are saved on the site: open this file there.";
  if (kind === "kit") return hand(kind, page, toKit(cells, `setmem: ${page}`));
  const data = document.getElementById("setmem-cells");
  if (data !== null) data.textContent = JSON.stringify(cells.map((cell) => [cell.id, cell.kind === "ts" ? 0 : 1, cell.code, cell.folded ? 1 : 0, cell.slot])).replace(/</g, "\\u003c");
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  copy.querySelector("[data-cells]")?.replaceChildren();
  for (const frame of copy.querySelectorAll("iframe, #notice")) frame.remove();
  return Promise.resolve(hand(kind, page, `<!doctype html>\n${copy.outerHTML}`));
}

/** Cells of a file. Throws `CellsProblem`. */
export const readFile = (text: string): readonly Cell[] => (isSingleFile(text) ? fromSingleFile(text) : fromKit(text));
